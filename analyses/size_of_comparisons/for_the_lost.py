"""Methods that draw on what was seen of people before they were lost."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from cells import PRACTICES, WAVES, Floats
from complete_cases import DF, design_of
from draws import Trial
from found import Found, by_t

from splw_eval.stats.few_clusters.cluster_fit import fit_clusters
from splw_eval.stats.imputation.conditional import complete
from splw_eval.stats.imputation.gibbs import draw_parameters
from splw_eval.stats.imputation.layout import WaveData
from splw_eval.stats.mixed.cluster_effects import cluster_effects_of
from splw_eval.stats.mixed.covariance_model import CovarianceModel
from splw_eval.stats.mixed.model_fit import fit_model, infer
from splw_eval.stats.mixed.moments import gather_moments
from splw_eval.stats.mixed.structures import structure_of
from splw_eval.stats.pooling import pool_estimates
from splw_eval.stats.weighting.observed import (
    jackknife_weighted,
    observed_weights,
    weighted_difference,
)

IMPUTATIONS = 20
PEOPLES_COLUMNS = 5  # coefficients of the analysis of covariance
SWEEPS = {"both": (50, 2), "none": (20, 1)}  # before the first draw, and between draws
MODEL = CovarianceModel(
    structure=structure_of("unstructured", WAVES),
    groups=1,
    clusters=cluster_effects_of("wave", WAVES),
    cluster_groups=(True,),
)


def mixed_model(trial: Trial, truth: float) -> Found:
    """All scores, one mean at the first wave, practices by wave; Kenward and Roger."""
    person, wave = np.nonzero(~np.isnan(trial.scores))
    waves = (wave[:, None] == np.arange(WAVES)).astype(float)
    arms = waves[:, 1:] * trial.second[person, None]
    x = np.hstack([waves, arms, *(waves * trial.x[person, k, None] for k in (0, 1))])
    moments = gather_moments(
        x,
        trial.scores[person, wave],
        person=person,
        wave=wave,
        cluster=trial.practice[person],
        waves=WAVES,
        clusters=PRACTICES,
    )
    fit = fit_model(moments, MODEL)
    row = np.zeros((1, x.shape[1]))
    row[0, 2 * WAVES - 2] = 1.0
    test = infer(fit, boundary="conditional").kenward_roger(row)
    error = float(np.sqrt(test.covariance[0, 0, 0]))
    return by_t(float(test.estimate[0, 0]), error, float(test.df[0]), truth)


def imputed(
    trial: Trial, truth: float, practices: str, rng: np.random.Generator
) -> Iterator[tuple[str, Found]]:
    """Joint normal imputation within arms, then the analysis of covariance by CR2, pooled."""
    data = wave_data(trial)
    before, thin = SWEEPS[practices]
    drawn = draw_parameters(
        data, imputations=IMPUTATIONS, practices=practices, burn_in=before, thin=thin, rng=rng
    )
    fits = []
    for parameters in drawn:
        y = complete(data, parameters, z=rng.standard_normal(data.y.shape))
        fits.append(fit_clusters(y[:, -1], design_of(trial, y), trial.practice))
    estimates = [fit.coef[1] for fit in fits]
    variances = [fit.std_error[1] ** 2 for fit in fits]
    name = "MI" if practices != "none" else "MI without practices"
    rules = {name: min(float(fit.df[1]) for fit in fits)}
    if practices != "none":
        rules[f"{name}, practices less 2"] = DF
        rules[f"{name}, df of people"] = float(len(trial.scores) - PEOPLES_COLUMNS)
    for said, df in rules.items():
        pooled = pool_estimates(estimates, variances, df_complete=df)
        yield (
            said,
            by_t(pooled.estimate[0], pooled.std_error[0], float(pooled.df[0]), truth),
        )


def wave_data(trial: Trial) -> WaveData:
    """Arrays as imputation takes them."""
    return WaveData(
        y=trial.scores,
        x=np.column_stack([np.ones(len(trial.x)), trial.x]),
        arm=trial.second.astype(np.int64),
        arms=2,
        practice=trial.practice,
        practices=PRACTICES,
    )


def weighted(trial: Trial, truth: float) -> Iterator[tuple[str, Found]]:
    """Those seen, weighted by one over their chance of being seen, adjusted."""
    beside: Floats = design_of(trial)[:, 2:]
    last = trial.scores.shape[1] - 1
    made = observed_weights(trial.scores, trial.x, trial.second, last)
    plain = weighted_difference(
        trial.scores[:, -1], trial.second, beside, trial.practice, made.weights
    )
    yield "IPW CR2", by_t(plain.estimate, plain.std_error, plain.df, truth)
    again = jackknife_weighted(trial.scores, trial.x, trial.second, beside, trial.practice, last)
    yield "IPW jackknife", by_t(again.estimate, again.std_error, DF, truth)
