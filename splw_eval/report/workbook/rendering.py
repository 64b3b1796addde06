"""The tables of a report as a workbook: numbers as numbers, and nothing that runs."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from splw_eval.report.archive import MADE, legible, settled
from splw_eval.report.blocks import Report
from splw_eval.report.workbook.names import sheets
from splw_eval.report.workbook.style import Formats

if TYPE_CHECKING:
    from xlsxwriter import Workbook

# Text stays text, whatever it looks like; nothing is written to disk on the way.
OPTIONS: dict[str, Any] = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def render_xlsx(report: Report) -> bytes:
    """Return the tables of a report as a workbook.

    Parameters
    ----------
    report : Report
        The description; it is only read.

    Returns
    -------
    bytes
        An .xlsx file: a cover, then a sheet for each table, also for those that the page folds
        away. A number has the digits that the page prints and no more. The same bytes for the
        same report, with nobody's name in it.
    """
    from xlsxwriter import Workbook

    from splw_eval.report.workbook.cover import write_cover
    from splw_eval.report.workbook.sheet import write_sheet

    made = io.BytesIO()
    book = Workbook(made, OPTIONS)
    _properties(book, report)
    formats = Formats(book)
    held = sheets(report)
    write_cover(book, formats, report, held)
    for sheet in held:
        write_sheet(book, formats, report, sheet)
    book.close()
    return settled(made.getvalue())


def _properties(book: Workbook, report: Report) -> None:
    """Say what the workbook is, and neither who made it nor when."""
    synthetic = "Synthetic: " if report.synthetic else ""
    book.set_properties(
        {
            "title": legible(synthetic + report.title)[:255],
            "subject": legible(report.subtitle)[:255],
            "comments": legible(report.stamp)[:255],
            "author": "",
            "company": "",
            "created": MADE,
        }
    )
    book.set_calc_mode("manual")  # there is no formula in it
