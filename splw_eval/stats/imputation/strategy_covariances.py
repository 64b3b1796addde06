"""Covariances of people's scores under a strategy."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from splw_eval.stats.imputation.strategies import Array, Strategy, Whole


def covariance_under(strategy: Strategy, own: ArrayLike, reference: ArrayLike, after: int) -> Array:
    """Covariance of one person's scores under a strategy.

    Parameters
    ----------
    strategy : Strategy
    own, reference : array_like, shape (J, J)
        Covariances of people's scores in the two groups.
    after : int
        Waves before the deviation, baseline counted.

    Returns
    -------
    ndarray, shape (J, J)
    """
    mine, other = np.asarray(own, dtype=np.float64), np.asarray(reference, dtype=np.float64)
    if strategy.covariance == "own" or after >= len(mine):
        return mine
    return combined_covariance(mine, other, int(after))


def combined_covariance(own: Array, reference: Array, after: int) -> Array:
    """Covariance whose past is the own group's, and whose future given the past the reference's.

    Parameters
    ----------
    own, reference : ndarray, shape (J, J)
        Positive definite.
    after : int
        Waves before the deviation, from 0 (then it is the reference covariance) to J.

    Returns
    -------
    ndarray, shape (J, J)

    Notes
    -----
    With A the own and R the reference covariance, split at the deviation: S11 = A11, S21 =
    R21 R11^-1 A11, S22 = R22 - R21 R11^-1 (R11 - A11) R11^-1 R12.

    Sources: Carpenter, Roger & Kenward 2013, J Biopharm Stat 23:1352, appendix.
    """
    past, later = slice(None, after), slice(after, None)
    regression = np.linalg.solve(reference[past, past], reference[past, later]).T
    found = own.copy()
    found[later, past] = regression @ own[past, past]
    found[past, later] = found[later, past].T
    change = regression @ (reference[past, past] - own[past, past]) @ regression.T
    block = reference[later, later] - change
    found[later, later] = (block + block.T) / 2
    return found


def covariances_under(
    strategy: Strategy, covariance: Array, arm: Whole, reference: int, after: Whole
) -> tuple[Array, Whole]:
    """Covariances under a strategy, and which is whose, as `complete` takes them.

    Parameters
    ----------
    strategy : Strategy
    covariance : ndarray, shape (arms, J, J)
    arm, after : ndarray of int, shape (n,)
    reference : int
        Code of the reference group.

    Returns
    -------
    covariance : ndarray, shape (groups, J, J)
    group : ndarray of int, shape (n,)
    """
    steps = covariance.shape[-1] + 1
    kinds, group = np.unique(arm.astype(np.int64) * steps + after, return_inverse=True)
    pairs = [divmod(kind, steps) for kind in kinds.tolist()]
    made = [covariance_under(strategy, covariance[a], covariance[reference], t) for a, t in pairs]
    return np.stack(made), group.astype(np.int64)
