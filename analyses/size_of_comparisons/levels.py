"""Answers yes or no: chained equations, and those seen."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from cells import OF_COVARIATES, THRESHOLD, WAVES, Cell
from complete_cases import design_of
from draws import Trial
from found import Found, by_t
from scipy.special import ndtr

from splw_eval.stats.few_clusters.cluster_fit import fit_clusters
from splw_eval.stats.imputation.chained import ChainColumn, complete_by_chain
from splw_eval.stats.pooling import pool_estimates

IMPUTATIONS, SWEEPS = 10, 5  # half of what the package does by default, to spare time


def shares_compared(
    trial: Trial, cell: Cell, rng: np.random.Generator
) -> Iterator[tuple[str, Found]]:
    """Differences of shares at the last wave."""
    real = share_apart(cell)
    seen = trial.seen_last
    fit = fit_clusters(seen.scores[:, -1], design_of(seen), seen.practice)
    yield "those seen, CR2", by_t(fit.coef[1], fit.std_error[1], fit.df[1], real)
    rows = []
    for _ in range(IMPUTATIONS):
        scores = _completed(trial, rng)
        fit = fit_clusters(scores[:, -1], design_of(trial, scores), trial.practice)
        rows.append((fit.coef[1], fit.std_error[1] ** 2, fit.df[1]))
    estimates, variances, df = zip(*rows, strict=True)
    pooled = pool_estimates(estimates, variances, df_complete=min(df))
    yield (
        "chained equations",
        by_t(pooled.estimate[0], pooled.std_error[0], float(pooled.df[0]), real),
    )


def _completed(trial: Trial, rng: np.random.Generator) -> np.ndarray:
    """Answers of each arm completed by itself."""
    scores = trial.scores.copy()
    for second in (False, True):
        of = trial.second == second
        columns = [
            ChainColumn(kind="ordered", values=scores[of, wave], levels=2)
            for wave in range(1, WAVES)
        ]
        given = np.column_stack([trial.x[of], scores[of, 0]])
        made = complete_by_chain(
            columns, given, practice=trial.practice[of], sweeps=SWEEPS, generator=rng
        )
        scores[of, 1:] = np.column_stack(made.values)
    return scores


def share_apart(cell: Cell) -> float:
    """Difference of the shares who say yes at the last wave, had nobody been lost."""
    spread = np.sqrt(1 + OF_COVARIATES[0] ** 2)
    shares = [
        np.mean([ndtr((mean + by - THRESHOLD) / spread) for by in (0.0, OF_COVARIATES[1])])
        for mean in (0.0, cell.effect)
    ]
    return float(shares[1] - shares[0])
