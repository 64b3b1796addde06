"""Draws of whole practices within arms."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.resampling.whole_practices import (
    PracticeSums,
    percentile_interval,
    practice_counts,
    ratio_draws,
    sums_by,
)

ARMS = np.array([0] * 5 + [1] * 8)


def test_every_draw_holds_as_many_practices_of_each_arm_as_there_are():
    counts = practice_counts(ARMS, draws=300, seed=3)
    assert (counts[:, ARMS == 0].sum(axis=1) == 5).all()
    assert (counts[:, ARMS == 1].sum(axis=1) == 8).all()


def test_one_seed_gives_the_same_draws_and_another_gives_others():
    first, again, other = (practice_counts(ARMS, draws=50, seed=s) for s in (7, 7, 8))
    assert (first == again).all()
    assert (first != other).any()


def test_the_spread_of_a_mean_over_draws_is_that_of_the_closed_form():
    """Of practices of one size it is the SD (divisor G) over the root of G."""
    values = np.random.default_rng(2).normal(100, 20, 12)
    counts = practice_counts(np.zeros(12), draws=200_000, seed=4)
    draws = ratio_draws(values * 10, np.full(12, 10.0), counts)
    assert draws.mean() == pytest.approx(values.mean(), rel=1e-3)  # error of so many draws
    assert draws.std() == pytest.approx(values.std() / np.sqrt(12), rel=0.01)


def test_where_nobody_was_counted_the_cost_for_each_has_no_end():
    draws = ratio_draws([10.0, 20.0], [0.0, 4.0], [[2, 0], [0, 2]])
    assert draws.tolist() == [np.inf, 5.0]
    assert percentile_interval(draws)[1] == np.inf


def test_a_regression_on_the_group_alone_is_the_difference_of_means():
    y, group = np.array([1.0, 3.0, 10.0, 14.0]), np.array([0, 0, 1, 1])
    sums = PracticeSums.of(y, (group,), np.arange(4), 4)
    assert sums.coefficient(1)[0] == pytest.approx(10.0)
    assert sums.coefficient(1, [[2, 0, 0, 2], [1, 1, 2, 0]]) == pytest.approx([13.0, 8.0])


def test_a_draw_that_does_not_carry_the_regression_is_left_out():
    start = np.array([1.0, 2.0, 1.0, 3.0])
    sums = PracticeSums.of([1.0, 2, 3, 4], ([0, 0, 1, 1], start), np.arange(4), 4)
    found = sums.coefficient(1, [[2, 0, 2, 0], [1, 1, 1, 1]])
    assert np.isnan(found[0])
    assert np.isfinite(found[1])


def test_sums_of_a_practice_without_people_are_zero():
    assert sums_by([1.0, 2.0, 4.0], [0, 2, 2], 4).tolist() == [1, 0, 6, 0]


def test_an_interval_leaves_out_draws_that_are_no_number():
    low, high = percentile_interval([np.nan, *range(101)])
    assert (low, high) == pytest.approx((2.5, 97.5))
    assert np.isnan(percentile_interval([np.nan])).all()


@pytest.mark.parametrize(("arms", "draws"), [([], 5), ([0, 1], 0)])
def test_no_practices_or_no_draws_are_refused(arms, draws):
    with pytest.raises(FitError):
        practice_counts(arms, draws=draws, seed=1)
