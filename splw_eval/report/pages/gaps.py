"""Which scores are missing, in which patterns, and why as far as it is known."""

from __future__ import annotations

from typing import Any

from splw_eval.core.plan import Outcome
from splw_eval.core.result import Result
from splw_eval.report.blocks import (
    Block,
    Figure,
    FigureGroup,
    Item,
    ListBlock,
    Page,
    Paragraph,
    Section,
)
from splw_eval.report.evidence import Entry, Evidence, entries
from splw_eval.report.figures.given import Tiles, people
from splw_eval.report.numbers import in_100, percent
from splw_eval.report.pages.result_tables import group, listed

PATTERNS = ("kind", "people")
MONOTONE = ("people", "complete", "stopped", "gaps", "share_monotone")
REASONS = ("people", "missing", "share")
KEYS = ("patterns", "monotone", "reasons")


def page(evidence: Evidence) -> Page:
    """Return the page of patterns and reasons of missing scores."""
    rows = evidence.of("patterns").rows
    sections = [_section(evidence, o) for o in evidence.outcomes] if rows else []
    said = dict.fromkeys(n.sentence() for key in KEYS for n in evidence.of(key).notes)
    if said:
        items = ListBlock(items=tuple(Item(text=words) for words in said))
        title = "Notes" if rows else "Why there is nothing to show"
        sections.append(Section(id="gaps-notes", title=title, blocks=(items,)))
    return Page(id="gaps", title="Gaps in the scores", sections=tuple(sections))


def _of(result: Result[Any], outcome: Outcome, arm: str | None = None) -> tuple[Entry[Any], ...]:
    return tuple(
        e
        for e in entries(result)
        if e.row.outcome == outcome.name and (arm is None or e.row.arm == arm)
    )


def _section(evidence: Evidence, outcome: Outcome) -> Section:
    tables = (_monotone(evidence, outcome), _patterns(evidence, outcome))
    blocks: tuple[Block, ...] = (*tables, *_reasons(evidence, outcome))
    if outcome is evidence.plan.primary:
        drawn = tuple(_figure(evidence, outcome, arm) for arm in evidence.plan.groups)
        blocks = (*_lead(evidence, outcome), FigureGroup(figures=drawn), *blocks)
    return Section(id=f"gaps-{outcome.name}", title=outcome.label, blocks=blocks)


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
        table_id=f"patterns-{outcome.name}-table",
    )


def _monotone(evidence: Evidence, outcome: Outcome) -> Block:
    result = evidence.of("monotone")
    return listed(
        result,
        _of(result, outcome),
        (("Group", lambda row: row.arm),),
        MONOTONE,
        caption=f"{outcome.label}: who stopped, and who came back",
        anchor=f"monotone-{outcome.name}-table",
    )


def _patterns(evidence: Evidence, outcome: Outcome) -> Block:
    result = evidence.of("patterns")
    return listed(
        result,
        _of(result, outcome),
        (*group(evidence), ("Measured at", lambda row: row.measured_at)),
        PATTERNS,
        caption=f"{outcome.label}: people by the waves they were measured at",
        anchor=f"patterns-{outcome.name}-table",
    )


def _reasons(evidence: Evidence, outcome: Outcome) -> tuple[Block, ...]:
    result = evidence.of("reasons")
    found = _of(result, outcome)
    if not found:
        return ()
    return (
        listed(
            result,
            found,
            (
                *group(evidence),
                ("Wave", lambda row: evidence.wave(row.wave).title),
                ("Reason", lambda row: row.reason),
            ),
            REASONS,
            caption=f"{outcome.label}: why scores are missing",
            anchor=f"reasons-{outcome.name}-table",
        ),
    )
