"""Where people stood on round days, and how long they stayed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from splw_eval.core.errors import FitError
from splw_eval.core.plan import planned_day
from splw_eval.core.result import Note, Result
from splw_eval.core.retention_rows import StandingRow, StayRow, WatchedRow
from splw_eval.data import Study
from splw_eval.retention.reported.kinds import ENGAGEMENT, Kind, episodes_of, kinds_of, why_not
from splw_eval.retention.reported.staying import clusters_of, known
from splw_eval.retention.staying.curves import RetentionCurves, retention_curve

if TYPE_CHECKING:
    import pandas as pd

DAYS = (30, 90, 180, 270, 365, 548, 730)
DRAWN = DAYS[1:]  # beneath a curve there is room for so many
_COMPLETED, _DROPPED_OUT = 1, 2
_ROUNDING = 1e-9
_DEFAULT = " (default)"
_TOUCHED = (
    (
        "lost touch by the rule, closed later as planned",
        "{n} lost touch by the rule and were closed as planned later; they count as dropped out.",
    ),
    (
        "came back after so many days without contact",
        "{n} came back after so many days without contact.",
    ),
    (
        "left out: a later episode of the same person",
        "{n} later episodes of the same people are left out.",
    ),
    (
        "left out: ended, day not recorded",
        "{n} episodes ended on a day that is not recorded; they are left out.",
    ),
    ("contacts left out: after the close", "{n} contacts after the close are not used."),
    (
        "contacts with attended empty",
        "{n} contacts have attended empty and count as not attended.",
    ),
)
NOT_REACHED = "not reached"
NO_MEAN = (
    "no mean is told where all were there up to the last day before the horizon: it would be the "
    "horizon, and tell nothing of those who left on that day."
)


def describe_standing(study: Study) -> Result[StandingRow]:
    """Count, on round days, who was still engaged, who had left how, and who was not watched.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of StandingRow
        For each group with episodes; the parts of a row add up to its people. Counts of what
        was seen, not estimates: those not watched so long stand apart.
    """
    kind = kinds_of(study)[0]
    rows: tuple[StandingRow, ...] = ()
    if kind.frame is not None:
        rows = tuple(_standing(kind, kind.frame))
    words = "Counts of what was seen, at the end of the day; the parts add up to all people."
    return Result(
        key="standing",
        title="Where people stood after some time",
        unit="people",
        row_type=StandingRow,
        rows=rows,
        notes=(
            *kind.notes,
            *((Note(text=words),) if rows else ()),
            *(Note(text=rule.replace(_DEFAULT, "")) for rule in kind.rules.values()),
            *(_touched(study) if rows else ()),
        ),
    )


def _touched(study: Study) -> Iterator[Note]:
    """Say how many episodes the rules touched; their numbers are masked as counts."""
    counts = episodes_of(study).counts
    for name, words in _TOUCHED:
        if counts.get(name):
            yield Note(text=words, counts={"n": counts[name]})


def _standing(kind: Kind, frame: pd.DataFrame) -> Iterator[StandingRow]:
    for group, own in frame.groupby("arm", sort=False):
        day, event = own["day"].to_numpy(), own["event"].to_numpy()
        for until in (*(d for d in DAYS if d < kind.horizon), kind.horizon):
            by = day <= until
            there = (day > until) | ((day == until) & (event == 0))
            yield StandingRow(
                what=kind.what,
                group=str(group),
                day=float(until),
                n=len(own),
                there=int(there.sum()),
                completed=int((by & (event == _COMPLETED)).sum()),
                dropped_out=int((by & (event == _DROPPED_OUT)).sum()),
                ended_otherwise=int((by & (event > _DROPPED_OUT)).sum()),
                not_seen=int(((day < until) & (event == 0)).sum()),
            )


def describe_watched(study: Study) -> Result[WatchedRow]:
    """Count those still there and watched, as the days drawn beneath the curves began.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of WatchedRow
        For both kinds of retention and every group, on days up to the horizon.
    """
    rows = [
        WatchedRow(what=kind.what, group=str(group), day=float(at), at_risk=int((day >= at).sum()))
        for kind in kinds_of(study)
        if kind.frame is not None
        for group, day in kind.frame.groupby("arm", sort=False)["day"]
        for at in _drawn(kind, study)
    ]
    notes = {note.text: note for kind in kinds_of(study) for note in kind.notes}
    return Result(
        key="watched",
        title="People still there and watched",
        unit="people",
        row_type=WatchedRow,
        rows=tuple(rows),
        notes=tuple(notes.values()),
    )


def _drawn(kind: Kind, study: Study) -> tuple[int, ...]:
    """Days beneath the curves: round ones of engagement, those of the waves of measurement."""
    waves = tuple(planned_day(wave) for wave in study.plan.waves[1:])
    days = DRAWN if kind.what == ENGAGEMENT else waves
    return (0, *(day for day in days if day < kind.horizon), kind.horizon)


def describe_stay(study: Study) -> Result[StayRow]:
    """Give the median and the mean time for which each group stayed.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of StayRow
        For both kinds of retention. A median that half of the people did not come to is said
        to be not reached. The mean counts days up to the horizon only; where nobody was
        watched for so long there is none, and a note says so.
    """
    rows: list[StayRow] = []
    notes: list[Note] = []
    for kind in kinds_of(study):
        notes += kind.notes
        if kind.frame is None:
            continue
        for group, own in kind.frame.groupby("arm", sort=False):
            found, told = _stay(kind, str(group), own)
            rows += found
            notes += told
            if any(row.mean_days is None for row in found) and not told:
                notes.append(Note(text=f"{kind.what}: {NO_MEAN}"))
    words = (
        "The mean counts the days up to the horizon, also of those who had left by then; nobody "
        "can have more than the horizon. Its interval is by t with practices less 1 degrees of "
        "freedom, or by the normal distribution where practices are not known."
    )
    return Result(
        key="stay",
        title="How long people stayed",
        unit="days",
        row_type=StayRow,
        rows=tuple(rows),
        notes=(*_once(notes), *((Note(text=words),) if rows else ())),
        sources=("Klein & Moeschberger 2003, Survival analysis, 4.5",) if rows else (),
    )


def _limit(found: Any, robust: str, side: str) -> float | None:
    return known(found.get(f"restricted_mean_{robust}conf_{side}", float("nan")))


def _once(notes: list[Note]) -> Iterator[Note]:
    yield from {note.text: note for note in notes}.values()


def _stay(kind: Kind, group: str, own: pd.DataFrame) -> tuple[list[StayRow], tuple[Note, ...]]:
    several = kind.clustered and own["cluster"].nunique() > 1
    asked: dict[str, Any] = {
        "time": "day", "event": "event", "cluster": "cluster" if several else None,
    }  # fmt: skip
    try:
        return [_row(kind, group, retention_curve(own, **asked, horizon=kind.horizon))], ()
    except FitError as error:
        told = why_not(error)
    try:
        return [_row(kind, group, retention_curve(own, **asked))], told
    except FitError as error:
        return [], why_not(error)


def _row(kind: Kind, group: str, curves: RetentionCurves) -> StayRow:
    found = curves.summary.iloc[0]
    robust = "robust_" if (clusters_of(found) or 0) > 1 else ""
    mean = known(found.get("restricted_mean", float("nan")))
    if mean is not None and mean >= kind.horizon - _ROUNDING:
        mean = None
    median = known(found["median"])
    return StayRow(
        what=kind.what,
        group=group,
        horizon=kind.horizon,
        n=int(found["n"]),
        events=int(found["events"]),
        median=median,
        reached="reached" if median is not None else NOT_REACHED,
        mean_days=mean,
        conf_low=None if mean is None else _limit(found, robust, "low"),
        conf_high=None if mean is None else _limit(found, robust, "high"),
        clusters=clusters_of(found),
        method=None if mean is None else "t, practices" if robust else "normal",
    )
