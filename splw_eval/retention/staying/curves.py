"""The share still engaged day by day, from a data frame: table, medians, mean days engaged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.retention.asked_columns import Asked
from splw_eval.retention.checks import check_level, check_word, refuse
from splw_eval.retention.columns import Floats, TimeRows, read_rows
from splw_eval.retention.plain_text import curve_text, level_text
from splw_eval.retention.staying import curve_notes
from splw_eval.retention.staying.at_days import at_days
from splw_eval.retention.staying.groups import (
    Grid,
    Group,
    check_horizon,
    check_reach,
    check_size,
    grid_of,
    groups_of,
)
from splw_eval.retention.staying.means import mean_columns
from splw_eval.stats.survival.curves import Curve, survival_curve
from splw_eval.stats.survival.limits import ConfType
from splw_eval.stats.survival.quantiles import time_quantile

if TYPE_CHECKING:
    import pandas as pd

CONF_TYPES = ("log-log", "log", "plain")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class RetentionCurves:
    """Kaplan-Meier curves of one or more groups.

    Attributes
    ----------
    table : DataFrame
        One row for each group and day on which anybody left or was last seen: ``group day
        at_risk events censored estimate std_error conf_low conf_high``; with practices also
        ``robust_std_error robust_conf_low robust_conf_high``.
    summary : DataFrame
        One row for each group: ``group n events clusters median median_low median_high``; with
        a horizon also ``horizon restricted_mean`` with its standard errors and limits, in days.
        A median that is not reached is missing there (NaN), and "not reached" in print; a
        limit of it that cannot be had is "none". With practices its limits are robust, but
        those of people where a group has one practice.
    method : str
        Estimators, limits and the rule of their degrees of freedom.
    notes : tuple of str
        What a reader must know.
    horizon : float or None
    conf_level : float
    """

    table: pd.DataFrame
    summary: pd.DataFrame
    method: str
    notes: tuple[str, ...]
    horizon: float | None
    conf_level: float

    def to_frame(self) -> pd.DataFrame:
        """The table, as a copy."""
        return self.table.copy()

    def at(self, days: float | Sequence[float]) -> pd.DataFrame:
        """Values on given days.

        Parameters
        ----------
        days : float, or sequence of float

        Returns
        -------
        DataFrame
            ``group day at_risk left_so_far censored_so_far``, then the columns of the table
            from ``estimate`` on, and ``note``. A value holds until the next day on which
            somebody left; beyond the last day seen it is missing, as the note says.

        Raises
        ------
        RetentionError
            A day is no number from 0.
        """
        return at_days(self.table, days, keys=["group"])

    def __repr__(self) -> str:
        return f"<RetentionCurves: {self.notes[0]}>"

    def __str__(self) -> str:
        return curve_text("Share still there", self.summary, self.method, self.notes)


def retention_curve(
    frame: pd.DataFrame,
    *,
    time: str,
    event: str,
    by: str | None = None,
    cluster: str | None = None,
    horizon: float | None = None,
    weights: str | None = None,
    conf_level: float = 0.95,
    conf_type: ConfType = "log-log",
    causes: Mapping[int, str] | None = None,
) -> RetentionCurves:
    """Estimate the share of people still engaged, day by day.

    Parameters
    ----------
    frame : DataFrame
        One row for each person or episode.
    time : str
        Column of days from time zero to leaving, or to being last seen; 0 is allowed, and so
        are parts of days.
    event : str
        Column of endings: 0 (or False) is still engaged when last seen, 1, 2, ... (or True) are
        the causes of leaving; all causes together count as leaving. On one day leavings
        come before those last seen.
    by : str, optional
        Column of groups.
    cluster : str, optional
        Column of practices. They give the robust errors and limits, by t with practices of the
        group less 1 degrees of freedom.
    horizon : float, optional
        Days up to which the mean days engaged are taken.
    weights : str, optional
        Column of weights above 0.
    conf_level : float
        Of the limits, each day by itself.
    conf_type : str
        Scale of the limits: ``log-log``, ``log`` (R's default) or ``plain``.
    causes : mapping of int to str, optional
        The codes there may be; any other code is then refused.

    Returns
    -------
    RetentionCurves

    Raises
    ------
    RetentionError
        Columns or options cannot be used; every reason, with its column, its rows and its
        remedy.

    Sources
    -------
    Kaplan & Meier 1958, J Am Stat Assoc 53:457; Greenwood 1926; Kalbfleisch & Prentice 2002,
    The statistical analysis of failure time data, 1.4; Klein & Moeschberger 2003, Survival
    analysis, 4.5; Therneau & Grambsch 2000, Modeling survival data, 7.2 (robust errors).
    Agrees with R's survival (``survfit``): docs/methods/retention.md.
    """
    asked = Asked(time=time, event=event, by=by, cluster=cluster, weights=weights, causes=causes)
    options = [
        *check_level(conf_level),
        *check_word("conf_type", conf_type, CONF_TYPES),
        *check_horizon(horizon),
    ]
    rows = read_rows(frame, asked, more=options)
    grid = grid_of(rows, horizon)
    refuse(check_size(rows, grid, cluster))
    groups = groups_of(rows, grid, by_cause=False)
    refuse(check_reach(groups, grid, horizon))
    curves = [survival_curve(g.counts, conf_level=conf_level, conf_type=conf_type) for g in groups]
    import pandas as pd

    tables = [_table(g, c, grid) for g, c in zip(groups, curves, strict=True)]
    summaries = [
        _summary(group, curve, grid, horizon, conf_level)
        for group, curve in zip(groups, curves, strict=True)
    ]
    return RetentionCurves(
        table=pd.concat(tables, ignore_index=True),
        summary=pd.DataFrame(summaries),
        method="; ".join(_method(rows, time, conf_type, conf_level, horizon)),
        notes=tuple(_notes(rows, groups, curves)),
        horizon=horizon,
        conf_level=conf_level,
    )


def _table(group: Group, curve: Curve, grid: Grid) -> pd.DataFrame:
    import pandas as pd

    seen = np.flatnonzero(group.counts.counts.any(axis=(0, 1)))
    made: dict[str, Any] = {
        "group": group.name,
        "day": days_of(grid.times[seen]),
        "at_risk": counted(curve.at_risk[seen]),
        "events": counted(curve.events[seen]),
        "censored": counted(curve.censored[seen]),
        "estimate": curve.estimate[seen],
        "std_error": curve.std_error[seen],
        "conf_low": curve.conf_low[seen],
        "conf_high": curve.conf_high[seen],
    }
    if group.counts.clustered:
        made["robust_std_error"] = curve.robust_std_error[seen]
        made["robust_conf_low"] = curve.robust_conf_low[seen]
        made["robust_conf_high"] = curve.robust_conf_high[seen]
    return pd.DataFrame(made)


def days_of(times: Floats) -> Any:
    """Days as whole numbers where all are.

    Parameters
    ----------
    times : ndarray

    Returns
    -------
    ndarray of int or float
    """
    return times.astype(np.int64) if (times == np.floor(times)).all() else times


def counted(values: Floats) -> Any:
    """Numbers of people as whole numbers; sums of weights stay as they are.

    Parameters
    ----------
    values : ndarray

    Returns
    -------
    ndarray of int or float
    """
    return days_of(values)


def _summary(
    group: Group, curve: Curve, grid: Grid, horizon: float | None, conf_level: float
) -> dict[str, Any]:
    found = time_quantile(curve, times=grid.times)
    robust = group.counts.clustered and group.counts.clusters > 1
    made: dict[str, Any] = {
        "group": group.name,
        "n": group.counts.n,
        "events": counted(np.atleast_1d(curve.events.sum()))[0],
        "clusters": curve.clusters,
        "median": found.estimate,
        "median_low": found.robust_conf_low if robust else found.conf_low,
        "median_high": found.robust_conf_high if robust else found.conf_high,
    }
    if horizon is not None:
        made |= mean_columns(group.counts, grid, horizon, conf_level)
    return made


def _method(
    rows: TimeRows, time: str, conf_type: str, conf_level: float, horizon: float | None
) -> Iterator[str]:
    yield "Kaplan-Meier"
    limits = f"{level_text(conf_level)} limits on the scale {conf_type}"
    yield f"standard errors by Greenwood's formula, {limits}"
    if rows.cluster is not None:
        yield "robust errors by the influence of practices, their limits by t, df = practices - 1"
        yield "limits of the median from the robust limits"
    if horizon is not None:
        yield f"mean time ({time}) up to {horizon:g}: area under the curve"


def _notes(rows: TimeRows, groups: list[Group], curves: list[Curve]) -> Iterator[str]:
    yield from curve_notes.of_rows(rows, groups)
    yield from curve_notes.pooled(rows)
    paired = list(zip(groups, curves, strict=True))
    stay = [group for group, curve in paired if not curve.events.any()]
    for _, whose in curve_notes.each_of(stay, groups):
        yield f"Nobody{whose} left: the curve stays at 1, without limits."
    half = [
        group
        for group, curve in paired
        if curve.events.any() and np.isnan(time_quantile(curve).estimate)
    ]
    for _, whose in curve_notes.each_of(half, groups):
        yield f"The median{whose} is not reached."
    yield from curve_notes.practices(groups)
    yield from curve_notes.weighted(rows)
