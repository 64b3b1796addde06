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
