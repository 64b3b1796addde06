"""Standardised differences between two groups, which do not grow with their size."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

_SINGULAR = 1e-10  # smallest share of the largest eigenvalue that is still variation


def standardised_difference(first: ArrayLike, second: ArrayLike) -> float | None:
    """Difference of two means over the root of the mean of both variances.

    Parameters
    ----------
    first, second : array_like, shape (n1,), (n2,)
        Finite values of each group.

    Returns
    -------
    float or None
        None where a group has fewer than 2 values or nothing varies.

    Sources
    -------
    Austin 2009, Stat Med 28:3083, section 2.
    """
    x, y = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if min(len(x), len(y)) < 2:
        return None
    spread = (x.var(ddof=1) + y.var(ddof=1)) / 2
    return float((x.mean() - y.mean()) / np.sqrt(spread)) if spread > 0 else None


def categorical_difference(first: ArrayLike, second: ArrayLike) -> float | None:
    """Mahalanobis distance between the shares of two groups over several categories.

    Parameters
    ----------
    first, second : array_like, shape (k,)
        People of each group in each of k categories.

    Returns
    -------
    float or None
        At least 0; with two categories the size of Austin's difference of two shares.
        None where a group is empty, or where no share varies in either group.

    Sources
    -------
    Yang and Dalton 2012, SAS Global Forum, paper 335.
    """
    a, b = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if a.sum() == 0 or b.sum() == 0:
        return None
    used = (a + b) > 0
    p, q = (a / a.sum())[used][1:], (b / b.sum())[used][1:]
    if not len(p):
        return 0.0
    return _distance(p - q, (_covariance(p) + _covariance(q)) / 2)


def _covariance(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Covariance of one draw's indicators, the first category left out."""
    return np.diag(shares) - np.outer(shares, shares)


def _distance(gap: NDArray[np.float64], spread: NDArray[np.float64]) -> float | None:
    values, vectors = np.linalg.eigh(spread)
    solid = values > _SINGULAR * max(float(values.max()), _SINGULAR)
    along = vectors.T @ gap
    if np.any(np.abs(along[~solid]) > np.sqrt(_SINGULAR)):
        return None  # the groups share no category there: the distance has no end
    return float(np.sqrt((along[solid] ** 2 / values[solid]).sum()))
