"""Drawn trials analysed by multiple imputation: joint normal draws, mixed model, Rubin's rules."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from splw_eval.core.errors import FitError
from splw_eval.power.simulation.by_mixed_model import by_mixed_model
from splw_eval.power.simulation.rows import Rows, summed
from splw_eval.power.simulation.shapes import Shape
from splw_eval.power.simulation.tested import Tested
from splw_eval.power.simulation.trial import Trial
from splw_eval.stats.imputation.conditional import complete
from splw_eval.stats.imputation.gibbs import draw_parameters
from splw_eval.stats.imputation.layout import WaveData
from splw_eval.stats.pooling import pool_estimates


def by_imputation(
    trial: Trial,
    shape: Shape,
    drawn: Sequence[Rows],
    *,
    imputations: int,
    boundary: str,
    rng: np.random.Generator,
) -> Tested:
    """Impute each trial, fit every completed data set, and pool.

    Parameters
    ----------
    trial : Trial
    shape : Shape
    drawn : sequence of Rows
    imputations : int
    boundary : str
    rng : Generator

    Returns
    -------
    Tested
        Degrees of freedom are Barnard and Rubin's, with those that Satterthwaite's rule gives
        the completed data.
    """
    found = np.full((len(drawn), 3), np.nan)
    zero = np.full(len(drawn), np.nan)
    for place, rows in enumerate(drawn):
        try:
            filled = _filled(trial, rows, imputations, rng)
            cells = summed(trial, shape, filled)
            each = by_mixed_model(trial, cells, "satterthwaite", boundary)
            if not each.good.all():
                continue
            one = pool_estimates(
                each.estimate, each.std_error**2, df_complete=float(np.mean(each.df))
            )
        except FitError:
            continue
        found[place] = one.estimate[0], one.std_error[0], one.df[0]
        zero[place] = float(np.nanmean(each.at_zero))
    return Tested(
        estimate=found[:, 0],
        std_error=found[:, 1],
        df=found[:, 2],
        good=np.isfinite(found).all(axis=1),
        at_zero=zero,
    )


def _filled(trial: Trial, rows: Rows, imputations: int, rng: np.random.Generator) -> list[Rows]:
    there = ~np.isnan(rows.scores).all(axis=1)
    cluster, scores = rows.cluster[there], rows.scores[there]
    clusters = len(trial.sequence)
    data = WaveData(
        y=np.asarray(scores, dtype=np.float64),
        x=np.ones((len(scores), 1)),
        arm=(trial.sequence[cluster] == 0).astype(np.int64),
        arms=2,
        practice=cluster,
        practices=clusters,
    )
    both = "both" if "wave" in trial.model.clusters.name else "practice"
    draws = draw_parameters(data, imputations=imputations, practices=both, rng=rng)
    return [
        Rows(
            cluster=cluster,
            scores=complete(data, one, z=rng.standard_normal(scores.shape)),
        )
        for one in draws
    ]
