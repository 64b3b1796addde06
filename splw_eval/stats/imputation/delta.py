"""Points added to scores that are missing after people left."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError

Array = NDArray[np.float64]
Whole = NDArray[np.int64]


def lost_waves(
    missing: NDArray[np.bool_], after: Whole, *, only: NDArray[np.bool_] | None = None
) -> Whole:
    """Waves since each missing score's person left: 1 at the first, 0 where nothing is added.

    Parameters
    ----------
    missing : ndarray of bool, shape (n, J)
    after : ndarray of int, shape (n,)
        Waves before the deviation, J where there is none; see `waves_before`.
    only : ndarray of bool, shape (n,), optional
        People to whom points are added, such as those who disengaged; by default everybody.

    Returns
    -------
    ndarray of int, shape (n, J)
        Gaps before the deviation are 0: they are missing at random.
    """
    since = np.arange(missing.shape[1]) - after[:, None] + 1
    counted = missing & (since > 0)
    if only is not None:
        counted &= only[:, None]
    return np.where(counted, since, 0).astype(np.int64)


def points_added(since: Whole, arm: Whole, delta: ArrayLike, *, growing: bool = False) -> Array:
    """Points to add to completed scores.

    Parameters
    ----------
    since : ndarray of int, shape (n, J)
        By `lost_waves`.
    arm : ndarray of int, shape (n,)
    delta : array_like, shape (arms,) or (arms, J)
        Points of each arm, or a table: points of each arm at each wave, added as they stand.
    growing : bool
        Points of an arm are added as many times as there are waves since the person left;
        otherwise once at each missing wave.

    Returns
    -------
    ndarray, shape (n, J)

    Raises
    ------
    FitError
        A value that is not finite, or a shape that does not fit.

    Sources
    -------
    Carpenter & Kenward 2013, Multiple imputation and its application, 10; Cro and others 2020,
    Stat Med 39:2815.
    """
    points = np.asarray(delta, dtype=np.float64)
    arms = int(arm.max()) + 1 if len(arm) else 0
    table = points.ndim == 2 and points.shape[1] == since.shape[1]
    if not (table or points.ndim == 1) or len(points) < arms:
        raise FitError(
            "The points to add do not fit the arms and waves.",
            remedy="Give one number for each arm, or one for each arm and wave.",
        )
    if not np.isfinite(points).all():
        raise FitError("The points to add must be finite.")
    lost = since > 0
    if table:
        return np.where(lost, points[arm], 0.0)
    times = since if growing else lost.astype(np.int64)
    return np.where(lost, points[arm][:, None] * times, 0.0)


def add_points(scores: Array, points: Array) -> Array:
    """Add points to completed scores, leaving those without any as they are, bit for bit.

    Parameters
    ----------
    scores : ndarray, shape (..., n, J)
    points : ndarray, shape (n, J)

    Returns
    -------
    ndarray, shape (..., n, J)
    """
    return np.where(points != 0, scores + points, scores)
