"""What is not shown, and why; and how easily people could be told in the files."""

from __future__ import annotations

from dataclasses import replace

from splw_eval.core.masking_rows import EVERY_COLUMN, EVERY_TABLE, IdentifiabilityRow, MaskingRow
from splw_eval.report.blocks import Block, Cell, Fold, Item, ListBlock, Page, Paragraph, Section
from splw_eval.report.evidence import Entry, Evidence, entries
from splw_eval.report.pages.result_tables import listed
from splw_eval.report.pages.titles import notes

LOG, FILES = "masking", "identifiability"
FIELDS = ("people", "in_small", "share_small", "smallest")
NOTHING = "Nothing is hidden here: every count is shown as it is."
LEAD = (
    "A star in a table stands for a number that is left out, so that nobody can be recognised. "
    "Each is listed here with the reason. Every form of this report, and every file beside it, "
    "leaves out the same."
)


def page(evidence: Evidence) -> Page:
    """Return the page of what is not shown, and why."""
    sections = (*_masked(evidence), *_files(evidence))
    return Page(id="masking", title="What is not shown, and why", sections=sections)


def _masked(evidence: Evidence) -> tuple[Section, ...]:
    log = evidence.of(LOG)
    if not log.rows:
        blocks: tuple[Block, ...] = (Paragraph(text=NOTHING, lead=True),)
        return (Section(id="masking-none", title="Nothing is hidden", blocks=blocks),)
    every = [e for e in entries(log) if e.row.result == EVERY_TABLE]
    table = listed(
        log,
        every,
        (("Why", _why),),
        ("cells",),
        caption="Cells that are not shown, in all tables together",
        anchor="masking-table",
    )
    table = replace(
        table, rules=(), columns=(table.columns[0], replace(table.columns[1], numeric=True))
    )
    said = ListBlock(items=tuple(Item(text=note.sentence()) for note in log.notes))
    blocks = (Paragraph(text=LEAD, lead=True), table, said, *_by_table(evidence))
    return (Section(id="masking-why", title="Numbers that are left out", blocks=blocks),)


def _by_table(evidence: Evidence) -> tuple[Block, ...]:
    log = evidence.of(LOG)
    found = [
        e for e in entries(log) if e.row.column == EVERY_COLUMN and e.row.result != EVERY_TABLE
    ]
    table = listed(
        log,
        found,
        (("Table", lambda row: row.result), ("Why", _why)),
        ("cells",),
        caption="Cells that are not shown, table by table",
        anchor="masking-tables-table",
    )
    heads = (*table.columns[:2], replace(table.columns[2], numeric=True))
    table = replace(
        table,
        rules=(),
        columns=heads,
        footnotes=("Column by column they stand in tables/masking.csv.",),
    )
    return (Fold(title="Table by table", file=table.file, blocks=(table,)),)


def _why(row: MaskingRow) -> str:
    return row.why[:1].upper() + row.why[1:]


def _files(evidence: Evidence) -> tuple[Section, ...]:
    result = evidence.of(FILES)
    found = tuple(entries(result))
    if not result.rows:
        return notes(result)
    table = listed(
        result,
        found,
        (("Columns", lambda row: row.columns),),
        FIELDS,
        caption="People who share what these columns say with fewer than four others",
        anchor="identifiability-table",
    )
    items = tuple(Item(text=note.sentence()) for note in result.notes)
    blocks: tuple[Block, ...] = (
        Paragraph(text=_first(found[0]), lead=True),
        table,
        ListBlock(items=items),
    )
    return (Section(id="identifiability", title=result.title, blocks=blocks),)


def _first(entry: Entry[IdentifiabilityRow]) -> str:
    """Say what the files are like, before any table."""
    cell: Cell = entry.cell("smallest")
    if cell.masked or cell.value is None:
        return "There are too few people to say how easily they could be told in the files."
    words = {
        "one person alone": "In the files, at least one person shares with nobody what the columns "
        "below say together. Treat the files as data about people who can be recognised.",
        "fewer than 5": "In the files, some people share what the columns below say together with "
        "fewer than four others. Treat the files as data about people who may be recognised.",
    }
    return words.get(
        str(cell.value),
        "In the files, everybody shares what the columns below say together with four others or "
        "more. That alone does not make the files safe to pass on.",
    )
