"""The share who have left for each cause by each day, with its errors and limits."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.stats.survival.curves import log_log_limits
from splw_eval.stats.survival.day_counts import DayCounts
from splw_eval.stats.survival.influence import (
    DayTable,
    cluster_influence,
    day_table,
    robust_error,
    share,
)

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Incidence:
    """Aalen-Johansen curves, one row for each cause and one column for each day from 0.

    Attributes
    ----------
    n : int
        People.
    clusters : int or None
        Clusters; None where people were taken as independent.
    at_risk : ndarray, shape (days,)
        Those engaged as the day begins.
    events : ndarray, shape (causes, days)
        Those who left that day.
    estimate : ndarray, shape (causes, days)
        Share who have left for the cause by the end of the day. With the share still engaged
        the causes add up to 1. Carried on where nobody is at risk any more.
    std_error : ndarray, shape (causes, days)
        For independent people.
    robust_std_error : ndarray, shape (causes, days)
        Allows for clusters, and for weights; NaN without clusters.
    conf_low, conf_high : ndarray, shape (causes, days)
        From `std_error` and the normal distribution; NaN where the share is 0 or 1.
    robust_conf_low, robust_conf_high : ndarray, shape (causes, days)
        From `robust_std_error` and t with clusters less 1 df.
    conf_level : float
    method : str
    """

    n: int
    clusters: int | None
    at_risk: Array
    events: Array
    estimate: Array
    std_error: Array
    robust_std_error: Array
    conf_low: Array
    conf_high: Array
    robust_conf_low: Array
    robust_conf_high: Array
    conf_level: float
    method: str = "Aalen-Johansen; limits by log(-log); robust limits by t, df = clusters - 1"


def cumulative_incidence(counts: DayCounts, *, conf_level: float = 0.95) -> Incidence:
    """Estimate the share who have left for each cause, day by day.

    Parameters
    ----------
    counts : DayCounts
        Of one group.
    conf_level : float
        Coverage of the limits, each day by itself.

    Returns
    -------
    Incidence

    Raises
    ------
    FitError
        The level does not lie between 0 and 1.

    Notes
    -----
    With weights only the robust error is to be used. With few clusters it is too small; t
    makes up for part of that.

    Sources: Aalen & Johansen 1978, Scand J Stat 5:141; robust error: Therneau & Grambsch 2000,
    Modeling survival data, 7.2. Agrees with R's survival (`survfit`, several causes):
    tests/reference.
    """
    table = day_table(counts)
    influence = cluster_influence(counts, table).incidence
    error, robust = _model_error(table), robust_error(counts, influence)
    low, high = log_log_limits(table.incidence, error, math.inf, conf_level)
    df = counts.clusters - 1
    robust_low, robust_high = log_log_limits(table.incidence, robust, df, conf_level)
    return Incidence(
        n=counts.n,
        clusters=counts.clusters if counts.clustered else None,
        at_risk=table.at_risk,
        events=table.by_cause,
        estimate=table.incidence,
        std_error=error,
        robust_std_error=robust,
        conf_low=low,
        conf_high=high,
        robust_conf_low=robust_low,
        robust_conf_high=robust_high,
        conf_level=conf_level,
    )


def variance_parts(table: DayTable) -> tuple[Array, Array, Array]:
    """Give the variances and the covariance, day by day, of which the errors are made.

    Parameters
    ----------
    table : DayTable

    Returns
    -------
    leaving : ndarray, shape (days,)
        Variance of leaving for any cause, d / {Y (Y - d)}; 0 where all leave.
    by_cause : ndarray, shape (causes, days)
        Variance of leaving for the cause, d_k (Y - d_k) / Y^3.
    both : ndarray, shape (causes, days)
        Their covariance, d_k / Y^2.
    """
    at_risk, events, by_cause = table.at_risk, table.events, table.by_cause
    return (
        share(events, at_risk * (at_risk - events)),
        share(by_cause * (at_risk - by_cause), at_risk**3),
        share(by_cause, at_risk**2),
    )


def _model_error(table: DayTable) -> Array:
    leaving, by_cause, both = variance_parts(table)
    F, before = table.incidence, table.before

    def total(values: Array) -> Array:
        return np.cumsum(values, axis=-1)

    # The square {F(t) - F(s)}^2 written out, so that the days need no second loop.
    squares = F**2 * total(leaving) - 2 * F * total(F * leaving) + total(F**2 * leaving)
    crossed = F * total(before * both) - total(F * before * both)
    variance = squares + total(before**2 * by_cause) - 2 * crossed
    return np.sqrt(np.maximum(variance, 0.0))
