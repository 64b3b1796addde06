"""Trials drawn as sums: clusters' effects, people by pattern of visits, sums and their squares."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from splw_eval.power.simulation.trial import Trial
from splw_eval.stats.cell_models.cells import Cells, Codes, Floats
from splw_eval.stats.cell_models.small_matrices import root

_FEWEST = 1  # people of a cluster, where sizes are drawn


def draw_cells(trial: Trial, count: int, rng: np.random.Generator) -> Cells:
    """Draw trials of normal scores, or of yes and no, as sufficient statistics.

    Parameters
    ----------
    trial : Trial
    count : int
        Trials, B.
    rng : Generator

    Returns
    -------
    Cells

    Notes
    -----
    Sums of a cluster's people are normal; sums of squares and products about a cluster's means
    are Wishart, drawn for all clusters together by Bartlett's decomposition (Smith & Hocking
    1972, Applied Statistics 21:341). No row of a person is ever made.
    """
    seen, shares = patterns_of(trial)
    counts = draw_counts(trial, draw_sizes(trial, count, rng), seen, shares, rng)
    if trial.proportions is not None:
        return _yes_and_no(trial, counts, seen, rng)
    effects = draw_effects(trial, count, rng)  # (K, T, B)
    sums = np.zeros((*counts.shape[:2], trial.visits, count))
    groups = len(trial.sigma)
    products = np.zeros((groups, len(seen), trial.visits, trial.visits, count))
    for group, k, j, at in _parts(trial, seen):
        lower = np.linalg.cholesky(trial.sigma[group][np.ix_(at, at)])
        normal = rng.standard_normal((len(k), len(at), count))
        n = counts[k, j][:, None]
        own = n * effects[k][:, at] + np.sqrt(n) * np.einsum("tu,kub->ktb", lower, normal)
        df = np.maximum(counts[k, j] - 1, 0).sum(axis=0)
        scaled = own / np.sqrt(np.maximum(n, 1))
        within = draw_wishart(lower, df, rng) + np.einsum("ktb,kub->tub", scaled, scaled)
        sums[k[:, None], j, at] = own
        products[group, j, at[:, None], at] = within
    return cells_of(trial, seen, counts, sums, products)


def cells_of(
    trial: Trial, seen: NDArray[np.bool_], counts: Floats, sums: Floats, products: Floats
) -> Cells:
    """Put sums with the columns and groups of the trial's analysis."""
    if trial.model.groups < len(products):
        products = products.sum(axis=0, keepdims=True)
    return Cells(
        x=trial.x,
        sequence=trial.sequence,
        group=trial.fitted_group[trial.sequence],
        cluster_group=trial.fitted_cluster_group[trial.sequence],
        seen=seen,
        counts=counts,
        sums=sums,
        products=products,
    )


def _parts(
    trial: Trial, seen: NDArray[np.bool_]
) -> Iterator[tuple[int, Codes, int, NDArray[np.intp]]]:
    """Groups of people and patterns: the clusters, and the visits that are seen."""
    group = trial.group[trial.sequence]
    for one in range(len(trial.sigma)):
        for j, pattern in enumerate(seen):
            yield one, np.flatnonzero(group == one), j, np.flatnonzero(pattern)


def patterns_of(trial: Trial) -> tuple[NDArray[np.bool_], Floats]:
    """Patterns of visits, and the share of each sequence's people with each.

    Parameters
    ----------
    trial : Trial

    Returns
    -------
    seen : ndarray of bool, shape (J, T)
    shares : ndarray, shape (sequences, J)
        What they fall short of 1 is never seen. Where other people are seen at each visit, of
        the people of that visit.
    """
    measured, lost = trial.measured, trial.lost
    if not trial.cohort:
        return np.eye(trial.visits, dtype=bool), np.where(measured, 1 - lost, 0.0)
    found: dict[tuple[bool, ...], Floats] = {}
    by = _scattered if trial.scattered else _leaving
    for s, own in enumerate(lost):
        for pattern, share in by(own, measured[s]):
            if pattern.any() and share > 0:
                shares = found.setdefault(tuple(pattern.tolist()), np.zeros(len(lost)))
                shares[s] += share
    order = sorted(found)
    return np.array(order, dtype=bool), np.stack([found[key] for key in order], axis=1)


def _leaving(
    lost: Floats, measured: NDArray[np.bool_]
) -> Iterator[tuple[NDArray[np.bool_], float]]:
    edges = np.unique(np.concatenate([[0.0], lost[measured], [1.0]]))
    for low, high in pairwise(edges):
        yield (lost <= low) & measured, float(high - low)


def _scattered(
    lost: Floats, measured: NDArray[np.bool_]
) -> Iterator[tuple[NDArray[np.bool_], float]]:
    for bits in np.ndindex(*(1 + measured)):
        seen = np.array(bits, dtype=bool)
        each = np.where(seen, 1 - lost, lost)[measured]
        yield seen, float(each.prod())


def draw_sizes(trial: Trial, count: int, rng: np.random.Generator) -> Codes:
    """People recruited to each cluster at each visit, shape (K, T, B)."""
    if not trial.cv:
        return np.broadcast_to(
            np.rint(trial.sizes).astype(np.int64)[..., None], (*trial.sizes.shape, count)
        )
    shape = 1 / trial.cv**2
    factor = rng.gamma(shape, 1 / shape, size=(len(trial.sizes), 1, count))
    clustered = trial.clustered[trial.sequence][:, None, None]
    drawn = np.rint(trial.sizes[..., None] * np.where(clustered, factor, 1.0))
    return np.maximum(drawn, _FEWEST).astype(np.int64)


def draw_counts(
    trial: Trial,
    sizes: Codes,
    seen: NDArray[np.bool_],
    shares: Floats,
    rng: np.random.Generator,
) -> Floats:
    """People by cluster and pattern, shape (K, J, B)."""
    own = shares[trial.sequence]
    if not trial.cohort:
        return np.asarray(rng.binomial(sizes, own[..., None]), dtype=np.float64)
    if ((own == 0) | (own == 1)).all():
        return np.asarray(sizes[:, :1] * own[..., None], dtype=np.float64)
    never = np.maximum(1 - own.sum(axis=1, keepdims=True), 0.0)
    drawn = rng.multinomial(sizes[:, 0], np.concatenate([own, never], axis=1)[:, None])
    return np.ascontiguousarray(np.moveaxis(drawn[..., : len(seen)], 1, 2), dtype=np.float64)


def draw_effects(trial: Trial, count: int, rng: np.random.Generator) -> Floats:
    """What clusters add, and the true means, shape (K, T, B)."""
    halves, _ = root(np.moveaxis(trial.g, 0, 2))  # (T, T, cluster groups)
    half = halves[:, :, trial.cluster_group[trial.sequence]]
    normal = rng.standard_normal((len(trial.sequence), trial.visits, count))
    drawn = np.einsum("tuk,kub->ktb", half, normal)
    return np.asarray(drawn + trial.mean[trial.sequence][..., None])


def draw_wishart(lower: Floats, df: Floats, rng: np.random.Generator) -> Floats:
    """Wishart matrices of scale L L', shape (m, m, B), singular ones too."""
    m, count = len(lower), len(df)
    factor = np.zeros((m, m, count))
    for i in range(m):
        left = df - i
        there = left > 0
        factor[i, i] = np.sqrt(rng.chisquare(np.where(there, left, 1.0))) * there
        factor[i + 1 :, i] = rng.standard_normal((m - i - 1, count)) * there
    whole = np.einsum("tu,uvb->tvb", lower, factor)
    found: Floats = np.einsum("tvb,uvb->tub", whole, whole)
    return found


def _yes_and_no(
    trial: Trial, counts: Floats, seen: NDArray[np.bool_], rng: np.random.Generator
) -> Cells:
    """Counts of yes, beta-binomial by cluster."""
    assert trial.proportions is not None
    p = trial.proportions[trial.sequence][:, None, None]
    between = trial.g[trial.cluster_group[trial.sequence], 0, 0][:, None, None]
    chance = np.broadcast_to(p, counts.shape).copy()
    varies = np.broadcast_to(between > 0, counts.shape)
    if varies.any():
        own = np.maximum(p * (1 - p) / np.where(between > 0, between, 1.0) - 1, 1e-12)
        drawn = rng.beta(
            np.broadcast_to(p * own, counts.shape), np.broadcast_to((1 - p) * own, counts.shape)
        )
        chance = np.where(varies, drawn, chance)
    yes = rng.binomial(counts.astype(np.int64), chance).astype(np.float64)
    group = trial.group[trial.sequence]
    products = np.stack(
        [yes[group == one].sum(axis=0)[:, None, None] for one in range(len(trial.sigma))]
    )
    return cells_of(trial, seen, counts, yes[:, :, None], products)
