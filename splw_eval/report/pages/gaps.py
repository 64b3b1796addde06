"""Which scores are missing, in which patterns, and why as far as it is known."""

from __future__ import annotations

from typing import Any

from splw_eval.core.plan import Outcome
from splw_eval.core.result import Result
from splw_eval.report.blocks import (
    Block,
    Figure,
    FigureGroup,
    Fold,
    Item,
    Page,
    Paragraph,
    ReportTable,
    Section,
)
from splw_eval.report.evidence import Entry, Evidence, entries
from splw_eval.report.figures.given import Tiles, people
from splw_eval.report.numbers import in_100, percent
from splw_eval.report.pages.result_tables import Lead, group, listed
from splw_eval.report.pages.titles import notes_section
from splw_eval.report.sentences import NOTHING_TO_DRAW

PATTERNS = ("kind", "people")
MONOTONE = ("people", "complete", "stopped", "gaps", "share_monotone")
REASONS = ("people", "missing", "share")
KEYS = ("patterns", "monotone", "reasons")


def page(evidence: Evidence) -> Page:
    """Return the page of patterns and reasons of missing scores."""
    sections: list[Section] = []
    if evidence.of("patterns").rows:
        sections = [_primary(evidence), *_others(evidence)]
    said = dict.fromkeys(n.sentence() for key in KEYS for n in evidence.of(key).notes)
    if said:
        items = (Item(text=words) for words in said)
        sections.append(notes_section("gaps-notes", items, shown=bool(sections)))
    return Page(id="gaps", title="Gaps in the scores", sections=tuple(sections))


def _of(result: Result[Any], outcome: Outcome, arm: str | None = None) -> tuple[Entry[Any], ...]:
    return tuple(
        e
        for e in entries(result)
        if e.row.outcome == outcome.name and (arm is None or e.row.arm == arm)
    )


def _primary(evidence: Evidence) -> Section:
    outcome = evidence.plan.primary
    drawn: list[Block] = []
    figures = []
    for arm in evidence.plan.groups:
        found = _of(evidence.of("patterns"), outcome, arm)
        if any(entry.row.people is not None for entry in found):
            figures.append(_figure(evidence, outcome, arm))
        elif found:
            drawn.append(Paragraph(text=f"{arm}: {NOTHING_TO_DRAW}"))
    if figures:
        drawn.insert(0, FigureGroup(figures=tuple(figures)))
    stopped, patterns, *reasons = _tables(evidence, (outcome,), outcome.label, outcome.name)
    tables: tuple[Block, ...] = (stopped, patterns, *reasons)
    if figures:
        title = "Each wave at which people were measured, in numbers"
        tables = (stopped, *reasons, Fold(title=title, file=patterns.file, blocks=(patterns,)))
    blocks = (*_lead(evidence, outcome), *drawn, *tables)
    return Section(id=f"gaps-{outcome.name}", title=outcome.label, blocks=blocks)


def _others(evidence: Evidence) -> tuple[Section, ...]:
    """Return the tables of all other outcomes, closed."""
    if not evidence.outcomes[1:]:
        return ()
    others = evidence.outcomes[1:]
    whose = "All other outcomes" if len(others) > 1 else others[0].label
    tables = _tables(evidence, others, whose, "others")
    files = dict.fromkeys(table.file for table in tables)
    fold = Fold(
        title="The other outcomes: who came back, waves measured, and reasons",
        file=", ".join(files),
        blocks=tables,
    )
    return (Section(id="gaps-others", title="The other outcomes", blocks=(fold,)),)


def _tables(
    evidence: Evidence, outcomes: tuple[Outcome, ...], whose: str, name: str
) -> tuple[ReportTable, ...]:
    """Return who stopped, the patterns and the reasons of some outcomes."""
    captions = {
        "monotone": ("who stopped, and who came back", MONOTONE, ()),
        "patterns": (
            "people by the waves they were measured at",
            PATTERNS,
            (("Measured at", lambda row: row.measured_at),),
        ),
        "reasons": (
            "why scores are missing",
            REASONS,
            (
                ("Wave", lambda row: evidence.wave(row.wave).title),
                ("Reason", lambda row: row.reason),
            ),
        ),
    }
    labels = {outcome.name: outcome.label for outcome in outcomes}
    of_which: Lead = (("Outcome", lambda row: labels[row.outcome]),) if len(outcomes) > 1 else ()
    tables = []
    for key, (words, fields, lead) in captions.items():
        result = evidence.of(key)
        found = tuple(e for outcome in outcomes for e in _of(result, outcome))
        if found or key != "reasons":
            tables.append(
                listed(
                    result,
                    found,
                    (*of_which, *group(evidence), *lead),
                    fields,
                    caption=f"{whose}: {words}",
                    anchor=f"{key}-{name}-table",
                )
            )
    return tuple(tables)


def _lead(evidence: Evidence, outcome: Outcome) -> tuple[Block, ...]:
    """Say how many never came back once missing, for each group where it may be shown."""
    parts = []
    for entry in _of(evidence.of("monotone"), outcome):
        share = entry.row.share_monotone
        if share is not None:
            parts.append(
                f"{entry.row.arm}: {in_100(share)} ({percent(share)}) were measured at every wave "
                "due, or never again once they were missing."
            )
    return (Paragraph(text=" ".join(parts), lead=True),) if parts else ()


def _figure(evidence: Evidence, outcome: Outcome, arm: str) -> Figure:
    from splw_eval.report.figures.patterns import draw_patterns

    found = _of(evidence.of("patterns"), outcome, arm)
    rows = tuple(Tiles(pattern=e.row.pattern, people=e.row.people) for e in found)
    waves = tuple(f"{wave.month:g}" for wave in evidence.plan.waves)
    key = f"gaps-{outcome.name}-figure-{evidence.plan.groups.index(arm) + 1}"
    title = f"{arm}: at which waves people were measured"
    said = "; ".join(f"{e.row.measured_at}: {people(e.row.people)}" for e in found)
    return Figure(
        id=key,
        svg=draw_patterns(key, title, f"Measured at: {said}.", waves, rows),
        title=title,
        description=f"People by the waves they were measured at. {said}.",
        caption="Yes is measured, No is missing, Later is not due yet.",
        table_id=f"patterns-{outcome.name}-table",
    )
