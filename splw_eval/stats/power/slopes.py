"""Slopes over time: information of people and of clusters with slopes of their own."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def covariance_of_lines(
    sd_intercept: ArrayLike, sd_slope: ArrayLike, correlation: ArrayLike = 0.0
) -> Array:
    """Covariance of intercepts and slopes.

    Parameters
    ----------
    sd_intercept, sd_slope, correlation : array_like, shape (...)

    Returns
    -------
    ndarray, shape (..., 2, 2)
    """
    a, b, r = np.broadcast_arrays(
        *(np.asarray(one, dtype=np.float64) for one in (sd_intercept, sd_slope, correlation))
    )
    cross = a * b * r
    rows = [np.stack([a**2, cross], axis=-1), np.stack([cross, b**2], axis=-1)]
    return np.stack(rows, axis=-2)


def information_of_person(
    times: ArrayLike, lines: ArrayLike, residual: ArrayLike, retained: ArrayLike
) -> Array:
    """Information of one person who was recruited, on the arm's intercept and slope.

    Parameters
    ----------
    times : array_like, shape (visits,)
    lines : array_like, shape (..., 2, 2)
        Covariance of people's own intercepts and slopes.
    residual : array_like, shape (...)
        Variance of a score about the person's line; above 0.
    retained : array_like, shape (visits,)
        Share of people still seen at each visit; it never rises.

    Returns
    -------
    ndarray, shape (..., 2, 2)
    """
    moments = np.asarray(times, dtype=np.float64)
    left = np.asarray(retained, dtype=np.float64)
    last_seen = left - np.append(left[1:], 0.0)
    Z = np.column_stack([np.ones_like(moments), moments])
    G = np.asarray(lines, dtype=np.float64)
    s2 = np.asarray(residual, dtype=np.float64)[..., None, None]
    V = Z @ G @ Z.T + s2 * np.eye(moments.size)
    found = np.zeros((*V.shape[:-2], 2, 2))
    for visits, share in enumerate(last_seen, start=1):
        if share > 0:
            X = Z[:visits]
            found += share * (
                X.T @ np.linalg.solve(V[..., :visits, :visits], X + 0 * V[..., :visits, :2])
            )
    return found


def information_of_cluster(person: ArrayLike, size: ArrayLike, lines: ArrayLike) -> Array:
    """Information of one cluster whose people share a line about the arm's.

    Parameters
    ----------
    person : array_like, shape (..., 2, 2)
        Of one person, as `information_of_person` gives it.
    size : array_like, shape (...)
        People recruited in the cluster.
    lines : array_like, shape (..., 2, 2)
        Covariance of clusters' own intercepts and slopes; may be singular, or 0.

    Returns
    -------
    ndarray, shape (..., 2, 2)
    """
    A = np.asarray(size, dtype=np.float64)[..., None, None] * np.asarray(person, dtype=np.float64)
    C = np.asarray(lines, dtype=np.float64)
    return np.asarray(np.linalg.solve(np.eye(2) + A @ C, A + 0 * C))


def variances_of_slopes(
    programme: ArrayLike, comparison: ArrayLike, *, common: bool = False
) -> tuple[Array, Array, Array]:
    """Variance of the difference of two slopes, and of either slope.

    Parameters
    ----------
    programme, comparison : array_like, shape (..., 2, 2)
        Information of the arms on their intercepts and slopes.
    common : bool
        Both arms start from one mean, at time 0.

    Returns
    -------
    difference, programme, comparison : ndarray, shape (...)
        The last two of arms that each have their own intercept.

    Sources
    -------
    Galbraith, Stat & Marschner 2002, Control Clin Trials 23:257; Hu, Mackey & Thomas 2021,
    Stat Med 40:1553 (common intercept).
    """
    first, second = np.asarray(programme, float), np.asarray(comparison, float)
    one, other = np.linalg.inv(first)[..., 1, 1], np.linalg.inv(second)[..., 1, 1]
    if not common:
        return np.asarray(one + other), one, other
    shared = first[..., 0, 0] + second[..., 0, 0]
    slope1, slope0 = first[..., 1, 1], second[..., 1, 1]
    cross1, cross0 = first[..., 0, 1], second[..., 0, 1]
    zero = np.zeros_like(shared)
    rows = [[shared, cross1, cross0], [cross1, slope1, zero], [cross0, zero, slope0]]
    whole = np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)
    V = np.linalg.inv(whole)
    both = V[..., 1, 1] + V[..., 2, 2] - 2 * V[..., 1, 2]
    return np.asarray(both), one, other
