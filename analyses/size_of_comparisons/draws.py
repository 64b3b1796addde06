"""Trials drawn: practices, their people, what was received, and who was lost."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from cells import (
    AUTOCORRELATION,
    BY_WAVE,
    COMPARISON,
    LARGEST,
    LOST,
    OF_COVARIATES,
    PEOPLE,
    PRACTICES,
    PROGRAMME,
    SMALLEST,
    THRESHOLD,
    WAVES,
    Cell,
    Codes,
    Floats,
)
from numpy.typing import NDArray


@dataclass(frozen=True)
class Trial:
    """One trial: scores (n, waves) with NaN where lost, covariates, practices and arms."""

    scores: Floats
    x: Floats
    practice: Codes
    second: NDArray[np.bool_]
    received: Floats | None = None  # 0 or 1, where not everybody received the programme

    @property
    def arm_of_practice(self) -> NDArray[np.bool_]:
        """True for practices of the programme."""
        return np.arange(PRACTICES) >= COMPARISON

    @property
    def seen_last(self) -> Trial:
        """Those who were seen at the last wave."""
        kept = ~np.isnan(self.scores[:, -1])
        return Trial(self.scores[kept], self.x[kept], self.practice[kept], self.second[kept])


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
    if cell.kind == "received":
        return _received(cell, Trial(scores, x, practice, second), rng)
    scores += cell.effect * np.outer(second, BY_WAVE)
    if cell.kind == "levels":
        scores = (scores > THRESHOLD).astype(float)
    if cell.kind == "benefit":
        own = np.concatenate([rng.permutation(np.arange(k) % 2) for k in (COMPARISON, PROGRAMME)])
        x = np.column_stack([x, own[practice]])
    return Trial(lose(scores, second, cell.lost, rng), x, practice, second)


def _received(cell: Cell, trial: Trial, rng: np.random.Generator) -> Trial:
    """The programme is received by two thirds of its arm, those who would fare better anyway."""
    hidden = rng.standard_normal(len(trial.scores))
    chance = 1 / (1 + np.exp(-(0.8 + 0.8 * hidden)))
    received = trial.second & (rng.random(len(hidden)) < chance)
    trial.scores[:, -1] += 0.4 * hidden + cell.effect * received
    return replace(trial, received=received.astype(float))


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
        before = scores[:, wave - 1 if how.startswith("last") else 0]
        there &= rng.random(len(scores)) >= 1 / (1 + np.exp(-(level + slope * before)))
        found[~there, wave] = np.nan
    return found


def _cohort(
    cell: Cell, practice: Codes, second: NDArray[np.bool_], rng: np.random.Generator
) -> Trial:
    """Two waves; the case mix differs between the arms and between practices."""
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
    scores = lose(np.column_stack([before, after]), second, cell.lost, rng)
    return Trial(scores, x, practice, second)
