"""Standardised differences against sums done by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from splw_eval.stats.standardised import categorical_difference, standardised_difference
from splw_eval.stats.t_expansion import t_quantile


def test_means_differ_in_units_of_both_groups_sd():
    # Variances 1 and 4, so the SD of both is the root of 2.5; the means differ by 3.
    found = standardised_difference([4.0, 5.0, 6.0], [0.0, 2.0, 4.0])
    assert found == pytest.approx(3 / math.sqrt(2.5), rel=1e-12)


def test_two_categories_give_the_size_of_the_difference_of_two_shares():
    p, q = 0.3, 0.5
    by_hand = (q - p) / math.sqrt((p * (1 - p) + q * (1 - q)) / 2)
    assert categorical_difference([70, 30], [20, 20]) == pytest.approx(by_hand, rel=1e-12)


def test_three_categories_are_a_distance_by_the_mean_covariance():
    p, q = np.array([0.2, 0.3]), np.array([0.4, 0.4])
    spread = [np.diag(x) - np.outer(x, x) for x in (p, q)]
    by_hand = math.sqrt((p - q) @ np.linalg.inv((spread[0] + spread[1]) / 2) @ (p - q))
    assert categorical_difference([50, 20, 30], [20, 40, 40]) == pytest.approx(by_hand, rel=1e-10)


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 0, 1], [1, 2, 0]])
def test_it_does_not_matter_which_category_comes_first(order):
    a, b = np.array([50, 20, 30]), np.array([20, 40, 40])
    first = categorical_difference(a, b)
    assert categorical_difference(a[order], b[order]) == pytest.approx(first, rel=1e-10)


def test_a_category_that_nobody_is_in_changes_nothing():
    assert categorical_difference([70, 0, 30], [20, 0, 20]) == pytest.approx(
        categorical_difference([70, 30], [20, 20]), rel=1e-12
    )


def test_where_nothing_varies_or_nobody_is_there_no_difference_is_given():
    assert standardised_difference([1.0, 1.0], [2.0, 2.0]) is None
    assert standardised_difference([1.0], [2.0, 3.0]) is None
    assert categorical_difference([0, 0], [3, 4]) is None
    assert categorical_difference([5, 0], [0, 5]) is None  # no end to the distance
    assert categorical_difference([5], [9]) == 0


@pytest.mark.parametrize("df", [2.0, 2.7, 4.0, 8.5, 30.0, 1e6])
def test_the_quantile_of_t_is_right_to_one_in_a_hundred(df):
    assert t_quantile(df) == pytest.approx(float(stats.t.ppf(0.975, df)), rel=0.01)
