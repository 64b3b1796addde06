"""What was delivered: contacts, how they were made, levels, components, and by how many."""

from __future__ import annotations

import math
from calendar import month_abbr
from typing import Any

from splw_eval.core.delivery_rows import CaseloadRow, DoseRow
from splw_eval.core.result import Result
from splw_eval.report.blocks import (
    Block,
    Figure,
    FigureGroup,
    Fold,
    Page,
    Paragraph,
    ReportTable,
    Section,
)
from splw_eval.report.evidence import Entry, Evidence, entries
from splw_eval.report.figures.given_steps import Month, Stage
from splw_eval.report.numbers import MASKED, percent, whole
from splw_eval.report.pages.records import headline
from splw_eval.report.pages.result_tables import Lead, listed
from splw_eval.report.pages.titles import counted, notes
from splw_eval.report.sentences import TOO_FEW

PARTS = ("dose", "modes", "levels", "components", "caseload", "continuity")
FIRST = "contacts attended"
RARE = (
    "no-shows",
    "contacts with attended empty",
    "attended contacts without minutes",
    "home visits",
    "times accompanied",
)
DOSE = ("known", "none", "lower", "median", "upper")
CASELOAD = ("workers", "cases", "waiting", "lower", "median", "upper", "per_fte")
CONTINUITY = ("seen", "one_worker", "two_workers", "three_or_more", "share_one", "median")
UNKNOWN = "not known"
EXPLORATORY = (
    "This says what was given and written down. It does not say what contacts bring about: who "
    "got more of them differed from the others from the start."
)


def page(evidence: Evidence) -> Page:
    """Return the page of what was delivered."""
    sections = (
        *_dose(evidence),
        *_bars(evidence, "modes", ("mode", "How"), ("contacts", "share", "people", "median")),
        *_bars(evidence, "components", ("component", "Component"), ("n", "share", "rows")),
        *_levels(evidence),
        *_caseload(evidence),
        *_plain(evidence, "continuity", CONTINUITY),
    )
    dose = evidence.of("dose")
    if not dose.rows:
        sections = (*sections, *notes(dose))
    return Page(id="delivered", title="What was delivered", sections=sections)


def _dose(evidence: Evidence) -> tuple[Section, ...]:
    result = evidence.of("dose")
    found = tuple(entries(result))
    if not found:
        return ()
    lead = tuple(
        Paragraph(text=words, lead=True)
        for words in (*_contacts(found), *(headline(evidence, n) for n in ("minutes", "mode")))
        if words
    )
    table = _spreads(result, found)
    among = tuple(
        Paragraph(text=f"{_measure(row)}: among {row.among}.")
        for row in {e.row.measure: e.row for e in found}.values()
    )
    fold = Fold(title="Who is counted in each row", file=table.file, blocks=among)
    blocks: tuple[Block, ...] = (
        *lead,
        Paragraph(text=EXPLORATORY),
        table,
        _any(result, found),
        fold,
        *counted(result),
    )
    return (Section(id="dose", title=result.title, blocks=blocks),)


def _spreads(result: Result[DoseRow], found: tuple[Entry[DoseRow], ...]) -> ReportTable:
    """Return what most people have some of, by its quarters."""
    return listed(
        result,
        tuple(e for e in found if e.row.measure not in RARE),
        (*_group(found), ("What", _measure)),
        DOSE,
        caption="What each person got: the middle half of people, and the median",
        anchor="dose-table",
    )


def _any(result: Result[DoseRow], found: tuple[Entry[DoseRow], ...]) -> ReportTable:
    """Return what many people have none of, by how many have none."""
    return listed(
        result,
        tuple(e for e in found if e.row.measure in RARE),
        (*_group(found), ("What", _measure)),
        ("known", "none"),
        caption="What many people had none of",
        anchor="dose-rare-table",
    )


def _contacts(found: tuple[Entry[DoseRow], ...]) -> list[str]:
    """Say the median number of attended contacts of each group."""
    several = len({e.row.group for e in found}) > 1
    return [
        f"{f'{row.group}: half' if several else 'Half'} of the people referred had "
        f"{whole(math.ceil(row.median))} or more attended contacts."
        for row in (e.row for e in found)
        if row.measure == FIRST and row.median is not None
    ]


def _measure(row: DoseRow) -> str:
    return row.measure[:1].upper() + row.measure[1:]


def _group(found: tuple[Entry[Any], ...]) -> Lead:
    several = len({e.row.group for e in found}) > 1
    return (("Group", lambda row: row.group),) if several else ()


def _bars(
    evidence: Evidence, key: str, named: tuple[str, str], names: tuple[str, ...]
) -> tuple[Section, ...]:
    """Return parts of a whole as bars, and as a table."""
    result = evidence.of(key)
    found = tuple(entries(result))
    if not found:
        return ()
    field, heading = named
    table = listed(
        result,
        found,
        (*_group(found), (heading, lambda row: getattr(row, field))),
        names,
        caption=result.title,
        anchor=f"{key}-table",
    )
    figure = _figure(key, result.title, field, found)
    blocks: tuple[Block, ...] = (
        *((FigureGroup(figures=(figure,)),) if figure else ()),
        table,
    )
    return (Section(id=key, title=result.title, blocks=blocks),)


def _figure(key: str, title: str, field: str, found: tuple[Entry[Any], ...]) -> Figure | None:
    from splw_eval.report.figures.funnel import draw_funnel

    if _group(found) or not any(e.row.share is not None for e in found):
        return None
    bars = tuple(
        Stage(
            label=str(getattr(e.row, field)),
            share=e.row.share,
            words=MASKED if e.row.share is None else percent(e.row.share),
        )
        for e in found
    )
    said = "; ".join(f"{bar.label} {bar.words}" for bar in bars)
    return Figure(
        id=f"{key}-figure",
        svg=draw_funnel(f"{key}-figure", title, said, bars),
        title=title,
        description=said,
        caption="Part of all attended contacts." if key == "modes" else "Part of all people.",
        table_id=f"{key}-table",
    )


def _levels(evidence: Evidence) -> tuple[Section, ...]:
    result = evidence.of("levels")
    found = tuple(entries(result))
    declared = {e.row.kind for e in found if e.row.level != UNKNOWN and e.row.n != 0}
    found = tuple(e for e in found if e.row.kind in declared)
    if not found:
        return ()
    table = listed(
        result,
        found,
        (*_group(found), ("Level as", lambda row: row.kind), ("Level", lambda row: row.level)),
        ("n", "share", "median"),
        caption="Level of support: as the service declared it, and as the records tell it",
        anchor="levels-table",
    )
    words = "The derived level is a proposal of this program, made from contacts, plans and "
    words += "reasons; it is no standard. Where the two differ, ask the service which fits."
    fold = Fold(title="Levels in numbers", file=table.file, blocks=(table,))
    return (Section(id="levels", title=result.title, blocks=(Paragraph(text=words), fold)),)


def _caseload(evidence: Evidence) -> tuple[Section, ...]:
    """Return the months in which the number of open cases may be shown."""
    result = evidence.of("caseload")
    shown = tuple(e for e in entries(result) if e.row.cases)
    if not shown:
        few = (Paragraph(text="In no month are there enough open cases to show."),)
        held = (Section(id="caseload", title=result.title, blocks=few),) if result.rows else ()
        return (*held, *notes(result))
    table = listed(
        result,
        shown,
        (("Month", lambda row: month_name(row.month)),),
        CASELOAD,
        caption="Open cases at the end of each month: cases of a link worker",
        anchor="caseload-table",
    )
    most = max(shown, key=lambda e: e.row.cases).row
    lead = f"At the most, at the end of {month_name(most.month)}, {whole(most.cases)} people were "
    lead += f"with {whole(most.workers)} link workers." if most.workers else "with a link worker."
    blocks: tuple[Block, ...] = (
        Paragraph(text=lead, lead=True),
        FigureGroup(figures=(_months(tuple(entries(result))),)),
        Fold(title="Month by month", file=table.file, blocks=(table,)),
        *counted(result),
    )
    return (Section(id="caseload", title=result.title, blocks=blocks),)


def _months(found: tuple[Entry[CaseloadRow], ...]) -> Figure:
    """Draw the open cases of every month up to the last that may be shown."""
    from splw_eval.report.figures.months import draw_months

    last = max(place for place, e in enumerate(found) if e.row.cases)
    months = tuple(
        Month(label=month_name(e.row.month), people=e.row.cases) for e in found[: last + 1]
    )
    title, key = "Open cases at the end of each month", "caseload-figure"
    said = "; ".join(
        f"{month.label} {TOO_FEW if month.people is None else whole(month.people)}"
        for month in months
    )
    caption = "People with a link worker at the end of each month. A star: too few to show."
    return Figure(
        id=key,
        svg=draw_months(key, title, f"{said}. {caption}", "Open cases", months),
        title=title,
        description=f"{said}. {caption}",
        caption=caption,
        table_id="caseload-table",
    )


def month_name(month: str) -> str:
    """Return a month such as 2026-08 as ``Aug 2026``."""
    year, _, number = month.partition("-")
    return f"{month_abbr[int(number)]} {year}"


def _plain(evidence: Evidence, key: str, names: tuple[str, ...]) -> tuple[Section, ...]:
    result = evidence.of(key)
    found = tuple(entries(result))
    if not found:
        return notes(result)
    table = listed(
        result,
        found,
        (("Group", lambda row: row.group),),
        names,
        caption=result.title,
        anchor=f"{key}-table",
    )
    return (Section(id=key, title=result.title, blocks=(table, *counted(result))),)
