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
BY_WAVE = np.array([0.0, 0.5, 1.0, 1.0])  # share of the effect at each wave
OF_COVARIATES = np.array([0.2, 0.3])
# Logits of being lost at a wave for those seen at the one before: level, and slope on a score,
# in the comparison arm and in the programme's.
LOST = {
    "none": None,
    "first score": ((-2.25, -0.6), (-1.45, 0.6)),
    "last score": ((-2.25, -0.6), (-1.45, 0.6)),
}


@dataclass(frozen=True)
class Cell:
    """One kind of trial."""

    name: str
    kind: str  # "loss" or "cohort"
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
)


@dataclass(frozen=True)
class Trial:
    """One trial: scores (n, waves) with NaN where lost, covariates, practices and arms."""

    scores: Floats
    x: Floats
    practice: Codes
    second: NDArray[np.bool_]

    @property
    def arm_of_practice(self) -> NDArray[np.bool_]:
        """True for practices of the programme."""
        return np.arange(PRACTICES) >= COMPARISON


def draw_trial(cell: Cell, rng: np.random.Generator) -> Trial:
    """Draw practices, their sizes, and the scores of their people."""
    sizes = rng.integers(SMALLEST, LARGEST + 1, PRACTICES)
    practice = np.repeat(np.arange(PRACTICES), sizes)
    second = practice >= COMPARISON
    if cell.kind == "cohort":
        return _cohort(cell, practice, second, rng)
    n = len(practice)
    x = np.column_stack([rng.standard_normal(n), rng.integers(0, 2, n)])
    scores = x @ OF_COVARIATES
    scores = scores[:, None] + np.sqrt(1 - cell.icc) * (
        rng.standard_normal((n, WAVES)) @ np.linalg.cholesky(PEOPLE).T
    )
    scores += of_practices(cell.icc, WAVES, rng)[practice]
    scores += cell.effect * np.outer(second, BY_WAVE)
    return Trial(lose(scores, second, cell.lost, rng), x, practice, second)


def of_practices(icc: float, waves: int, rng: np.random.Generator) -> Floats:
    """What practices add at each wave."""
    always = rng.standard_normal((PRACTICES, 1)) * np.sqrt(icc * AUTOCORRELATION)
    once = rng.standard_normal((PRACTICES, waves)) * np.sqrt(icc * (1 - AUTOCORRELATION))
    return np.asarray(always + once)


def lose(scores: Floats, second: NDArray[np.bool_], how: str, rng: np.random.Generator) -> Floats:
    """Lose people for good, wave by wave, by what was seen of them."""
    logits = LOST[how]
    if logits is None:
        return scores
    level, slope = np.array(logits)[second.astype(int)].T
    found, there = scores.copy(), np.ones(len(scores), dtype=bool)
    for wave in range(1, scores.shape[1]):
        before = scores[:, wave - 1 if how == "last score" else 0]
        there &= rng.random(len(scores)) >= 1 / (1 + np.exp(-(level + slope * before)))
        found[~there, wave] = np.nan
    return found


def _cohort(
    cell: Cell, practice: Codes, second: NDArray[np.bool_], rng: np.random.Generator
) -> Trial:
    """Two waves, nobody lost; the case mix differs between the arms and between practices."""
    n = len(practice)
    mix = rng.standard_normal(PRACTICES) * 0.3 + cell.unlike * (np.arange(PRACTICES) >= COMPARISON)
    first = rng.standard_normal(n) + mix[practice]
    chance = 1 / (1 + np.exp(-0.8 * (mix[practice] - cell.unlike / 2)))
    x = np.column_stack([first, rng.random(n) < chance])
    noise = np.sqrt(1 - cell.icc)
    shared = of_practices(cell.icc, 2, rng)[practice]
    before = x @ np.array([0.3, 0.3]) + shared[:, 0] + noise * rng.standard_normal(n)
    own = before - shared[:, 0]
    after = (
        0.5 * own
        + x @ np.array([0.3, 0.4])
        + shared[:, 1]
        + noise * 0.85 * (rng.standard_normal(n))
    )
    after += cell.effect * second
    return Trial(np.column_stack([before, after]), x, practice, second)
