"""Covariances of the means of cluster-periods."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.stats.power.cell_covariances import (
    correlation_over_time,
    covariance_of_effects,
    covariance_of_means,
    is_positive_definite,
)

ROUNDING = 1e-12  # a closed formula on both sides


def test_without_decay_all_periods_are_correlated_alike():
    found = correlation_over_time([0, 3, 12], 0.8)
    assert found == pytest.approx(np.array([[1, 0.8, 0.8], [0.8, 1, 0.8], [0.8, 0.8, 1]]))


def test_with_decay_the_real_time_between_counts():
    found = correlation_over_time([0, 3, 12], 0.8, decay=True, unit=3.0)
    assert found[0] == pytest.approx([1, 0.8, 0.8**4], rel=ROUNDING)
    assert found[1, 2] == pytest.approx(0.8**3, rel=ROUNDING)


def test_a_correlation_of_nothing_may_fade():
    assert np.array_equal(correlation_over_time([0, 1], 0.0, decay=True), np.eye(2))


def test_grids_of_correlations_make_grids_of_matrices():
    found = correlation_over_time([0, 1, 3], [0.2, 0.9], decay=True)
    assert found.shape == (2, 3, 3)
    assert found[1, 0, 2] == pytest.approx(0.9**3, rel=ROUNDING)


def test_means_of_part_of_the_same_people_covary_by_the_larger_part():
    person = np.array([[1, 0.5], [0.5, 1]])
    drawn = np.random.default_rng(4).multivariate_normal([0, 0], person, size=(40_000, 10))
    means = np.column_stack([drawn[:, :, 0].mean(axis=1), drawn[:, :4, 1].mean(axis=1)])
    found = covariance_of_means([10, 4], person)
    # 40,000 draws: standard errors of about half a per cent.
    assert found == pytest.approx(np.cov(means.T), rel=0.05)


def test_other_people_each_time_leave_only_their_own_variance():
    assert covariance_of_means([10, 5], np.eye(2)) == pytest.approx(np.diag([0.1, 0.2]))


def test_effects_of_clusters_add_to_treated_periods_only():
    found = covariance_of_effects([0, 1, np.nan], 0.3)[0]
    assert found[1, 1] == pytest.approx(0.09, rel=ROUNDING)
    found[1, 1] = 0
    assert (found == 0).all()


def test_effects_that_go_with_the_level_add_to_both():
    found = covariance_of_effects([0, 1], 0.3, -0.02)[0]
    assert found == pytest.approx(np.array([[0, -0.02], [-0.02, 0.09 - 0.04]]), rel=ROUNDING)


@pytest.mark.parametrize(
    ("matrix", "least", "told"),
    [
        ([[1, 0.5], [0.5, 1]], 1e-12, True),
        ([[1, 1.2], [1.2, 1]], 1e-12, False),
        ([[1, 1], [1, 1]], 1e-12, False),
        ([[1, 1], [1, 1]], -1e-9, True),
        ([[1, np.nan], [np.nan, 1]], -1e-9, False),
    ],
)
def test_a_matrix_is_one_of_some_people_or_is_not(matrix, least, told):
    assert is_positive_definite(matrix, least) is told
