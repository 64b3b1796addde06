"""Permutation of practice means."""

from __future__ import annotations

import math
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.resampling.permutation import permute_practice_means

Array = NDArray[np.float64]
SECOND = np.arange(7) >= 3


def arithmetic_means() -> Array:
    i = np.arange(300)
    practice = i % 15
    y = 10 + 2 * (((53 * i) % 101) / 101) + 0.5 * (practice < 7) + ((29 * i) % 83) / 20
    y = y + ((7 * practice) % 15) / 10
    return np.array([y[practice == each].mean() for each in range(15)])


def slow_p(value: Array, second: NDArray[np.bool_], weight: Array) -> float:
    def difference(chosen: list[int]) -> float:
        rest = [g for g in range(len(value)) if g not in chosen]
        means = [np.average(value[who], weights=weight[who]) for who in (chosen, rest)]
        return abs(float(means[0] - means[1]))

    seen = difference(list(np.flatnonzero(second)))
    every = list(combinations(range(len(value)), int(second.sum())))
    return sum(difference(list(each)) >= seen - 1e-9 for each in every) / len(every)


def test_all_allocations_of_seven_against_eight_give_the_known_share():
    found = permute_practice_means(arithmetic_means(), np.arange(15) < 7)
    assert found.p_value == 65 / 6_435
    assert found.smallest_p_value == 1 / 6_435
    assert (found.allocations, found.exact, found.n, found.per_arm) == (6_435, True, 15, (8, 7))


@pytest.mark.parametrize("weighted", [False, True], ids=["alike", "weights"])
@pytest.mark.parametrize("seed", range(4))
def test_the_share_is_that_of_going_through_every_choice(weighted, seed):
    rng = np.random.default_rng(seed)
    value = rng.normal(size=7) + SECOND
    weight = rng.uniform(1, 50, 7) if weighted else np.ones(7)
    found = permute_practice_means(value, SECOND, weights=weight if weighted else None)
    assert found.p_value == slow_p(value, SECOND, weight)


@settings(max_examples=80, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    shift=st.floats(-6, 6),
    level=st.sampled_from([0.5, 0.8, 0.9, 0.95]),
    weighted=st.booleans(),
)
def test_the_interval_holds_a_shift_exactly_when_its_p_is_above_what_is_left(
    seed, shift, level, weighted
):
    rng = np.random.default_rng(seed)
    value, weight = rng.normal(size=7), rng.uniform(1, 50, 7) if weighted else None
    found = permute_practice_means(value, SECOND, weights=weight, conf_level=level)
    p = permute_practice_means(value - shift * SECOND, SECOND, weights=weight).p_value
    assert (found.conf_low <= shift <= found.conf_high) == (p > 1 - level + 1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_p_changes_sides_at_the_limits(seed):
    value = np.random.default_rng(seed).normal(size=7)
    found = permute_practice_means(value, SECOND, conf_level=0.9)
    for limit, out in ((found.conf_low, -1e-6), (found.conf_high, 1e-6)):
        inside, outside = (
            permute_practice_means(value - (limit + by) * SECOND, SECOND).p_value
            for by in (-out, out)
        )
        assert inside > 0.1 >= outside


def test_ties_of_whole_numbers_at_the_limit_agree_with_p():
    value = np.array([0, 0, 1, 1, 1, 2, 2.0])
    found = permute_practice_means(value, SECOND, conf_level=1 - 3 / 35)
    assert (found.conf_low <= 0 <= found.conf_high) == (found.p_value > 3 / 35)


def test_equal_arms_have_a_mirror_so_the_smallest_share_is_double():
    found = permute_practice_means([1, 2, 3, 9, 8, 7.0], np.arange(6) >= 3)
    assert found.p_value == found.smallest_p_value == 2 / 20
    assert (found.conf_low, found.conf_high) == (-math.inf, math.inf)


def test_strata_change_arms_only_within_themselves():
    value, second = np.array([1, 2, 3, 14, 11, 12, 15.0]), np.array([0, 1, 0, 1, 0, 0, 1], bool)
    strata = ["a", "a", "a", "b", "b", "b", "b"]
    found = permute_practice_means(value, second, strata=strata)
    rows = [
        np.isin(np.arange(7), [one, *two])
        for one in range(3)
        for two in combinations(range(3, 7), 2)
    ]
    same = permute_practice_means(value, second, allocations=np.array(rows), strata=strata)
    assert found.allocations == 18
    dummies = np.column_stack([second, np.arange(7) < 3, np.arange(7) >= 3]).astype(float)
    assert found.estimate == pytest.approx(np.linalg.lstsq(dummies, value, rcond=None)[0][0])
    assert (found.p_value, found.conf_low, found.conf_high) == (
        same.p_value,
        same.conf_low,
        same.conf_high,
    )
    assert "within strata" in found.method


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    delta=st.floats(-8, 8),
    level=st.sampled_from([0.5, 0.8, 0.9]),
    stratified=st.booleans(),
)
def test_a_shift_that_covariates_half_explain_is_inverted_as_a_refit_would(
    seed, delta, level, stratified
):
    rng = np.random.default_rng(seed)
    strata = np.array([0, 1, 0, 1, 0, 0, 1]) if stratified else np.zeros(7)
    beside = np.column_stack([strata == each for each in np.unique(strata)] + [rng.normal(size=7)])
    without = np.eye(7) - beside @ np.linalg.pinv(beside.astype(float))
    value, shift = rng.normal(size=7), without @ SECOND
    how: dict[str, Any] = {"strata": strata if stratified else None, "shift": shift}
    found = permute_practice_means(without @ value, SECOND, conf_level=level, **how)
    p = permute_practice_means(without @ value - delta * shift, SECOND, **how).p_value
    # Limits are the farthest nulls kept; where another allocation fits the covariates better
    # than the one seen, some nearer may not be.
    assert found.conf_low <= found.estimate <= found.conf_high
    if p > 1 - level + 1e-12:
        assert found.conf_low <= delta <= found.conf_high
    for limit, side in ((found.conf_low, -1), (found.conf_high, 1)):
        steps = np.array([1e-5, 0.1, 3, 1e4]) * (1 + abs(limit))
        far: Any = limit + side * steps if np.isfinite(limit) else []
        again = [permute_practice_means(without @ value - at * shift, SECOND, **how) for at in far]
        assert all(one.p_value <= 1 - level + 1e-12 for one in again)
    other = permute_practice_means(without @ value + 2.5 * shift, SECOND, conf_level=level, **how)
    assert other.estimate == pytest.approx(found.estimate + 2.5, abs=1e-6)


def test_too_many_allocations_are_drawn_with_a_seed():
    value, second = np.random.default_rng(1).normal(size=20), np.arange(20) >= 10
    first, again = (permute_practice_means(value, second, draws=999, seed=4) for _ in range(2))
    assert first == again
    assert (first.allocations, first.exact, first.seed) == (1_000, False, 4)
    assert first.p_value >= first.smallest_p_value >= 1 / 1_000


def test_strata_of_one_size_are_drawn_apart_from_one_another():
    second = np.arange(24) % 2 == 0
    value = np.repeat([1.0, -1.0], 12) * np.tile(np.arange(12.0), 2)
    found = permute_practice_means(value, second, strata=np.repeat([0, 1], 12), draws=999)
    # Strata drawn alike would cancel in every allocation, and each would lie as far out.
    assert not found.exact
    assert abs(found.estimate) < 1e-12
    assert found.conf_high > 1


def test_a_level_and_a_change_of_arms_turn_only_the_sign():
    value = np.random.default_rng(3).normal(size=7)
    first = permute_practice_means(value, SECOND)
    other = permute_practice_means(1e6 + value, ~SECOND)
    assert other.p_value == first.p_value
    assert other.conf_low == pytest.approx(-first.conf_high, abs=1e-6)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"value": [1.0]}, "one value for each practice"),
        ({"value": [np.nan] * 7}, "must be finite"),
        ({"arm": SECOND.astype(int)}, "True in the second arm"),
        ({"arm": np.ones(7, bool)}, "one arm has none"),
        ({"weights": np.zeros(7)}, "above 0"),
        ({"conf_level": 95}, "between 0 and 1"),
        ({"strata": [1]}, "one value for each practice"),
        ({"strata": [np.nan] * 7}, "name a stratum"),
        ({"strata": SECOND}, "No stratum has practices of both arms in the arms"),
        (
            {
                "strata": [0, 0, 1, 0, 1, 1, 1],
                "allocations": [SECOND, np.array([0, 0, 1, 0, 1, 1, 1], bool)],
            },
            "arms of 1 allocations",
        ),
        ({"shift": [1.0]}, "one finite number for each practice"),
        ({"shift": np.ones(7)}, "nothing is left"),
        ({"allocations": [[1, 2]]}, "True or False"),
        ({"allocations": [~SECOND]}, "not among those"),
        ({"allocations": [SECOND, np.ones(7, bool)]}, "1 allocations leave an arm"),
        ({"value": np.arange(24.0), "arm": np.arange(24) > 11, "draws": 0}, "at least 1"),
    ],
)
def test_what_cannot_be_permuted_is_said_in_words(how, said):
    asked: dict[str, Any] = {"value": np.arange(7.0), "arm": SECOND} | how
    with pytest.raises(FitError, match=said):
        permute_practice_means(**asked)
