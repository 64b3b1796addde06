"""Cross-products of a weighted regression, cluster by cluster, in an orthonormal basis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.cluster_robust import _basis, coded

Array = NDArray[np.float64]

# Beyond a condition of 1e6 (squared here) Householder's way keeps digits that X'WX loses.
_ILL_CONDITIONED = 1e-12
# Blocks of at least this many rows are multiplied one by one; smaller ones are summed together.
_BLOCK = 64
# Codes that fit one byte are sorted by counting.
_BYTE = 256


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
    """

    coef: Array
    to_basis: Array
    gram: Array
    scores: Array
    mean_weight: Array
    n: int

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
    codes, clusters = _coded(cluster)
    if clusters < 2:
        raise FitError(f"Clustered inference needs at least 2 clusters, got {clusters}.")
    if len(y) <= X.shape[1]:
        raise FitError(f"{len(y)} rows are too few for {X.shape[1]} columns of X.")
    order = np.argsort(codes.astype(np.uint8) if clusters <= _BYTE else codes, kind="stable")
    y, X = y.take(order), X.take(order, axis=0)
    size = np.bincount(codes, minlength=clusters)
    if weights is None:
        return _products(y, X, size, None)
    return _products(y, X, size, weights.take(order) / weights.mean())


def _check(y: Array, X: Array, cluster: NDArray[Any], weights: Array | None) -> None:
    """Refuse what no fit can be made of."""
    if y.ndim != 1 or X.ndim != 2 or len(X) != len(y) or cluster.shape != y.shape:
        raise FitError("y (n), X (n by p) and cluster (n) must have the same number of rows.")
    if X.shape[1] == 0:
        raise FitError("X has no columns; give it at least a column of ones.")
    if not (np.isfinite(y).all() and np.isfinite(X).all()):
        raise FitError("y and X must be finite; decide upstream what is done about missing values.")
    if weights is None:
        return
    if weights.shape != y.shape:
        raise FitError("weights must have one number for each row of y.")
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise FitError("weights must be finite and not below 0.")


def _coded(cluster: NDArray[Any]) -> tuple[NDArray[Any], int]:
    """Codes and number of clusters; whole numbers close together need no sorting."""
    if cluster.dtype.kind != "i" or not len(cluster):
        return coded(cluster)
    low = int(cluster.min())
    if int(cluster.max()) - low >= _BYTE:
        return coded(cluster)
    shifted = (cluster.astype(np.int64, copy=False) - low).astype(np.uint8)
    present = np.bincount(shifted) > 0
    return (np.cumsum(present) - 1).astype(np.uint8)[shifted], int(present.sum())


def _products(y: Array, X: Array, size: NDArray[np.intp], w: Array | None) -> CrossProducts:
    """Cross-products of rows that stand cluster by cluster."""
    p = X.shape[1]
    first = _first_basis(X, w)
    k = p if w is None else 2 * p
    rows = np.empty((len(y), k + 1))
    T = np.matmul(X, first, out=rows[:, :p])
    weighted = T if w is None else T * w[:, None]
    # T'WT is I but for rounding, which this takes out without another pass over the rows.
    left = np.linalg.inv(np.linalg.cholesky(weighted.T @ T))
    solve = left.T @ left
    in_basis = solve @ (weighted.T @ y)
    residual = y - T @ in_basis
    correction = solve @ (weighted.T @ residual)  # where y lies far from zero
    residual -= T @ correction
    rows[:, k] = residual
    starts = np.concatenate([[0], np.cumsum(size)[:-1]])
    mean = np.ones(len(size)) if w is None else np.add.reduceat(w, starts) / size
    if w is not None:
        rows[:, p:k] = weighted - np.repeat(mean, size)[:, None] * T
    sums = grams(rows, starts)
    turn = np.kron(np.eye(k // p), left.T)
    return CrossProducts(
        coef=first @ (in_basis + correction),
        to_basis=first @ left.T,
        gram=turn.T @ sums[:, :k, :k] @ turn,
        scores=sums[:, k, :k] @ turn,
        mean_weight=mean,
        n=len(y),
    )


def _first_basis(X: Array, w: Array | None) -> Array:
    """R^-1 of W^(1/2) X = QR, by Cholesky where its condition allows."""
    gram = X.T @ (X if w is None else X * w[:, None])
    scale = np.sqrt(np.diag(gram))
    if (scale == 0).any():
        raise FitError("A column of X is zero throughout.")
    gram = gram / np.outer(scale, scale)
    values = np.linalg.eigvalsh(gram)
    if values[0] <= values[-1] * _ILL_CONDITIONED:
        return _basis(X if w is None else X * np.sqrt(w)[:, None])[1]
    return np.asarray(np.linalg.inv(np.linalg.cholesky(gram)).T / scale[:, None])


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
