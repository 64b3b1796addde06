"""Who was expected, measured and missing, wave by wave."""

from __future__ import annotations

from splw_eval.report.blocks import Block, Figure, FigureGroup, Page, Section
from splw_eval.report.evidence import Evidence, select
from splw_eval.report.figures.given import FlowStep
from splw_eval.report.pages.result_tables import by_wave, table_id
from splw_eval.report.pages.titles import notes
from splw_eval.report.sentences import TOO_FEW

FIELDS = ("enrolled", "not_yet_due", "expected", "measured", "missing", "share_measured")


def page(evidence: Evidence) -> Page:
    """Return the page of numbers of people."""
    result = evidence.flow
    sections: list[Section] = []
    for outcome in evidence.outcomes if result.rows else ():
        table = by_wave(
            evidence, result, outcome, FIELDS, caption=f"People measured with {outcome.label}"
        )
        blocks: tuple[Block, ...] = (table,)
        if outcome is evidence.plan.primary:
            blocks = (_figures(evidence), table)
        sections.append(Section(id=f"flow-{outcome.name}", title=outcome.label, blocks=blocks))
    return Page(id="flow", title="Who was measured", sections=(*sections, *notes(result)))


def _figures(evidence: Evidence) -> FigureGroup:
    return FigureGroup(figures=tuple(_figure(evidence, arm) for arm in evidence.plan.groups))


def _figure(evidence: Evidence, arm: str) -> Figure:
    from splw_eval.report.figures.flow import draw_flow

    found = select(evidence.flow, evidence.plan.primary.name, arm=arm)
    steps = tuple(
        FlowStep(
            wave=evidence.wave(entry.row.wave).title,
            expected=entry.row.expected,
            measured=entry.row.measured,
            missing=entry.row.missing,
            not_yet_due=entry.row.not_yet_due,
            share=entry.row.share_measured,
        )
        for entry in found
    )
    enrolled = found[0].row.enrolled if found else None
    key = f"flow-figure-{evidence.plan.groups.index(arm) + 1}"
    title = f"{arm}: who was measured"
    said = ". ".join(step.sentence() for step in steps)
    start = TOO_FEW if enrolled is None else f"{enrolled:,}"
    description = f"People in the study: {start}. {said}."
    return Figure(
        id=key,
        svg=draw_flow(key, title, description, enrolled, steps),
        title=title,
        description=description,
        table_id=table_id(evidence.flow, evidence.plan.primary),
    )
