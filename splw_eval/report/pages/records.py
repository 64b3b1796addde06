"""What was kept: how completely the service's records were filled, and by how many workers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from splw_eval.core.rows import FilledRow
from splw_eval.report.blocks import Block, Figure, Fold, Page, Paragraph, Section
from splw_eval.report.evidence import Entry, Evidence, entries
from splw_eval.report.figures.given import Filled
from splw_eval.report.numbers import MASKED, in_100, percent
from splw_eval.report.pages.result_tables import listed
from splw_eval.report.pages.titles import notes
from splw_eval.report.sentences import TOO_FEW

FIELDS = ("records", "filled", "empty", "share_filled", "verdict")
LINE = 0.8  # drawn where the words of the rows say it stands
NOT_KEPT, BELOW, ABOUT = "Not kept", "Filled below", "Filled about"
TITLES = {
    "contacts": "The contact log",
    "support": "Support and activities",
    "episodes": "Episodes",
    "link_workers": "Link workers",
}
HEADLINE = ("minutes", "mode", "attended")


def page(evidence: Evidence) -> Page:
    """Return the page of the records' completeness."""
    result = evidence.of("records")
    tables = dict.fromkeys(row.table for row in result.rows)
    sections = [_section(evidence, table) for table in tables]
    workers = _workers(evidence)
    return Page(
        id="records",
        title="What was kept",
        sections=(*sections, *notes(result), *workers),
    )


def _section(evidence: Evidence, table: str) -> Section:
    result = evidence.of("records")
    found = _of(evidence, table)
    shown = listed(
        result,
        found,
        (("Column", lambda row: row.column.replace("_", " ")),),
        FIELDS,
        caption=f"{TITLES[table]}: how far each column is filled",
        anchor=f"records-{table}-table",
    )
    lead = _headline(found) if table == "contacts" else ()
    fold = Fold(title="The same in numbers", file=shown.file, blocks=(shown,))
    blocks: tuple[Block, ...] = (*lead, *_too_empty(found), _drawn(table, found), fold)
    return Section(id=f"records-{table}", title=TITLES[table], blocks=blocks)


def _drawn(table: str, found: tuple[Entry[FilledRow], ...]) -> Figure | Paragraph:
    """Draw how far columns are filled, where anything of it may be shown."""
    if any(entry.row.share_filled is not None for entry in found):
        return _figure(table, found)
    return Paragraph(
        text="No figure is drawn: the table is so short that no share of filled cells may be shown."
    )


def _of(evidence: Evidence, table: str) -> tuple[Entry[FilledRow], ...]:
    return tuple(e for e in entries(evidence.of("records")) if e.row.table == table)


def headline(evidence: Evidence, column: str = "minutes") -> str:
    """Say how completely one column of the contact log is filled; empty without a log."""
    for entry in _of(evidence, "contacts"):
        if entry.row.column == column:
            return f"{column.capitalize()} {_recorded(entry)} contacts."
    return ""


def _headline(found: tuple[Entry[FilledRow], ...]) -> tuple[Block, ...]:
    by_name = {entry.row.column: entry for entry in found}
    parts = [f"{c} {_recorded(by_name[c])} contacts" for c in HEADLINE if c in by_name]
    words = "; ".join(parts)
    return (Paragraph(text=f"{words[:1].upper()}{words[1:]}.", lead=True),) if parts else ()


def _recorded(entry: Entry[FilledRow]) -> str:
    """Say for how many records in 100 a column is filled."""
    row = entry.row
    if row.verdict == NOT_KEPT:
        return "not kept for any of the"
    if row.share_filled is not None:
        return f"recorded for {in_100(row.share_filled)}"
    if "empty" in entry.masked and "filled" not in entry.masked:
        return "recorded for all but a few"
    return "recorded for too few to show"


def _too_empty(found: tuple[Entry[FilledRow], ...]) -> tuple[Block, ...]:
    """Name every column that is not kept, below the line, or so near that it is left open."""
    kinds: dict[str, list[str]] = {}
    for entry in found:
        verdict = entry.row.verdict or ""
        if verdict.startswith((NOT_KEPT, BELOW, ABOUT)):
            kinds.setdefault(verdict, []).append(entry.row.column.replace("_", " "))
    said = [f"{verdict}: {', '.join(columns)}." for verdict, columns in sorted(kinds.items())]
    return tuple(Paragraph(text=words) for words in said)


def _figure(table: str, found: tuple[Entry[FilledRow], ...]) -> Figure:
    from splw_eval.report.figures.filled import draw_filled

    rows = tuple(_bar(entry) for entry in found)
    key, title = f"records-{table}-figure", f"{TITLES[table]}: filled cells of each column"
    said = "; ".join(f"{row.label} {_spoken(row)}" for row in rows)
    description = f"Records with the column filled: {said}. The broken line is at {percent(LINE)}."
    return Figure(
        id=key,
        svg=draw_filled(key, title, description, LINE, rows),
        title=title,
        description=description,
        caption=f"Part of the records in which each column is filled. The broken line is at "
        f"{percent(LINE)}.",
        table_id=f"records-{table}-table",
    )


def _bar(entry: Entry[FilledRow]) -> Filled:
    row = entry.row
    verdict = row.verdict or ""
    label = row.column.replace("_", " ")
    few_empty = "empty" in entry.masked and "filled" not in entry.masked
    words = "few empty *" if few_empty else MASKED
    if verdict == NOT_KEPT:
        words = "not kept"
    elif row.share_filled is not None:
        words = percent(row.share_filled)
    enough = not verdict.startswith(BELOW)
    return Filled(label=label, share=row.share_filled, words=words, enough=enough)


def _spoken(row: Filled) -> str:
    return TOO_FEW if row.words == MASKED else row.words


def _workers(evidence: Evidence) -> tuple[Section, ...]:
    result: Any = evidence.of("workers")
    if not result.rows:
        return notes(result)
    table = listed(
        result,
        entries(result),
        (("Which", lambda row: row.group),),
        ("workers", "practices", "people"),
        caption="Link workers by how many practices they serve, and practices by link workers",
        anchor="workers-table",
    )
    table = replace(table, footnotes=("Their people are rounded.",))
    why = "Where link workers serve several practices, what people of one practice share and "
    why += "what people of one link worker share cannot be fully told apart."
    blocks: tuple[Block, ...] = (Paragraph(text=why), table)
    return (Section(id="workers", title=result.title, blocks=blocks), *notes(result))
