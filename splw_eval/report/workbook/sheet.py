"""One sheet of the workbook: a table with its caption, its numbers and what explains them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from splw_eval.report.archive import legible
from splw_eval.report.blocks import Cell, Report, ReportTable
from splw_eval.report.numbers import shown
from splw_eval.report.pages.titles import ABSENT_NOTE, MASK_NOTE
from splw_eval.report.tables import RISKY
from splw_eval.report.workbook.cells import held, shortened
from splw_eval.report.workbook.names import COVER, Sheet
from splw_eval.report.workbook.style import Formats

if TYPE_CHECKING:
    from xlsxwriter import Workbook

STAMP, CAPTION, PLACE, HEADING = range(4)  # rows
A4 = 9
NARROWEST, WIDEST = 9, 48  # signs of a column
NOTE_WIDTH = 110  # signs of a line of notes
LINE = 13.0  # points
SMALL = 1.1  # signs of a note in the width of one sign of a column
MOST_IN_FOOT = 180  # signs that a spreadsheet takes there, with the number of the sheet
SYNTHETIC = " (synthetic)"


def write_sheet(book: Workbook, formats: Formats, report: Report, sheet: Sheet) -> None:
    """Write one table on a sheet of its own."""
    page = book.add_worksheet(sheet.name)
    table = sheet.table
    widths = _widths(table)
    for index, width in enumerate(widths):
        page.set_column(index, index, width)
    text(page, STAMP, 0, report.stamp or report.title, formats, "stamp")
    mark = SYNTHETIC if report.synthetic else ""
    text(page, CAPTION, 0, table.caption + mark, formats, "heading")
    page.set_row(CAPTION, 1.4 * LINE)
    words = shortened(legible(f"Back to {COVER}. In the report: {sheet.page}, {sheet.section}"))
    page.write_url(PLACE, 0, f"internal:'{COVER}'!A1", formats.get("link"), words)
    _table(page, table, formats, widths)
    last = HEADING + len(table.rows)
    _notes(page, table, formats, last + 2, widths)
    # A narrow screen keeps room for the numbers.
    heads = table.row_heads if sum(widths[: table.row_heads]) <= WIDEST else 0
    page.freeze_panes(HEADING + 1, heads)
    if table.rows and table.columns:
        page.autofilter(HEADING, 0, last, len(table.columns) - 1)
        page.ignore_errors({"number_stored_as_text": f"A1:XFD{last + 1}"})
    for_paper(page, report)
    page.repeat_rows(HEADING)


def text(page: Any, row: int, column: int, words: str, formats: Formats, name: str) -> None:
    """Write words that no spreadsheet takes for a formula or a number."""
    clean = shortened(legible(words))
    style = formats.get(name, literal=clean.startswith((*RISKY, "'")))
    page.write_string(row, column, clean, style)


def for_paper(page: Any, report: Report) -> None:
    """Set a sheet up for paper: A4, one sheet wide, the stamp at the foot of each."""
    page.set_paper(A4)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.8)
    page.hide_gridlines(2)
    stamp = legible(report.stamp or report.title)[:MOST_IN_FOOT].replace("&", "&&")
    # A digit after the size of the type would be read as part of it.
    page.set_footer(f"&L&8 {stamp}&R&8 Page &P of &N")


def note(page: Any, row: int, words: str, formats: Formats, widths: Sequence[int]) -> None:
    """Write a note over as many columns as a line of it needs, and as high."""
    columns, width = 0, 0
    while width < NOTE_WIDTH and columns < max(len(widths), 1):
        width += widths[columns] if widths else NOTE_WIDTH
        columns += 1
    text(page, row, 0, words, formats, "note")
    if columns > 1:
        page.merge_range(row, 0, row, columns - 1, "", formats.get("note"))
        text(page, row, 0, words, formats, "note")
    page.set_row(row, LINE * -(-len(words) // int(width * SMALL)))


def _table(page: Any, table: ReportTable, formats: Formats, widths: Sequence[int]) -> None:
    for index, column in enumerate(table.columns):
        name = "number column" if column.numeric else "column"
        text(page, HEADING, index, column.title, formats, name)
    lines = (-(-len(c.title) // w) for c, w in zip(table.columns, widths, strict=True))
    page.set_row(HEADING, LINE * max(lines, default=1) + 4)
    for row, cells in enumerate(table.rows, HEADING + 1):
        for index, cell in enumerate(cells):
            _cell(page, row, index, cell, table, formats)


def _cell(
    page: Any, row: int, index: int, cell: Cell, table: ReportTable, formats: Formats
) -> None:
    found = held(cell)
    if found.number_format and isinstance(found.value, float):
        page.write_number(row, index, found.value, formats.get("number", found.number_format))
        return
    named = "row head" if index < table.row_heads and index == 0 else "words"
    style = "number" if table.columns[index].numeric else named
    text(page, row, index, str(found.value), formats, style)


def _notes(
    page: Any, table: ReportTable, formats: Formats, row: int, widths: Sequence[int]
) -> None:
    """Write what stands at the foot of the table and of its page."""
    cells = [cell for cells in table.rows for cell in cells]
    said = list(table.footnotes)
    if any(cell.masked for cell in cells):
        said.append(MASK_NOTE)
    if any(cell.value in (None, "") and not cell.masked for cell in cells):
        said.append(ABSENT_NOTE)
    said += table.rules
    if table.file:
        said.append(f"The same figures, for other programs: {table.file}.")
    for index, words in enumerate(said):
        note(page, row + index, words, formats, widths)


def _widths(table: ReportTable) -> list[int]:
    """Return the widths of columns in signs: the longest cell, and the heading on a few lines."""
    widths = []
    for index, column in enumerate(table.columns):
        cells = max((len(shown(row[index])) for row in table.rows), default=0)
        longest = max((len(word) for word in column.title.split()), default=0)
        heading = max(longest, len(column.title) // 2) + 3  # the sign of the filter
        widths.append(min(max(cells + 2, heading, NARROWEST), WIDEST))
    return widths
