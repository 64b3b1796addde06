"""People seen at several visits in clusters, some of them lost on the way: exact precision."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def precision_of_people(covariance: ArrayLike, dropout: ArrayLike, *, from_visit: int = 0) -> Array:
    """Information of one person on the means of the visits, averaged over when people leave.

    Parameters
    ----------
    covariance : array_like, shape (..., visits, visits)
        Of one person given the cluster.
    dropout : array_like, shape (visits,)
        Share lost by each visit, cumulative; those who left do not come back.
    from_visit : int
        People last seen before this visit (counted from 0) are left out.

    Returns
    -------
    ndarray, shape (..., visits, visits)
    """
    r, lost = np.asarray(covariance, dtype=np.float64), np.asarray(dropout, dtype=np.float64)
    length = r.shape[-1]
    last_seen = np.diff(np.append(lost, 1.0))
    found = np.zeros_like(r)
    for last in range(from_visit, length):
        if last_seen[last] != 0:
            seen = slice(0, last + 1)
            found[..., seen, seen] += last_seen[last] * np.linalg.inv(r[..., seen, seen])
    return np.asarray(found, dtype=np.float64)


def precision_scattered(covariance: ArrayLike, dropout: ArrayLike) -> Array:
    """The same where people miss single visits, each independently of the others.

    Parameters
    ----------
    covariance : array_like, shape (..., visits, visits)
    dropout : array_like, shape (visits,)
        Share missed at each visit.

    Returns
    -------
    ndarray, shape (..., visits, visits)
    """
    r, missed = np.asarray(covariance, dtype=np.float64), np.asarray(dropout, dtype=np.float64)
    length = r.shape[-1]
    found = np.zeros_like(r)
    for pattern in range(1, 2**length):
        seen = (pattern >> np.arange(length)) & 1 == 1
        share = float(np.prod(np.where(seen, 1 - missed, missed)))
        if share > 0:
            at = np.flatnonzero(seen)
            inner = np.linalg.inv(r[..., at[:, None], at])
            found[..., at[:, None], at] += share * inner
    return np.asarray(found, dtype=np.float64)


def precision_of_clusters(people: ArrayLike, clusters: ArrayLike) -> Array:
    """Inverse covariance of a cluster's visits, from the information of all its people.

    Parameters
    ----------
    people : array_like, shape (..., visits, visits)
        Summed over the people of one cluster; may be singular.
    clusters : array_like, shape (..., visits, visits)
        Covariance of the cluster's own effects; may be singular, or nothing.

    Returns
    -------
    ndarray, shape (..., visits, visits)

    Notes
    -----
    Woodbury's identity: D - D (C^-1 + D)^-1 D, written D (I + C D)^-1, which asks no inverse of
    either. It costs the same however many people there are.
    """
    d, c = np.asarray(people, dtype=np.float64), np.asarray(clusters, dtype=np.float64)
    inner = np.linalg.inv(np.eye(d.shape[-1]) + c @ d)
    found = d @ inner
    return np.asarray((found + np.swapaxes(found, -1, -2)) / 2, dtype=np.float64)


def columns_of_contrast(
    times: ArrayLike,
    contrast: str = "last",
    *,
    constrained: bool = True,
    baseline: bool = True,
    change: bool = False,
) -> tuple[Array, Array]:
    """How the programme enters the means of the visits, and what is estimated of that.

    Parameters
    ----------
    times : array_like, shape (visits,)
    contrast : {"last", "mean", "slope", "auc"}
        The difference at the last visit; the mean of those after the start; the difference that
        a straight line reaches by the last visit; or the area between the arms over the time
        from first to last visit.
    constrained : bool
        Arms share one mean at the first visit.
    baseline : bool
        The first visit is before the programme.
    change : bool
        Where arms differ at the first visit too: how the difference has changed since.

    Returns
    -------
    columns : ndarray, shape (visits, effects)
    weights : ndarray, shape (effects,)
    """
    when = np.asarray(times, dtype=np.float64)
    shared = constrained and baseline
    if contrast == "slope":
        line = ((when - when[0]) / (when[-1] - when[0]))[:, None]
        if shared:
            return line, np.ones(1)
        return np.hstack([np.ones((len(when), 1)), line]), np.array([0.0, 1.0])
    weights = _weights(when, contrast, int(baseline))
    if change:
        weights[0] -= 1
    columns = np.eye(len(when))
    return (columns[:, 1:], weights[1:]) if shared else (columns, weights)


def _weights(when: Array, contrast: str, first: int) -> Array:
    """Weights of the differences at the visits."""
    weights = np.zeros(len(when))
    if contrast == "auc":
        half = np.diff(when) / (when[-1] - when[0]) / 2
        weights[:-1] += half
        weights[1:] += half
    else:
        after = slice(-1, None) if contrast == "last" else slice(first, None)
        weights[after] = 1 / len(weights[after])
    return weights
