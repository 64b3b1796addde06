"""Widths of the columns of a table on a sheet of paper, so that nothing is cut off."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, sqrt

from splw_eval.report.blocks import ReportTable
from splw_eval.report.numbers import shown
from splw_eval.report.pdf.printable import breakable, pieces, printable, width

SHEET = 504.0  # points between the margins of an A4 sheet: a little under 178 mm
SIZES = (8.5, 8.0)  # of the type, in points; the second where the first does not fit
GAP = 8.0  # points between two columns
SLACK = 22.0  # points that a column of a narrow table may be wider than its words
NAME = 60  # characters of the name of a row that is set bold
WORD = 110.0  # points that one word may claim for a column of words
LINE = 1.45  # height of a line, as a share of the type
SHORT = 260.0  # points: a lower table stays on one sheet
TALL_ROW = 200.0  # points: a taller row may run over to the next sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetTable:
    """A table as it stands on paper.

    Attributes
    ----------
    size : float
        Of the type, in points.
    widths : tuple of float
        Of the columns, in points, without the gaps.
    heads : tuple of str
        Headings, with places to break where they need them.
    rows : tuple of tuple of str
        Cells as they are printed, in the same way.
    bold : tuple of bool
        For each column, whether its cells are set bold.
    together : bool
        Whether it is short enough to stay on one sheet.
    tall : tuple of bool
        For each row, whether it may run over to the next sheet.
    """

    size: float
    widths: tuple[float, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    bold: tuple[bool, ...]
    together: bool
    tall: tuple[bool, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    head: str
    cells: frozenset[str]
    numeric: bool
    bold: bool


def parts(table: ReportTable) -> tuple[ReportTable, ...]:
    """Return a table, or as many as it takes where it is too wide for a sheet.

    Parameters
    ----------
    table : ReportTable

    Returns
    -------
    tuple of ReportTable
        Each with the columns that name the row, and some of the others in their order.
    """
    least = _wanted(_columns(table), SIZES[-1])[0]
    naming = tuple(range(min(table.row_heads, len(least))))
    others = range(len(naming), len(least))
    if sum(least) <= _room(len(least)) or not others:
        return (table,)
    groups: list[tuple[int, ...]] = [()]
    for i in others:
        tried = naming + groups[-1] + (i,)
        if groups[-1] and sum(least[j] for j in tried) > _room(len(tried)):
            groups.append(())
        groups[-1] += (i,)
    return tuple(_part(table, naming + group) for group in groups)


def on_sheet(table: ReportTable) -> SheetTable:
    """Return a table laid out for the width of a sheet.

    Parameters
    ----------
    table : ReportTable

    Returns
    -------
    SheetTable
        Words are broken only where one is wider than the column can be.
    """
    columns = _columns(table)
    size, widths = _fitted(columns)
    bold = tuple(column.bold for column in columns)
    rows = [
        tuple(
            breakable(printable(shown(c)), w, size, bold=b)
            for c, w, b in zip(row, widths, bold, strict=True)
        )
        for row in table.rows
    ]
    heights = [_height(row, widths, size) for row in rows]
    return SheetTable(
        size=size,
        widths=tuple(round(w, 2) for w in widths),
        heads=tuple(
            breakable(column.head, w, size, bold=True)
            for column, w in zip(columns, widths, strict=True)
        ),
        rows=tuple(rows),
        bold=bold,
        together=sum(heights) < SHORT,
        tall=tuple(height > TALL_ROW for height in heights),
    )


def _room(columns: int) -> float:
    """Return the points that so many columns may share."""
    return SHEET - GAP * (columns - 1)


def _part(table: ReportTable, chosen: tuple[int, ...]) -> ReportTable:
    return replace(
        table,
        columns=tuple(table.columns[i] for i in chosen),
        rows=tuple(tuple(row[i] for i in chosen) for row in table.rows),
    )


def _columns(table: ReportTable) -> list[_Column]:
    """Return the columns with the words in them; the first is bold if it names rows briefly."""
    columns = []
    for i, column in enumerate(table.columns):
        cells = frozenset(printable(shown(row[i])) for row in table.rows)
        brief = max(map(len, cells), default=0) <= NAME
        columns.append(
            _Column(
                head=printable(column.title),
                cells=cells,
                numeric=column.numeric,
                bold=i == 0 < table.row_heads and brief,
            )
        )
    return columns


def _fitted(columns: list[_Column]) -> tuple[float, list[float]]:
    """Return the size of the type and the widths of the columns."""
    room = _room(len(columns))
    wanted = {size: _wanted(columns, size) for size in SIZES}
    whole = [size for size in SIZES if sum(wanted[size][1]) <= room]
    fit = [size for size in SIZES if sum(wanted[size][0]) <= room]
    size = (whole or fit or [SIZES[-1]])[0]
    return size, _shared(*wanted[size], room)


def _wanted(columns: list[_Column], size: float) -> tuple[list[float], list[float], list[float]]:
    """Return of each column the least width, that of its words, and with room for its heading."""
    least, full, easy = [], [], []
    for column in columns:
        whole = max((width(c, size, bold=column.bold) for c in column.cells), default=0.0)
        words = {piece for cell in column.cells for piece in pieces(cell)}
        word = max((width(w, size, bold=column.bold) for w in words), default=0.0)
        head = max((width(w, size, bold=True) for w in pieces(column.head)), default=0.0)
        # A number stays on its line, whatever it takes; 1 for kerning and rounding.
        narrow = max(whole if column.numeric else min(word, WORD), min(head, WORD)) + 1
        least.append(narrow)
        full.append(max(narrow, whole + 1))
        easy.append(max(full[-1], _head_width(column.head, size)))
    return least, full, easy


def _head_width(head: str, size: float) -> float:
    """Return a good width of a heading: on two lines where it is long."""
    whole = width(head, size, bold=True) + 1
    return whole if whole < WORD / 2 else max(whole / 2 + size, WORD / 2)


def _shared(least: list[float], full: list[float], easy: list[float], room: float) -> list[float]:
    """Return widths that use the room: words before headings, and never less than the least."""
    if sum(least) >= room:
        return [w * room / sum(least) for w in least]
    if sum(full) >= room:
        return _filled(least, full, room)
    if sum(easy) >= room:
        return _filled(full, easy, room)
    spare = min(SLACK, (room - sum(easy)) / len(easy))
    return [w + spare for w in easy]


def _filled(least: list[float], full: list[float], room: float) -> list[float]:
    """Return the least widths and what is left, given first to columns that lack little.

    So a short name stays on one line beside a long one; columns of running words
    share by the root of what they lack, which evens out their heights.
    """
    widths = list(least)
    lacking = {i: b - a for i, (a, b) in enumerate(zip(least, full, strict=True)) if b > a}
    left = room - sum(least)
    while easy := [i for i, lack in lacking.items() if lack <= left / len(lacking)]:
        for i in easy:
            left -= lacking[i]
            widths[i] += lacking.pop(i)
    roots = sum(sqrt(lack) for lack in lacking.values())
    for i, lack in lacking.items():
        widths[i] += left * sqrt(lack) / roots
    return widths


def _height(row: tuple[str, ...], widths: list[float], size: float) -> float:
    """Return about how tall a row is, in points."""
    lines = (
        ceil(1.1 * width(cell, size, bold=True) / w) + cell.count("\n")
        for cell, w in zip(row, widths, strict=True)
    )
    return max(lines, default=1) * size * LINE + size
