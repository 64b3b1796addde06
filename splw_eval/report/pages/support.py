"""What the data can and cannot answer, and how exactly a change can be told."""

from __future__ import annotations

from splw_eval.report.blocks import Block, Item, ListBlock, Page, Paragraph, Section
from splw_eval.report.evidence import Evidence, entries, select
from splw_eval.report.pages.result_tables import listed, of_outcomes
from splw_eval.report.pages.titles import notes

ANSWERED, NOT_ANSWERED = "Yes, in this report", "No"
BY_COMMAND = "Yes, by splw-eval power audit"
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
    here = {ANSWERED: "", BY_COMMAND: " (Answered by splw-eval power audit.)"}
    now = tuple(Item(text=row.question + here[row.answer]) for row in rows if row.answer in here)
    elsewhere = {ANSWERED, NOT_ANSWERED, BY_COMMAND}
    later = tuple(Item(text=row.question) for row in rows if row.answer not in elsewhere)
    found = []
    if now:
        block = ListBlock(items=now)
        found.append(Section(id="support-now", title="Answered in this report", blocks=(block,)))
    if later:
        words = "The data that these need are there. This version does not analyse them yet."
        blocks: tuple[Block, ...] = (Paragraph(text=words), ListBlock(items=later))
        title = "Could be answered, and is not yet"
        found.append(Section(id="support-later", title=title, blocks=blocks))
    return tuple(found)


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
    table = of_outcomes(
        evidence,
        result,
        found,
        PRECISION,
        caption="How exactly a mean change is known",
        anchor="precision-table",
    )
    section = Section(
        id="support-precision", title="How exactly a change is known", blocks=(table,)
    )
    return (section, *notes(result))
