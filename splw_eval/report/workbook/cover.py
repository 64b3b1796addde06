"""The cover of the workbook: what it is, how to read its signs, and where each table stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from splw_eval.report.archive import legible
from splw_eval.report.blocks import Report
from splw_eval.report.pages.titles import ABSENT_NOTE, MASK_NOTE
from splw_eval.report.workbook.cells import shortened
from splw_eval.report.workbook.names import COVER, Sheet
from splw_eval.report.workbook.sheet import LINE, for_paper, note, text
from splw_eval.report.workbook.style import Formats

if TYPE_CHECKING:
    from xlsxwriter import Workbook

WIDTHS = (34, 76, 40, 9)
COLUMNS = ("Sheet", "Table", "Page of the report", "Rows")
SIGNS = (
    MASK_NOTE,
    ABSENT_NOTE,
    "<1% and >99% are more than 0 and less than 100 per cent; they stand as words.",
    "A number here has the digits that the report prints and no more.",
)


def write_cover(book: Workbook, formats: Formats, report: Report, sheets: Sequence[Sheet]) -> None:
    """Write the first sheet."""
    page = book.add_worksheet(COVER)
    for index, width in enumerate(WIDTHS):
        page.set_column(index, index, width)
    text(page, 0, 0, report.title, formats, "title")
    page.set_row(0, 2 * LINE)
    text(page, 1, 0, report.subtitle, formats, "plain")
    text(page, 2, 0, report.stamp, formats, "stamp")
    text(page, 4, 0, "How to read it", formats, "heading")
    rules = dict.fromkeys(rule for sheet in sheets for rule in sheet.table.rules)
    row = 5
    for words in (*SIGNS, *rules, f"Made with splw-eval. {report.software}"):
        note(page, row, words, formats, WIDTHS)
        row += 1
    text(page, row + 1, 0, "Tables", formats, "heading")
    _list(page, row + 2, formats, sheets)
    page.freeze_panes(1, 0)
    for_paper(page, report)


def _list(page: Any, row: int, formats: Formats, sheets: Sequence[Sheet]) -> None:
    """Write where each table stands, with a link to it."""
    for index, title in enumerate(COLUMNS):
        name = "number column" if title == COLUMNS[-1] else "column"
        text(page, row, index, title, formats, name)
    for number, sheet in enumerate(sheets, row + 1):
        target = f"internal:'{sheet.name}'!A1"
        page.write_url(number, 0, target, formats.get("link"), sheet.name)
        text(page, number, 1, shortened(legible(sheet.table.caption)), formats, "words")
        text(page, number, 2, sheet.page, formats, "words")
        page.write_number(number, 3, len(sheet.table.rows), formats.get("number", "#,##0"))
