"""The share still engaged, with its errors and limits."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.survival.curves import survival_curve
from splw_eval.stats.survival.day_counts import count_days


def made(n=120, seed=4):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 30, n), rng.integers(0, 3, n), np.arange(n) % 8


def test_without_censoring_it_is_the_share_with_its_binomial_error():
    day = np.array([0, 1, 1, 2, 3, 3, 3, 5])
    curve = survival_curve(count_days(day, np.ones(8, dtype=int), causes=1))
    share = np.array([(day > at).mean() for at in range(6)])
    assert curve.estimate == pytest.approx(share, abs=1e-15)
    # Greenwood's error is the binomial one where nobody is censored.
    expected = np.sqrt(share * (1 - share) / 8)
    assert curve.std_error[:5] == pytest.approx(expected[:5], rel=1e-12)
    assert np.isnan(curve.std_error[5])


def test_each_person_as_a_cluster_gives_the_infinitesimal_jackknife():
    day, cause, _ = made()
    curve = survival_curve(count_days(day, cause, cluster=np.arange(120), causes=2))
    weights, step, moved = np.ones(120), 1e-5, []
    for person in range(120):
        up, down = weights.copy(), weights.copy()
        up[person] += step
        down[person] -= step
        ends = [
            survival_curve(count_days(day, cause, causes=2, weights=w)).estimate for w in (up, down)
        ]
        moved.append((ends[0] - ends[1]) / (2 * step))
    numeric = np.sqrt((np.array(moved) ** 2).sum(axis=0))
    left = curve.estimate > 0
    # A difference of two sides over 2e-5: its own error is some 1e-10.
    assert curve.robust_std_error[left] == pytest.approx(numeric[left], abs=1e-8)


def test_the_limits_hold_the_estimate_and_lie_within_0_and_1():
    day, cause, cluster = made()
    curve = survival_curve(count_days(day, cause, cluster=cluster, causes=2))
    inside = (curve.estimate > 0) & (curve.estimate < 1)
    for low, high in [
        (curve.conf_low, curve.conf_high),
        (curve.robust_conf_low, curve.robust_conf_high),
    ]:
        assert (low[inside] > 0).all()
        assert (low[inside] < curve.estimate[inside]).all()
        assert (curve.estimate[inside] < high[inside]).all()
        assert (high[inside] < 1).all()


def test_where_everybody_is_engaged_or_has_left_there_are_no_limits():
    curve = survival_curve(count_days([2, 3], [1, 1], causes=1))
    assert curve.estimate.tolist() == [1, 1, 0.5, 0]
    assert np.isnan(curve.conf_low).tolist() == [True, True, False, True]


def test_without_clusters_there_is_no_robust_error():
    day, cause, _ = made()
    curve = survival_curve(count_days(day, cause, causes=2))
    assert curve.clusters is None
    assert np.isnan(curve.robust_std_error).all()


def test_with_weights_the_last_to_leave_take_the_share_to_exactly_0():
    weights = [0.1, 0.7, 0.2, 0.3]
    curve = survival_curve(count_days([1, 2, 2, 2], [1, 1, 2, 1], causes=2, weights=weights))
    assert curve.estimate[-1] == 0


def test_a_level_of_95_is_refused():
    with pytest.raises(FitError, match="between 0 and 1"):
        survival_curve(count_days([1, 2], [1, 1], causes=1), conf_level=95)


@pytest.mark.parametrize("conf_type", ["log-log", "log", "plain"])
def test_the_scale_of_the_limits_is_told(conf_type):
    day, cause, cluster = made()
    curve = survival_curve(count_days(day, cause, cluster=cluster, causes=2), conf_type=conf_type)
    assert curve.conf_type == conf_type
    assert {"log-log": "log(-log)"}.get(conf_type, conf_type) in curve.method
    inside = ~np.isnan(curve.conf_low)
    assert (curve.conf_low[inside] <= curve.estimate[inside]).all()
    assert (curve.estimate[inside] <= curve.conf_high[inside]).all()


def test_where_nobody_leaves_all_stay_engaged_without_an_error():
    curve = survival_curve(count_days([2, 3, 3], [0, 0, 0], cluster=[0, 1, 1], causes=1))
    assert curve.estimate.tolist() == [1, 1, 1, 1]
    assert curve.std_error.tolist() == [0, 0, 0, 0]


def test_a_single_cluster_has_no_robust_error():
    curve = survival_curve(count_days([1, 3, 3], [1, 1, 0], cluster=[4, 4, 4], causes=1))
    assert curve.clusters == 1
    assert np.isnan(curve.robust_std_error).all()
    assert np.isnan(curve.robust_conf_low).all()
