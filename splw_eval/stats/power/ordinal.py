"""Ordered answers under proportional odds: the other arm's levels, and the log odds ratio."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def shifted_levels(levels: ArrayLike, odds_ratio: ArrayLike) -> Array:
    """Proportions at the levels where the odds of each, or one before it, are multiplied.

    Parameters
    ----------
    levels : array_like, shape (levels,)
        Proportions, which sum to 1.
    odds_ratio : array_like, shape (...)

    Returns
    -------
    ndarray, shape (..., levels)
    """
    p = np.asarray(levels, dtype=np.float64)
    ratio = np.asarray(odds_ratio, dtype=np.float64)[..., None]
    below = np.cumsum(p)[:-1]
    reached = ratio * below / (1 - below + ratio * below)
    ends = np.ones((*reached.shape[:-1], 1))
    return np.diff(np.concatenate([0 * ends, reached, ends], axis=-1), axis=-1)


def log_odds_unit_variance(
    levels: ArrayLike, odds_ratio: ArrayLike, share: ArrayLike = 0.5
) -> Array:
    """Variance of a log odds ratio, for one person in each arm.

    Parameters
    ----------
    levels : array_like, shape (levels,)
        Proportions of the comparison arm.
    odds_ratio : array_like, shape (...)
    share : array_like, shape (...)
        Of people in the programme's arm.

    Returns
    -------
    ndarray, shape (...)
        ``3 / (1 - sum of mean proportions cubed)``; an arm of n people adds this over n.

    Sources
    -------
    Whitehead 1993, Stat Med 12:2257.
    """
    p = np.asarray(levels, dtype=np.float64)
    weight = np.asarray(share, dtype=np.float64)[..., None]
    mean = weight * shifted_levels(p, odds_ratio) + (1 - weight) * p
    return np.asarray(3 / (1 - (mean**3).sum(axis=-1)), dtype=np.float64)
