"""Rows of people in practices, some of whose variances are zero."""

from __future__ import annotations

import numpy as np
import pandas as pd


def rows_of(seed, *, practices=8, size=10, waves=3, at=0.0, by_wave=0.0):
    """People with a level of their own and no slope, in practices."""
    rng = np.random.default_rng(seed)
    rows = []
    for practice in range(practices):
        u, at_wave = rng.normal(0, 0.4), rng.normal(0, by_wave, waves)
        for person in range(size):
            own = rng.normal()
            for wave in range(waves):
                y = u + at_wave[wave] + own + rng.normal(0, 0.8)
                key = f"{practice}-{person}"
                rows.append((key, f"p{practice}", "ab"[practice % 2], wave + at, y))
    return pd.DataFrame(rows, columns=["id", "pr", "arm", "w", "y"])
