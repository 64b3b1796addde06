"""Row types of staying and leaving: curves, where people stood, and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from splw_eval.core.columns import Column, Role, count, curve, label, mean, share, units

_P = Column(title="p", role=Role.ESTIMATE, decimals=4)
STAYED = "still there"  # in the place of a cause: the curve of those who have not left


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveRow:
    """One step of a curve: the share still there, or gone for one cause, by one day.

    Rows of one curve follow each other by day. A step is joined to the next where too few left,
    and then stands at a round day, as its own is that of one person.
    """

    what: Annotated[str, label("What")]
    group: Annotated[str, label("Group")]
    cause: Annotated[str, label("Curve of")]
    day: Annotated[float | None, label("By day", of="events")]
    round_day: Annotated[float | None, label("By round day", of="events")]
    n: Annotated[int | None, count("People")]
    events: Annotated[int | None, count("Left in the step")]
    estimate: Annotated[float | None, curve("Share, per cent", of="n")]
    conf_low: Annotated[float | None, curve("95% interval, from", of="n")]
    conf_high: Annotated[float | None, curve("to", of="n")]
    clusters: Annotated[int | None, units("Clusters", of="n")]
    method: Annotated[str, label("Method")]


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedRow:
    """People of one group still there and watched as one day began."""

    what: Annotated[str, label("What")]
    group: Annotated[str, label("Group")]
    day: Annotated[float, label("Day")]
    at_risk: Annotated[int | None, count("Still there and watched")]


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingRow:
    """Where the people of one group stood on one day: the parts add up to all of them."""

    what: Annotated[str, label("What")]
    group: Annotated[str, label("Group")]
    day: Annotated[float, label("By day")]
    n: Annotated[int | None, count("People")]
    there: Annotated[int | None, count("Still there", part_of="n")]
    completed: Annotated[int | None, count("Completed as planned", part_of="n")]
    dropped_out: Annotated[int | None, count("Dropped out", part_of="n")]
    ended_otherwise: Annotated[int | None, count("Ended otherwise", part_of="n")]
    not_seen: Annotated[int | None, count("Not watched so long", part_of="n")]


@dataclass(frozen=True, slots=True, kw_only=True)
class StayRow:
    """How long the people of one group stayed, up to the horizon."""

    what: Annotated[str, label("What")]
    group: Annotated[str, label("Group")]
    horizon: Annotated[int, label("Horizon, days")]
    n: Annotated[int | None, count("People")]
    events: Annotated[int | None, count("Left")]
    median: Annotated[
        float | None, Column(title="Median, days", role=Role.QUANTILE, base="events", decimals=0)
    ]
    reached: Annotated[str | None, label("Median reached", of="events")]
    mean_days: Annotated[float | None, mean("Mean days, up to the horizon", of="n", decimals=0)]
    conf_low: Annotated[float | None, mean("95% interval, from", of="n", decimals=0)]
    conf_high: Annotated[float | None, mean("to", of="n", decimals=0)]
    clusters: Annotated[int | None, units("Clusters", of="n")]
    method: Annotated[str | None, label("Interval", of="n")]


@dataclass(frozen=True, slots=True, kw_only=True)
class StayContrastRow:
    """The difference between two groups in mean days, by one method.

    A method that compares something else than mean days has a p-value only.
    """

    what: Annotated[str, label("What")]
    compared: Annotated[str, label("Compared")]
    horizon: Annotated[int, label("Horizon, days")]
    method: Annotated[str, label("Method")]
    n_smaller: Annotated[int | None, count("In the smaller group")]
    estimate: Annotated[float | None, mean("Estimate", of="n_smaller", decimals=0)]
    conf_low: Annotated[float | None, mean("95% interval, from", of="n_smaller", decimals=0)]
    conf_high: Annotated[float | None, mean("to", of="n_smaller", decimals=0)]
    p_value: Annotated[float | None, _P]
    df: Annotated[float | None, Column(title="df", role=Role.DF, base="n_smaller", decimals=1)]
    clusters: Annotated[int | None, units("Clusters", of="n_smaller")]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndingRow:
    """One reason for which episodes ended."""

    group: Annotated[str, label("Group")]
    kind: Annotated[str, label("Kind of ending")]
    reason: Annotated[str, label("Reason")]
    ended: Annotated[int | None, count("Episodes ended")]
    n: Annotated[int | None, count("For this reason")]
    others: Annotated[int | None, count("For others", follows=True)]
    share: Annotated[
        float | None,
        share("Per cent", numerator="n", of="ended", complement="others", parts_of=("group",)),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class HazardRow:
    """One hazard ratio: an association, and not the effect of anything."""

    cause: Annotated[str, label("Leaving by")]
    term: Annotated[str, label("What was compared")]
    episodes: Annotated[int | None, count("Episodes")]
    events: Annotated[int | None, count("Left")]
    hazard_ratio: Annotated[float | None, mean("Hazard ratio", of="events", decimals=2)]
    conf_low: Annotated[float | None, mean("95% interval, from", of="events", decimals=2)]
    conf_high: Annotated[float | None, mean("to", of="events", decimals=2)]
    p_value: Annotated[float | None, _P]
    df: Annotated[float | None, Column(title="df", role=Role.DF, base="events", decimals=1)]
    clusters: Annotated[int | None, units("Clusters", of="episodes")]
    method: Annotated[str | None, label("Interval", of="events")]


RetentionRow = (
    CurveRow | WatchedRow | StandingRow | StayRow | StayContrastRow | EndingRow | HazardRow
)  # what was delivered stands in delivery_rows
