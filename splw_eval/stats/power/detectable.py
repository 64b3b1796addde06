"""The least difference that a test detects, from a standard error alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.stats.power.noncentral import power_of_test

Array = NDArray[np.float64]

_HALVINGS = 60
_MOST = 1e6  # standard errors


def detectable_difference(
    std_error: ArrayLike, df: ArrayLike, *, power: ArrayLike = 0.8, alpha: ArrayLike = 0.05
) -> Array:
    """Least difference that a two-sided test detects with a given chance.

    It rests on how exact an estimate is and never on the estimate itself.

    Parameters
    ----------
    std_error : array_like
        Of the estimated difference.
    df : array_like
        Degrees of freedom; infinite for the normal.
    power, alpha : array_like
        Power above alpha.

    Returns
    -------
    ndarray
        In units of the standard error's; NaN where there are no degrees of freedom, or where
        more than a million standard errors would be needed.

    Notes
    -----
    Noncentral t, rejections in the direction of the difference only, by bisection.
    """
    error, freedom, chance, level = np.broadcast_arrays(
        *(np.asarray(one, dtype=np.float64) for one in (std_error, df, power, alpha))
    )
    low, high = np.full(error.shape, -20.0), np.full(error.shape, np.log(_MOST))
    known = freedom > 0
    freedom = np.where(known, freedom, 1.0)
    reached = power_of_test(np.exp(high), freedom, level) >= chance
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        up = power_of_test(np.exp(middle), freedom, level) >= chance
        high, low = np.where(up, middle, high), np.where(up, low, middle)
    return np.asarray(np.where(known & reached, np.exp(high) * error, np.nan), dtype=np.float64)
