"""Scores of one person that are out of different highest scores, so that no change is told."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Severity
from splw_eval.data.checks.telling import tell_measures
from splw_eval.data.loaded import Loaded


def check(loaded: Loaded) -> None:
    """Report later scores whose highest possible score is not that of the person's baseline."""
    for place, outcome in enumerate(loaded.plan.outcomes):
        maximum = loaded.placed.measures.maximum.get(outcome.name)
        if maximum is None:
            continue
        problem = (
            f"{outcome.label}: scores whose highest possible score is another than that of the "
            "same person's baseline, as an item does not apply at one of the two"
        )
        remedy = (
            "The scores are kept, and no change is counted for these people: the two cannot be "
            "compared. Check the column that says what applies."
        )
        told = (Severity.WARNING, "SW139", problem, remedy)
        tell_measures(loaded, _apart(loaded, place, maximum), told)


def _apart(loaded: Loaded, place: int, maximum: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether a later record that counts is out of another highest score than the baseline."""
    placed, person = loaded.placed, loaded.placed.measures.person
    counted = placed.counted[:, place]
    start = np.full(len(loaded.people), np.nan)
    first = counted & (placed.wave == 0)
    start[person[first]] = maximum[first]
    base = start[person]
    found: NDArray[np.bool_] = counted & (placed.wave > 0) & ~np.isnan(base) & (maximum != base)
    return found
