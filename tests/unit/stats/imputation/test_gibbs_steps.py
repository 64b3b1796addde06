"""Single steps of a sweep against the same thing done at length."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from splw_eval.stats.imputation.covariance_step import Completing, inverse_wishart
from splw_eval.stats.imputation.layout import Floats, WaveData
from splw_eval.stats.imputation.mean_step import draw_means, factor, information_of, root_of
from splw_eval.stats.imputation.pattern_sums import PatternSums, gather_sums
from tests.unit.stats.imputation.given_waves import made_waves


def covariances() -> Floats:
    roots = np.random.default_rng(4).standard_normal((2, 3, 5))
    return np.asarray(roots @ roots.swapaxes(1, 2) / 5)


def scaled(data: WaveData, sums: PatternSums) -> tuple[Floats, Floats]:
    """Scores and covariates as the sampler sees them."""
    y = (data.y - data.x @ sums.scale.centre) / sums.scale.spread
    return y, data.x @ sums.scale.turn


def dense(data: WaveData, sums: PatternSums, spreads: Floats) -> tuple[Floats, Floats, Floats]:
    """Scores seen, their covariates for every arm and wave, and their whole covariance."""
    y, x = scaled(data, sums)
    n, J = y.shape
    q = x.shape[1]
    design = np.zeros((n, J, 2, q, J))
    for i in range(n):
        for j in range(J):
            design[i, j, data.arm[i], :, j] = x[i]
    assert data.practice is not None
    together = data.practice[:, None] == data.practice
    root = root_of(spreads, J)
    whole = np.einsum("ab,jk->ajbk", together * 1.0, root @ root)
    for i in range(n):
        whole[i, :, i] += covariances()[data.arm[i]]
    seen = data.observed.ravel()
    flat = whole.reshape(n * J, n * J)[np.ix_(seen, seen)]
    return y.ravel()[seen], design.reshape(n * J, -1)[seen], flat


SPREADS = np.array([0.4, 0.3])


@pytest.fixture(scope="module")
def given() -> tuple[WaveData, PatternSums]:
    data, _ = made_waves(40, waves=3, practices=5)
    return data, gather_sums(data)


def factored(sums: PatternSums, spreads: Floats):
    precision = Completing(sums).patterned(covariances()).precision
    return factor(information_of(sums, precision), spreads)


def test_coefficients_are_those_of_generalised_least_squares(given):
    data, sums = given
    y, X, whole = dense(data, sums, SPREADS)
    inverse = np.linalg.inv(whole)
    precision = X.T @ inverse @ X
    found = factored(sums, SPREADS)
    np.testing.assert_allclose(found.lower @ found.lower.T, precision, atol=1e-8)
    expected = np.linalg.solve(precision, X.T @ inverse @ y)
    np.testing.assert_allclose(np.linalg.solve(found.lower.T, found.half), expected, atol=1e-9)


@pytest.mark.parametrize("other", [(0.0, 0.3), (0.4, 0.0), (1.0, 2.0), (0.0, 0.0)])
def test_spreads_are_as_likely_as_by_the_restricted_likelihood(given, other):
    data, sums = given

    def at_length(spreads: Floats) -> float:
        y, X, whole = dense(data, sums, spreads)
        inverse = np.linalg.inv(whole)
        precision = X.T @ inverse @ X
        off = y - X @ np.linalg.solve(precision, X.T @ inverse @ y)
        logs = np.linalg.slogdet(whole)[1] + np.linalg.slogdet(precision)[1]
        return float(-0.5 * (logs + off @ inverse @ off))

    gain = factored(sums, np.array(other)).density - factored(sums, SPREADS).density
    assert gain == pytest.approx(at_length(np.array(other)) - at_length(SPREADS), abs=1e-7)


def test_practice_effects_are_drawn_around_their_best_predictions(given):
    data, sums = given
    y, X, whole = dense(data, sums, SPREADS)
    found, rng = factored(sums, SPREADS), np.random.default_rng(5)
    draws = np.stack([draw_means(found, 2, 3, rng)[1] for _ in range(4000)])
    inverse = np.linalg.inv(whole)
    slope = np.linalg.solve(X.T @ inverse @ X, X.T @ inverse @ y)
    root = root_of(SPREADS, 3)
    assert data.practice is not None
    waves = np.tile(np.arange(3), data.people)[data.observed.ravel()]
    of = np.repeat(data.practice, 3)[data.observed.ravel()]
    tied = (of[:, None] == np.arange(5))[:, :, None] * (root @ root)[waves][:, None, :]
    expected = np.einsum("ipj,i->pj", tied, inverse @ (y - X @ slope))
    error = draws.std(axis=0) / np.sqrt(4000)
    assert (np.abs(draws.mean(axis=0) - expected) < 4.5 * error).all()


def test_sums_of_completed_scores_have_the_distribution_of_those_drawn_one_by_one():
    data, y = made_waves(14, waves=3, arms=1, covariates=0, practices=0, lost=0.0)
    y[0, 0] = y[1:5, 2] = y[5, 1:] = y[6:9, 0] = y[6:9, 2] = np.nan
    data = replace(data, y=y)
    sums = gather_sums(data)
    completing, rng = Completing(sums), np.random.default_rng(6)
    # Patterns of fewer people than scores seen, or than scores missing, are among them.
    assert (sums.n < sums.seen.sum(axis=1)).any()
    assert (sums.n < (~sums.seen).sum(axis=1)).any()
    whole = covariances()[:1]
    patterned = completing.patterned(whole)
    slope = np.zeros((1, 1, 3))
    residual = completing.residual_products(slope, np.zeros((0, 3)))
    short = np.stack(
        [completing.completed_products(residual, patterned, rng)[0] for _ in range(10_000)]
    )
    y, _ = scaled(data, sums)
    long = _one_by_one(y, whole[0], 10_000, rng)
    at = np.triu_indices(3)
    one, two = short[:, at[0], at[1]], long[:, at[0], at[1]]
    error = np.sqrt((one.var(axis=0) + two.var(axis=0)) / 10_000)
    assert (np.abs(one.mean(axis=0) - two.mean(axis=0)) <= 4 * error + 1e-9).all()
    np.testing.assert_allclose(np.cov(one.T), np.cov(two.T), rtol=0.1, atol=0.03 * two.var())


def _one_by_one(y: Floats, whole: Floats, draws: int, rng: np.random.Generator) -> Floats:
    filled = np.repeat(y[None], draws, axis=0)
    for i, row in enumerate(y):
        gap = np.isnan(row)
        seen = ~gap
        slope = whole[np.ix_(gap, seen)] @ np.linalg.inv(whole[np.ix_(seen, seen)])
        root = np.linalg.cholesky(whole[np.ix_(gap, gap)] - slope @ whole[np.ix_(seen, gap)])
        filled[:, i, gap] = slope @ row[seen] + rng.standard_normal((draws, gap.sum())) @ root.T
    return filled.swapaxes(1, 2) @ filled


def test_inverse_wishart_draws_have_their_known_mean():
    sums, rng = 20 * covariances(), np.random.default_rng(7)
    draws = np.stack([inverse_wishart(sums, np.array([20.0, 30.0]), rng) for _ in range(4000)])
    expected = sums / np.array([16.0, 26.0])[:, None, None]
    np.testing.assert_allclose(draws.mean(axis=0), expected, atol=0.02)
