"""The share who have left for each cause day by day, from a data frame."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.retention.asked_columns import Asked
from splw_eval.retention.checks import check_level, check_word, finding, refuse
from splw_eval.retention.columns import TimeRows, read_rows
from splw_eval.retention.plain_text import curve_text, level_text
from splw_eval.retention.staying import curve_notes
from splw_eval.retention.staying.at_days import at_days
from splw_eval.retention.staying.curves import CONF_TYPES, counted, days_of
from splw_eval.retention.staying.groups import (
    Grid,
    Group,
    check_horizon,
    check_reach,
    check_size,
    grid_of,
    groups_of,
)
from splw_eval.retention.staying.means import lost_columns
from splw_eval.stats.survival.incidence import Incidence, Variance
from splw_eval.stats.survival.incidence import cumulative_incidence as incidence_of_counts
from splw_eval.stats.survival.limits import ConfType

if TYPE_CHECKING:
    import pandas as pd

VARIANCES = ("survfit", "cmprsk")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class IncidenceCurves:
    """Aalen-Johansen curves of every cause in one or more groups.

    Attributes
    ----------
    table : DataFrame
        One row for each group, cause and day on which anybody left or was last seen: ``group
        cause day at_risk events censored estimate std_error conf_low conf_high engaged``; with
        practices also ``robust_std_error robust_conf_low robust_conf_high``. `events` are
        those of the cause; `engaged` is the share still engaged, and with the estimates of all
        causes it adds up to 1.
    summary : DataFrame
        One row for each group and cause: ``group cause n events clusters day estimate``, the
        share on `day`, the last on which anybody of the group was seen; with a horizon also
        ``horizon time_lost`` with its standard errors and limits, in the unit of the times.
    method : str
    notes : tuple of str
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
            ``group cause day at_risk left_so_far censored_so_far``, then the columns of the
            table from ``estimate`` on, and ``note``; as in `RetentionCurves.at`.

        Raises
        ------
        RetentionError
            A day is no number from 0.
        """
        found = at_days(self.table, days, keys=["group", "cause"], before=0.0)
        found["engaged"] = found["engaged"].where(
            found["engaged"].notna() | found["note"].ne(""), 1.0
        )
        return found

    def __repr__(self) -> str:
        return f"<IncidenceCurves: {self.notes[0]}>"

    def __str__(self) -> str:
        return curve_text("Share who left, by cause", self.summary, self.method, self.notes)


def cumulative_incidence(  # noqa: PLR0913 - each is a choice that a reader must see
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
    variance: Variance = "survfit",
) -> IncidenceCurves:
    """Estimate the share of people who have left for each cause, day by day.

    Parameters
    ----------
    frame : DataFrame
        One row for each person or episode.
    time, event, by, cluster, horizon, weights, conf_level, conf_type
        As in `retention_curve`; causes are kept apart, and the horizon is for the mean days
        lost to each cause.
    causes : mapping of int to str, optional
        Names of the causes, such as ``{1: "completed", 2: "dropped out"}``; a code that is not
        among them is refused, and a cause that nobody left for has a curve of 0.
    variance : str
        ``survfit``, as R's survival, or ``cmprsk``, as R's cmprsk; they differ little. The
        robust errors and those of the time lost are the same under both.

    Returns
    -------
    IncidenceCurves

    Raises
    ------
    RetentionError
        As in `retention_curve`; or nobody left and no cause is named.

    Notes
    -----
    This is never 1 less a Kaplan-Meier curve with the other causes censored, which claims
    too many leavings for every cause.

    Sources
    -------
    Aalen & Johansen 1978, Scand J Stat 5:141; Andersen 2013, Stat Med 32:5278 (time lost);
    Therneau & Grambsch 2000, Modeling survival data, 7.2 (robust errors); Latouche and others
    2013, J Clin Epidemiol 66:648 (tell all causes). docs/methods/retention.md.
    """
    asked = Asked(time=time, event=event, by=by, cluster=cluster, weights=weights, causes=causes)
    options = [
        *check_level(conf_level),
        *check_word("conf_type", conf_type, CONF_TYPES),
        *check_word("variance", variance, VARIANCES),
        *check_horizon(horizon),
    ]
    rows = read_rows(frame, asked, more=options)
    if not rows.causes:
        problem = "everybody was still engaged when last seen, so there is no cause"
        remedy = "Name the causes there could have been: causes=."
        refuse([finding("SR14", problem, remedy, column=event)])
    grid = grid_of(rows, horizon)
    refuse(check_size(rows, grid, cluster))
    groups = groups_of(rows, grid, by_cause=True)
    refuse(check_reach(groups, grid, horizon))
    words = (time, conf_type, variance)
    return _curves(rows, grid, groups, words, horizon, conf_level)


def _curves(
    rows: TimeRows,
    grid: Grid,
    groups: list[Group],
    words: tuple[str, ConfType, Variance],
    horizon: float | None,
    conf_level: float,
) -> IncidenceCurves:
    import pandas as pd

    _, conf_type, variance = words
    names = list(rows.causes.values())
    tables: list[pd.DataFrame] = []
    summaries: list[dict[str, Any]] = []
    for group in groups:
        curve = incidence_of_counts(
            group.counts, conf_level=conf_level, conf_type=conf_type, variance=variance
        )
        tables += _tables(group, curve, grid, names)
        summaries += _summaries(group, curve, grid, names, horizon, conf_level)
    return IncidenceCurves(
        table=pd.concat(tables, ignore_index=True),
        summary=pd.DataFrame(summaries),
        method="; ".join(_method(rows, words, conf_level, horizon)),
        notes=tuple(_notes(rows, groups)),
        horizon=horizon,
        conf_level=conf_level,
    )


def _tables(group: Group, curve: Incidence, grid: Grid, names: list[str]) -> Iterator[pd.DataFrame]:
    import pandas as pd

    seen = np.flatnonzero(group.counts.counts.any(axis=(0, 1)))
    censored = group.counts.counts[:, 0].sum(axis=0)[seen].astype(float)
    for place, name in enumerate(names):
        made: dict[str, Any] = {
            "group": group.name,
            "cause": name,
            "day": days_of(grid.times[seen]),
            "at_risk": counted(curve.at_risk[seen]),
            "events": counted(curve.events[place, seen]),
            "censored": counted(censored),
            "estimate": curve.estimate[place, seen],
            "std_error": curve.std_error[place, seen],
            "conf_low": curve.conf_low[place, seen],
            "conf_high": curve.conf_high[place, seen],
        }
        if group.counts.clustered:
            made["robust_std_error"] = curve.robust_std_error[place, seen]
            made["robust_conf_low"] = curve.robust_conf_low[place, seen]
            made["robust_conf_high"] = curve.robust_conf_high[place, seen]
        made["engaged"] = 1.0 - curve.estimate[:, seen].sum(axis=0)
        yield pd.DataFrame(made)


def _summaries(
    group: Group,
    curve: Incidence,
    grid: Grid,
    names: list[str],
    horizon: float | None,
    conf_level: float,
) -> Iterator[dict[str, Any]]:
    lost: list[dict[str, Any]] = [{} for _ in names]
    if horizon is not None:
        lost = lost_columns(group.counts, grid, horizon, conf_level)
    for place, name in enumerate(names):
        yield {
            "group": group.name,
            "cause": name,
            "n": group.counts.n,
            "events": counted(np.atleast_1d(curve.events[place].sum()))[0],
            "clusters": curve.clusters,
            "day": days_of(np.atleast_1d(group.last))[0],
            "estimate": float(curve.estimate[place, -1]),
            **lost[place],
        }


def _method(
    rows: TimeRows, words: tuple[str, str, str], conf_level: float, horizon: float | None
) -> Iterator[str]:
    time, conf_type, variance = words
    yield "Aalen-Johansen, never 1 - Kaplan-Meier"
    yield f"standard errors as in R's {'survival' if variance == 'survfit' else 'cmprsk'}"
    yield f"{level_text(conf_level)} limits on the scale {conf_type}"
    if rows.cluster is not None:
        yield "robust errors by the influence of practices, their limits by t, df = practices - 1"
    if horizon is not None:
        yield f"mean time lost ({time}) up to {horizon:g}: area under the curve of the cause"


def _notes(rows: TimeRows, groups: list[Group]) -> Iterator[str]:
    yield from curve_notes.of_rows(rows, groups)
    for code, name in rows.causes.items():
        if not (rows.event == code).any():
            yield f'Nobody left for the cause "{name}".'
    yield from curve_notes.practices(groups)
    yield from curve_notes.weighted(rows)
