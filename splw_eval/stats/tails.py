"""Tails and critical values: the one place that asks a distribution for them."""

from __future__ import annotations

import math


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
