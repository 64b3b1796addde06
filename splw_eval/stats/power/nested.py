"""Two arms clustered unlike each other, or one not at all: degrees of freedom and best shares."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def welch_df(first: ArrayLike, second: ArrayLike, df_1: ArrayLike, df_2: ArrayLike) -> Array:
    """Degrees of freedom of a sum of two estimated variances.

    Parameters
    ----------
    first, second : array_like
        Variances of the two arms' means.
    df_1, df_2 : array_like
        Degrees of freedom of each.

    Returns
    -------
    ndarray
        ``(u + w)^2 / (u^2 / df_1 + w^2 / df_2)``, the cross term 2 u w included; 0 where an
        arm has none.

    Sources
    -------
    Satterthwaite 1946, Biometrics Bulletin 2:110.
    """
    u, w = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    a, b = (np.maximum(np.asarray(one, dtype=np.float64), 0.0) for one in (df_1, df_2))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((u + w) ** 2 / (u**2 / a + w**2 / b), dtype=np.float64)


def best_ratio(theta: ArrayLike, design_effect: ArrayLike, cost: ArrayLike = 1.0) -> Array:
    """People of the unclustered arm for each of the clustered one, at the least cost.

    Parameters
    ----------
    theta : array_like
        Variance of one person's outcome, clustered arm over the other.
    design_effect : array_like
    cost : array_like
        Of a person in the clustered arm, over one in the other.

    Returns
    -------
    ndarray

    Sources
    -------
    Moerbeek & Wong 2008, Stat Med 27:2850.
    """
    widened = np.asarray(theta, dtype=np.float64) * np.asarray(design_effect, dtype=np.float64)
    return np.asarray(np.sqrt(np.asarray(cost) / widened), dtype=np.float64)
