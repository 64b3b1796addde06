"""What was delivered, planned and actual, under the twelve headings of TIDieR."""

from __future__ import annotations

from typing import Any

from splw_eval.core.planned_rows import PlannedRow
from splw_eval.report.blocks import (
    Block,
    ColumnHead,
    Figure,
    FigureGroup,
    Fold,
    Page,
    Paragraph,
    ReportTable,
    Section,
)
from splw_eval.report.evidence import Entry, Evidence, entries
from splw_eval.report.figures.given_steps import Stage
from splw_eval.report.numbers import MASKED, in_100, percent
from splw_eval.report.pages.plan_declared import TIDIER
from splw_eval.report.pages.result_tables import Lead, listed
from splw_eval.report.pages.tidier_told import TOLD
from splw_eval.report.pages.titles import NOT_STATED, counted, notes, rules_of, text

PARTS = ("planned", "places")
SPREAD = ("planned", "known", "lower", "median", "upper")
SHARES = ("share_fewer", "share_within", "share_more")
PLACES = ("contacts", "share", "people")
NO_RECORD = "Declared only"
NOT_LOGGED = "No records"
NOT_NUMBERED = "not stated"
BEYOND = (
    "Support is meant to fit the person, so more or less than planned is no fault by itself. That "
    "people who got more fared otherwise than people who got less does not say what contacts do."
)
_MEASURES = {
    "contacts attended": "number of contacts",
    "minutes of a contact": "minutes of their contacts",
    "first to last contact": "weeks from first to last contact",
}
Found = tuple[Entry[PlannedRow], ...]


def page(evidence: Evidence) -> Page:
    """Return the page of what was delivered beside what was planned."""
    sections = (_headings(evidence), *_planned(evidence), *_places(evidence))
    return Page(id="tidier", title="Planned and delivered", sections=sections)


def _headings(evidence: Evidence) -> Section:
    """Return the twelve headings: what the plan says beside what the records show."""
    tidier = evidence.plan.tidier
    rows = []
    unstated = []
    for name, heading in TIDIER.items():
        said = getattr(tidier, name, None) if tidier is not None else None
        shown = TOLD[name](evidence) if name in TOLD else NO_RECORD
        rows.append((text(heading), text(said or NOT_STATED), text(shown or NOT_LOGGED)))
        unstated += [] if said else [heading]
    used = (evidence.of("planned"), evidence.of("modes"), evidence.of("places"))
    table = ReportTable(
        id="tidier-table",
        caption="The twelve headings of TIDieR: the plan beside the records",
        columns=(
            ColumnHead(title="Heading"),
            ColumnHead(title="The plan says"),
            ColumnHead(title="The records show"),
        ),
        rows=tuple(rows),
        rules=tuple(dict.fromkeys(rule for result in used for rule in rules_of(result))),
    )
    if not unstated:
        words = "The plan states all twelve headings."
    elif len(unstated) == len(TIDIER):
        words = "The plan states none of the twelve headings ([tidier]), so nobody can repeat it."
    else:
        words = f"The plan does not state: {', '.join(unstated).lower()}."
    blocks: tuple[Block, ...] = (Paragraph(text=words, lead=True), table)
    return Section(
        id="tidier-headings", title="The programme, as planned and as given", blocks=blocks
    )


def _planned(evidence: Evidence) -> tuple[Section, ...]:
    """Return contacts, minutes and weeks of people beside the numbers of the plan."""
    result = evidence.of("planned")
    found = tuple(entries(result))
    if not found:
        return notes(result)
    lead: Lead = (*_group(found), ("What", lambda row: f"{_named(row.measure)}, {row.unit}"))
    spreads = listed(
        result, found, lead, SPREAD, caption="What each person got, beside the plan",
        anchor="planned-table",
    )  # fmt: skip
    stated = tuple(e for e in found if e.row.planned != NOT_NUMBERED)
    among = tuple(
        Paragraph(text=f"{_named(e.row.measure)}: of {e.row.among}.")
        for e in {e.row.measure: e for e in found}.values()
    )
    blocks: tuple[Block, ...] = (
        *(Paragraph(text=words, lead=True) for words in _said(stated)),
        *_without(found, stated),
        Paragraph(text=BEYOND),
        spreads,
        *_shares(evidence, stated),
        Fold(title="Who is counted in each row", file=spreads.file, blocks=among),
        *counted(result),
    )
    return (
        Section(id="planned-support", title="How much was given, beside the plan", blocks=blocks),
    )


def _named(measure: str) -> str:
    return measure[:1].upper() + measure[1:]


def _group(found: tuple[Entry[Any], ...]) -> Lead:
    several = len({e.row.group for e in found}) > 1
    return (("Group", lambda row: row.group),) if several else ()


def _said(stated: Found) -> list[str]:
    """Say for each number of the plan how many people got what it says."""
    several = len({e.row.group for e in stated}) > 1
    said = []
    for entry in stated:
        row = entry.row
        if row.share_within is None:
            continue
        whose = f"{row.group}: " if several else ""
        rest = [
            f"{percent(share)} {words}"
            for share, words in ((row.share_fewer, "had fewer"), (row.share_more, "had more"))
            if share
        ]
        after = f"; {' and '.join(rest)}" if rest else ""
        said.append(
            f"{whose}{in_100(row.share_within)} people ({percent(row.share_within)}) had the "
            f"{_MEASURES.get(row.measure, row.measure)} that was planned ({row.planned}){after}."
        )
    return said


def _without(found: Found, stated: Found) -> tuple[Paragraph, ...]:
    """Say which numbers the plan does not give."""
    gone = dict.fromkeys(e.row.measure for e in found if e not in stated)
    if not gone:
        return ()
    words = f"The plan gives no numbers ([tidier.planned]) for: {', '.join(gone)}."
    return (Paragraph(text=words),)


def _shares(evidence: Evidence, stated: Found) -> tuple[Block, ...]:
    if not stated:
        return ()
    result = evidence.of("planned")
    lead: Lead = (
        *_group(stated),
        ("What", lambda row: f"{_named(row.measure)}: {row.planned} {row.unit}"),
    )
    table = listed(
        result, stated, lead, SHARES, caption="People with less, as much and more than planned",
        anchor="planned-shares-table",
    )  # fmt: skip
    return (table,)


def _places(evidence: Evidence) -> tuple[Section, ...]:
    result = evidence.of("places")
    found = tuple(entries(result))
    if not found:
        return notes(result)
    lead: Lead = (*_group(found), ("Where", lambda row: _named(row.place)))
    table = listed(
        result, found, lead, PLACES, caption="Attended contacts by where they were",
        anchor="places-table",
    )  # fmt: skip
    figure = None if _group(found) else _bars(found, result.title)
    blocks: tuple[Block, ...] = (
        *((FigureGroup(figures=(figure,)), _folded(table)) if figure else (table,)),
        *counted(result),
    )
    return (Section(id="places", title=result.title, blocks=blocks),)


def _folded(table: ReportTable) -> Fold:
    return Fold(title="The same in numbers", file=table.file, blocks=(table,))


def _bars(found: tuple[Entry[Any], ...], title: str) -> Figure | None:
    from splw_eval.report.figures.funnel import draw_funnel

    rows = [entry.row for entry in found]
    bars = tuple(
        Stage(
            label=_named(row.place),
            share=row.share,
            words=_percent(row.share),
        )
        for row in rows
    )
    if all(bar.share is None for bar in bars):
        return None
    said = "; ".join(f"{bar.label} {bar.words}" for bar in bars)
    key, caption = "places-figure", "Part of all attended contacts."
    return Figure(
        id=key,
        svg=draw_funnel(key, title, f"{said}. {caption}", bars),
        title=title,
        description=f"{said}. {caption}",
        caption=caption,
        table_id="places-table",
    )


def _percent(share: float | None) -> str:
    return MASKED if share is None else percent(share)
