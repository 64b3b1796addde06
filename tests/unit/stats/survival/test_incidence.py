"""The share who have left for each cause."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.stats.survival.curves import survival_curve
from splw_eval.stats.survival.day_counts import count_days
from splw_eval.stats.survival.incidence import cumulative_incidence


def made(n=120, seed=5):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 30, n), rng.integers(0, 3, n), np.arange(n) % 8


def test_leavings_on_day_0_count():
    found = cumulative_incidence(count_days([0, 0, 1, 2, 3, 4], [1, 2, 1, 2, 1, 0], causes=2))
    expected = [[1 / 6, 1 / 3, 1 / 3, 1 / 2, 1 / 2], [1 / 6, 1 / 6, 1 / 3, 1 / 3, 1 / 3]]
    np.testing.assert_allclose(found.estimate, expected, rtol=1e-14)


def test_the_causes_and_those_still_engaged_add_up_to_1():
    day, cause, cluster = made()
    counts = count_days(day, cause, cluster=cluster, causes=2)
    found, curve = cumulative_incidence(counts), survival_curve(counts)
    assert found.estimate.sum(axis=0) + curve.estimate == pytest.approx(1.0, rel=1e-13)


def test_with_one_cause_the_errors_are_those_of_the_curve():
    day, cause, cluster = made()
    counts = count_days(day, (cause > 0).astype(int), cluster=cluster, causes=1)
    found, curve = cumulative_incidence(counts), survival_curve(counts)
    left = curve.estimate > 0
    assert found.robust_std_error[0, left] == pytest.approx(
        curve.robust_std_error[left], rel=1e-10, abs=1e-14
    )
    assert found.std_error[0, left] == pytest.approx(curve.std_error[left], rel=1e-10, abs=1e-14)


def test_without_censoring_the_error_is_binomial():
    day, cause, _ = made()
    found = cumulative_incidence(count_days(day, 1 + cause % 2, causes=2))
    share = np.array([((day <= at) & (cause % 2 == 0)).mean() for at in range(day.max() + 1)])
    assert found.estimate[0] == pytest.approx(share, abs=1e-13)
    expected = np.sqrt(share * (1 - share) / day.size)
    assert found.std_error[0] == pytest.approx(expected, rel=1e-9)


def test_the_limits_hold_the_estimate():
    day, cause, cluster = made()
    found = cumulative_incidence(count_days(day, cause, cluster=cluster, causes=2))
    inside = found.estimate > 0
    assert (found.conf_low[inside] < found.estimate[inside]).all()
    assert (found.estimate[inside] < found.conf_high[inside]).all()
    assert (found.robust_conf_low[inside] < found.estimate[inside]).all()
    assert (found.estimate[inside] < found.robust_conf_high[inside]).all()
