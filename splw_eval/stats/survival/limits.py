"""Limits of a share, and what every curve of shares carries."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.survival.day_counts import DayCounts
from splw_eval.stats.tails import t_critical

Array = NDArray[np.float64]
ConfType = Literal["log-log", "log", "plain"]
# A share this close to 1 is 1 but for rounding: no curve has as many people as that.
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Estimated:
    """An estimate from counts with its errors.

    Attributes
    ----------
    n : int
        People.
    clusters : int or None
        Clusters; None where people were taken as independent.
    estimate : ndarray
    std_error : ndarray, same shape
        For independent people.
    robust_std_error : ndarray, same shape
        Allows for clusters, and for weights; NaN without clusters.
    method : str
    """

    n: int
    clusters: int | None
    estimate: Array
    std_error: Array
    robust_std_error: Array
    method: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EstimatedCurve(Estimated):
    """Shares day by day, from day 0, with limits.

    Attributes
    ----------
    at_risk : ndarray, shape (days,)
        Those engaged as the day begins; sums of weights where weighted.
    events : ndarray
        Those who left that day.
    conf_low, conf_high : ndarray, shape of `estimate`
        From `std_error` and the normal distribution; NaN where there are none.
    robust_conf_low, robust_conf_high : ndarray, shape of `estimate`
        From `robust_std_error` and t with clusters less 1 df.
    conf_level : float
    conf_type : str
        Scale of the limits: "log-log", "log" or "plain".
    """

    at_risk: Array
    events: Array
    conf_low: Array
    conf_high: Array
    robust_conf_low: Array
    robust_conf_high: Array
    conf_level: float
    conf_type: ConfType


def share_limits(
    estimate: Array,
    std_error: Array,
    df: float,
    conf_level: float,
    conf_type: ConfType = "log-log",
) -> tuple[Array, Array]:
    """Give limits of a share.

    Parameters
    ----------
    estimate, std_error : ndarray, same shape
    df : float
        Degrees of freedom of t; infinite for the normal distribution.
    conf_level : float
    conf_type : str
        Scale on which the limits are an equal way off: "log-log" is log(-log), between 0 and 1
        by itself; "log" is cut at 1, "plain" at 0 and 1.

    Returns
    -------
    low, high : ndarray
        NaN where there is no error or no `df`; by "log-log" where the share is 0 or 1, by
        "log" where it is 0.

    Raises
    ------
    FitError
        The level does not lie between 0 and 1, or the scale is none of the three.

    Notes
    -----
    Sources: Kalbfleisch & Prentice 2002, The statistical analysis of failure time data, 1.4.
    Agrees with R's survival (`survfit(conf.type=)`): tests/reference.
    """
    if not 0 < conf_level < 1:
        raise FitError(f"conf_level is {conf_level}, but must lie between 0 and 1, such as 0.95.")
    if conf_type not in _SCALES:
        raise FitError(f"conf_type is {conf_type!r}, but must be one of {', '.join(_SCALES)}.")
    usable = np.where(df > 0, std_error, np.nan)
    # With 1 df a limit may lie so far off that it is 0 or 1.
    with np.errstate(over="ignore"):
        return _SCALES[conf_type](estimate, t_critical(max(df, 1), conf_level) * usable)


def curve_fields(
    counts: DayCounts,
    estimate: Array,
    std_error: Array,
    robust_std_error: Array,
    *,
    conf_level: float,
    conf_type: ConfType,
    name: str,
) -> dict[str, Any]:
    """Give the fields of an `EstimatedCurve` but for those at risk and those who left.

    Parameters
    ----------
    counts : DayCounts
    estimate, std_error, robust_std_error : ndarray, same shape
    conf_level : float
    conf_type : str
    name : str
        Of the estimator, for `method`.

    Returns
    -------
    dict

    Raises
    ------
    FitError
        As in `share_limits`.
    """
    low, high = share_limits(estimate, std_error, math.inf, conf_level, conf_type)
    df = counts.clusters - 1
    robust_low, robust_high = share_limits(estimate, robust_std_error, df, conf_level, conf_type)
    scale = {"log-log": "log(-log)"}.get(conf_type, conf_type)
    return {
        "n": counts.n,
        "clusters": counts.clusters if counts.clustered else None,
        "estimate": estimate,
        "std_error": std_error,
        "robust_std_error": robust_std_error,
        "conf_low": low,
        "conf_high": high,
        "robust_conf_low": robust_low,
        "robust_conf_high": robust_high,
        "conf_level": conf_level,
        "conf_type": conf_type,
        "method": f"{name}; limits by {scale}; robust limits by t, df = clusters - 1",
    }


def _log_log(estimate: Array, reach: Array) -> tuple[Array, Array]:
    value = np.where((estimate > 0) & (estimate < 1 - ROUNDING), estimate, np.nan)
    power = reach / np.abs(value * np.log(value))
    return value ** np.exp(power), value ** np.exp(-power)


def _log(estimate: Array, reach: Array) -> tuple[Array, Array]:
    value = np.where(estimate > 0, estimate, np.nan)
    return value * np.exp(-reach / value), np.minimum(value * np.exp(reach / value), 1.0)


def _plain(estimate: Array, reach: Array) -> tuple[Array, Array]:
    return np.maximum(estimate - reach, 0.0), np.minimum(estimate + reach, 1.0)


_SCALES: dict[str, Callable[[Array, Array], tuple[Array, Array]]] = {
    "log-log": _log_log,
    "log": _log,
    "plain": _plain,
}
