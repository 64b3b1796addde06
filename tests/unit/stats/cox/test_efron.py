"""Score and information of the partial likelihood against finite differences."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.stats.cox.efron import log_likelihood, partial_likelihood
from splw_eval.stats.cox.risk_sums import place_rows

RNG = np.random.default_rng(11)
N = 80
START = RNG.integers(0, 6, N).astype(float)
STOP = START + RNG.integers(1, 7, N).astype(float)
EVENT = RNG.random(N) < 0.6
ROWS = place_rows(START, STOP, EVENT, RNG.uniform(0.5, 2, N), RNG.integers(0, 2, N).astype(np.intp))
X = RNG.normal(size=(N, 3))[ROWS.kept]
BETA = np.array([0.3, -0.5, 0.8])
STEP = 1e-5
TIES = pytest.mark.parametrize("ties", ["efron", "breslow"])


def slopes(function):
    """Central differences of a function of the coefficients, one row for each."""
    steps = STEP * np.eye(3)
    return np.array([(function(BETA + s) - function(BETA - s)) / (2 * STEP) for s in steps])


@TIES
def test_the_score_is_the_slope_of_the_log_likelihood(ties):
    found = partial_likelihood(ROWS, X, BETA, ties)
    expected = slopes(lambda b: log_likelihood(ROWS, X, b, ties))
    np.testing.assert_allclose(found.score, expected, rtol=1e-6, atol=1e-6)
    assert found.value == log_likelihood(ROWS, X, BETA, ties)


@TIES
def test_the_information_is_minus_the_slope_of_the_score(ties):
    found = partial_likelihood(ROWS, X, BETA, ties).information
    expected = -slopes(lambda b: partial_likelihood(ROWS, X, b, ties).score)
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-6)


@TIES
def test_the_score_residuals_sum_to_the_score(ties):
    found = partial_likelihood(ROWS, X, BETA, ties)
    np.testing.assert_allclose(found.residuals.sum(axis=0), found.score, atol=1e-10)


@TIES
def test_score_and_residuals_are_those_of_a_loop_over_the_tied_events(ties):
    eta = X @ BETA
    risk = ROWS.weights * np.exp(eta)
    value, score, information = 0.0, np.zeros(3), np.zeros((3, 3))
    for moment, deaths in enumerate(ROWS.deaths):
        here = (ROWS.first <= moment) & (moment < ROWS.last)
        died = ROWS.event & (ROWS.last == moment + 1)
        value += ROWS.weights[died] @ eta[died]
        score += ROWS.weights[died] @ X[died]
        for tied in range(deaths):
            part = risk * (here - (tied / deaths if ties == "efron" else 0.0) * died)
            mean = part @ X / part.sum()
            value -= ROWS.weights[died].mean() * np.log(part.sum())
            score -= ROWS.weights[died].mean() * mean
            second = (X.T * part) @ X / part.sum() - np.outer(mean, mean)
            information += ROWS.weights[died].mean() * second
    found = partial_likelihood(ROWS, X, BETA, ties)
    assert found.value == pytest.approx(value, rel=1e-12)
    np.testing.assert_allclose(found.score, score, rtol=1e-11, atol=1e-11)
    np.testing.assert_allclose(found.information, information, rtol=1e-11, atol=1e-11)


def test_efron_and_breslow_differ_where_events_are_tied():
    efron, breslow = (log_likelihood(ROWS, X, BETA, ties) for ties in ("efron", "breslow"))
    assert efron > breslow + 1


def test_a_predictor_beyond_the_range_of_exp_does_not_overflow():
    assert np.isfinite(log_likelihood(ROWS, X * 0 + 1e3, BETA))


def test_a_denominator_lost_to_rounding_gives_no_likelihood_and_no_number():
    steep = X * 0
    steep[ROWS.event, 0] = -1.0
    found = partial_likelihood(ROWS, steep, np.array([2000.0, 0, 0]))
    assert found.value == -np.inf
    assert np.isnan(found.score).all()
    assert np.isnan(found.residuals).all()
