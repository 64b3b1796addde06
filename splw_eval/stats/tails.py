"""Tails and critical values: the one place that asks a distribution for them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray


def t_critical(df: float, conf_level: float) -> float:
    """Two-sided critical value of Student's t.

    Parameters
    ----------
    df : float
        Degrees of freedom, above 0; may be fractional or infinite.
    conf_level : float
        Between 0 and 1, for example 0.95.

    Returns
    -------
    float
    """
    from scipy.special import ndtri, stdtrit

    upper = 0.5 + conf_level / 2
    return float(ndtri(upper)) if math.isinf(df) else float(stdtrit(df, upper))


def t_criticals(df: NDArray[np.floating[Any]], conf_level: float) -> NDArray[np.floating[Any]]:
    """Two-sided critical values of Student's t, one for each element.

    Parameters
    ----------
    df : ndarray
        Degrees of freedom; NaN where not above 0.
    conf_level : float

    Returns
    -------
    ndarray
    """
    from scipy.special import ndtri, stdtrit

    upper = 0.5 + conf_level / 2
    usable = np.isfinite(df) & (df > 0)
    found = stdtrit(np.where(usable, df, 1.0), upper)
    return np.where(usable, found, np.where(np.isposinf(df), ndtri(upper), np.nan))


def f_quantile(below: float, df1: float, df2: float) -> float:
    """Value that an F variable stays below with a given chance.

    Parameters
    ----------
    below : float
        Chance, between 0 and 1.
    df1, df2 : float
        Degrees of freedom above and below the line, above 0.

    Returns
    -------
    float
    """
    from scipy.special import fdtri

    return float(fdtri(df1, df2, below))


def t_p_value(statistic: float, df: float) -> float:
    """Two-sided p-value of Student's t.

    Parameters
    ----------
    statistic : float
    df : float
        Degrees of freedom, above 0; may be fractional or infinite.

    Returns
    -------
    float
        NaN where the statistic is.
    """
    from scipy.special import ndtr, stdtr

    low = -abs(statistic)
    return 2 * float(ndtr(low) if math.isinf(df) else stdtr(df, low))


def f_p_value(statistic: float, df1: float, df2: float) -> float:
    """Chance that an F variable is at least as large.

    Parameters
    ----------
    statistic : float
    df1, df2 : float
        Degrees of freedom above and below the line, above 0; the second may be infinite.

    Returns
    -------
    float
    """
    from scipy.special import chdtrc, fdtrc

    if math.isinf(df2):
        return float(chdtrc(df1, df1 * statistic))
    return float(fdtrc(df1, df2, statistic))
