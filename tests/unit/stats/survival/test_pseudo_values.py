"""Pseudo-values, against the estimate done again without each person."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.survival.curves import survival_curve
from splw_eval.stats.survival.day_counts import count_days
from splw_eval.stats.survival.incidence import cumulative_incidence
from splw_eval.stats.survival.pseudo_values import pseudo_values
from splw_eval.stats.survival.restricted_mean import restricted_mean, time_lost

WHAT = [("survival", None), ("incidence", 2), ("restricted mean", None), ("time lost", 1)]


def estimate(day, cause, of, at, lost):
    counts = count_days(day, cause, causes=2, last_day=30)
    if of == "survival":
        return survival_curve(counts).estimate[at]
    if of == "incidence":
        return cumulative_incidence(counts).estimate[lost - 1, at]
    if of == "restricted mean":
        return restricted_mean(counts, at).estimate[0]
    return time_lost(counts, at).estimate[lost - 1]


def made(seed, n, days):
    rng = np.random.default_rng(seed)
    # Three are seen to the end, so that one less of them is still a horizon.
    day = np.append(rng.integers(0, days, n - 3), [days, days, days])
    return day, np.append(rng.integers(0, 3, n - 3), [0, 1, 0])


@pytest.mark.parametrize(("of", "lost"), WHAT)
@pytest.mark.parametrize(("seed", "n", "days"), [(1, 80, 25), (2, 60, 4), (3, 9, 5)])
def test_they_are_the_estimate_done_again_without_each_person(of, lost, seed, n, days):
    day, cause = made(seed, n, days)
    for at in (1, days // 2, days - 1):
        whole = estimate(day, cause, of, at, lost)
        brute = [
            n * whole - (n - 1) * estimate(np.delete(day, i), np.delete(cause, i), of, at, lost)
            for i in range(n)
        ]
        found = pseudo_values(day, cause, causes=2, of=of, at=at, cause_lost=lost)
        np.testing.assert_allclose(found, brute, rtol=0, atol=1e-10)


@pytest.mark.parametrize(("of", "lost"), WHAT)
def test_when_all_leave_they_are_done_again_too(of, lost):
    day, cause = np.array([1, 2, 2, 4, 4]), np.array([1, 0, 2, 1, 2])
    n, at = 5, 4
    whole = estimate(day, cause, of, at, lost)
    brute = [
        n * whole - (n - 1) * estimate(np.delete(day, i), np.delete(cause, i), of, at, lost)
        for i in range(n)
    ]
    found = pseudo_values(day, cause, causes=2, of=of, at=at, cause_lost=lost)
    np.testing.assert_allclose(found, brute, rtol=0, atol=1e-12)


@pytest.mark.parametrize("method", ["leave one out", "influence"])
def test_without_censoring_they_are_what_happened_to_each_person(method):
    rng = np.random.default_rng(4)
    day, cause = rng.integers(0, 20, 50), rng.integers(1, 3, 50)

    def values(of, lost=None):
        return pseudo_values(day, cause, causes=2, of=of, at=9, cause_lost=lost, method=method)

    truths = {
        "survival": day > 9,
        "restricted mean": np.minimum(day, 9),
        "incidence": (day <= 9) & (cause == 1),
        "time lost": np.maximum(9 - day, 0) * (cause == 1),
    }
    for of, truth in truths.items():
        lost = 1 if of in ("incidence", "time lost") else None
        np.testing.assert_allclose(values(of, lost), truth, rtol=0, atol=1e-12)


def test_days_engaged_and_days_lost_add_up_to_the_horizon_for_each_person():
    day, cause = made(5, 70, 15)
    for method in ("leave one out", "influence"):
        kept = pseudo_values(day, cause, causes=2, of="restricted mean", at=12, method=method)
        lost = [
            pseudo_values(
                day, cause, causes=2, of="time lost", at=12, cause_lost=one, method=method
            )
            for one in (1, 2)
        ]
        assert kept + lost[0] + lost[1] == pytest.approx(12, rel=1e-12)


def test_the_mean_by_influence_is_the_estimate():
    day, cause = made(6, 70, 15)
    found = pseudo_values(day, cause, causes=2, of="survival", at=10, method="influence")
    assert found.mean() == pytest.approx(estimate(day, cause, "survival", 10, None), rel=1e-12)


def test_left_or_not_may_be_given_as_yes_or_no():
    day, left = np.array([1, 2, 3, 3]), np.array([True, False, True, False])
    found = pseudo_values(day, left, causes=1, of="survival", at=2)
    expected = pseudo_values(day, left.astype(int), causes=1, of="survival", at=2)
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"of": "median"}, "must be survival, incidence, restricted mean or time lost"),
        ({"method": "jackknife"}, "must be leave one out or influence"),
        ({"of": "time lost"}, "cause_lost must be from 1 to 2"),
        ({"cause_lost": 1}, "leave cause_lost out"),
        ({"at": 9}, "The day is 9, but must be from 0 to 2"),
        ({"at": -1}, "The day is -1, but must be from 0 to 2"),
        ({"of": "restricted mean", "at": 9}, "at most 3"),
        ({"day": [3], "cause": [1]}, "at least 2"),
    ],
)
def test_what_has_no_pseudo_value_is_refused(given, message):
    asked = {"day": [1, 2, 2], "cause": [1, 2, 0], "of": "survival", "at": 1} | given
    with pytest.raises(FitError, match=message):
        pseudo_values(asked.pop("day"), asked.pop("cause"), causes=2, **asked)
