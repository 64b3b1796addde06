"""The share who have left for each cause."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.survival.curves import survival_curve
from splw_eval.stats.survival.day_counts import count_days
from splw_eval.stats.survival.incidence import cumulative_incidence
from splw_eval.stats.survival.influence import cluster_influence, day_table


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


def test_the_variance_without_replacement_is_the_sum_over_days_written_out():
    day, cause, _ = made(60)
    counts = count_days(day, cause, causes=2)
    found, curve = cumulative_incidence(counts, variance="cmprsk"), survival_curve(counts)
    S = curve.estimate
    before = np.append(1.0, S[:-1])
    Y, left = found.at_risk, found.events
    expected = np.zeros_like(found.estimate)
    for k, t in np.ndindex(*expected.shape):
        for s in range(t + 1):
            for j in range(2):
                d = left[j, s]
                if not d:
                    continue
                spread = (Y[s] - d) / (Y[s] - 1) if d > 1 else 1.0
                step = before[s] ** 2 * spread * d / Y[s] ** 2
                later = (found.estimate[k, s] - found.estimate[k, t]) / S[s] if S[s] else 0.0
                expected[k, t] += ((j == k) + later) ** 2 * step
    np.testing.assert_allclose(found.std_error**2, expected, rtol=1e-9, atol=1e-14)


def test_an_unknown_form_of_the_variance_is_refused():
    with pytest.raises(FitError, match="must be one of survfit, cmprsk"):
        cumulative_incidence(count_days([1, 2], [1, 2], causes=2), variance="gray")  # type: ignore[arg-type]


def test_a_table_worked_out_before_gives_the_same_curves():
    day, cause, cluster = made()
    counts = count_days(day, cause, cluster=cluster, causes=2)
    table = day_table(counts)
    influence = cluster_influence(counts, table)
    for estimate in (survival_curve, cumulative_incidence):
        there, here = estimate(counts, table=table, influence=influence), estimate(counts)
        np.testing.assert_array_equal(there.robust_conf_low, here.robust_conf_low)
