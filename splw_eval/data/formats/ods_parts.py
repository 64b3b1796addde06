"""What the XML of an OpenDocument sheet says: how far it reaches, which formulas failed."""

from __future__ import annotations

import re
from collections.abc import Iterator

ODS_CONTENT = "content.xml"
Cell = tuple[int, int]
_TOKEN = re.compile(
    rb"<(/?)(table:table(?:-row|-cell)?|table:covered-table-cell)((?:\s[^>]*?)?)(/?)>"
)
_REPEAT = re.compile(rb"""table:number-(?:rows|columns)-repeated\s*=\s*["']([^"']*)["']""")
_UNKNOWN = 10**9  # a number of repeats that is no number may be anything
_FAILED = re.compile(rb"""value-type=["']error["']""")
_SPANNED = re.compile(rb"""table:number-(rows|columns)-spanned\s*=\s*["'](\d{1,7})["']""")
_SHOWN = re.compile(rb"<text:p[^>]*>([^<]*)<")


def _repeat(attributes: bytes) -> int:
    said = _REPEAT.search(attributes)
    if said is None:
        return 1
    return int(said[1]) if said[1].isdigit() and len(said[1]) < 10 else _UNKNOWN  # noqa: PLR2004


def span_of_ods(content: bytes) -> int:
    """Cells from the first to the last row and column in use, all sheets together.

    Office programs fill up every row and sheet with one empty cell that is repeated to the end;
    such a tail counts for nothing, as it lays out no cells.
    """
    cells = rows = width = 0  # of the table so far, up to its last cell in use
    row = column = used = repeats = 0
    for closing, name, attributes, empty in _TOKEN.findall(content):
        if name == b"table:table-row" and not closing:
            row, column, used, repeats = row + repeats, 0, 0, _repeat(attributes)
        elif name == b"table:table" and not closing:
            cells += rows * width
            rows = width = row = column = repeats = 0
        elif not closing and name != b"table:table":
            column += _repeat(attributes)
            if not empty or b"value" in attributes:
                used = column
                rows, width = row + repeats, max(width, used)
    return cells + rows * width


def failed_in_ods(content: bytes, position: int) -> dict[Cell, str]:
    """Cells of a sheet that hold an error, by row and column from 0.

    Parameters
    ----------
    content : bytes
        ``content.xml`` of the workbook.
    position : int
        Position of the sheet among all sheets.

    Returns
    -------
    dict of (int, int) to str
        The text that the office program shows for each, such as ``#DIV/0!``.
    """
    if not _FAILED.search(content):
        return {}
    shown = {
        cell: _SHOWN.match(content, end)
        for cell, attributes, end in _cells(content, position)
        if _FAILED.search(attributes)
    }
    return {at: (m[1].decode("utf-8", "replace") if m else "") or "=" for at, m in shown.items()}


def merged_in_ods(content: bytes, position: int) -> list[tuple[Cell, Cell]]:
    """First and last cell of each group of merged cells of a sheet, by row and column from 0."""
    if not _SPANNED.search(content):
        return []
    merged: list[tuple[Cell, Cell]] = []
    for (row, column), attributes, _ in _cells(content, position):
        said = {name: int(n) for name, n in _SPANNED.findall(attributes)}
        down, across = said.get(b"rows", 1) - 1, said.get(b"columns", 1) - 1
        if down > 0 or across > 0:
            merged.append(((row, column), (row + down, column + across)))
    return merged


def _cells(content: bytes, position: int) -> Iterator[tuple[Cell, bytes, int]]:
    """Cells of a sheet with their attributes, and where each one's tag ends."""
    sheet, row, column, repeats = -1, 0, 0, 0
    for token in _TOKEN.finditer(content):
        closing, name, attributes, _ = token.groups()
        if closing:
            continue
        if name == b"table:table":
            sheet, row, repeats = sheet + 1, 0, 0
        elif name == b"table:table-row":
            row, column, repeats = row + repeats, 0, _repeat(attributes)
        else:
            if sheet == position:
                yield (row, column), attributes, token.end()
            column += _repeat(attributes)
