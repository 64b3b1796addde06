"""Scores at each wave, with their intervals."""

from __future__ import annotations

from splw_eval.core.plan import Outcome
from splw_eval.core.rows import SummaryRow
from splw_eval.report import sentences as say
from splw_eval.report.blocks import Figure, Page, Section
from splw_eval.report.evidence import Entry, Evidence, select
from splw_eval.report.figures.given import Line, Point, Scale
from splw_eval.report.numbers import as_planned, number
from splw_eval.report.pages.result_tables import by_wave, table_id
from splw_eval.report.pages.titles import notes

FIELDS = ("n", "mean", "sd", "conf_low", "conf_high", "clusters", "method")


def page(evidence: Evidence) -> Page:
    """Return the page of mean scores."""
    result = evidence.scores
    sections = tuple(
        _section(evidence, outcome) for outcome in evidence.outcomes if select(result, outcome.name)
    )
    return Page(id="scores", title="Scores at each wave", sections=(*sections, *notes(result)))


def _section(evidence: Evidence, outcome: Outcome) -> Section:
    caption = f"{outcome.label}: mean score of all who were measured, in {outcome.unit}"
    table = by_wave(evidence, evidence.scores, outcome, FIELDS, caption=caption)
    blocks = (_figure(evidence, outcome), table)
    return Section(id=f"scores-{outcome.name}", title=outcome.label, blocks=blocks)


def _figure(evidence: Evidence, outcome: Outcome) -> Figure:
    from splw_eval.report.figures.scores import draw_scores

    lines = tuple(_line(evidence, outcome, arm) for arm in evidence.plan.groups)
    scale = Scale(
        low=outcome.range[0],
        high=outcome.range[1],
        unit=outcome.unit,
        better=outcome.direction.partition("_")[0],
        months=tuple(wave.month for wave in evidence.plan.waves),
    )
    key, title = f"scores-{outcome.name}-figure", f"{outcome.label}: mean score at each wave"
    said = " ".join(_said(evidence, outcome, arm) for arm in evidence.plan.groups)
    low, high = (as_planned(end) for end in scale.shown(lines))
    axis = (
        ""
        if (low, high) == tuple(map(as_planned, outcome.range))
        else (f" The axis shows the part from {low} to {high}.")
    )
    description = f"{said} Bars are 95% intervals. {say.scale(outcome)}{axis}"
    return Figure(
        id=key,
        svg=draw_scores(key, title, description, scale, lines),
        title=title,
        description=description,
        table_id=table_id(evidence.scores, outcome),
    )


def _line(evidence: Evidence, outcome: Outcome, arm: str) -> Line:
    points = tuple(
        Point(month=row.month, value=row.mean, low=row.conf_low, high=row.conf_high)
        for row in (entry.row for entry in select(evidence.scores, outcome.name, arm=arm))
        if row.mean is not None
    )
    return Line(label=arm, points=points)


def _said(evidence: Evidence, outcome: Outcome, arm: str) -> str:
    """Say the means of one group, wave by wave."""
    found = select(evidence.scores, outcome.name, arm=arm)
    parts = (f"{_mean(e, outcome)} at {_when(evidence, e)}" for e in found)
    return f"{arm}: {', '.join(parts)}." if found else f"{arm}: not available."


def _mean(entry: Entry[SummaryRow], outcome: Outcome) -> str:
    if entry.row.mean is None:
        return say.TOO_FEW if "mean" in entry.masked else "not available"
    return number(entry.row.mean, outcome.decimals)


def _when(evidence: Evidence, entry: Entry[SummaryRow]) -> str:
    return say.small(evidence.wave(entry.row.wave).title)
