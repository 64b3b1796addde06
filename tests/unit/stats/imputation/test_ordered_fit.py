"""Weighted proportional odds beside the fit that the package has, and beside finite differences."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.imputation.ordered_fit import _derivatives, _log_likelihood, fit_ordered
from splw_eval.stats.proportional_odds import fit_proportional_odds


def some(levels, seed=1, n=150):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 2))
    cuts = np.linspace(-1, 1, levels - 1)
    band = np.digitize(X @ [0.8, -0.5] + rng.logistic(size=n), cuts)
    return band.astype(np.int64), X


@pytest.mark.parametrize("levels", [2, 3, 5])
def test_estimates_are_those_of_the_unweighted_fit(levels):
    band, X = some(levels)
    ours, theirs = fit_ordered(band, X, np.ones(len(band))), fit_proportional_odds(band, X)
    both = np.concatenate([theirs.thresholds, theirs.slopes])
    # Newton stops within a hundred-thousandth of a standard error, of about 0.2.
    np.testing.assert_allclose(ours.estimate, both, atol=2e-5)


def test_a_weight_of_two_is_a_row_twice():
    band, X = some(3)
    weights = np.where(np.arange(len(band)) < 50, 2.0, 1.0)
    twice = np.concatenate([np.arange(len(band)), np.arange(50)])
    weighted = fit_ordered(band, X, weights)
    repeated = fit_ordered(band[twice], X[twice], np.ones(len(twice)))
    np.testing.assert_allclose(weighted.estimate, repeated.estimate, rtol=1e-9)
    np.testing.assert_allclose(weighted.information, repeated.information, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("levels", [2, 4])
def test_score_and_information_are_derivatives_of_the_log_likelihood(levels):
    band, X = some(levels)
    weights = np.random.default_rng(2).uniform(0.5, 2, len(band))
    at = np.concatenate([np.linspace(-0.8, 0.9, levels - 1), [0.3, -0.2]])
    score, information = _derivatives(at, band, X, weights)
    step = 1e-5
    for k, way in enumerate(np.eye(len(at)) * step):
        rise = _log_likelihood(at + way, band, X, weights)
        fall = _log_likelihood(at - way, band, X, weights)
        assert (rise - fall) / (2 * step) == pytest.approx(score[k], abs=1e-6)
        ahead, behind = (_derivatives(at + s * way, band, X, weights)[0] for s in (1, -1))
        np.testing.assert_allclose((behind - ahead) / (2 * step), information[k], atol=1e-5)


def test_a_slope_runs_away_where_a_column_foretells_the_level_and_rows_added_hold_it():
    X = np.linspace(-1, 1, 40)[:, None]
    band = (X[:, 0] > 0).astype(np.int64)
    alone = fit_ordered(band, X, np.ones(40))
    added = np.concatenate([X, [[0.3], [0.3], [-0.3], [-0.3]]])
    held = fit_ordered(
        np.concatenate([band, [0, 1, 0, 1]]), added, np.concatenate([np.ones(40), np.full(4, 0.5)])
    )
    assert alone.estimate[1] > 5 * held.estimate[1]
    assert 0 < held.estimate[1] < 50


def test_a_column_twice_is_refused():
    band, X = some(3)
    with pytest.raises(FitError, match=r"depend on each other|no step"):
        fit_ordered(band, np.hstack([X, np.zeros((len(X), 1))]), np.ones(len(X)))
