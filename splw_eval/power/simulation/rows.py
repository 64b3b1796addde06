"""Trials drawn person by person, where sums of normal scores do not do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.power.simulation.drawing import cells_of, draw_effects, draw_sizes, patterns_of
from splw_eval.power.simulation.shapes import Shape
from splw_eval.power.simulation.trial import Trial
from splw_eval.stats.cell_models.cells import Cells, Codes, Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """People of one trial.

    Attributes
    ----------
    cluster : ndarray of int, shape (n,)
    scores : ndarray, shape (n, T)
        NaN where a visit is missed.
    """

    cluster: Codes
    scores: Floats


def draw_rows(trial: Trial, shape: Shape, count: int, rng: np.random.Generator) -> list[Rows]:
    """Draw trials, one after the other.

    Parameters
    ----------
    trial : Trial
    shape : Shape
    count : int
    rng : Generator

    Returns
    -------
    list of Rows
    """
    sizes = draw_sizes(trial, count, rng)
    effects = draw_effects(trial, count, rng)
    return [
        _one(trial, shape, sizes[..., place], effects[..., place], rng) for place in range(count)
    ]


def _one(
    trial: Trial, shape: Shape, sizes: Codes, effects: Floats, rng: np.random.Generator
) -> Rows:
    if trial.cohort:
        cluster = np.repeat(np.arange(len(sizes)), sizes[:, 0])
        asked = np.broadcast_to(
            trial.measured[trial.sequence[cluster]], (len(cluster), trial.visits)
        )
    else:
        places = np.repeat(np.arange(sizes.size), sizes.ravel())
        cluster, visit = np.divmod(places, trial.visits)
        asked = (np.arange(trial.visits) == visit[:, None]) & trial.measured[
            trial.sequence[cluster]
        ]
    group = trial.group[trial.sequence[cluster]]
    normal = np.empty((len(cluster), trial.visits))
    for one, sigma in enumerate(trial.sigma):
        own = group == one
        sd = np.sqrt(np.diag(sigma))
        lower = np.linalg.cholesky(sigma / np.outer(sd, sd))
        z = rng.standard_normal((int(own.sum()), trial.visits)) @ lower.T
        normal[own] = shape.deviations(z) * sd
    scores = shape.scores(shape.level + effects[cluster] + normal)
    seen = asked & ~_lost(trial, shape, cluster, scores, rng)
    return Rows(cluster=cluster, scores=np.where(seen, scores, np.nan))


def _lost(
    trial: Trial, shape: Shape, cluster: Codes, scores: Floats, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Who misses which visit."""
    sequence = trial.sequence[cluster]
    share = trial.lost[sequence]
    if not trial.cohort or trial.scattered:
        return np.asarray(rng.random(scores.shape) < share)
    if not shape.loss_by_score:
        return np.asarray(rng.random((len(cluster), 1)) < share)
    gone = np.zeros(scores.shape, dtype=bool)
    for one in range(len(trial.lost)):
        own = np.flatnonzero(sequence == one)
        gone[own] = _lost_by_score(trial.lost[one], scores[own], shape.loss_by_score, rng)
    return gone


def _lost_by_score(
    lost: Floats, scores: Floats, correlation: float, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Of those still there at each visit, as many go as the shares say, low last scores first."""
    people, visits = scores.shape
    gone = np.zeros((people, visits), dtype=bool)
    for visit in range(visits):
        gone[:, visit] = gone[:, visit - 1] if visit else False
        before = lost[visit - 1] if visit else 0.0
        there = np.flatnonzero(~gone[:, visit])
        if lost[visit] <= before or not len(there):
            continue
        leave = rng.binomial(len(there), (lost[visit] - before) / (1 - before))
        noise = rng.standard_normal(len(there))
        if visit:
            last = scores[there, visit - 1]
            z = (last - last.mean()) / max(float(last.std()), 1e-12)
            noise = correlation * z + np.sqrt(1 - correlation**2) * noise
        gone[there[np.argsort(noise, kind="stable")[:leave]], visit] = True
    return gone


def summed(trial: Trial, shape: Shape, drawn: Sequence[Rows]) -> Cells:
    """Sum people up, with scores less the level at which they were drawn."""
    seen, _ = patterns_of(trial)
    count, clusters, groups = len(drawn), len(trial.sequence), len(trial.sigma)
    bits = 1 << np.arange(trial.visits, dtype=np.int64)
    known = {int(code): j for j, code in enumerate(seen @ bits)}
    counts = np.zeros((clusters, len(seen), count))
    sums = np.zeros((clusters, len(seen), trial.visits, count))
    products = np.zeros((groups, len(seen), trial.visits, trial.visits, count))
    for place, rows in enumerate(drawn):
        there = ~np.isnan(rows.scores)
        code = there @ bits
        y = np.where(there, rows.scores - shape.level, 0.0)
        group = trial.group[trial.sequence[rows.cluster]]
        for pattern in np.unique(code[code > 0]).tolist():
            own, j = code == pattern, known[pattern]
            np.add.at(counts[:, j, place], rows.cluster[own], 1.0)
            np.add.at(sums[:, j, :, place], rows.cluster[own], y[own])
            for one in range(groups):
                some = y[own & (group == one)]
                products[one, j, :, :, place] = some.T @ some
    return cells_of(trial, seen, counts, sums, products)
