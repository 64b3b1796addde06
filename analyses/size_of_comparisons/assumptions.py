"""Imputation by reference and by points taken off, and conditional means with the jackknife."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
from cells import AUTOCORRELATION, BY_WAVE, OF_COVARIATES, PEOPLE, WAVES, Cell, Floats
from complete_cases import design_of
from draws import Trial, lose
from for_the_lost import IMPUTATIONS, SWEEPS, wave_data
from found import Found, by_t

from splw_eval.stats.few_clusters.cluster_fit import fit_clusters
from splw_eval.stats.imputation.conditional import arm_mean, complete, conditional_moments
from splw_eval.stats.imputation.conditional_mean import Question, conditional_means
from splw_eval.stats.imputation.gibbs import draw_parameters
from splw_eval.stats.imputation.layout import Parameters, WaveData
from splw_eval.stats.imputation.strategies import (
    STRATEGIES,
    Strategy,
    means_under,
    waves_before,
)
from splw_eval.stats.imputation.strategy_covariances import covariances_under
from splw_eval.stats.pooling import pool_estimates

BY_REFERENCE = ("J2R", "CIR", "CR", "LMCF")
WITH_JACKKNIFE = ("MAR", "J2R", "CIR")
DELTA = -0.3  # points, SD, added to scores missing in the programme's arm
_MANY = 400_000  # people drawn to know the truth


def imputed_otherwise(
    trial: Trial, cell: Cell, rng: np.random.Generator
) -> Iterator[tuple[str, Found]]:
    """Imputations under strategies by reference, and with points taken off, pooled as `MI` is."""
    data = wave_data(trial)
    before, thin = SWEEPS["both"]
    drawn = draw_parameters(
        data, imputations=IMPUTATIONS, practices="both", burn_in=before, thin=thin, rng=rng
    )
    names = (*BY_REFERENCE, "delta")
    fits: dict[str, list[tuple[float, float, float]]] = {name: [] for name in names}
    after = waves_before(trial.scores)
    for parameters in drawn:
        z = rng.standard_normal(data.y.shape)
        for name in names:
            y = _completed(data, parameters, name, after, z)
            fit = fit_clusters(y[:, -1], design_of(trial, y), trial.practice)
            fits[name].append((fit.coef[1], fit.std_error[1] ** 2, fit.df[1]))
    for name, rows in fits.items():
        estimates, variances, df = zip(*rows, strict=True)
        pooled = pool_estimates(estimates, variances, df_complete=min(df))
        yield (
            f"MI, {name}",
            by_t(pooled.estimate[0], pooled.std_error[0], float(pooled.df[0]), truth(cell, name)),
        )


def _completed(
    data: WaveData, parameters: Parameters, name: str, after: Floats, z: Floats
) -> Floats:
    """Scores completed; in the programme's arm as the strategy has it."""
    if name == "delta":
        lost = np.isnan(data.y) & (data.arm == 1)[:, None]
        return complete(data, parameters, z=z) + DELTA * lost
    strategy = STRATEGIES[name]
    own, other = arm_mean(data, parameters), arm_mean(data, parameters, 0)
    mean = np.where((data.arm == 1)[:, None], means_under(strategy, own, other, after), own)
    whose = np.where(data.arm == 1, after, data.waves)
    table, group = covariances_under(strategy, parameters.covariance, data.arm, 0, whose)
    return complete(data, parameters, mean=mean, covariance=table, group=group, z=z)


def conditional_mean(trial: Trial, cell: Cell) -> Iterator[tuple[str, Found]]:
    """Conditional means, with effects of practices, and the jackknife over practices."""
    asked = tuple(STRATEGIES[name] for name in WITH_JACKKNIFE)
    question = Question(strategies=asked, at=WAVES - 1, after=waves_before(trial.scores))
    found = conditional_means(wave_data(trial), question, practices="both")
    for name, estimate, error in zip(
        WITH_JACKKNIFE, found.estimate[:, 0], found.std_error[:, 0], strict=True
    ):
        yield (
            f"conditional mean, {name}, jackknife",
            by_t(estimate, error, found.df, truth(cell, name)),
        )


@cache
def truth(cell: Cell, name: str) -> float:
    """The difference at the last wave, were scores of the lost as the strategy has them.

    Against missing at random, a person's score changes by what his means change, less what the
    means of the scores seen foretell of it; the mean over many people of the programme is exact
    but for chance of less than 0.0005.
    """
    if name == "MAR" or (cell.effect == 0 and name != "delta"):
        return cell.effect
    rng = np.random.default_rng(1)
    x = np.column_stack([rng.standard_normal(_MANY), rng.integers(0, 2, _MANY)])
    root = np.linalg.cholesky((1 - cell.icc) * PEOPLE + cell.icc * _of_practices())
    scores = (x @ OF_COVARIATES)[:, None] + rng.standard_normal((_MANY, WAVES)) @ root.T
    effect = cell.effect * BY_WAVE
    scores += effect
    seen = lose(scores, np.ones(_MANY, dtype=bool), cell.lost, rng)
    after = waves_before(seen)
    if name == "delta":
        return float(cell.effect + DELTA * np.isnan(seen[:, -1]).mean())
    return float(cell.effect + _moved(STRATEGIES[name], effect, after).mean())


def _of_practices() -> Floats:
    return AUTOCORRELATION + (1 - AUTOCORRELATION) * np.eye(WAVES)


def _moved(strategy: Strategy, effect: Floats, after: Floats) -> Floats:
    """By how much the last score's conditional mean moves, for each person of the programme."""
    own = np.broadcast_to(effect, (len(after), WAVES))
    apart = means_under(strategy, own, np.zeros_like(own), after) - own
    there = np.arange(WAVES) < after[:, None]
    slope, _ = conditional_moments(np.broadcast_to(PEOPLE, (WAVES + 1, WAVES, WAVES)), _patterns())
    foretold = np.einsum("nk,nk->n", slope[after, -1], np.where(there, apart, 0.0))
    return np.where(after < WAVES, apart[:, -1] - foretold, 0.0)


def _patterns() -> Floats:
    """Waves seen of those with 0, 1, ... of them before they left."""
    return np.arange(WAVES) < np.arange(WAVES + 1)[:, None]
