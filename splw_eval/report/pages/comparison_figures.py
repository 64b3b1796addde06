"""Figures of the page that compares: intervals against the MID, and means at each wave."""

from __future__ import annotations

from typing import Any

from splw_eval.core.model_rows import ANCOVA, PRIMARY, ContrastRow, ModelMeanRow
from splw_eval.core.plan import Outcome
from splw_eval.report import contrast_sentences as words
from splw_eval.report import sentences as say
from splw_eval.report.blocks import Figure
from splw_eval.report.evidence import Entry, Evidence, entries
from splw_eval.report.figures.given import Interval, Line, Point, Scale, Yardstick
from splw_eval.report.numbers import as_planned, number, whole

BARS = "Bars are 95% intervals."
NO_BARS = "No 95% interval can be given, so there are no bars."
SOME_BARS = "Bars are 95% intervals, where one can be given."


def _of(evidence: Evidence, key: str, outcome: Outcome) -> tuple[Entry[Any], ...]:
    return tuple(e for e in entries(evidence.of(key)) if e.row.outcome == outcome.name)


def against_mid(evidence: Evidence, table_id: str, *, all_waves: bool = True) -> Figure | None:
    """Draw the contrasts of the primary outcome against no difference and the MID."""
    outcome = evidence.plan.primary
    found = _of(evidence, "contrasts", outcome) if all_waves else words.primary(evidence)
    return _intervals(outcome, found, _named(evidence, outcome, found), table_id)


def other(evidence: Evidence, outcome: Outcome, table_id: str) -> Figure | None:
    """Draw the plan's contrast of another outcome; none of the primary one."""
    if outcome is evidence.plan.primary:
        return None
    found = words.primary(evidence, outcome)
    return _intervals(outcome, found, _named(evidence, outcome, found), table_id)


def _named(evidence: Evidence, outcome: Outcome, found: tuple[Entry[ContrastRow], ...]) -> str:
    """Return the title, which promises an interval only where one is drawn."""
    with_it = " and its 95% interval" if barred(found) else ""
    return f"{outcome.label}: {words.what(evidence)}{with_it}"


def barred(found: tuple[Entry[ContrastRow], ...]) -> tuple[bool, ...]:
    """Return for each estimate with an interval that it has one; empty where none has."""
    return tuple(True for e in found if None not in {e.row.conf_low, e.row.conf_high})


def _about_bars(found: tuple[Entry[ContrastRow], ...]) -> str:
    """Say what bars are, or that there are none."""
    drawn = sum(e.row.estimate is not None for e in found)
    bars = len(barred(found))
    if not bars:
        return NO_BARS
    return BARS if bars == drawn else SOME_BARS


def _intervals(
    outcome: Outcome,
    found: tuple[Entry[ContrastRow], ...],
    title: str,
    table_id: str,
) -> Figure | None:
    from splw_eval.report.figures.contrasts import draw_contrasts

    if not any(e.row.estimate is not None for e in found):
        return None
    several = len({e.row.compared for e in found}) > 1
    rows = tuple(_interval(e, outcome, several=several) for e in found)
    key = f"contrasts-{outcome.name}-figure"
    against = yardstick(outcome, found)
    said = " ".join(f"{' '.join(row.words)}." for row in rows)
    mid = (
        f" Dashed lines: the MID, {as_planned(outcome.mid.value)} {outcome.unit}."
        if against.mid and outcome.mid
        else " No MID is drawn."
    )
    caption = f"{_about_bars(found)} Right of the line is higher, left is lower.{mid}"
    description = f"{said} {caption}"
    return Figure(
        id=key,
        svg=draw_contrasts(key, title, description, against, rows),
        title=title,
        description=description,
        caption=caption,
        table_id=table_id,
    )


def yardstick(
    outcome: Outcome, found: tuple[Entry[ContrastRow], ...], line: float | None = None
) -> Yardstick:
    """Return what intervals of an outcome are held against; a speed is held against no MID."""
    speed = bool(found) and all(
        e.row.interval_and_mid is None and "interval_and_mid" not in e.masked for e in found
    )
    mid = outcome.mid.value if outcome.mid and not speed else None
    return Yardstick(
        unit=outcome.unit,
        better=outcome.direction.partition("_")[0],
        mid=mid,
        decimals=outcome.decimals,
        line=line,
    )


def _interval(entry: Entry[ContrastRow], outcome: Outcome, *, several: bool) -> Interval:
    row = entry.row
    named = f"{row.compared}, {say.small(row.when)}" if several else row.when
    if row.part == ANCOVA:
        named = f"{named}, by ANCOVA"
    return Interval(
        value=row.estimate,
        low=row.conf_low,
        high=row.conf_high,
        words=(f"{named}: {numbers(row, outcome)}",),
        first=row.part == PRIMARY,
    )


def numbers(row: Any, outcome: Outcome) -> str:
    """Return an estimate with its interval in brackets."""
    if row.estimate is None:
        return say.TOO_FEW
    value = number(row.estimate, outcome.decimals, signed=True)
    if row.conf_low is None or row.conf_high is None:
        return f"{value} (no interval)"
    low, high = (number(x, outcome.decimals, signed=True) for x in (row.conf_low, row.conf_high))
    return f"{value} ({low} to {high})"


def means(evidence: Evidence, table_id: str) -> Figure | None:
    """Draw the means of every group at every wave, with numbers of people beneath."""
    from splw_eval.report.figures.scores import draw_scores

    outcome = evidence.plan.primary
    found = _of(evidence, "model_means", outcome)
    if not any(e.row.mean is not None for e in found):
        return None
    lines = tuple(_line(found, arm) for arm in evidence.plan.groups)
    scale = Scale(
        low=outcome.range[0],
        high=outcome.range[1],
        unit=outcome.unit,
        better=outcome.direction.partition("_")[0],
        months=tuple(wave.month for wave in evidence.plan.waves),
    )
    low, high = (as_planned(end) for end in scale.shown(lines))
    key, title = "model-means-figure", f"{outcome.label}: mean score by the model"
    said = " ".join(_said(evidence, found, arm, outcome) for arm in evidence.plan.groups)
    caption = (
        f"{BARS} Beneath: people measured. The axis shows the part from {low} to {high}. "
        f"{say.scale(outcome)}"
    )
    description = f"{said} {caption}"
    return Figure(
        id=key,
        svg=draw_scores(key, title, description, scale, lines),
        title=title,
        description=description,
        caption=caption,
        table_id=table_id,
    )


def _line(found: tuple[Entry[ModelMeanRow], ...], arm: str) -> Line:
    here = [e for e in found if e.row.arm == arm]
    points = tuple(
        Point(month=e.row.month, value=e.row.mean, low=e.row.conf_low, high=e.row.conf_high)
        for e in here
        if e.row.mean is not None
    )
    people = tuple((e.row.month, _people(e)) for e in here)
    return Line(label=arm, points=points, people=people)


def _people(entry: Entry[ModelMeanRow]) -> str:
    return "*" if entry.row.n is None else whole(entry.row.n)


def _said(
    evidence: Evidence, found: tuple[Entry[ModelMeanRow], ...], arm: str, outcome: Outcome
) -> str:
    parts = [
        f"{say.TOO_FEW if e.row.mean is None else number(e.row.mean, outcome.decimals)} at "
        f"{say.small(evidence.wave(e.row.wave).title)}"
        for e in found
        if e.row.arm == arm
    ]
    return f"{arm}: {', '.join(parts)}."
