"""Differences between two arms whose people are seen at several visits and leave for good."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def correlations_over_time(
    between: ArrayLike, times: ArrayLike, *, unit: ArrayLike | None = None
) -> Array:
    """Correlations of one person's scores at the visits.

    Parameters
    ----------
    between : array_like, shape (...)
        Correlation of two scores; of two that are one `unit` apart where they fade.
    times : array_like, shape (visits,)
    unit : array_like, shape (...), optional
        Correlations fade as ``between ** (time between / unit)``; alike without it.

    Returns
    -------
    ndarray, shape (..., visits, visits)
    """
    rho = np.asarray(between, dtype=np.float64)[..., None, None]
    moments = np.asarray(times, dtype=np.float64)
    if unit is None:
        same = np.eye(moments.size)
        return np.asarray(rho + (1 - rho) * same, dtype=np.float64)
    apart = np.abs(moments[:, None] - moments)
    return np.asarray(rho ** (apart / np.asarray(unit)[..., None, None]), dtype=np.float64)


def correlations_before_and_after(
    before: int, after: int, *, pre: ArrayLike, post: ArrayLike, between: ArrayLike
) -> Array:
    """Correlations of scores before and after, alike in each of the three blocks.

    Parameters
    ----------
    before, after : int
        Scores of each person.
    pre, post, between : array_like, shape (...)
        Correlations among scores before, among those after, and of one with the other.

    Returns
    -------
    ndarray, shape (..., before + after, before + after)
    """
    inner, outer, cross = np.broadcast_arrays(
        *(np.asarray(one, dtype=np.float64)[..., None, None] for one in (pre, post, between))
    )
    first = np.arange(before + after) < before
    both, neither = np.logical_and.outer(first, first), np.logical_and.outer(~first, ~first)
    found = np.where(both, inner, np.where(neither, outer, cross))
    return np.where(np.eye(before + after, dtype=bool), 1.0, found)


def information_of_visits(correlations: ArrayLike, retained: ArrayLike) -> Array:
    """Information of one person who was recruited, on the means at the visits.

    Parameters
    ----------
    correlations : array_like, shape (..., visits, visits)
        Covariances do as well.
    retained : array_like, shape (visits,)
        Share of people still seen at each visit; it never rises.

    Returns
    -------
    ndarray, shape (..., visits, visits)
        The mean, over those who leave after each visit, of the inverse of the covariance of
        the visits that they had.
    """
    R = np.asarray(correlations, dtype=np.float64)
    left = np.asarray(retained, dtype=np.float64)
    last_seen = left - np.append(left[1:], 0.0)
    found = np.zeros_like(R)
    for visits, share in enumerate(last_seen, start=1):
        if share > 0:
            found[..., :visits, :visits] += share * np.linalg.inv(R[..., :visits, :visits])
    return found


def variance_of_contrast(
    programme: ArrayLike, comparison: ArrayLike, contrast: ArrayLike, *, common: int = 0
) -> Array:
    """Variance of a contrast of the visits' differences between two arms.

    Parameters
    ----------
    programme, comparison : array_like, shape (..., visits, visits)
        Information of the arms on their means at the visits.
    contrast : array_like, shape (visits,)
        Weights of the differences.
    common : int
        Visits, from the first, at which both arms have one mean, as before an allocation by
        chance; weights there are of no account. 0: each arm has its own mean at each visit.

    Returns
    -------
    ndarray, shape (...)

    Sources
    -------
    Lu, Luo & Chen 2008, Int J Biostat 4(1), with `common` 0; Liang & Zeger 2000, Sankhya B
    62:134 (constrained longitudinal analysis) otherwise.
    """
    first, second = np.asarray(programme, float), np.asarray(comparison, float)
    weights = np.asarray(contrast, dtype=np.float64)
    if not common:
        both = np.linalg.inv(first) + np.linalg.inv(second)
        return np.asarray(np.einsum("i,...ij,j->...", weights, both, weights))
    # Parameters: the comparison's mean at each visit, the difference at each later one.
    later = first[..., :, common:]
    corner = first[..., common:, common:]
    top = np.concatenate([first + second, later], axis=-1)
    bottom = np.concatenate([np.swapaxes(later, -1, -2), corner], axis=-1)
    covariance = np.linalg.inv(np.concatenate([top, bottom], axis=-2))
    visits = weights.size
    inner, w = covariance[..., visits:, visits:], weights[common:]
    return np.asarray(np.einsum("i,...ij,j->...", w, inner, w))


def inflation_of_dropout(correlations: ArrayLike, retained: ArrayLike) -> Array:
    """By how much people who leave widen the variance of the last visit's mean (phi).

    Parameters
    ----------
    correlations : array_like, shape (..., visits, visits)
    retained : array_like, shape (visits,)

    Returns
    -------
    ndarray, shape (...)
        At most one over the share retained at the last visit, which is what it would be were
        the earlier visits of those who left of no use.

    Sources
    -------
    Lu, Luo & Chen 2008, Int J Biostat 4(1).
    """
    R = np.asarray(correlations, dtype=np.float64)
    whole = np.linalg.inv(information_of_visits(R, retained))
    return np.asarray(whole[..., -1, -1] / R[..., -1, -1])
