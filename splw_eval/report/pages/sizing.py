"""Planned and reached: how large the study was to be, what it came to, what it can tell."""

from __future__ import annotations

from splw_eval.core.power_rows import SizingRow
from splw_eval.report.blocks import Block, Fold, Page, Paragraph, ReportTable, Section
from splw_eval.report.evidence import Entry, Evidence, entries
from splw_eval.report.pages.titles import counted, heads, rules_of, text

KEY = "sizing"
SIZE, PRECISION = "size", "precision"
ABOUT = (
    "How large the study was to be stands beside what it came to, and how exactly the main "
    "question was answered beside how exactly it was to be. What a study can tell is judged by "
    "that, and not by a power worked out from its own result."
)


def page(evidence: Evidence) -> Page:
    """Return the page of the planned size beside the one reached."""
    found = tuple(entries(evidence.of(KEY)))
    sections = (
        _section(evidence, found, PRECISION, "How exactly the main question was answered"),
        _section(evidence, found, SIZE, "Size, spread and losses"),
    )
    return Page(
        id=KEY, title="Planned and reached", sections=tuple(s for s in sections if s.blocks)
    )


def _section(
    evidence: Evidence, found: tuple[Entry[SizingRow], ...], about: str, title: str
) -> Section:
    rows = tuple(entry.row for entry in found if entry.row.about == about)
    blocks: tuple[Block, ...] = (
        (_table(evidence, rows, about, title), *_sources(evidence, rows, about, title))
        if rows
        else ()
    )
    if about == PRECISION and blocks:
        blocks = (Paragraph(text=ABOUT, lead=True), *blocks, *counted(evidence.of(KEY)))
    return Section(id=f"{KEY}-{about}", title=title, blocks=blocks)


def _table(
    evidence: Evidence, rows: tuple[SizingRow, ...], about: str, caption: str
) -> ReportTable:
    result = evidence.of(KEY)
    return ReportTable(
        id=f"{KEY}-{about}-table",
        caption=caption,
        columns=heads("Quantity", "Reached, beside what was planned", row_heads=2),
        rows=tuple((text(_capital(row.quantity)), text(row.sentence)) for row in rows),
        rules=rules_of(result),
        file=f"tables/{result.key}.csv",
    )


def _sources(
    evidence: Evidence, rows: tuple[SizingRow, ...], about: str, caption: str
) -> tuple[Block, ...]:
    """Return where the planned figures come from, closed; most have no source of their own."""
    sourced = tuple(row for row in rows if row.source)
    if not sourced:
        return ()
    result = evidence.of(KEY)
    title = "Where the planned figures come from"
    table = ReportTable(
        id=f"{KEY}-{about}-sources-table",
        caption=f"{caption}: where the planned figures come from",
        columns=heads("Quantity", "Source of the plan", row_heads=2),
        rows=tuple((text(_capital(row.quantity)), text(row.source)) for row in sourced),
        file=f"tables/{result.key}.csv",
    )
    return (Fold(title=title, file=table.file, blocks=(table,)),)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
