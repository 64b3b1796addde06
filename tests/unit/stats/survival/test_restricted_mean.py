"""Mean days engaged and days lost."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.survival.day_counts import count_days
from splw_eval.stats.survival.restricted_mean import restricted_mean, time_lost


def made(n=120, seed=6):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 30, n), rng.integers(0, 3, n), np.arange(n) % 8


def test_without_censoring_it_is_the_mean_with_its_error():
    day, cause, _ = made()
    cause = 1 + cause % 2
    counts = count_days(day, cause, cluster=np.arange(day.size), causes=2)
    stay = np.minimum(day, 20)
    found, lost = restricted_mean(counts, 20), time_lost(counts, 20)
    error = stay.std() / np.sqrt(day.size)
    assert found.estimate[0] == pytest.approx(stay.mean(), rel=1e-12)
    assert found.std_error[0] == pytest.approx(error, rel=1e-12)
    assert found.robust_std_error[0] == pytest.approx(error, rel=1e-12)
    days_lost = np.where(cause == 1, 20 - stay, 0)
    error_lost = days_lost.std() / np.sqrt(day.size)
    assert lost.estimate[0] == pytest.approx(days_lost.mean(), rel=1e-12)
    assert lost.std_error[0] == pytest.approx(error_lost, rel=1e-12)
    assert lost.robust_std_error[0] == pytest.approx(error_lost, rel=1e-12)


@pytest.mark.parametrize("tau", [1, 12, 25])
def test_days_engaged_and_days_lost_add_up_to_the_horizon(tau):
    day, cause, cluster = made()
    counts = count_days(day, cause, cluster=cluster, causes=2)
    found, lost = restricted_mean(counts, tau), time_lost(counts, tau)
    assert found.estimate[0] + lost.estimate.sum() == pytest.approx(tau, rel=1e-13)
    total = found.influence[:, 0] + lost.influence.sum(axis=1)
    assert total == pytest.approx(0.0, abs=1e-13)


def test_with_one_cause_days_lost_have_the_errors_of_days_engaged():
    day, cause, cluster = made()
    counts = count_days(day, (cause > 0).astype(int), cluster=cluster, causes=1)
    found, lost = restricted_mean(counts, 22), time_lost(counts, 22)
    assert lost.std_error[0] == pytest.approx(found.std_error[0], rel=1e-10)
    assert lost.robust_std_error[0] == pytest.approx(found.robust_std_error[0], rel=1e-10)


def test_a_horizon_after_all_have_left_adds_lost_days_only():
    counts = count_days([1, 2, 4], [1, 2, 1], cluster=[0, 1, 2], causes=2)
    early, late = (restricted_mean(counts, tau) for tau in (5, 9))
    assert late.estimate[0] == early.estimate[0] == pytest.approx(7 / 3, rel=1e-14)
    assert time_lost(counts, 9).estimate == pytest.approx([13 / 3, 7 / 3], rel=1e-14)


@pytest.mark.parametrize("estimate", [restricted_mean, time_lost])
@pytest.mark.parametrize(("tau", "message"), [(0, "at least 1 day"), (5, "at most 4")])
def test_a_horizon_beyond_what_was_seen_is_refused(estimate, tau, message):
    counts = count_days([1, 2, 3], [1, 1, 0], causes=1, last_day=10)
    with pytest.raises(FitError, match=message):
        estimate(counts, tau)
    assert estimate(counts, 4).estimate[0] > 0


def test_times_in_the_place_of_days_give_the_area_under_the_steps():
    counts = count_days([1, 2, 4], [1, 2, 0], cluster=[0, 1, 2], causes=2)
    times = [0.5, 1.0, 2.5, 3.0, 6.0]
    found = restricted_mean(counts, 4.5, times=times)
    assert found.estimate[0] == pytest.approx(1.0 + 1.5 * 2 / 3 + 2.0 * 1 / 3, rel=1e-14)
    lost = time_lost(counts, 4.5, times=times)
    assert lost.estimate == pytest.approx([3.5 / 3, 2.0 / 3], rel=1e-14)


def test_times_that_are_days_change_nothing():
    day, cause, cluster = made()
    counts = count_days(day, cause, cluster=cluster, causes=2)
    for estimate in (restricted_mean, time_lost):
        there, here = estimate(counts, 20, times=np.arange(30)), estimate(counts, 20)
        for name in ("estimate", "std_error", "robust_std_error"):
            np.testing.assert_array_equal(getattr(there, name), getattr(here, name))


@pytest.mark.parametrize(
    ("times", "tau", "message"),
    [
        ([0, 1], 2, "times must hold 4 finite values"),
        ([0, 1, np.nan, 3], 2, "times must hold 4 finite values"),
        ([0, 1, 1, 3], 2, "must increase"),
        ([0, 1, 2, 3], 3.5, "at most 3"),
        ([0, 1, 2, 3], 0, "above 0"),
        (None, 2.5, "whole number"),
    ],
)
def test_times_or_a_horizon_that_mean_nothing_are_refused(times, tau, message):
    counts = count_days([1, 2, 3], [1, 1, 0], causes=1)
    with pytest.raises(FitError, match=message):
        restricted_mean(counts, tau, times=times)
