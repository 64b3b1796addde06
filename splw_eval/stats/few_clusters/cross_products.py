"""Cross-products of a weighted regression, cluster by cluster, in an orthonormal basis."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.few_clusters.cluster_codes import shortly_coded

Array = NDArray[np.float64]

# Beyond a condition of 1e6 (squared here) Householder's way keeps digits that X'WX loses.
_ILL_CONDITIONED = 1e-12
# Blocks of at least this many rows are multiplied one by one; smaller ones are summed together.
_BLOCK = 64
# Rows taken at once: a few of their columns stay in the processor's cache.
_AT_ONCE = 8_192


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossProducts:
    """What is needed of the rows of k clusters, and nothing else.

    With weights of mean 1 and T = X ``to_basis`` such that T'WT = I, a cluster enters through
    Z = [T, (W - w I) T], with w its mean weight; without weights through Z = T.

    Attributes
    ----------
    coef : ndarray, shape (p,)
        Coefficients of the columns of X.
    to_basis : ndarray, shape (p, p)
    gram : ndarray, shape (clusters, k, k)
        Z'Z; k is p without weights and 2p with them.
    scores : ndarray, shape (clusters, k)
        Z'e, e the residuals.
    mean_weight : ndarray, shape (clusters,)
    n : int
        Rows that count (weight above 0).
    size : float
        Root mean square of y: what rounding is measured by.
    """

    coef: Array
    to_basis: Array
    gram: Array
    scores: Array
    mean_weight: Array
    n: int
    size: float

    def into_weighted(self) -> Array:
        """J of T'W = J Z', shape (clusters, p, k)."""
        p = len(self.coef)
        mean = self.mean_weight[:, None, None] * np.eye(p)
        if self.gram.shape[1] == p:
            return mean
        return np.concatenate([mean, np.broadcast_to(np.eye(p), mean.shape)], axis=2)


def gather_cross_products(
    y: Array, X: Array, cluster: NDArray[Any], weights: Array | None
) -> CrossProducts:
    """Solve the weighted least squares and sum the rows of every cluster.

    Parameters
    ----------
    y : ndarray, shape (n,)
    X : ndarray, shape (n, p)
    cluster : ndarray, shape (n,)
        Labels.
    weights : ndarray, shape (n,), or None
        0 or above; a row of weight 0 does not count, and only their ratios matter.

    Returns
    -------
    CrossProducts

    Raises
    ------
    FitError
        Shapes disagree, a value is not finite, a weight is negative, a label is missing,
        columns are linearly dependent, or rows or clusters are too few.
    """
    _check(y, X, cluster, weights)
    if weights is not None and not weights.all():
        keep = weights > 0
        y, X, cluster, weights = y[keep], X[keep], cluster[keep], weights[keep]
    if weights is not None and (not len(weights) or weights.min() == weights.max()):
        weights = None
    codes, clusters = shortly_coded(cluster)
    if clusters < 2:
        raise FitError(f"Clustered inference needs at least 2 clusters, got {clusters}.")
    if len(y) <= X.shape[1]:
        raise FitError(f"{len(y)} rows are too few for {X.shape[1]} columns of X.")
    w = None if weights is None else weights / weights.mean()
    first, in_basis = _first_basis(y, X, w)
    return _products(_Rows(y=y, X=X, codes=codes, clusters=clusters, w=w), first, in_basis)


def _check(y: Array, X: Array, cluster: NDArray[Any], weights: Array | None) -> None:
    """Refuse what no fit can be made of."""
    if y.ndim != 1 or X.ndim != 2 or len(X) != len(y) or cluster.shape != y.shape:
        raise FitError("y (n), X (n by p) and cluster (n) must have the same number of rows.")
    if X.shape[1] == 0:
        raise FitError("X has no columns; give it at least a column of ones.")
    if weights is None:
        return
    if weights.shape != y.shape:
        raise FitError("weights must have one number for each row of y.")
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise FitError("weights must be finite and not below 0.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """Rows that count; weights have mean 1."""

    y: Array
    X: Array
    codes: NDArray[Any]
    clusters: int
    w: Array | None


def _first_basis(y: Array, X: Array, w: Array | None) -> tuple[Array, Array]:
    """R^-1 of W^(1/2) X = QR, by Cholesky where its condition allows, and Q'W^(1/2) y nearly."""
    p = X.shape[1]
    gram, with_y = np.zeros((p, p)), np.zeros(p)
    for rows in _blocks(len(y)):
        block = X[rows]
        weighted = block if w is None else block * w[rows, None]
        gram += weighted.T @ block
        with_y += weighted.T @ y[rows]
    # One value that is not finite makes some sum of products so.
    if not (np.isfinite(gram).all() and np.isfinite(with_y).all()):
        raise FitError("y and X must be finite; decide upstream what is done about missing values.")
    scale = np.sqrt(np.diag(gram))
    if (scale == 0).any():
        raise FitError("A column of X is zero throughout.")
    gram /= np.outer(scale, scale)
    values = np.linalg.eigvalsh(gram)
    if values[0] <= values[-1] * _ILL_CONDITIONED:
        first = _by_householder(X if w is None else X * np.sqrt(w)[:, None])
        return first, (X @ first).T @ (y if w is None else y * w)
    first = np.linalg.inv(np.linalg.cholesky(gram)).T / scale[:, None]
    return first, first.T @ with_y


def _by_householder(X: Array) -> Array:
    """R^-1 of X = QR; columns are scaled first, so that only their angles matter."""
    size = np.linalg.norm(X, axis=0)
    R = np.linalg.qr(X / size, mode="r")
    diagonal = np.abs(np.diag(R))
    if diagonal.min() <= diagonal.max() * len(X) * np.finfo(float).eps:
        raise FitError("The columns of X are linearly dependent.")
    return np.asarray(np.linalg.inv(R) / size[:, None])


def _products(rows: _Rows, first: Array, in_basis: Array) -> CrossProducts:
    """Cross-products of every cluster, summed over blocks of rows that stay in the cache."""
    p, size = len(in_basis), np.bincount(rows.codes, minlength=rows.clusters)
    mean = np.ones(len(size))
    if rows.w is not None:
        mean = np.bincount(rows.codes, rows.w, minlength=rows.clusters) / size
    k = p if rows.w is None else 2 * p
    sums = np.zeros((rows.clusters, k + 1, k + 1))
    for which in _blocks(len(rows.y)):
        at, starts = _by_cluster(rows.codes[which])
        present = rows.codes[which][at[starts]]
        sums[present] += grams(_block(rows, which, at, mean, first, in_basis), starts)
    gram, scores = sums[:, :k, :k], sums[:, k, :k]
    # T'WT is I but for rounding, which this takes out without another pass over the rows.
    left = np.linalg.inv(np.linalg.cholesky(_weigh(mean, gram[:, :, :p], p)))
    # So does this where y lies far from zero, or its product with T was not exact.
    correction = left.T @ left @ _weigh(mean, scores, p)
    turn = left.T if k == p else np.kron(np.eye(2), left.T)
    return CrossProducts(
        coef=first @ (in_basis + correction),
        to_basis=first @ left.T,
        gram=turn.T @ gram @ turn,
        scores=(scores - gram[:, :, :p] @ correction) @ turn,
        mean_weight=mean,
        n=len(rows.y),
        size=float(np.linalg.norm(rows.y)) / math.sqrt(len(rows.y)),
    )


def _weigh(mean: Array, products: Array, p: int) -> Array:
    """Sum over clusters of J times products with Z', J as in `CrossProducts.into_weighted`."""
    if products.shape[1] == p:
        return np.asarray(products.sum(axis=0))
    return np.asarray(np.tensordot(mean, products[:, :p], axes=1) + products[:, p:].sum(axis=0))


def _block(
    rows: _Rows, which: slice, at: NDArray[np.intp], mean: Array, first: Array, in_basis: Array
) -> Array:
    """[Z, residual] of some rows, cluster by cluster."""
    p = len(in_basis)
    k = p if rows.w is None else 2 * p
    # Each column in one piece: one loop along the rows beats many short ones across columns.
    made = np.empty((k + 1, len(at)))
    T = np.matmul(first.T, rows.X[which].take(at, axis=0).T, out=made[:p])
    if rows.w is not None:
        far = rows.w[which] - mean.take(rows.codes[which])
        np.multiply(far.take(at), T, out=made[p:k])
    np.subtract(rows.y[which].take(at), in_basis @ T, out=made[k])
    return made.T


def _blocks(n: int) -> Iterator[slice]:
    return (slice(start, start + _AT_ONCE) for start in range(0, n, _AT_ONCE))


def _by_cluster(codes: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Places of rows cluster by cluster, and where among them each cluster begins."""
    at = np.argsort(codes, kind="stable")
    sorted_codes = codes.take(at)
    new = np.flatnonzero(sorted_codes[1:] != sorted_codes[:-1]) + 1
    return at, np.concatenate([[0], new])


def grams(rows: Array, starts: NDArray[np.intp]) -> Array:
    """Cross-products of every run of rows.

    Parameters
    ----------
    rows : ndarray, shape (n, k)
    starts : ndarray, shape (runs,)
        First row of each run, rising from 0.

    Returns
    -------
    ndarray, shape (runs, k, k)
    """
    k, runs = rows.shape[1], len(starts)
    found = np.empty((runs, k, k))
    if len(rows) >= _BLOCK * runs:
        ends = np.append(starts[1:], len(rows))
        for g in range(runs):
            block = rows[starts[g] : ends[g]]
            found[g] = block.T @ block
        return found
    for i in range(k):
        for j in range(i + 1):
            found[:, i, j] = found[:, j, i] = np.add.reduceat(rows[:, i] * rows[:, j], starts)
    return found
