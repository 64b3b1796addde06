"""Checklists as the description of one page, for the renderer of reports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.metadata import version
from itertools import groupby
from typing import TYPE_CHECKING

from splw_eval.appraisal.checklists import Profile
from splw_eval.appraisal.checklists.fitting import applies_together
from splw_eval.cli.appraise_print import NO_SCORE, SIGNS, UNCHECKED, goes_without
from splw_eval.core.check_rows import CheckRow, Status
from splw_eval.core.result import Result
from splw_eval.report.blocks import (
    Cell,
    ColumnHead,
    Page,
    Paragraph,
    Report,
    ReportTable,
    Section,
)
from splw_eval.report.evidence import SYNTHETIC
from splw_eval.report.pages.titles import DESIGNS

if TYPE_CHECKING:
    from splw_eval.cli.appraise_done import Appraisal

_HEADS = ("Item", "What it asks", "Status", "What is there, and what to do")
_STAGE = {
    "unread": "The data were not looked at: this is what must be stated and collected.",
    "planned": "Nothing is collected yet: this is what must be stated and collected.",
    "refused": "The files cannot be used yet: only what the plan and the findings decide is told.",
}


def page_of(done: Appraisal) -> Report:
    """Return one page with every checklist; nothing is computed here."""
    exact = f"Exact counts shown: {done.exact}" if done.exact else ""
    stamp = ". ".join(filter(None, [SYNTHETIC if done.plan.synthetic else "", exact]))
    pages = tuple(_page(profile, result, done) for profile, result in done.held)
    return Report(
        title=done.plan.title,
        subtitle=DESIGNS[done.plan.design],
        stamp=stamp,
        synthetic=done.plan.synthetic,
        software=f"splw-eval {version('splw-eval')}",
        pages=pages,
    )


def _page(profile: Profile, result: Result[CheckRow], done: Appraisal) -> Page:
    said = (
        profile.note,
        _STAGE.get("unread" if done.unread else done.stage, ""),
        applies_together(done.plan),
        NO_SCORE,
    )
    table = ReportTable(
        id=f"table-{profile.name}",
        caption=f"{profile.title}, check by check",
        columns=tuple(ColumnHead(title=title) for title in _HEADS),
        rows=tuple(_rows(profile, result.rows)),
    )
    section = Section(
        id=f"checks-{profile.name}",
        title="Item by item",
        blocks=(*(Paragraph(text=text) for text in said if text), table),
    )
    foot = (
        f"Source: {profile.source}",
        f"Licence: {profile.licence}",
        "[x] reported, [ ] not reported, [-] not applicable, [?] needs the author.",
    )
    return Page(id=f"profile-{profile.name}", title=profile.title, sections=(section,), foot=foot)


def _rows(profile: Profile, rows: Iterable[CheckRow]) -> Iterator[tuple[Cell, ...]]:
    """Yield a row for each check; the first of an item says what the item is about."""
    items = {item.number: item for item in profile.items}
    for number, checks in groupby(rows, key=lambda row: row.item):
        item = items[number]
        unchecked = "" if item.status == "verified" else f" ({UNCHECKED})"
        for n, row in enumerate(checks):
            asks = row.topic if n or row.topic == item.topic else f"{item.topic}. {row.topic}"
            status = f"{SIGNS[Status(row.status)]} {row.status}"
            told = "" if goes_without(row) else row.evidence
            to_do = f"To do: {row.remedy}" if row.remedy else ""
            said = " ".join(filter(None, [told, to_do]))
            yield tuple(Cell(value=v) for v in (f"{number}{unchecked}", asks, status, said))
