"""The share still engaged on each day, with its errors and limits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curve(EstimatedCurve):
    """The Kaplan-Meier curve, one value for each day from 0.

    The estimate is the share still engaged after the day, carried on where nobody is at risk
    any more. Its errors (Greenwood's, and the robust one) are NaN once nobody is left engaged.

    Attributes
    ----------
    censored : ndarray, shape (days,)
        Those last seen that day, still engaged; sums of weights where weighted.
    """

    censored: Array


def survival_curve(
    counts: DayCounts,
    *,
    conf_level: float = 0.95,
    conf_type: ConfType = "log-log",
    table: DayTable | None = None,
    influence: Influence | None = None,
) -> Curve:
    """Estimate the share still engaged, day by day.

    Parameters
    ----------
    counts : DayCounts
        Of one group. Every cause counts as leaving.
    conf_level : float
        Coverage of the limits, each day by itself.
    conf_type : str
        Scale of the limits: "log-log", "log" or "plain".
    table, influence : DayTable, Influence, optional
        Of the same counts, where they were worked out before.

    Returns
    -------
    Curve

    Raises
    ------
    FitError
        The level does not lie between 0 and 1, or the scale is none of the three.

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
    table = table or day_table(counts)
    influence = influence or cluster_influence(counts, table)
    some_left = table.survival > 0
    fields = curve_fields(
        counts,
        table.survival,
        np.where(some_left, _greenwood(table), np.nan),
        np.where(some_left, robust_error(counts, influence.survival), np.nan),
        conf_level=conf_level,
        conf_type=conf_type,
        name="Kaplan-Meier",
    )
    censored = counts.counts[:, 0].sum(axis=0, dtype=np.float64)
    return Curve(at_risk=table.at_risk, events=table.events, censored=censored, **fields)


def _greenwood(table: DayTable) -> Array:
    per_day = share(table.events, table.at_risk * (table.at_risk - table.events))
    return table.survival * np.sqrt(np.cumsum(per_day))
