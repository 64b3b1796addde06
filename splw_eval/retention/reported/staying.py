"""Curves of those who stayed and of those who left for each cause, step by step."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from splw_eval.core.errors import FitError
from splw_eval.core.result import Note, Result
from splw_eval.core.retention_rows import STAYED, CurveRow
from splw_eval.data import Study
from splw_eval.retention.reported.kinds import ENGAGEMENT, Kind, kinds_of, why_not
from splw_eval.retention.staying.curves import retention_curve
from splw_eval.retention.staying.incidence import cumulative_incidence

if TYPE_CHECKING:
    import pandas as pd

ROUND_DAYS = 15  # so that a step tells of no day on which somebody left
_SOURCES = (
    "Kaplan & Meier 1958, J Am Stat Assoc 53:457",
    "Aalen & Johansen 1978, Scand J Stat 5:141",
    "Therneau & Grambsch 2000, Modeling survival data, 7.2 (errors by practice)",
)
_READING = (
    "Each curve falls or rises on the days on which people left. Who was still there when last "
    "seen counts up to that day, and is not taken for somebody who left.",
    "Each cause has its own curve, and with those still there they add up to all: people who "
    "completed are never counted among those who dropped out, nor left out of their number.",
    "Intervals are of each day by itself. With practices they allow for people of one practice "
    "being alike, by t with practices less 1 degrees of freedom; with few practices they are "
    "still somewhat too narrow.",
)


def describe_staying(study: Study) -> Result[CurveRow]:
    """Give the curves of both kinds of retention.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of CurveRow
        For each kind and group the share still there, then the share gone for each cause that
        happened. No rows for a kind that cannot be told; a note says why.
    """
    rows: list[CurveRow] = []
    notes: list[Note] = []
    for kind in kinds_of(study):
        notes += kind.notes
        if kind.frame is not None:
            try:
                rows += _curves(kind, kind.frame)
            except FitError as error:
                notes += why_not(error)
    reading = _READING if rows else ()
    return Result(
        key="staying",
        title="Who stayed, and for how long",
        unit="per cent of people",
        row_type=CurveRow,
        rows=tuple(rows),
        notes=(*notes, *(Note(text=words) for words in reading)),
        sources=_SOURCES if rows else (),
    )


def _curves(kind: Kind, frame: pd.DataFrame) -> Iterator[CurveRow]:
    asked: dict[str, Any] = {
        "time": "day",
        "event": "event",
        "by": "arm",
        "cluster": "cluster" if kind.clustered else None,
    }
    stayed = retention_curve(frame, **asked)
    left = cumulative_incidence(frame, **asked, causes=kind.causes)
    sizes = stayed.summary.set_index("group")
    for group, curve in stayed.table.groupby("group", sort=False):
        size = sizes.loc[group]
        yield from _rows(kind, group, STAYED, curve, size)
        own = left.table[left.table["group"] == group]
        for cause, gone in own.groupby("cause", sort=False):
            if gone["events"].any():
                yield from _rows(kind, group, cause, gone, size)


def _rows(kind: Kind, group: Any, cause: Any, curve: pd.DataFrame, size: Any) -> Iterator[CurveRow]:
    low, high = _limits(size)
    method = "Kaplan-Meier" if cause == STAYED else "Aalen-Johansen"
    happened = curve[curve["events"] > 0]
    shown = happened if len(happened) else curve.tail(1)
    for row in shown.to_dict("records"):
        yield CurveRow(
            what=kind.what,
            group=str(group),
            cause=str(cause),
            day=float(row["day"]),
            round_day=_round_day(kind, float(row["day"])),
            n=int(size["n"]),
            events=int(row["events"]),
            estimate=float(row["estimate"]),
            conf_low=known(row[low]),
            conf_high=known(row[high]),
            clusters=clusters_of(size),
            method=method,
        )


def _round_day(kind: Kind, day: float) -> float:
    """The next round day; days of measurement are planned, so they are round as they are."""
    if kind.what != ENGAGEMENT:
        return day
    found = math.ceil(day / ROUND_DAYS) * ROUND_DAYS
    return float(kind.horizon if day <= kind.horizon < found else found)


def _limits(size: Any) -> tuple[str, str]:
    """Columns of the limits: those by practice where there are at least two."""
    if (clusters_of(size) or 0) > 1:
        return "robust_conf_low", "robust_conf_high"
    return "conf_low", "conf_high"


def clusters_of(size: Any) -> int | None:
    """Practices of a group; None where they are not known."""
    found = size["clusters"]
    return None if found is None or math.isnan(found) else int(found)


def known(value: Any) -> float | None:
    """A finite number, or None where there is none."""
    return None if value is None or not math.isfinite(value) else float(value)
