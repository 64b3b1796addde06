"""Standardised differences before and after weighting, of people and of practices."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.weighting.balance import practice_differences, standardised_differences

X = np.array([[1.0, 0], [2, 1], [3, 1], [4, 0], [5, 0], [9, 1]])
TREATED = np.array([1, 1, 1, 0, 0, 0])


def test_differences_are_divided_by_the_root_of_the_mean_variance():
    found = standardised_differences(X, TREATED)
    assert found.standardised[0] == pytest.approx((2 - 6) / np.sqrt((1 + 7) / 2))
    assert found.variance_ratio[0] == pytest.approx(1 / 7)
    assert found.binary.tolist() == [False, True]


def test_the_divisor_does_not_move_with_the_weights():
    weights = np.array([3.0, 1, 1, 1, 1, 8])
    plain, moved = (standardised_differences(X, TREATED, w) for w in (None, weights))
    assert moved.spread.tolist() == plain.spread.tolist()
    assert moved.treated[0] == pytest.approx(8 / 5)
    assert moved.standardised[0] == pytest.approx((8 / 5 - 81 / 10) / 2)


def test_shares_may_have_their_own_variance():
    found = standardised_differences(X, TREATED, binary="share")
    spread = np.sqrt((2 / 9 + 2 / 9) / 2)
    assert found.standardised[1] == pytest.approx((2 / 3 - 1 / 3) / spread)
    assert found.standardised[0] == standardised_differences(X, TREATED).standardised[0]


@pytest.mark.parametrize(
    ("whose", "variance"), [("treated", 1.0), ("reference", 7.0), ("everybody", 8.0)]
)
def test_the_standard_deviation_may_be_that_of_one_group_or_of_all(whose, variance):
    found = standardised_differences(X, TREATED, spread=whose)
    assert found.standardised[0] == pytest.approx(-4 / np.sqrt(variance))


def test_weights_that_repeat_people_have_the_means_of_the_repeated():
    weights = np.array([2, 1, 1, 1, 3, 1])
    again = standardised_differences(np.repeat(X, weights, axis=0), np.repeat(TREATED, weights))
    found = standardised_differences(X, TREATED, weights)
    assert found.treated == pytest.approx(again.treated)
    assert found.reference == pytest.approx(again.reference)


def test_what_does_not_vary_has_no_difference():
    found = standardised_differences(np.full((6, 1), 0.1), TREATED)
    assert np.isnan(found.standardised[0])
    assert np.isnan(found.variance_ratio[0])


def test_practices_count_as_one_each():
    practice = np.array([1, 1, 2, 3, 3, 4])
    found = practice_differences(X, TREATED, practice)[0]
    treated, reference = np.array([1.5, 3.0]), np.array([4.5, 9.0])
    spread = np.sqrt((treated.var(ddof=1) + reference.var(ddof=1)) / 2)
    assert found == pytest.approx((treated.mean() - reference.mean()) / spread)


def test_weights_move_the_means_of_practices_and_not_their_spread():
    practice = np.array([1, 1, 2, 3, 3, 4])
    weights = np.array([3.0, 1, 1, 1, 1, 1])
    plain = practice_differences(X, TREATED, practice)[0]
    moved = practice_differences(X, TREATED, practice, weights)[0]
    spread = (2.25 - 6.75) / plain
    assert moved == pytest.approx(((1.25 + 3) / 2 - 6.75) / spread)


def test_one_practice_to_a_group_has_no_difference():
    assert np.isnan(practice_differences(X, TREATED, TREATED)).all()


@pytest.mark.parametrize(
    ("columns", "treated", "weights"),
    [
        (X, TREATED[:3], None),
        (X, np.ones(6), None),
        (X, TREATED, -np.ones(6)),
        (X, TREATED, TREATED),
        (np.where(X == 9, np.inf, X), TREATED, None),
        (X, TREATED * 2, None),
    ],
)
def test_what_cannot_be_compared_is_refused(columns, treated, weights):
    with pytest.raises(FitError):
        standardised_differences(columns, treated, weights)


def test_a_practice_of_both_groups_and_an_unknown_word_are_refused():
    with pytest.raises(FitError, match="both groups"):
        practice_differences(X, TREATED, np.array([1, 1, 2, 2, 3, 3]))
    with pytest.raises(FitError, match="spread must be one of"):
        standardised_differences(X, TREATED, spread="pooled")  # type: ignore[arg-type]
