"""People of fifteen practices, reproducible by arithmetic, for tests of comparisons."""

from __future__ import annotations

import numpy as np
import pandas as pd


def people_of_fifteen() -> pd.DataFrame:
    """300 people of 15 practices, 7 of them in the programme."""
    i = np.arange(300)
    practice = i % 15
    x = ((53 * i) % 101) / 101
    return pd.DataFrame(
        {
            "practice": [f"practice {each:02d}" for each in practice],
            "arm": np.where(practice < 7, "programme", "usual care"),
            "treated": (practice < 7).astype(int),
            "site": np.where(practice % 2 == 0, "north", "south"),
            "smoking": np.array(["never", "former", "current"])[(7 * i + i // 11) % 3],
            "x": x,
            "deprivation": ((4 * practice) % 9) / 3,
            "w": 0.5 + ((11 * i) % 7) / 7,
            "y": 10
            + 2 * x
            + 0.5 * (practice < 7)
            + ((29 * i) % 83) / 20
            + ((7 * practice) % 15) / 10,
        }
    )
