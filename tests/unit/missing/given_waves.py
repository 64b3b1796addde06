"""A frame of two arms in practices, four waves, drop-out that hangs on the last score."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from splw_eval.missing.filling.draw import draw
from splw_eval.missing.filling.drawn import Draws

WAVES = (0, 3, 12, 18)
NAMES: dict[str, Any] = {
    "outcome": "score",
    "person": "id",
    "wave": "month",
    "arm": "arm",
    "cluster": "gp",
}


def waves_frame(n: int = 160, *, gain: float = 0.8, seed: int = 6) -> pd.DataFrame:
    """One row for each person and wave; people of the programme leave more often."""
    rng = np.random.default_rng(seed)
    gp = np.arange(n) % 10
    arm = gp % 2
    age = rng.integers(25, 80, size=n)
    level = rng.normal(size=(n, 1)) + 0.2 * rng.normal(size=10)[gp][:, None]
    y = 20 + level + rng.normal(size=(n, 4)) + gain * arm[:, None] * np.array([0, 0.5, 1, 1])
    for wave in range(1, 4):
        gone = np.isnan(y[:, wave - 1]) | (rng.random(n) < 0.1 + 0.06 * arm)
        y[gone, wave] = np.nan
    ended = np.where(np.isnan(y[:, 3]) & (rng.random(n) < 0.6), 2.0, np.nan)
    rows = np.repeat(np.arange(n), 4)
    return pd.DataFrame(
        {
            "id": [f"p{row:04d}" for row in rows],
            "month": np.tile(WAVES, n),
            "score": y.ravel(),
            "arm": np.array(["comparison", "programme"])[arm[rows]],
            "gp": [f"gp{code}" for code in gp[rows]],
            "age": age[rows],
            "left": ended[rows],
        }
    )


@cache
def drawn(gain: float = 0.8, *, imputations: int = 6) -> Draws:
    """Draws of that frame, few and quick."""
    return draw(
        waves_frame(gain=gain),
        outcome="score",
        person="id",
        wave="month",
        arm="arm",
        cluster="gp",
        covariates=["age"],
        imputations=imputations,
        burn_in=60,
        thin=3,
    )
