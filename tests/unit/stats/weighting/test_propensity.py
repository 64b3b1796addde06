"""Chances of belonging to a group, and weights that make groups alike."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from splw_eval.core.errors import FitError
from splw_eval.stats.weighting.propensity import (
    effective_size,
    fit_propensity,
    propensity_weights,
)

EXACT = 1e-10


def drawn(seed: int, n: int = 200):
    rng = np.random.default_rng(seed)
    X = np.column_stack(
        [np.ones(n), rng.normal(size=n), rng.integers(0, 2, n), 50 + rng.normal(size=n)]
    )
    chance = 1 / (1 + np.exp(-(0.5 * X[:, 1] - 0.4 * X[:, 2])))
    return rng.random(n) < chance, X


@given(st.integers(0, 500))
def test_overlap_weights_balance_every_column_exactly(seed):
    treated, X = drawn(seed)
    w = propensity_weights(fit_propensity(treated, X).chance, treated, "overlap")
    means = [np.average(X[group], axis=0, weights=w[group]) for group in (treated, ~treated)]
    assert np.abs(means[0] - means[1]).max() < EXACT * 50


def test_an_intercept_alone_gives_the_share_treated():
    treated = np.array([True, False, False, False])
    found = fit_propensity(treated, np.ones((4, 1)))
    assert found.chance == pytest.approx(0.25, rel=1e-12)
    assert found.covariance[0, 0] == pytest.approx(1 / (4 * 0.25 * 0.75), rel=1e-12)


def test_scaling_a_column_scales_its_coefficient_and_leaves_the_chances():
    treated, X = drawn(3)
    first = fit_propensity(treated, X)
    second = fit_propensity(treated, X * [1, 1e6, 1, 1e-6])
    assert second.chance == pytest.approx(first.chance, rel=1e-9)
    assert second.beta == pytest.approx(first.beta / [1, 1e6, 1, 1e-6], rel=1e-7)


def test_weights_of_each_target_are_those_of_its_formula():
    e, treated = np.array([0.2, 0.8]), np.array([True, False])
    assert propensity_weights(e, treated, "treated").tolist() == pytest.approx([1, 4])
    assert propensity_weights(e, treated, "everybody").tolist() == pytest.approx([5, 5])
    assert propensity_weights(e, treated, "overlap").tolist() == pytest.approx([0.8, 0.8])


def test_equal_weights_are_worth_all_people_and_one_heavy_weight_one():
    assert effective_size(np.full(7, 3.0)) == pytest.approx(7)
    assert effective_size([1e9, 1.0, 1.0]) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize(
    ("treated", "X", "words"),
    [
        ([1, 1], [[1.0], [1.0]], "Both groups"),
        ([1, 0, 1], [[1.0], [1.0]], "same rows"),
        ([1, 0], [[1.0], [np.nan]], "finite"),
        ([1, 2], [[1.0], [1.0]], "True or False"),
        ([1, 1, 0, 0], [[1, 2], [1, 2.5], [1, 0], [1, 0.5]], "foretell"),
        ([1, 0, 1, 0], [[1, 1], [1, 1], [1, 1], [1, 1]], "depend on each other"),
        ([1, 0], [[1.0, 0.0], [1.0, 0.0]], "0 throughout"),
    ],
)
def test_what_gives_no_chance_is_refused(treated, X, words):
    with pytest.raises(FitError, match=words):
        fit_propensity(treated, X)


def test_chances_at_the_ends_and_unknown_targets_are_refused():
    with pytest.raises(FitError, match="without the ends"):
        propensity_weights([1.0], [True], "overlap")
    with pytest.raises(FitError, match="target"):
        propensity_weights([0.5], [True], "nobody")  # type: ignore[arg-type]
    with pytest.raises(FitError, match="not all 0"):
        effective_size([0.0])
