"""Visits of two arms clustered unlike each other: what each adds to the estimate's variance."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.stats.power.visits_gls import precision_of_clusters

Array = NDArray[np.float64]


def person_covariance(correlation: ArrayLike, variances: ArrayLike) -> Array:
    """Covariance of one person's visits, given the cluster, at one correlation.

    Parameters
    ----------
    correlation : array_like, shape (...)
    variances : array_like, shape (..., visits)

    Returns
    -------
    ndarray, shape (..., visits, visits)
    """
    a = np.asarray(correlation, dtype=np.float64)[..., None, None]
    sd = np.sqrt(np.asarray(variances, dtype=np.float64))
    plain = (1 - a) * np.eye(sd.shape[-1]) + a
    return np.asarray(plain * sd[..., :, None] * sd[..., None, :], dtype=np.float64)


def arm_information(
    people: ArrayLike,
    own: ArrayLike,
    *,
    clusters: ArrayLike,
    sizes: ArrayLike,
    shares: ArrayLike,
) -> Array:
    """Information of an arm of clusters on the means of its visits.

    Parameters
    ----------
    people : array_like, shape (..., visits, visits)
        Of one person.
    own : array_like, shape (..., visits, visits)
        Covariance of the clusters' own effects.
    clusters : array_like, shape (...)
    sizes, shares : array_like, shape (..., nodes)
        Sizes of clusters, and the share of clusters of each.

    Returns
    -------
    ndarray, shape (..., visits, visits)
    """
    one, m = np.asarray(people, dtype=np.float64), np.asarray(sizes, dtype=np.float64)
    share = np.asarray(shares, dtype=np.float64)
    total: Array = np.asarray(0.0)
    for node in range(m.shape[-1]):
        each = precision_of_clusters(m[..., node, None, None] * one, own)
        total = total + share[..., node, None, None] * each
    return np.asarray(np.asarray(clusters)[..., None, None] * total, dtype=np.float64)


def variance_by_arm(
    first: ArrayLike, second: ArrayLike, columns: ArrayLike, weights: ArrayLike
) -> tuple[Array, Array]:
    """Variance of the generalised least squares contrast, in what each arm adds to it.

    Parameters
    ----------
    first, second : array_like, shape (..., visits, visits)
        Information of the programme's arm and of the comparison on their visits' means.
    columns : array_like, shape (visits, effects)
        How the programme enters the means of its visits.
    weights : array_like, shape (effects,)

    Returns
    -------
    first, second : ndarray, shape (...)
        Their sum is the variance.
    """
    w1, w0 = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    effects = np.asarray(columns, dtype=np.float64)
    length, number = effects.shape
    x1 = np.hstack([np.eye(length), effects])
    x0 = np.hstack([np.eye(length), np.zeros((length, number))])
    parts = x1.T @ w1 @ x1, x0.T @ w0 @ x0
    wanted = np.concatenate([np.zeros(length), np.asarray(weights, dtype=np.float64)])
    shape = parts[0].shape[:-1]
    right = np.broadcast_to(wanted, np.broadcast_shapes(shape, parts[1].shape[:-1]))
    solved = np.linalg.solve(parts[0] + parts[1], right[..., None])
    each = [np.swapaxes(solved, -1, -2) @ part @ solved for part in parts]
    return each[0][..., 0, 0], each[1][..., 0, 0]
