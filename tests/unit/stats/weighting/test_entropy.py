"""The most even weights that give a group the means it is to have."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from splw_eval.core.errors import FitError
from splw_eval.stats.weighting.entropy import entropy_weights

EXACT = 1e-10


def drawn(seed: int, n: int = 150):
    rng = np.random.default_rng(seed)
    return np.column_stack(
        [rng.normal(size=n), rng.integers(0, 2, n), 1e4 + 30 * rng.normal(size=n)]
    )


@given(st.integers(0, 500))
def test_means_are_met_to_the_tenth_place(seed):
    X = drawn(seed)
    goal = X[:60].mean(axis=0) + 0.2 * X.std(axis=0)
    found = entropy_weights(X, goal)
    assert np.abs((found.weights @ X - goal) / X.std(axis=0)).max() < EXACT
    assert found.weights.sum() == pytest.approx(1.0, rel=1e-12)
    assert found.weights.min() > 0


def test_one_yes_no_column_gives_the_shares_by_hand():
    X = np.array([[0.0], [0.0], [0.0], [1.0]])
    found = entropy_weights(X, [0.5])
    assert found.weights.tolist() == pytest.approx([1 / 6, 1 / 6, 1 / 6, 0.5], rel=1e-12)
    assert found.multipliers[0] == pytest.approx(np.log(3), rel=1e-10)


def test_means_that_are_met_already_leave_the_weights_even():
    X = drawn(3)
    found = entropy_weights(X, X.mean(axis=0))
    assert found.weights == pytest.approx(np.full(len(X), 1 / len(X)), rel=1e-9)


def test_base_weights_are_kept_where_they_balance_already():
    X, base = drawn(4), np.linspace(1, 3, 150)
    found = entropy_weights(X, np.average(X, axis=0, weights=base), base=base)
    assert found.weights == pytest.approx(base / base.sum(), rel=1e-9)


def test_log_weights_are_linear_in_the_columns():
    X = drawn(5)
    found = entropy_weights(X, X.mean(axis=0) + 0.3 * X.std(axis=0))
    left = np.log(found.weights) - X @ found.multipliers
    assert np.ptp(left) < 1e-8


def test_a_column_made_up_of_others_is_balanced_with_them():
    X = drawn(6)
    X = np.column_stack([X, X[:, 0] - 2 * X[:, 1]])
    goal = X[:50].mean(axis=0)
    assert entropy_weights(X, goal).weights @ X == pytest.approx(goal, rel=1e-10, abs=1e-10)


@pytest.mark.parametrize("far", [1.0, 1.0001, 2.0, 50.0])
def test_means_beyond_the_people_or_on_their_edge_are_refused(far):
    X = np.linspace(0, 1, 20)[:, None]
    with pytest.raises(FitError, match="No weights above 0"):
        entropy_weights(X, [far])


def test_means_inside_every_range_but_outside_all_mixtures_are_refused():
    rng = np.random.default_rng(7)
    x = rng.normal(size=80)
    X = np.column_stack([x, x + 0.01 * rng.normal(size=80)])
    with pytest.raises(FitError, match="No weights above 0"):
        entropy_weights(X, [1.0, -1.0])


def test_a_column_that_does_not_vary_must_fit_already():
    X = np.column_stack([np.arange(6.0), np.zeros(6)])
    assert entropy_weights(X, [2.5, 0.0]).weights == pytest.approx(np.full(6, 1 / 6), rel=1e-9)
    with pytest.raises(FitError, match="does not vary"):
        entropy_weights(X, [2.5, 0.1])


@pytest.mark.parametrize(
    ("X", "means", "base"),
    [
        ([[1.0]], [1.0, 2.0], None),
        ([[np.nan]], [1.0], None),
        ([[1.0], [2.0]], [1.5], [1.0, 0.0]),
        ([[1.0], [2.0]], [1.5], [1.0]),
        (np.empty((0, 1)), [1.0], None),
    ],
)
def test_what_cannot_be_weighted_is_refused(X, means, base):
    with pytest.raises(FitError):
        entropy_weights(X, means, base=base)
