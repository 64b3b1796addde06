"""Who was expected, measured and missing, wave by wave."""

from __future__ import annotations

from splw_eval.core.plan import Outcome
from splw_eval.report.blocks import (
    Block,
    Figure,
    FigureGroup,
    Fold,
    Page,
    Paragraph,
    Section,
)
from splw_eval.report.evidence import Evidence, select
from splw_eval.report.figures.given import FlowStep
from splw_eval.report.pages.result_tables import by_wave, of_outcomes, table_id
from splw_eval.report.pages.titles import notes
from splw_eval.report.sentences import NOTHING_TO_DRAW, TOO_FEW

FIELDS = ("enrolled", "not_yet_due", "expected", "measured", "missing", "share_measured")
CAPTION_OTHERS = "People measured with every other outcome"


def page(evidence: Evidence) -> Page:
    """Return the page of numbers of people, the primary outcome with a drawing."""
    result = evidence.flow
    sections: tuple[Section, ...] = ()
    if result.rows:
        primary = evidence.plan.primary
        caption = f"People measured with {primary.label}"
        table = by_wave(evidence, result, primary, FIELDS, caption=caption)
        blocks: tuple[Block, ...] = (*_drawn(evidence, primary), table)
        first = Section(id=f"flow-{primary.name}", title=primary.label, blocks=blocks)
        sections = (first, *_others(evidence))
    return Page(id="flow", title="Who was measured", sections=(*sections, *notes(result)))


def _drawn(evidence: Evidence, outcome: Outcome) -> tuple[Block, ...]:
    """Draw each group, where anything of it may be shown."""
    shown = [arm for arm in evidence.plan.groups if _seen(_steps(evidence, outcome, arm))]
    none = [arm for arm in evidence.plan.groups if arm not in shown]
    figures = tuple(_figure(evidence, outcome, arm) for arm in shown)
    said = tuple(Paragraph(text=f"{arm}: {NOTHING_TO_DRAW}") for arm in none)
    return (*((FigureGroup(figures=figures),) if figures else ()), *said)


def _seen(steps: tuple[FlowStep, ...]) -> bool:
    return any(step.measured is not None or step.share is not None for step in steps)


def _others(evidence: Evidence) -> tuple[Section, ...]:
    """Return one table of all other outcomes, which are asked of the same people."""
    result, others = evidence.flow, evidence.outcomes[1:]
    found = tuple(e for o in others for e in select(result, o.name))
    if not found:
        return ()
    same = [o.label for o in others if _alike(evidence, o)]
    words = f"The figures above hold for these too: {'; '.join(same)}."
    lead = (Paragraph(text=words),) if same else ()
    table = of_outcomes(
        evidence, result, found, FIELDS, caption=CAPTION_OTHERS, anchor="flow-others-table"
    )
    fold = Fold(title="All other outcomes", file=table.file, blocks=(table,))
    return (Section(id="flow-others", title="The other outcomes", blocks=(*lead, fold)),)


def _alike(evidence: Evidence, outcome: Outcome) -> bool:
    return all(
        _steps(evidence, outcome, arm) == _steps(evidence, evidence.plan.primary, arm)
        for arm in evidence.plan.groups
    )


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
    title = f"{arm}: who was measured"
    said = ". ".join(step.sentence() for step in steps)
    start = TOO_FEW if enrolled is None else f"{enrolled:,}"
    description = f"People in the study: {start}. {said}."
    return Figure(
        id=key,
        svg=draw_flow(key, title, description, enrolled, steps),
        title=title,
        description=description,
        caption="Each box is a wave; the bar is the part of those expected who were measured.",
        table_id=table_id(evidence.flow, outcome),
    )
