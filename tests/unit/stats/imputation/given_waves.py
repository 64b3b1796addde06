"""Made scores of people in practices at waves, with some of them missing."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.stats.imputation.layout import WaveData

Floats = NDArray[np.float64]


def made_waves(
    n: int = 200,
    *,
    waves: int = 4,
    covariates: int = 1,
    arms: int = 2,
    practices: int = 15,
    between: float = 0.3,
    at_waves: float = 0.2,
    lost: float = 0.3,
    seed: int = 1,
) -> tuple[WaveData, Floats]:
    """Scores of which some are missing, by the first of them; and the complete scores."""
    rng = np.random.default_rng(seed)
    practice = np.arange(n) % max(practices, 1)
    arm = (practice % arms if practices else np.arange(n) % arms).astype(np.int64)
    x = np.column_stack([np.ones(n), rng.standard_normal((n, covariates))])
    covariance = 0.5 + 0.5 * np.eye(waves)
    person = rng.standard_normal((n, waves)) @ np.linalg.cholesky(covariance).T
    effect = between * rng.standard_normal((max(practices, 1), 1))
    effect = effect + at_waves * rng.standard_normal((max(practices, 1), waves))
    whole = x.sum(axis=1)[:, None] + 0.5 * arm[:, None] + person
    if practices:
        whole += effect[practice]
    y, chance = whole.copy(), 2 * lost / (1 + np.exp(-(whole[:, 0] - 1)))
    for wave in range(1, waves):
        y[rng.random(n) < chance, wave] = np.nan
    made: dict[str, Any] = {"practice": practice.astype(np.int64)} if practices else {}
    return WaveData(y=y, x=x, arm=arm, arms=arms, practices=practices, **made), whole
