"""Figures of staying and leaving: curves with the numbers still watched beneath."""

from __future__ import annotations

from typing import Any

from splw_eval.core.retention_rows import STAYED, CurveRow
from splw_eval.report.blocks import Figure, FigureGroup
from splw_eval.report.evidence import Entry, Evidence, entries
from splw_eval.report.figures.given_steps import Days, Step, StepLine
from splw_eval.report.numbers import percent, whole
from splw_eval.report.sentences import TOO_FEW

BENEATH = "Beneath: still there and watched"
BAND = "The shaded band is the 95% interval of each day."
LAG = "Steps of few people are joined, so the curve can lag behind the table of where people stood."


def of_kind(evidence: Evidence, key: str, what: str) -> tuple[Entry[Any], ...]:
    """Return the rows of a result about one kind of retention.

    Parameters
    ----------
    evidence : Evidence
    key : str
    what : str

    Returns
    -------
    tuple of Entry
    """
    return tuple(e for e in entries(evidence.of(key)) if e.row.what == what)


def groups_of(evidence: Evidence, found: tuple[Entry[Any], ...]) -> tuple[str, ...]:
    """Return the groups with rows, in the order of the plan."""
    there = {e.row.group for e in found}
    return tuple(group for group in evidence.plan.groups if group in there)


def still_there(evidence: Evidence, what: str, heading: str, table_id: str) -> FigureGroup | None:
    """Draw the share still there of every group."""
    found = tuple(e for e in of_kind(evidence, "staying", what) if e.row.cause == STAYED)
    key = table_id.replace("-table", "-figure")
    figure = _figure(evidence, what, found, (key, heading, f"{heading}, per cent"), 1.0, table_id)
    return FigureGroup(figures=(figure,)) if figure else None


def causes(
    evidence: Evidence, what: str, named: tuple[tuple[str, str], ...], table_id: str
) -> FigureGroup | None:
    """Draw the share gone for each cause, side by side on one scale.

    Parameters
    ----------
    evidence : Evidence
    what : str
    named : tuple of (str, str)
        Causes as the rows name them, each with its heading.
    table_id : str

    Returns
    -------
    FigureGroup or None
    """
    figures = []
    for number, (cause, heading) in enumerate(named):
        found = tuple(e for e in of_kind(evidence, "staying", what) if e.row.cause == cause)
        key = table_id.replace("-table", f"-figure-{number + 1}")
        figures.append(
            _figure(evidence, what, found, (key, heading, f"{heading}, per cent"), 0.0, table_id)
        )
    drawn = tuple(figure for figure in figures if figure is not None)
    return FigureGroup(figures=drawn) if drawn else None


def _figure(
    evidence: Evidence,
    what: str,
    found: tuple[Entry[CurveRow], ...],
    names: tuple[str, str, str],
    start: float,
    table_id: str,
) -> Figure | None:
    from splw_eval.report.figures.steps import draw_steps

    if not any(e.row.estimate is not None for e in found):
        return None
    key, title, heading = names
    watched = of_kind(evidence, "watched", what)
    days = tuple(dict.fromkeys(e.row.day for e in watched))
    last = max((e.row.horizon for e in of_kind(evidence, "stay", what)), default=max(days))
    lines = tuple(_line(group, found, watched, start, last) for group in groups_of(evidence, found))
    axes = Days(last=float(last), ticks=days, heading=heading, beneath=BENEATH)
    engaged = what.startswith("Engagement")
    caption = f"{BAND} Days count from the referral. {LAG}" if engaged else BAND
    description = f"{' '.join(_said(line, days) for line in lines)} {caption}"
    return Figure(
        id=key,
        svg=draw_steps(key, title, description, axes, lines),
        title=title,
        description=description,
        caption=caption,
        table_id=table_id,
    )


def _line(
    group: str,
    found: tuple[Entry[CurveRow], ...],
    watched: tuple[Entry[Any], ...],
    start: float,
    last: float,
) -> StepLine:
    steps = tuple(
        Step(day=r.day, value=r.estimate, low=r.conf_low, high=r.conf_high)
        for r in (e.row for e in found if e.row.group == group)
        if r.day is not None and r.estimate is not None and r.day <= last
    )
    beneath = tuple(
        (e.row.day, "*" if e.row.at_risk is None else whole(e.row.at_risk))
        for e in watched
        if e.row.group == group
    )
    return StepLine(label=group, start=start, steps=steps, last_day=last, at_risk=beneath)


def _said(line: StepLine, days: tuple[float, ...]) -> str:
    """Say the curve in words: the last step before each of the days drawn beneath it."""
    if not line.steps:
        return f"{line.label}: {TOO_FEW}."
    last = [next((s for s in reversed(line.steps) if s.day <= day), None) for day in days[1:]]
    steps = dict.fromkeys(step for step in last if step is not None)
    parts = [f"{percent(step.value)} by day {step.day:g}" for step in steps]
    return f"{line.label}: {', '.join(parts)}."
