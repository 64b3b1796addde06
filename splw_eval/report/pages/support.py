"""What the data can and cannot answer, and how exactly a change can be told."""

from __future__ import annotations

from splw_eval.report.blocks import Block, Fold, Item, ListBlock, Page, Section
from splw_eval.report.evidence import Evidence, entries, select
from splw_eval.report.pages.result_tables import listed, of_outcomes
from splw_eval.report.pages.titles import notes

ANSWERED, NOT_ANSWERED = "Yes, in this report", "No"
PRECISION = ("n", "clusters", "half_width", "enough")


def page(evidence: Evidence) -> Page:
    """Return the page of questions answered and not."""
    result = evidence.of("support")
    sections = (
        *_answered(evidence),
        *_not_answered(evidence),
        *notes(result),
        *_precision(evidence),
    )
    return Page(id="support", title="What your data can and cannot answer", sections=sections)


def _answered(evidence: Evidence) -> tuple[Section, ...]:
    rows = evidence.of("support").rows
    items = tuple(Item(text=row.question) for row in rows if row.answer == ANSWERED)
    if not items:
        return ()
    block = ListBlock(items=items)
    return (Section(id="support-now", title="Answered in this report", blocks=(block,)),)


def _not_answered(evidence: Evidence) -> tuple[Section, ...]:
    result = evidence.of("support")
    missing = [entry for entry in entries(result) if entry.row.answer == NOT_ANSWERED]
    if not missing:
        return ()
    table = listed(
        result,
        missing,
        (("Question", lambda row: row.question),),
        ("lacking", "gap"),
        caption="Questions that these data cannot answer",
        anchor="support-table",
    )
    return (Section(id="support-not", title="Cannot be answered", blocks=(table,)),)


def _precision(evidence: Evidence) -> tuple[Section, ...]:
    result = evidence.of("precision")
    found = tuple(e for o in evidence.outcomes for e in select(result, o.name))
    if not found:
        return notes(result)
    primary = evidence.plan.primary.name
    main = tuple(e for e in found if e.row.outcome == primary)
    others = tuple(e for e in found if e.row.outcome != primary)
    tables = tuple(
        of_outcomes(evidence, result, rows, PRECISION, caption=caption, anchor=anchor)
        for rows, caption, anchor in (
            (main, "How exactly a mean change is known", "precision-table"),
            (others, "The other outcomes: how exactly", "precision-others-table"),
        )
        if rows
    )
    blocks: tuple[Block, ...] = tables
    if main and others:
        fold = Fold(title="The other outcomes", file=tables[1].file, blocks=tables[1:])
        blocks = (tables[0], fold)
    section = Section(id="support-precision", title="How exactly a change is known", blocks=blocks)
    return (section, *notes(result))
