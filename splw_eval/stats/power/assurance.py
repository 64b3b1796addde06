"""Assurance: the chance that a test rejects, where the effect itself is uncertain."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.stats.power.noncentral import Tails, power_of_test

Array = NDArray[np.float64]


def assurance_of_test(
    mean: ArrayLike,
    sd: ArrayLike,
    std_error: ArrayLike,
    df: ArrayLike = np.inf,
    alpha: ArrayLike = 0.05,
    *,
    sides: int = 2,
    tails: Tails = "upper",
    null_std_error: ArrayLike | None = None,
) -> Array:
    """Chance that a test rejects, the mean over a normal prior of the effect.

    Parameters
    ----------
    mean, sd : array_like
        Of the prior. Rejections are counted in the direction of the mean.
    std_error : array_like
        Of the estimated effect.
    df : array_like
        Degrees of freedom; infinite for the normal.
    alpha : array_like
    sides : {1, 2}
    tails : {"upper", "both"}
    null_std_error : array_like, optional
        Where there is no effect, if that rules the critical value.

    Returns
    -------
    ndarray

    Notes
    -----
    Over prior and sampling the estimate is normal with variance SE² + SD², and independent of
    the SE that the data give, so that the test's t is noncentral t again, on another scale.

    Sources
    -------
    O'Hagan, Stevens & Campbell 2005, Pharm Stat 4:187.
    """
    se = np.asarray(std_error, dtype=np.float64)
    null = se if null_std_error is None else np.asarray(null_std_error, dtype=np.float64)
    spread = np.sqrt(se**2 + np.asarray(sd, dtype=np.float64) ** 2)
    shift = np.abs(np.asarray(mean, dtype=np.float64)) / spread
    return power_of_test(shift, df, alpha, sides=sides, tails=tails, ratio=null / spread)
