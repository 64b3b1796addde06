"""Scores at each wave, with their intervals."""

from __future__ import annotations

from splw_eval.core.plan import Outcome
from splw_eval.core.rows import SummaryRow
from splw_eval.report import sentences as say
from splw_eval.report.blocks import (
    Block,
    Figure,
    FigureGroup,
    Fold,
    Page,
    Paragraph,
    Section,
)
from splw_eval.report.evidence import Entry, Evidence, select
from splw_eval.report.figures.given import Line, Point, Scale
from splw_eval.report.numbers import as_planned, number
from splw_eval.report.pages.result_tables import by_wave, of_outcomes, table_id
from splw_eval.report.pages.titles import notes

FIELDS = ("n", "mean", "sd", "conf_low", "conf_high", "clusters", "method")


def page(evidence: Evidence) -> Page:
    """Return the page of mean scores."""
    result = evidence.scores
    primary = evidence.plan.primary
    others = tuple(o for o in evidence.outcomes[1:] if select(result, o.name))
    sections: list[Section] = []
    if select(result, primary.name):
        caption = f"{primary.label}: mean score of all who were measured, in {primary.unit}"
        table = by_wave(evidence, result, primary, FIELDS, caption=caption)
        blocks = (*_drawn(evidence, (primary,)), table)
        sections.append(Section(id=f"scores-{primary.name}", title=primary.label, blocks=blocks))
    if others:
        sections.append(_others(evidence, others))
    return Page(id="scores", title="Scores at each wave", sections=(*sections, *notes(result)))


def _others(evidence: Evidence, outcomes: tuple[Outcome, ...]) -> Section:
    """Return the drawings of all other outcomes, and one table."""
    result = evidence.scores
    found = tuple(e for o in outcomes for e in select(result, o.name))
    caption = "Every other outcome: mean score of all who were measured"
    anchor = "scores-others-table"
    table = of_outcomes(evidence, result, found, FIELDS, caption=caption, anchor=anchor)
    fold = Fold(title="The same in numbers", file=table.file, blocks=(table,))
    blocks = (*_drawn(evidence, outcomes), fold)
    return Section(id="scores-others", title="The other outcomes", blocks=blocks)


def _drawn(evidence: Evidence, outcomes: tuple[Outcome, ...]) -> tuple[Block, ...]:
    """Draw each outcome of which any mean may be shown."""
    shown = [o for o in outcomes if any(e.row.mean is not None for e in _rows(evidence, o))]
    figures = tuple(_figure(evidence, outcome) for outcome in shown)
    said = tuple(
        Paragraph(text=f"{o.label}: {say.NOTHING_TO_DRAW}") for o in outcomes if o not in shown
    )
    return (*((FigureGroup(figures=figures),) if figures else ()), *said)


def _rows(evidence: Evidence, outcome: Outcome) -> tuple[Entry[SummaryRow], ...]:
    return select(evidence.scores, outcome.name)


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
    is_primary = outcome is evidence.plan.primary
    anchor = table_id(evidence.scores, outcome) if is_primary else "scores-others-table"
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
        caption=f"Bars are 95% intervals. {say.scale(outcome)}{axis}",
        table_id=anchor,
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
