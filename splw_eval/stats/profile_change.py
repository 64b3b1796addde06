"""Change of whole profiles: better in some answers, worse in some, in both, or in none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError

Who = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileChange:
    """Who is better, worse, mixed or the same; nobody with an answer missing is in any.

    Attributes
    ----------
    better : ndarray of bool, shape (n,)
        Better in at least one dimension, and worse in none.
    mixed : ndarray of bool, shape (n,)
        Better in one, and worse in another.
    same, worse : ndarray of bool, shape (n,)
    """

    better: Who
    mixed: Who
    same: Who
    worse: Who


def classify_profiles(
    before: ArrayLike, after: ArrayLike, *, higher_is_better: bool = False
) -> ProfileChange:
    """Tell how each person's profile changed, without a value for any answer.

    Parameters
    ----------
    before, after : array_like, shape (n, k)
        Answers in k dimensions; NaN where not answered.
    higher_is_better : bool
        False for EQ-5D, where level 1 is no problem.

    Returns
    -------
    ProfileChange

    Raises
    ------
    FitError
        The arrays have not the same two dimensions.

    Notes
    -----
    Source: the Pareto classification of health change (PCHC), Devlin, Parkin & Browne 2010,
    Health Econ 19:886.
    """
    first, second = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    if first.ndim != 2 or first.shape != second.shape:
        raise FitError("before and after must have the same people in rows and answers in columns.")
    gain = second - first if higher_is_better else first - second
    known = ~np.isnan(gain).any(axis=1)
    up, down = (gain > 0).any(axis=1), (gain < 0).any(axis=1)
    return ProfileChange(
        better=known & up & ~down,
        mixed=known & up & down,
        same=known & ~up & ~down,
        worse=known & ~up & down,
    )
