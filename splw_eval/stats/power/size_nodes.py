"""Sizes of clusters of a given spread, by a few that stand for all."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

_NODES = 12
_ALIKE = 1e-3  # coefficient of variation below which sizes are alike


def size_nodes(cv: ArrayLike) -> tuple[Array, Array]:
    """Sizes over their mean, and the share of clusters of each.

    Parameters
    ----------
    cv : array_like, shape (...)
        Coefficient of variation.

    Returns
    -------
    sizes, shares : ndarray, shape (..., nodes)
        Gauss-Laguerre nodes of a gamma distribution of mean 1: its first 23 moments are kept.
    """
    spread = np.asarray(cv, dtype=np.float64)
    if (spread < _ALIKE).all():
        return np.ones((*spread.shape, 1)), np.ones((*spread.shape, 1))
    each = [_gamma(float(one)) for one in np.ravel(spread)]
    shape = (*spread.shape, _NODES)
    sizes = np.array([one[0] for one in each]).reshape(shape)
    return sizes, np.array([one[1] for one in each]).reshape(shape)


def _gamma(cv: float) -> tuple[Array, Array]:
    """By the Jacobi matrix of the weight x^(a-1) exp(-x), whose eigenvalues are the nodes."""
    if cv < _ALIKE:
        return np.ones(_NODES), np.full(_NODES, 1 / _NODES)
    shape, at = cv**-2, np.arange(_NODES)
    off = np.sqrt(at[1:] * (at[1:] + shape - 1))
    nodes, vectors = np.linalg.eigh(np.diag(2 * at + shape) + np.diag(off, 1) + np.diag(off, -1))
    return nodes / shape, np.square(vectors[0])
