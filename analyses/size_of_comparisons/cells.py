"""Trials of people in practices: who is lost, and who was compared with whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

COMPARISON, PROGRAMME = 8, 7
PRACTICES = COMPARISON + PROGRAMME
SMALLEST, LARGEST = 5, 90  # people of a practice
WAVES = 4
AUTOCORRELATION = 0.8  # share of a practice's variance that is the same at all waves
PEOPLE = np.array(
    [[1.0, 0.65, 0.55, 0.5], [0.65, 1.0, 0.6, 0.55], [0.55, 0.6, 1.0, 0.7], [0.5, 0.55, 0.7, 1.0]]
)
THRESHOLD = 0.3  # score from which an answer is yes
BY_WAVE = np.array([0.0, 0.5, 1.0, 1.0])  # share of the effect at each wave
OF_COVARIATES = np.array([0.2, 0.3])
# Logits of being lost at a wave for those seen at the one before: level, and slope on a score,
# in the comparison arm and in the programme's.
LOST = {
    "none": None,
    "first score": ((-2.25, -0.6), (-1.45, 0.6)),
    "last score": ((-2.25, -0.6), (-1.45, 0.6)),
    "score before": ((-1.25, -0.6), (-0.1, 0.6)),  # of two waves
    "last level": ((-1.95, -0.6), (-1.75, 0.6)),  # 0 or 1
}


@dataclass(frozen=True)
class Cell:
    """One kind of trial."""

    name: str
    kind: str  # "loss", "cohort", "received", "levels" or "benefit"
    icc: float
    effect: float = 0.0
    lost: str = "none"
    unlike: float = 0.0  # by how many SD the arms' covariates differ


CELLS = (
    Cell("nobody lost, ICC 0.05", "loss", 0.05),
    Cell("lost by first score and arm, ICC 0.05", "loss", 0.05, lost="first score"),
    Cell("lost by last score and arm, ICC 0", "loss", 0.0, lost="last score"),
    Cell("lost by last score and arm, ICC 0.05", "loss", 0.05, lost="last score"),
    Cell("effect 0.3, lost by last score and arm, ICC 0", "loss", 0.0, 0.3, "last score"),
    Cell("effect 0.3, lost by last score and arm, ICC 0.05", "loss", 0.05, 0.3, "last score"),
    Cell("cohort, arms unlike, ICC 0", "cohort", 0.0, unlike=0.5),
    Cell("cohort, arms unlike, ICC 0.05", "cohort", 0.05, unlike=0.5),
    Cell("cohort, effect 0.3, arms unlike, ICC 0.05", "cohort", 0.05, 0.3, unlike=0.5),
    Cell("cohort, arms unlike, people lost, ICC 0", "cohort", 0.0, 0.0, "score before", 0.5),
    Cell("cohort, arms unlike, people lost, ICC 0.05", "cohort", 0.05, 0.0, "score before", 0.5),
    Cell(
        "cohort, effect 0.3, arms unlike, people lost, ICC 0.05",
        *("cohort", 0.05, 0.3, "score before", 0.5),
    ),
    Cell("a third not received, ICC 0.05", "received", 0.05),
    Cell("a third not received, effect 0.4 of receiving, ICC 0.05", "received", 0.05, 0.4),
    Cell("yes or no, lost by last answer and arm, ICC 0.05", "levels", 0.05, lost="last level"),
    Cell(
        "yes or no, effect 0.3, lost by last answer and arm, ICC 0.05",
        *("levels", 0.05, 0.3, "last level"),
    ),
    Cell("the same effect 0.3 in everybody, ICC 0.05", "benefit", 0.05, 0.3),
)
PLACES = {cell.name: place for place, cell in enumerate(CELLS)}
