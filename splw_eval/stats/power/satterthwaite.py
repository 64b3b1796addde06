"""Satterthwaite's degrees of freedom of planned trials of visits, by expected information."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations_with_replacement
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Pattern = tuple[Sequence[int], Any]  # visits that are seen, and the share of people


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Side:
    """Clusters of one arm.

    Attributes
    ----------
    clusters, sizes : ndarray, shape (..., rows)
        Clusters alike in size, and people of each.
    patterns : sequence of (visits, share)
        Which visits people are seen at.
    between, within : ndarray, shape (..., visits, visits)
        Covariance of a cluster's effects, and of one person given the cluster.
    parts_between, parts_within : sequence of ndarray, shape (..., visits, visits)
        What each is made of: derivatives by the variances that are estimated.
    design : ndarray, shape (visits, effects)
        Fixed effects.
    """

    clusters: Array
    sizes: Array
    patterns: Sequence[Pattern]
    between: Array
    within: Array
    parts_between: Sequence[Array]
    parts_within: Sequence[Array]
    design: Array


def satterthwaite_df(sides: Sequence[Side], weights: Array) -> Array:
    """Degrees of freedom of a contrast of fixed effects.

    Parameters
    ----------
    sides : sequence of Side
    weights : ndarray, shape (effects,)
        The contrast.

    Returns
    -------
    ndarray, shape (...)
        Twice the squared variance of the contrast over the variance of its estimate, with
        variances estimated by REML as precisely as their expected information says.

    Notes
    -----
    All is of matrices of visits by visits (Woodbury's identity), however many people.

    Sources
    -------
    Fai & Cornelius 1996, J Stat Comput Simul 54:363; Kenward & Roger 1997, Biometrics 53:983.
    """
    each = zip(*(_sums(side) for side in sides), strict=True)
    first, second, products, crossed = (reduce(np.add, one) for one in each)
    inverse = np.linalg.inv(first)[..., None, :, :]
    scores = inverse @ second  # by variance: Phi X'V^-1 Va V^-1 X
    twice = np.einsum("...ij,...abji->...ab", inverse[..., 0, :, :], products)
    projected = np.einsum("...aij,...bji->...ab", scores, scores)
    information = (crossed - 2 * twice + projected) / 2
    slope = np.einsum("i,...aij,...jk,k->...a", weights, scores, inverse[..., 0, :, :], weights)
    variance = np.einsum("i,...ij,j->...", weights, inverse[..., 0, :, :], weights)
    spread = np.einsum("...a,...ab,...b->...", slope, _inverse(information), slope)
    return np.asarray(2 * variance**2 / spread, dtype=np.float64)


def _inverse(information: Array) -> Array:
    """Inverse of what may be singular, where a variance has no part in what is seen."""
    scale = np.sqrt(np.abs(np.diagonal(information, axis1=-2, axis2=-1)))
    scale = np.where(scale > 0, scale, 1.0)
    both = scale[..., :, None] * scale[..., None, :]
    return np.asarray(np.linalg.pinv(information / both, hermitian=True) / both)


def _sums(side: Side) -> tuple[Array, Array, Array, Array]:
    """X'V^-1X, X'V^-1VaV^-1X, X'V^-1VaV^-1VbV^-1X, tr V^-1VaV^-1Vb, over an arm's clusters."""
    whole, single, double, traces = _people(side)
    n = side.sizes[..., None, None]
    c = side.between[..., None, :, :]
    d = n * whole[..., None, :, :]
    s = np.linalg.inv(np.eye(c.shape[-1]) + c @ d)
    p, m, left = d @ s, c @ np.swapaxes(s, -1, -2), np.swapaxes(s, -1, -2)
    shared = [one[..., None, :, :] for one in side.parts_between]
    inner = [n * one[..., None, :, :] for one in single]
    q = [p @ one @ p for one in shared] + [left @ one @ s for one in inner]
    count, own = len(q), len(shared)
    k = side.clusters
    products: list[list[Array]] = [[np.zeros(0)] * count for _ in range(count)]
    crossed: list[list[Array]] = [[np.zeros(0)] * count for _ in range(count)]
    for a, b in combinations_with_replacement(range(count), 2):
        if a < own:
            chain, trace = p @ shared[a] @ q[b], _trace(shared[a] @ q[b])
        else:
            i, j = a - own, b - own
            twice = n * double[i][j][..., None, :, :]
            once = m @ inner[j]
            chain = left @ (twice - inner[i] @ once) @ s
            trace = side.sizes * traces[i][j][..., None] - 2 * _trace(m @ twice)
            trace = trace + _trace(m @ inner[i] @ once)
        products[a][b] = products[b][a] = _of_design(chain, side)  # or its mirror: same traces
        crossed[a][b] = crossed[b][a] = (k * trace).sum(axis=-1)
    return (
        _of_design(p, side),
        _stacked([_of_design(one, side) for one in q], -3),
        _stacked([_stacked(row, -3) for row in products], -4),
        _stacked([_stacked(row, -1) for row in crossed], -2),
    )


def _people(side: Side) -> tuple[Array, list[Array], list[list[Array]], list[list[Array]]]:
    """The same sums over one person's patterns of visits, given the cluster."""
    r, parts = side.within, side.parts_within
    shape = np.broadcast_shapes(r.shape, *(one.shape for one in parts))
    count = len(parts)
    whole = np.zeros(shape)
    single = [np.zeros(shape) for _ in parts]
    double = [[np.zeros(shape) for _ in parts] for _ in parts]
    traces = [[np.zeros(shape[:-2]) for _ in parts] for _ in parts]
    for visits, share in side.patterns:
        j = np.asarray(visits)
        i = j[:, None]
        inverse = np.linalg.inv(r[..., i, j])
        middle = [np.asarray(inverse @ one[..., i, j]) for one in parts]
        whole[..., i, j] += share * inverse
        for a in range(count):
            single[a][..., i, j] += share * middle[a] @ inverse
            for b in range(a, count):
                both = np.asarray(middle[a] @ middle[b])
                double[a][b][..., i, j] += share * both @ inverse
                traces[a][b] += share * _trace(both)
    return whole, single, double, traces


def _of_design(matrix: Array, side: Side) -> Array:
    total = (side.clusters[..., None, None] * matrix).sum(axis=-3)
    return np.asarray(side.design.T @ total @ side.design)


def _trace(matrix: Array) -> Array:
    return np.asarray(np.trace(matrix, axis1=-2, axis2=-1))


def _stacked(parts: Sequence[Array], axis: int) -> Array:
    return np.stack(np.broadcast_arrays(*parts), axis=axis)
