"""The old Excel workbooks beside this file, written anew.

Run once, in an environment of its own with xlwt 1.3.0, which the package does not need:
``python make_xls.py ROWS.json`` where ROWS.json is what ``given_formats.TABLES`` holds, dates
as ISO text and marked with ``"date": ...``.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path

import xlwt  # type: ignore[import-not-found]

HERE = Path(__file__).parent
DATE = xlwt.easyxf(num_format_str="yyyy-mm-dd")


def main() -> None:
    """Write a workbook for each table, and one with failed formulas on its second sheet."""
    tables = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    for name, rows in tables.items():
        book = xlwt.Workbook()
        fill(book.add_sheet("Sheet1"), rows)
        book.save(HERE / f"{name}.xls")
    book = xlwt.Workbook()
    fill(book.add_sheet("Notes"), [["x", "y", "z"]] * 3)
    sheet = book.add_sheet("Data")
    fill(sheet, [["person", "phq_0", "phq_3"], ["p1", 10, 5], ["p2", 12, None]])
    sheet.row(2).set_cell_error(2, "#DIV/0!")
    book.save(HERE / "failed.xls")


def fill(sheet: xlwt.Worksheet, rows: list[list[object]]) -> None:
    """Write rows of cells; a date stands as a table of one entry."""
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            if isinstance(cell, dict):
                sheet.write(i, j, dt.date.fromisoformat(cell["date"]), DATE)
            elif cell is not None:
                sheet.write(i, j, cell)


if __name__ == "__main__":
    main()
