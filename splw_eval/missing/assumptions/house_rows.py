"""Rows of results in the house's columns."""

from __future__ import annotations

from typing import Any

import numpy as np

from splw_eval.stats.pooling import Pooled
from splw_eval.stats.tails import t_critical, t_p_value


def house_row(
    term: str, estimate: float, error: float, df: float, n: int, conf_level: float
) -> dict[str, Any]:
    """A row of the house's columns, by Student's t.

    Parameters
    ----------
    term : str
    estimate, error : float
    df : float
        Above 0.
    n : int
    conf_level : float

    Returns
    -------
    dict
        Without a test or limits where there is no spread.
    """
    spread = error > 0 and df > 0
    statistic = estimate / error if spread else np.nan
    reach = t_critical(df, conf_level) * error if spread else np.nan
    return {
        "term": term,
        "estimate": estimate,
        "std_error": error,
        "df": df,
        "statistic": statistic,
        "p_value": t_p_value(statistic, df) if spread else np.nan,
        "conf_low": estimate - reach,
        "conf_high": estimate + reach,
        "n": n,
    }


def pooled_columns(pooled: Pooled, term: str, n: int) -> dict[str, Any]:
    """The house's columns of pooled estimates.

    Parameters
    ----------
    pooled : Pooled
    term : str
    n : int

    Returns
    -------
    dict
        With ``includes_zero`` at the end.
    """
    count = len(pooled.estimate)
    return {
        "term": [term] * count,
        "estimate": pooled.estimate,
        "std_error": pooled.std_error,
        "df": pooled.df,
        "statistic": pooled.statistic,
        "p_value": pooled.p_value,
        "conf_low": pooled.conf_low,
        "conf_high": pooled.conf_high,
        "n": [n] * count,
        "includes_zero": (pooled.conf_low <= 0) & (pooled.conf_high >= 0),
    }
