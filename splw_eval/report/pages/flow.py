"""Who was expected, measured and missing, wave by wave."""

from __future__ import annotations

from splw_eval.core.plan import Outcome
from splw_eval.report.blocks import Block, Figure, FigureGroup, Page, Paragraph, Section
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
        blocks: tuple[Block, ...] = (_drawn(evidence, outcome), table)
        sections.append(Section(id=f"flow-{outcome.name}", title=outcome.label, blocks=blocks))
    return Page(id="flow", title="Who was measured", sections=(*sections, *notes(result)))


def _drawn(evidence: Evidence, outcome: Outcome) -> FigureGroup | Paragraph:
    """Draw the flow of an outcome, unless it would be the primary outcome's once more."""
    primary, groups = evidence.plan.primary, evidence.plan.groups
    if outcome is not primary and all(
        _steps(evidence, outcome, arm) == _steps(evidence, primary, arm) for arm in groups
    ):
        words = f"The figures of {primary.label} hold here too: the numbers shown are the same."
        return Paragraph(text=words)
    return FigureGroup(figures=tuple(_figure(evidence, outcome, arm) for arm in groups))


def _steps(evidence: Evidence, outcome: Outcome, arm: str) -> tuple[FlowStep, ...]:
    return tuple(
        FlowStep(
            wave=evidence.wave(entry.row.wave).title,
            expected=entry.row.expected,
            measured=entry.row.measured,
            missing=entry.row.missing,
            not_yet_due=entry.row.not_yet_due,
            share=entry.row.share_measured,
        )
        for entry in select(evidence.flow, outcome.name, arm=arm)
    )


def _figure(evidence: Evidence, outcome: Outcome, arm: str) -> Figure:
    from splw_eval.report.figures.flow import draw_flow

    found = select(evidence.flow, outcome.name, arm=arm)
    steps = _steps(evidence, outcome, arm)
    enrolled = found[0].row.enrolled if found else None
    key = f"flow-{outcome.name}-figure-{evidence.plan.groups.index(arm) + 1}"
    title = f"{arm}: who was measured with {outcome.label}"
    said = ". ".join(step.sentence() for step in steps)
    start = TOO_FEW if enrolled is None else f"{enrolled:,}"
    description = f"People in the study: {start}. {said}."
    return Figure(
        id=key,
        svg=draw_flow(key, title, description, enrolled, steps),
        title=title,
        description=description,
        table_id=table_id(evidence.flow, outcome),
    )
