"""Repeated measures: whole covariance matrices, Frison and Pocock's formula, dropout."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from splw_eval.stats.power.repeated_measures import (
    correlations_before_and_after,
    correlations_over_time,
    inflation_of_dropout,
    information_of_visits,
    variance_of_contrast,
)

ROUNDING = 1e-10  # the same linear algebra on both sides


def by_whole_matrices(R, seen, common):
    """Generalised least squares with a row for each score; `seen` is visits by arm and person."""
    visits = len(R)
    rows, blocks = [], []
    for programme, people in enumerate(reversed(seen)):
        for count in people:
            X = np.zeros((count, 2 * visits))
            X[:, :visits][:, :count] = np.eye(count)
            if programme:
                X[:, visits:][:, :count] = np.eye(count)
            rows.append(X)
            blocks.append(np.linalg.inv(R[:count, :count]))
    information = np.sum([X.T @ W @ X for X, W in zip(rows, blocks, strict=True)], axis=0)
    kept = [*range(visits), *range(visits + common, 2 * visits)]
    return np.linalg.inv(information[np.ix_(kept, kept)])[-1, -1]


@pytest.mark.parametrize("common", [0, 1])
def test_the_last_difference_has_the_variance_of_all_scores_in_one_matrix(common):
    R = correlations_over_time(0.6, [0, 3, 12, 18], unit=12)
    programme, comparison = [4] * 6 + [3] * 2 + [1] * 2, [4] * 5 + [2] * 3
    left1 = np.array([1, 0.8, 0.8, 0.6])
    left0 = np.array([1, 1, 5 / 8, 5 / 8])
    found = variance_of_contrast(
        10 * information_of_visits(R, left1),
        8 * information_of_visits(R, left0),
        [0, 0, 0, 1],
        common=common,
    )
    whole = by_whole_matrices(R, (programme, comparison), common)
    assert float(found) == pytest.approx(whole, rel=ROUNDING)


@given(st.integers(1, 4), st.integers(1, 4), st.floats(0.1, 0.9), st.floats(0.1, 0.9))
def test_without_dropout_it_is_frison_and_pococks_formula(p, q, inner, outer):
    cross = 0.9 * np.sqrt((1 + (p - 1) * inner) / p * (1 + (q - 1) * outer) / q) * 0.9
    R = correlations_before_and_after(p, q, pre=inner, post=outer, between=cross)
    one = information_of_visits(R, np.ones(p + q))
    weights = np.append(np.zeros(p), np.full(q, 1 / q))
    found = variance_of_contrast(50 * one, 30 * one, weights, common=p)
    after, before = (1 + (q - 1) * outer) / q, (1 + (p - 1) * inner) / p
    assert float(found) == pytest.approx((after - cross**2 / before) * (1 / 50 + 1 / 30))


@given(st.floats(0.0, 0.95), st.floats(0.0, 0.8))
def test_people_who_leave_cost_no_more_than_if_they_had_never_been_seen(rho, lost):
    R = correlations_over_time(rho, np.arange(4.0))
    phi = float(inflation_of_dropout(R, 1 - np.linspace(0, lost, 4)))
    assert 1 - 1e-12 <= phi <= 1 / (1 - lost) + 1e-12


def test_a_grid_of_correlations_is_worked_out_as_one_by_one():
    grid = np.array([0.1, 0.5, 0.8])
    left = np.array([1, 0.9, 0.7])
    whole = inflation_of_dropout(correlations_over_time(grid, np.arange(3.0)), left)
    single = [inflation_of_dropout(correlations_over_time(r, np.arange(3.0)), left) for r in grid]
    assert whole == pytest.approx(np.array(single), rel=ROUNDING)
