"""People at four waves in practices, some of them lost."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

COLUMNS: dict[str, Any] = {"outcome": "score", "person": "id", "wave": "wave"}
GROUPED: dict[str, Any] = COLUMNS | {"arm": "arm", "cluster": "practice"}


def lost_people(seed: int = 5, *, steepness: float = 1.0) -> pd.DataFrame:
    """Loss that hangs on the last score, in the programme arm upwards, else downwards."""
    rng = np.random.default_rng(seed)
    practice = np.repeat(np.arange(12), rng.integers(20, 50, 12))
    n = len(practice)
    second = practice >= 6
    age = rng.normal(60, 9, n)
    y = rng.normal(0, 1, n)[:, None] + rng.normal(0, 0.7, (n, 4)) + second[:, None] * 0.4
    for k in (1, 2, 3):
        eta = -1.4 + steepness * np.where(second, 1, -1) * y[:, k - 1]
        gone = (rng.random(n) < 1 / (1 + np.exp(-eta))) | np.isnan(y[:, k - 1])
        y[gone, k] = np.nan
    people = pd.DataFrame(
        {
            "id": [f"a{i}" for i in range(n)],
            "practice": practice,
            "arm": np.where(second, "programme", "comparison"),
            "age": age,
            "sex": np.where(rng.random(n) < 0.5, "f", "m"),
        }
    )
    waves = [people.assign(wave=k, score=y[:, k]) for k in range(4)]
    return pd.concat(waves, ignore_index=True)
