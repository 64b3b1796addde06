"""The questionnaires: a card for each score, in plain words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from splw_eval.core.card_rows import InstrumentRow
from splw_eval.core.plan import Outcome
from splw_eval.core.result import Result
from splw_eval.report import sentences as say
from splw_eval.report.blocks import (
    Block,
    Callout,
    Fold,
    Item,
    Page,
    Paragraph,
    ReportTable,
    Section,
)
from splw_eval.report.evidence import Entry, Evidence, entries
from splw_eval.report.pages.card_figure import ruler_figures
from splw_eval.report.pages.card_quality import quality_blocks
from splw_eval.report.pages.card_tables import (
    bands_table,
    differences_table,
    none_established,
    norms_table,
)
from splw_eval.report.pages.result_tables import group, listed
from splw_eval.report.pages.titles import notes_section, pairs

KEYS = ("instruments", "bands", "important_differences", "norms")
QUALITY = ("reliability", "floor_ceiling", "agreement")
CHECKED, RECALLED = "checked", "recalled"
STATUS = {
    CHECKED: "Checked against its source or against outside programs",
    RECALLED: "Written from memory, not checked at its source",
    "not in the catalogue": "Not known: the questionnaire is not in the catalogue",
}
ACCESS = {
    "open": "Free to use",
    "register": "Register or ask before using it",
    "licence": "Needs a licence or payment",
}
INTRO = (
    "Each score has a card. It says how the score is made, what its numbers are called, and what "
    "others found with it. Words such as mild or severe are names that others gave to ranges of "
    "scores; they are not a diagnosis."
)


def page(evidence: Evidence) -> Page:
    """Return the page of cards, the primary outcome first."""
    cards = {row.outcome: row for row in evidence.of("instruments").rows}
    sections = [
        _card(evidence, outcome, cards[outcome.name], not i)
        for i, outcome in enumerate(o for o in evidence.outcomes if o.name in cards)
    ]
    sections += [*_risk(evidence), *_notes(evidence, bool(sections))]
    return Page(id="questionnaires", title="The questionnaires", sections=tuple(sections))


def _card(evidence: Evidence, outcome: Outcome, row: InstrumentRow, first: bool) -> Section:
    lead: tuple[Block, ...] = (Paragraph(text=INTRO),) if first else ()
    said, measured = quality_blocks(evidence, outcome)
    sizes, drawn = differences_table(evidence, outcome), ruler_figures(evidence, outcome)
    none = none_established(evidence, outcome)
    tables = (*bands_table(evidence, outcome), *norms_table(evidence, outcome), *measured)
    tables = (*sizes, *tables) if none else tables
    blocks = (
        *lead,
        Paragraph(text=_what_it_is(outcome, row)),
        *_warnings(row),
        *_nothing_known(row),
        *((drawn,) if first else ()),
        *said,
        *((Paragraph(text=none),) if none else sizes),
        Fold(
            title="How it is scored, bands, scores of other people, and how well it measured",
            file=_files(tables, drawn=not first),
            blocks=(*(() if first else (drawn,)), _scoring(outcome, row), *tables),
        ),
    )
    return Section(id=f"card-{outcome.name}", title=outcome.label, blocks=blocks)


def _files(tables: Iterable[ReportTable], *, drawn: bool) -> str:
    """Return the files that hold what is folded; a ruler shows this study's means as well."""
    means = ("tables/important_differences.csv", "tables/scores.csv") if drawn else ()
    named = ("tables/instruments.csv", *(t.file for t in tables), *means)
    return ", ".join(dict.fromkeys(named))


def _what_it_is(outcome: Outcome, row: InstrumentRow) -> str:
    """Say in two or three sentences what was asked, and how far the score runs."""
    score = f" The score here: {row.score}." if row.score else ""
    items = ""
    if row.items:
        items = " It is one answer." if row.items == 1 else f" It is made of {row.items} answers."
    return f"{row.title.rstrip('.')}.{score}{items} {say.scale(outcome)}"


def _warnings(row: InstrumentRow) -> tuple[Block, ...]:
    """Say what was written from memory, and what must be said beside every figure."""
    found: list[Block] = []
    if row.warning:
        found.append(Callout(title="Take care", paragraphs=(row.warning,)))
    said = (row.recalled,) if row.recalled else ()
    if row.status == RECALLED:
        words = "How this score is made was written from memory. Look at its source before use."
        said = (words, *said)
    if said:
        title = "Written from memory, not checked at its source"
        found.append(Callout(title=title, paragraphs=said))
    return tuple(found)


def _nothing_known(row: InstrumentRow) -> tuple[Block, ...]:
    if row.instrument is not None:
        return ()
    return (
        Callout(
            title="What cannot be said",
            paragraphs=(
                "The plan names no questionnaire of the catalogue. So this report cannot say how "
                "the score is made, what its numbers are called, what other people score, or "
                "which other sizes of change were called important.",
            ),
        ),
    )


def _scoring(outcome: Outcome, row: InstrumentRow) -> ReportTable:
    rule = row.missing_rule
    if rule and row.missing_status == RECALLED:
        rule = f"{rule} (This rule was written from memory.)"
    return pairs(
        f"card-{outcome.name}-table",
        f"{outcome.label}: how it is scored",
        (("Made from", row.made_from), *_known(row, rule)),
        headings=("About", "In this study"),
    )


def _known(row: InstrumentRow, rule: str | None) -> tuple[tuple[str, str | None], ...]:
    """Return what the catalogue says, or that it says nothing."""
    status = ("How well the scoring is known", STATUS.get(row.status, row.status))
    if row.instrument is None:
        return (("What the plan says of the scoring", row.options), status)
    return (
        ("What the scoring was told", row.options or "Nothing needs to be told"),
        ("Where answers are missing", rule),
        status,
        ("May it be used?", _licence(row)),
        ("Sources", row.sources),
    )


def _licence(row: InstrumentRow) -> str | None:
    if row.access is None:
        return None
    return f"{ACCESS[row.access]}. {row.licence}"


def _risk(evidence: Evidence) -> tuple[Section, ...]:
    """Say that a questionnaire asks about risk, with counts and nothing of any person."""
    result = evidence.of("risk")
    if not result.rows:
        return ()
    blocks: list[Block] = [
        Callout(title="A questionnaire here asks about risk", paragraphs=_asks(evidence, result))
    ]
    for outcome in evidence.outcomes:
        found = [e for e in entries(result) if e.row.outcome == outcome.name]
        if found:
            blocks.append(_risk_table(evidence, outcome, result, found))
    return (Section(id="card-risk", title="Answers about risk", blocks=tuple(blocks)),)


def _asks(evidence: Evidence, result: Result[Any]) -> tuple[str, ...]:
    names = {row.outcome: row.title for row in evidence.of("instruments").rows}
    asked = dict.fromkeys((row.outcome, row.item) for row in result.rows)
    said = (f"{names[outcome]} asks about risk in item {item}." for outcome, item in asked)
    need = (
        "A programme that uses it needs a written procedure: who looks at this answer, how soon, "
        "and what is done then."
    )
    return (f"{' '.join(said)} {need}", *(note.sentence() for note in result.notes))


def _risk_table(
    evidence: Evidence, outcome: Outcome, result: Result[Any], found: list[Entry[Any]]
) -> Block:
    return listed(
        result,
        found,
        (*group(evidence), ("Wave", lambda row: evidence.wave(row.wave).title)),
        ("answered", "above", "lowest"),
        caption=f"{outcome.label}: answers to item {found[0].row.item}",
        anchor=f"risk-{outcome.name}-table",
    )


def _notes(evidence: Evidence, shown: bool) -> tuple[Section, ...]:
    """Return the notes of all the results of this page, each said once."""
    keys = (*KEYS, *QUALITY)
    said = dict.fromkeys(note.sentence() for key in keys for note in evidence.of(key).notes)
    if not said:
        return ()
    items = (Item(text=words) for words in said)
    return (notes_section("questionnaires-notes", items, shown=shown),)
