"""The share who have left for each cause by each day, with its errors and limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.survival.day_counts import DayCounts
from splw_eval.stats.survival.influence import (
    DayTable,
    Influence,
    cluster_influence,
    day_table,
    robust_error,
    share,
)
from splw_eval.stats.survival.limits import ConfType, EstimatedCurve, curve_fields

Array = NDArray[np.float64]
Variance = Literal["survfit", "cmprsk"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Incidence(EstimatedCurve):
    """Aalen-Johansen curves, one row for each cause and one column for each day from 0.

    The estimate is the share who have left for the cause by the end of the day, carried on
    where nobody is at risk any more. With the share still engaged the causes add up to 1.

    Attributes
    ----------
    variance : str
        The form of `std_error`: R's "survfit" or "cmprsk".
    """

    variance: Variance


def cumulative_incidence(
    counts: DayCounts,
    *,
    conf_level: float = 0.95,
    conf_type: ConfType = "log-log",
    variance: Variance = "survfit",
    table: DayTable | None = None,
    influence: Influence | None = None,
) -> Incidence:
    """Estimate the share who have left for each cause, day by day.

    Parameters
    ----------
    counts : DayCounts
        Of one group.
    conf_level : float
        Coverage of the limits, each day by itself.
    conf_type : str
        Scale of the limits: "log-log", "log" or "plain".
    variance : str
        Form of the error for independent people. "survfit" takes the people at risk as given
        shares; "cmprsk" takes leavings on one day as drawn without replacement, and each
        cause's as independent of the others'.
    table, influence : DayTable, Influence, optional
        Of the same counts, where they were worked out before.

    Returns
    -------
    Incidence

    Raises
    ------
    FitError
        The level does not lie between 0 and 1, or the scale or the form is not known.

    Notes
    -----
    With weights only the robust error is to be used. With few clusters it is too small; t
    makes up for part of that.

    Sources: Aalen & Johansen 1978, Scand J Stat 5:141; "cmprsk": Gray 1988, Ann Stat 16:1141;
    robust error: Therneau & Grambsch 2000, Modeling survival data, 7.2. Agrees with R's
    survival (`survfit`, several causes) and cmprsk (`cuminc`): tests/reference.
    """
    if variance not in ("survfit", "cmprsk"):
        raise FitError(f"variance is {variance!r}, but must be one of survfit, cmprsk.")
    table = table or day_table(counts)
    influence = influence or cluster_influence(counts, table)
    squares = _variance(table) if variance == "survfit" else _separate_variance(table)
    fields = curve_fields(
        counts,
        table.incidence,
        np.sqrt(np.maximum(squares, 0.0)),
        robust_error(counts, influence.incidence),
        conf_level=conf_level,
        conf_type=conf_type,
        name="Aalen-Johansen",
    )
    return Incidence(at_risk=table.at_risk, events=table.by_cause, variance=variance, **fields)


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


def _total(values: Array) -> Array:
    total: Array = np.cumsum(values, axis=-1)
    return total


def _variance(table: DayTable) -> Array:
    leaving, by_cause, both = variance_parts(table)
    F, before = table.incidence, table.before
    # The square {F(t) - F(s)}^2 written out, so that the days need no second loop.
    squares = F**2 * _total(leaving) - 2 * F * _total(F * leaving) + _total(F**2 * leaving)
    crossed = F * _total(before * both) - _total(F * before * both)
    variance: Array = squares + _total(before**2 * by_cause) - 2 * crossed
    return variance


def _separate_variance(table: DayTable) -> Array:
    own = _day_variance(table, table.by_cause)
    both = own + _day_variance(table, table.events - table.by_cause)
    # A leaving for any cause moves the later curve by {F(s) - F(t)} / S(s), one for the
    # cause by 1 more. Where nobody is left, only that 1 remains.
    per_left = share(np.ones_like(table.survival), table.survival)
    F, moved = table.incidence, table.incidence * per_left
    squares = (
        _total(moved**2 * both)
        - 2 * F * _total(moved * per_left * both)
        + F**2 * _total(per_left**2 * both)
    )
    crossed = _total(moved * own) - F * _total(per_left * own)
    variance: Array = squares + 2 * crossed + _total(own)
    return variance


def _day_variance(table: DayTable, leaving: Array) -> Array:
    # Drawn without replacement: less spread, the more leave on one day.
    spread = np.where(leaving > 1, share(table.at_risk - leaving, table.at_risk - 1), 1.0)
    variance: Array = table.before**2 * spread * share(leaving, table.at_risk**2)
    return variance
