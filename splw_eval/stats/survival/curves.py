"""The share still engaged on each day, with its errors and limits."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.survival.day_counts import DayCounts
from splw_eval.stats.survival.influence import (
    DayTable,
    cluster_influence,
    day_table,
    robust_error,
    share,
)
from splw_eval.stats.tails import t_critical

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curve:
    """The Kaplan-Meier curve, one value for each day from 0.

    Attributes
    ----------
    n : int
        People.
    clusters : int or None
        Clusters; None where people were taken as independent.
    at_risk, events, censored : ndarray, shape (days,)
        Those engaged as the day begins, who left, and who were last seen that day; sums of
        weights where weighted.
    estimate : ndarray, shape (days,)
        Share still engaged after the day. Carried on where nobody is at risk any more.
    std_error : ndarray, shape (days,)
        Greenwood's, for independent people; NaN once nobody is left engaged.
    robust_std_error : ndarray, shape (days,)
        Allows for clusters, and for weights; NaN without clusters or once nobody is left.
    conf_low, conf_high : ndarray, shape (days,)
        From `std_error` and the normal distribution; NaN where the share is 0 or 1.
    robust_conf_low, robust_conf_high : ndarray, shape (days,)
        From `robust_std_error` and t with clusters less 1 df.
    conf_level : float
    method : str
    """

    n: int
    clusters: int | None
    at_risk: Array
    events: Array
    censored: Array
    estimate: Array
    std_error: Array
    robust_std_error: Array
    conf_low: Array
    conf_high: Array
    robust_conf_low: Array
    robust_conf_high: Array
    conf_level: float
    method: str = "Kaplan-Meier; limits by log(-log); robust limits by t, df = clusters - 1"


def survival_curve(counts: DayCounts, *, conf_level: float = 0.95) -> Curve:
    """Estimate the share still engaged, day by day.

    Parameters
    ----------
    counts : DayCounts
        Of one group. Every cause counts as leaving.
    conf_level : float
        Coverage of the limits, each day by itself.

    Returns
    -------
    Curve

    Raises
    ------
    FitError
        The level does not lie between 0 and 1.

    Notes
    -----
    With weights the Greenwood error takes them for numbers of people, and only the robust
    error is to be used. With few clusters the robust error is too small; t makes up for part
    of that.

    Sources: Kaplan & Meier 1958, J Am Stat Assoc 53:457; Greenwood 1926; limits: Kalbfleisch
    & Prentice 2002, The statistical analysis of failure time data, 1.4; robust error:
    Therneau & Grambsch 2000, Modeling survival data, 7.2. Agrees with R's survival
    (`survfit`): tests/reference.
    """
    table = day_table(counts)
    some_left = table.survival > 0
    error = np.where(some_left, _greenwood(table), np.nan)
    influence = cluster_influence(counts, table).survival
    robust = np.where(some_left, robust_error(counts, influence), np.nan)
    low, high = log_log_limits(table.survival, error, math.inf, conf_level)
    df = counts.clusters - 1
    robust_low, robust_high = log_log_limits(table.survival, robust, df, conf_level)
    return Curve(
        n=counts.n,
        clusters=counts.clusters if counts.clustered else None,
        at_risk=table.at_risk,
        events=table.events,
        censored=counts.counts[:, 0].sum(axis=0, dtype=np.float64),
        estimate=table.survival,
        std_error=error,
        robust_std_error=robust,
        conf_low=low,
        conf_high=high,
        robust_conf_low=robust_low,
        robust_conf_high=robust_high,
        conf_level=conf_level,
    )


def log_log_limits(
    estimate: Array, std_error: Array, df: float, conf_level: float
) -> tuple[Array, Array]:
    """Give limits of a share on the scale log(-log), so that they lie between 0 and 1.

    Parameters
    ----------
    estimate, std_error : ndarray, same shape
    df : float
        Degrees of freedom of t; infinite for the normal distribution.
    conf_level : float

    Returns
    -------
    low, high : ndarray
        NaN where the share is 0 or 1, or there is no error.

    Raises
    ------
    FitError
        The level does not lie between 0 and 1.
    """
    if not 0 < conf_level < 1:
        raise FitError(f"conf_level is {conf_level}, but must lie between 0 and 1, such as 0.95.")
    inside = (estimate > 0) & (estimate < 1) & (df > 0)
    value = np.where(inside, estimate, np.nan)
    reach = t_critical(max(df, 1), conf_level) * std_error / np.abs(value * np.log(value))
    return value ** np.exp(reach), value ** np.exp(-reach)


def _greenwood(table: DayTable) -> Array:
    per_day = share(table.events, table.at_risk * (table.at_risk - table.events))
    return table.survival * np.sqrt(np.cumsum(per_day))
