"""Permutation of practices."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import combinations
from math import comb

import numpy as np
import pytest
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.survival import practice_permutation
from splw_eval.stats.survival.day_counts import DayCounts, count_days
from splw_eval.stats.survival.mean_difference import difference_in_restricted_means
from splw_eval.stats.survival.permuted_means import differences
from splw_eval.stats.survival.practice_permutation import (
    PracticePermutation,
    all_allocations,
    draw_allocations,
    permute_practices,
)
from splw_eval.stats.survival.two_arms import join_arms

Codes = NDArray[np.int64]
People = tuple[Codes, Codes, Codes, NDArray[np.float64] | None]


def people(practices=7, seed=1, n=260, later=0, weighted=False) -> People:
    rng = np.random.default_rng(seed)
    practice = np.concatenate([np.arange(practices), rng.integers(0, practices, n - practices)])
    day = rng.integers(0, 60, n) + later * (practice >= practices // 2 + 1)
    weights = rng.uniform(0.5, 2, n) if weighted else None
    return day, rng.integers(0, 3, n), practice, weights


def arms_of(day, cause, practice, weights, second) -> tuple[DayCounts, DayCounts]:
    first, other = (
        count_days(
            day[who],
            cause[who],
            cluster=practice[who],
            causes=2,
            weights=None if weights is None else weights[who],
        )
        for who in (~second[practice], second[practice])
    )
    return first, other


def three_against_four(**how) -> tuple[DayCounts, DayCounts]:
    made = people(**how)
    return arms_of(*made, np.arange(7) >= 4)


@pytest.mark.parametrize("weighted", [False, True], ids=["counts", "weights"])
@pytest.mark.parametrize("cause", [None, 1, 2])
def test_every_allocation_has_the_difference_and_error_of_its_own_two_arms(cause, weighted):
    made = people(weighted=weighted)
    rows = all_allocations(7, 3)
    joined = join_arms(*arms_of(*made, rows[11]))
    found = differences(joined, rows, 45, cause)
    assert found.carried_on == 0
    for place, row in enumerate(rows):
        one = difference_in_restricted_means(*arms_of(*made, row), 45, cause=cause)
        assert found.estimate[place] == pytest.approx(one.estimate, rel=1e-9, abs=1e-10)
        assert found.std_error[place] == pytest.approx(one.std_error, rel=1e-9)


@pytest.mark.parametrize("cause", [None, 2])
def test_the_p_value_counts_the_allocations_at_least_as_far_from_zero(cause):
    made = people(later=6)
    found = permute_practices(arms_of(*made, np.arange(7) >= 4), 45, cause=cause)
    statistics = [
        abs(difference_in_restricted_means(*arms_of(*made, row), 45, cause=cause).statistic)
        for row in all_allocations(7, 3)
    ]
    seen = abs(found.difference.statistic)
    assert found.exact
    assert found.seed is None
    assert found.allocations == comb(7, 3)
    assert found.p_value == sum(value >= seen - 1e-9 for value in statistics) / 35
    assert found.smallest_p_value == 1 / 35


def test_a_horizon_after_all_have_left_and_one_before_anybody_has_are_reckoned():
    day, cause, practice, _ = people()
    made = day + 3, 1 + cause % 2, practice, None
    rows = all_allocations(7, 3)
    joined = join_arms(*arms_of(*made, rows[0]))
    for tau, wanted in ((100, 1), (100, None), (30, 1)):
        one = difference_in_restricted_means(*arms_of(*made, rows[5]), tau, cause=wanted)
        found = differences(joined, rows, tau, wanted)
        assert found.carried_on == 0
        assert found.estimate[5] == pytest.approx(one.estimate, rel=1e-9)
        assert found.std_error[5] == pytest.approx(one.std_error, rel=1e-9)
    before = differences(joined, rows, 3, None)
    assert not before.estimate.any()
    assert not before.statistic.any()


def test_seven_against_eight_goes_through_all_6435():
    day, cause, practice, _ = people(practices=15, n=500)
    found = permute_practices(arms_of(day, cause, practice, None, np.arange(15) >= 8), 50)
    assert (found.allocations, found.exact) == (6435, True)
    assert found.smallest_p_value == pytest.approx(1 / 6435)
    assert found.p_value * 6435 == pytest.approx(round(found.p_value * 6435))


def test_equal_arms_have_mirror_allocations_and_so_twice_the_smallest_p_value():
    day, cause, practice, _ = people(practices=6)
    found = permute_practices(arms_of(day, cause, practice, None, np.arange(6) >= 3), 45)
    assert found.smallest_p_value == 2 / comb(6, 3) == 0.1
    assert np.isnan([found.conf_low, found.conf_high]).all()


@pytest.mark.parametrize("later", [0, 4, 9, 14])
@pytest.mark.parametrize("conf_level", [0.8, 0.95])
def test_the_limits_hold_zero_just_where_the_test_does_not_reject(later, conf_level):
    found = permute_practices(three_against_four(later=later), 45, conf_level=conf_level)
    holds = found.conf_low <= 0 <= found.conf_high
    assert holds == (found.p_value > 1 - conf_level + 1e-12)


def test_practices_in_another_order_change_no_p_value():
    day, cause, practice, _ = people(later=5)
    order, second = np.array([3, 0, 6, 2, 5, 1, 4]), np.arange(7) >= 4
    moved = np.empty(7, dtype=bool)
    moved[order] = second
    one = permute_practices(arms_of(day, cause, practice, None, second), 45)
    other = permute_practices(arms_of(day, cause, order[practice], None, moved), 45)
    assert one.p_value == other.p_value
    assert one.conf_low == pytest.approx(other.conf_low)


def test_exchanging_the_arms_changes_no_p_value():
    arms = three_against_four(later=5)
    there, back = permute_practices(arms, 45), permute_practices(arms[::-1], 45)
    assert there.p_value == back.p_value
    assert there.conf_low == pytest.approx(-back.conf_high)


def test_more_than_20000_allocations_are_drawn_with_a_seed():
    day, cause, practice, _ = people(practices=20, n=400)
    arms = arms_of(day, cause, practice, None, np.arange(20) >= 10)
    one, again, other = (permute_practices(arms, 45, draws=299, seed=seed) for seed in (4, 4, 5))
    assert not one.exact
    assert (one.allocations, one.seed) == (300, 4)
    assert one == again
    assert one.p_value != other.p_value
    assert one.smallest_p_value == pytest.approx(1 / 300)
    assert "seed 4" in one.method


def test_drawn_allocations_come_near_to_all_of_them(monkeypatch):
    arms = three_against_four(later=3)
    exact = permute_practices(arms, 45)
    monkeypatch.setattr(practice_permutation, "MOST", 10)
    drawn = permute_practices(arms, 45, draws=3_999)
    assert not drawn.exact
    assert 0.1 < exact.p_value < 0.9
    assert drawn.p_value == pytest.approx(exact.p_value, abs=0.035)


def test_drawn_allocations_keep_the_arms_sizes_and_begin_with_what_was_seen():
    seen = np.arange(9) >= 5
    rows = draw_allocations(seen, 50, 1)
    assert (rows[0] == seen).all()
    assert (rows.sum(axis=1) == 4).all()
    assert len(np.unique(rows, axis=0)) > 30


def test_only_permitted_allocations_are_compared():
    """Strata of 3 and 4 practices, one of the first and two of the second in the other arm."""
    made = people(later=6)
    seen = np.array([False, False, True, False, False, True, True])
    rows = all_allocations(7, 3)
    permitted = rows[rows[:, :3].sum(axis=1) == 1]
    found = permute_practices(arms_of(*made, seen), 45, allocations=permitted)
    statistics = [
        abs(difference_in_restricted_means(*arms_of(*made, row), 45).statistic) for row in permitted
    ]
    far = sum(value >= abs(found.difference.statistic) - 1e-9 for value in statistics)
    assert found.allocations == 18
    assert found.p_value == far / 18
    assert "all those given, 18" in found.method


def test_allocations_that_cannot_be_used_are_refused():
    arms = three_against_four()
    rows = all_allocations(7, 3)
    with pytest.raises(FitError, match="not among those"):
        permute_practices(arms, 45, allocations=rows[:5])
    with pytest.raises(FitError, match="each of the 7 practices"):
        permute_practices(arms, 45, allocations=rows[:, :6])
    with pytest.raises(FitError, match="each of the 7 practices"):
        permute_practices(arms, 45, allocations=rows.astype(int))
    lonely = np.vstack([rows, np.arange(7) == 2])
    with pytest.raises(FitError, match="1 allocations leave an arm with fewer than 2"):
        permute_practices(arms, 45, allocations=lonely)


def test_an_allocation_whose_arm_is_not_seen_up_to_the_horizon_is_counted():
    """Of 2 practices in the first arm, those seen to day 50 stand together in one allocation."""
    rng = np.random.default_rng(2)
    practice = np.repeat(np.arange(5), 30)
    day = np.where(practice < 3, rng.integers(0, 30, 150), rng.integers(0, 60, 150))
    cause = rng.integers(0, 2, 150)
    cause[day == day[practice < 3].max()] = 0
    for group in range(3):
        own = np.flatnonzero(practice == group)
        cause[own[day[own] == day[own].max()]] = 0
    second = np.array([False, False, True, False, True])
    found = permute_practices(arms_of(day, cause, practice, None, second), 45)
    assert found.allocations == 10
    assert found.carried_on == 4


def test_arms_other_than_two_and_nothing_to_draw_are_refused():
    arms = three_against_four()
    with pytest.raises(FitError, match="2 arms, got 3"):
        permute_practices([*arms, arms[0]], 45)
    with pytest.raises(FitError, match="at least 1"):
        draw_allocations([True, False], 0, 1)
    with pytest.raises(FitError, match="more than 20,000"):
        all_allocations(20, 10)


def exactly(practices: list[list[int]], second: int, tau: int) -> tuple[Fraction, Fraction]:
    """P-value and smallest p-value in fractions, all events, the first practices seen second."""

    def squared(chosen: set[int]) -> Fraction | float:
        means: list[Fraction] = []
        variance = Fraction(0)
        for arm in (set(range(len(practices))) - chosen, chosen):
            people = [Fraction(min(day, tau)) for g in arm for day in practices[g]]
            mean = sum(people, Fraction(0)) / len(people)
            for g in arm:
                off = sum((min(day, tau) - mean for day in practices[g]), Fraction(0)) / len(people)
                variance += off**2 / (1 - Fraction(len(practices[g]), len(people)))
            means.append(mean)
        apart = means[1] - means[0]
        if variance == 0:
            return math.inf if apart else Fraction(0)
        return apart**2 / variance

    found = [squared(set(one)) for one in combinations(range(len(practices)), second)]
    as_far = [sum(value >= at for value in found) for at in (found[0], max(found))]
    return Fraction(as_far[0], len(found)), Fraction(as_far[1], len(found))


def all_left(practices: list[list[int]], second: int, tau: int) -> PracticePermutation:
    day = np.array([d for own in practices for d in own])
    practice = np.array([g for g, own in enumerate(practices) for _ in own])
    arms = [
        count_days(day[who], np.ones_like(day[who]), cluster=practice[who], causes=1, last_day=50)
        for who in (practice >= second, practice < second)
    ]
    return permute_practices(arms, tau)


def test_a_difference_of_nothing_ties_with_every_other_one_of_nothing():
    given = [[50, 50], [20], [0], [0, 50], [20, 0], [50], [20, 20, 20]]
    found = all_left(given, 4, 30)
    assert found.p_value == 1.0 == exactly(given, 4, 30)[0]
    assert found.conf_low <= 0 <= found.conf_high


def test_ties_are_those_of_exact_fractions_whatever_the_order_of_the_sums():
    rng = np.random.default_rng(3)
    tried = 0
    for _ in range(150):
        count = int(rng.integers(4, 9))
        second = int(rng.integers(2, count - 1))
        days = rng.choice([0, 3, 7, 20, 50], size=int(rng.integers(2, 4)), replace=False)
        sizes = rng.integers(1, 4, count)
        given = [[int(d) for d in rng.choice(days, size)] for size in sizes]
        try:
            found = all_left(given, second, 30)
        except FitError:
            continue
        tried += 1
        expected = exactly(given, second, 30)
        assert (found.p_value, found.smallest_p_value) == pytest.approx(
            [float(p) for p in expected], abs=1e-12
        )
    assert tried > 80
