"""Made-up trials in a few practices, for tests of models."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

MONTHS = (0, 3, 12, 18)
TRIAL: dict[str, Any] = {
    "outcome": "score",
    "fixed": "arm * C(month)",
    "person": "person",
    "wave": "month",
    "cluster": "practice",
    "arm": "arm",
}


def made_trial(
    practices: int = 8, size: int = 10, seed: int = 1, lost: float = 0.2, spread: float = 0.4
) -> pd.DataFrame:
    """Rows of people in practices of unequal size, some of whose later scores are missing."""
    rng = np.random.default_rng(seed)
    rows = []
    for practice in range(practices):
        of_practice = rng.normal(0, spread)
        for person in range(size + practice % 3):
            own, age = rng.normal(0, 1, 2)
            for wave, month in enumerate(MONTHS):
                seen = wave == 0 or rng.random() > lost
                noise = rng.normal(0, 0.8)
                rows.append(
                    {
                        "person": f"p{practice}-{person}",
                        "month": month,
                        "practice": f"practice {practice}",
                        "arm": "usual" if practice % 2 else "programme",
                        "age": age,
                        "score": of_practice + own + noise if seen else np.nan,
                    }
                )
    return pd.DataFrame(rows)
