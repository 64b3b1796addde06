"""Drawn people of twelve practices, with scores before and after."""

from __future__ import annotations

import numpy as np
import pandas as pd


def given_people(n: int = 360, practices: int = 12, seed: int = 4) -> pd.DataFrame:
    """People of practices; the first half of the practices offer the programme."""
    rng = np.random.default_rng(seed)
    practice = np.arange(n) % practices
    arm = practice < practices // 2
    age = rng.normal(50, 12, n)
    ethnicity = rng.choice(["a", "b", "c"], n, p=[0.5, 0.3, 0.2])
    before = 20 + 0.05 * age - 1.5 * arm + rng.normal(0, 2, n)
    came = arm & (rng.random(n) < 0.6)
    contacts = np.where(came, rng.poisson(4, n) + 1, 0)
    after = 9 + 0.6 * before + 0.8 * came + rng.normal(0, 2, n)
    after = after + rng.normal(0, 0.5, practices)[practice]
    return pd.DataFrame(
        {
            "practice": [f"P{code:02d}" for code in practice],
            "arm": np.where(arm, "programme", "comparison"),
            "age": age,
            "imd": rng.integers(1, 11, n),
            "ethnicity": ethnicity,
            "before": before,
            "after": after,
            "came": came,
            "contacts": np.where(arm, contacts, np.nan),
        }
    )
