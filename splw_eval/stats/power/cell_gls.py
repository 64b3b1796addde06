"""Generalised least squares over cluster-periods: the variance of a programme's effect."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

_NOTHING = 1e-9  # of the information, below which the effect is not told from time


def precision_of_cells(covariance: ArrayLike, observed: ArrayLike) -> Array:
    """Inverse covariance of the periods that a cluster is measured in, 0 elsewhere.

    Parameters
    ----------
    covariance : array_like, shape (..., rows or 1, periods, periods)
    observed : array_like of bool, shape (..., rows or 1, periods)

    Returns
    -------
    ndarray, shape (..., rows, periods, periods)
    """
    v, seen = np.asarray(covariance, dtype=np.float64), np.asarray(observed, dtype=bool)
    if seen.all():
        return np.asarray(np.linalg.inv(v), dtype=np.float64)
    both = seen[..., :, None] & seen[..., None, :]
    blank = np.where(both, v, 0.0) + np.eye(v.shape[-1]) * ~seen[..., None, :]
    return np.asarray(np.where(both, np.linalg.inv(blank), 0.0), dtype=np.float64)


def variance_of_effect(
    precision: ArrayLike,
    columns: ArrayLike,
    clusters: ArrayLike,
    contrast: ArrayLike | None = None,
) -> Array:
    """Variance of an effect beside free means of the periods.

    Parameters
    ----------
    precision : array_like, shape (..., rows or 1, periods, periods)
        Inverse covariance of one cluster of each row; 0 where it is not measured.
    columns : array_like, shape (rows, periods, effects)
        By how much each effect enters.
    clusters : array_like, shape (..., rows)
        Clusters of each row.
    contrast : array_like, shape (effects,), optional
        Weights of the effects; by default the first alone.

    Returns
    -------
    ndarray, shape (...)
        Infinite where the data cannot tell the effect from time.

    Notes
    -----
    The inverse of sum Z'PZ with Z of a mean for each period and the columns, by the Schur
    complement of the means.

    Sources
    -------
    Hussey & Hughes 2007, Contemp Clin Trials 28:182; Hemming et al. 2020, Int J Epidemiol 49:979.
    """
    p, f = np.asarray(precision, dtype=np.float64), np.nan_to_num(np.asarray(columns, float))
    k = np.asarray(clusters, dtype=np.float64)[..., None, None]
    pf = p @ f
    means = (k * p).sum(axis=-3)
    crossed = (k * pf).sum(axis=-3)
    effects = (k * (np.swapaxes(f, -1, -2) @ pf)).sum(axis=-3)
    unseen = np.diagonal(means, axis1=-2, axis2=-1) == 0
    means = means + np.eye(means.shape[-1]) * unseen[..., None, :]
    taken = np.swapaxes(crossed, -1, -2) @ np.linalg.solve(means, crossed)
    left = effects - taken
    weights = np.eye(f.shape[-1])[0] if contrast is None else np.asarray(contrast, float)
    return _quadratic(left, effects, weights)


def _quadratic(left: Array, whole: Array, weights: Array) -> Array:
    """The form c' left^-1 c, infinite where the information left is nothing beside the whole."""
    scale = np.sqrt(np.diagonal(whole, axis1=-2, axis2=-1))
    scale = np.where(scale > 0, scale, 1.0)
    values, vectors = np.linalg.eigh(left / (scale[..., :, None] * scale[..., None, :]))
    parts = np.square((np.swapaxes(vectors, -1, -2) @ (weights / scale)[..., None])[..., 0])
    told = values > _NOTHING
    needed = parts > _NOTHING * parts.sum(axis=-1, keepdims=True)
    found = (np.where(told, parts, 0.0) / np.where(told, values, 1.0)).sum(axis=-1)
    return np.asarray(np.where((needed & ~told).any(axis=-1), np.inf, found), dtype=np.float64)


def exposure_columns(treatment: ArrayLike) -> Array:
    """One column for each number of periods that a cluster has had the programme.

    Parameters
    ----------
    treatment : array_like, shape (sequences, periods)
        0, 1, or NaN where nothing is measured.

    Returns
    -------
    ndarray, shape (sequences, periods, exposures)

    Notes
    -----
    A blank between treated periods counts as exposure: the programme goes on.

    Sources
    -------
    Kenny et al. 2022, Stat Med 41:4311.
    """
    x = np.asarray(treatment, dtype=np.float64)
    begun = np.maximum.accumulate(np.nan_to_num(x), axis=-1) > 0
    time = np.where(np.nan_to_num(x) > 0, begun.cumsum(axis=-1), 0)
    return np.asarray(time[..., None] == np.arange(1, time.max(initial=0) + 1), dtype=np.float64)


def staircase(steps: int, periods: int | None = None) -> Array:
    """The complete stepped wedge: one sequence crosses over at each step.

    Parameters
    ----------
    steps : int
    periods : int, optional
        One more than the steps, or more: those at the end have the programme throughout.

    Returns
    -------
    ndarray, shape (steps, periods)
    """
    length = steps + 1 if periods is None else periods
    return np.asarray(np.arange(length) > np.arange(steps)[:, None], dtype=np.float64)
