"""Tables of a Word document, and the widths of their columns on a sheet of A4."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from splw_eval.report.archive import legible
from splw_eval.report.blocks import ReportTable
from splw_eval.report.numbers import shown
from splw_eval.report.word.parts import add, keep_with_next, paragraph, run, tag

ROOM = 9864  # twentieths of a point: 174 mm between the margins
PADDING = 180  # both sides of a cell together
SIZES = (("", 9.0), ("Small", 8.0), ("Smaller", 7.0))  # endings of the styles, with their type
SHORT = 8  # rows of a table that stays on one sheet
WIDEST = 42  # signs of a line of words, where there is room
# Widths of signs in bold Arial, in parts of its height, a little on the safe side.
CAPITAL, OTHER = 0.75, 0.61
_EMS = dict.fromkeys("ijl.,:;'|! ", 0.3) | dict.fromkeys("ftr()[]/-", 0.39)
_EMS |= dict.fromkeys("0123456789", 0.56) | dict.fromkeys("mwMW%@—", 0.92)
TWENTIETHS = 20


def place(body: Any, table: ReportTable) -> None:
    """Append a table: a heading that repeats on each sheet, then its rows."""
    words = [[shown(cell) for cell in row] for row in table.rows]
    ending, widths = fitted(table, words)
    made = _frame(body, table, widths)
    _row(made, [c.title for c in table.columns], widths, _of_heads(table, ending), heading=True)
    last = len(words) - 1
    for index, cells in enumerate(words):
        # Not one row alone at the foot of a sheet or at the head of the next.
        together = index != last and (len(words) <= SHORT or index in (0, last - 1))
        _row(made, cells, widths, _of_cells(table, ending), together=together)


def fitted(table: ReportTable, words: Sequence[Sequence[str]]) -> tuple[str, list[int]]:
    """Return the ending of the table's styles and the widths of its columns.

    Parameters
    ----------
    table : ReportTable
    words : sequence of sequence of str
        What its cells print.

    Returns
    -------
    ending : str
        Of the largest type that leaves room, or else in which no word has to be broken.
    widths : list of int
        Twentieths of a point, together no more than `ROOM`.
    """
    tried = [(ending, *_widths(table, words, points)) for ending, points in SIZES]
    roomy = (size for size in tried[:-1] if sum(size[2]) <= ROOM)
    snug = (size for size in tried if sum(size[1]) <= ROOM)
    ending, least, wanted = next(roomy, None) or next(snug, tried[-1])
    if sum(least) > ROOM:
        return ending, [width * ROOM // sum(least) for width in least]
    # Words first: they would wrap in every row, a heading wraps once.
    widths = least
    for numeric in (False, True):
        widths = _widened(widths, wanted, [c.numeric is numeric for c in table.columns])
    return ending, widths


def _widened(widths: list[int], wanted: list[int], which: list[bool]) -> list[int]:
    """Return widths with what room is left shared among some columns; who lacks least is first."""
    made, spare = list(widths), ROOM - sum(widths)
    short = sorted((wanted[i] - widths[i], i) for i, among in enumerate(which) if among)
    for place, (lacks, index) in enumerate(short):
        given = max(min(lacks, spare // (len(short) - place)), 0)
        made[index] += given
        spare -= given
    return made


def _widths(
    table: ReportTable, words: Sequence[Sequence[str]], points: float
) -> tuple[list[int], list[int]]:
    """Return the widths that columns need, and those that they would like."""
    least, wanted = [], []
    for index, column in enumerate(table.columns):
        cells = [row[index] for row in words]
        # A number is never broken; words are, between them.
        parts = [p for c in cells for p in ([c] if column.numeric else c.split())]
        heads = column.title.split()
        need = max((_width(p, points) for p in (*parts, *heads)), default=0)
        longest = max((_width(c, points) for c in cells), default=0)
        full = max(need, min(longest, _width("n" * WIDEST, points)), _on_two_lines(heads, points))
        least.append(int(need) + PADDING)
        wanted.append(int(full) + PADDING)
    if not any(column.numeric for column in table.columns) and sum(wanted) < ROOM:
        wanted[-1] += ROOM - sum(wanted)  # a list of words takes the whole line
    return least, wanted


def _on_two_lines(heads: Sequence[str], points: float) -> float:
    """Return the width of a heading at its narrowest on no more than two lines."""
    splits = ((heads[:i], heads[i:]) for i in range(1, len(heads) + 1))
    widths = (max(_width(" ".join(part), points) for part in split) for split in splits)
    return min(widths, default=0.0)


def _width(words: str, points: float) -> float:
    """Return about how wide words are in bold Arial, in twentieths of a point."""
    ems = sum(_EMS.get(sign, CAPITAL if sign.isupper() else OTHER) for sign in words)
    return ems * points * TWENTIETHS


def _frame(body: Any, table: ReportTable, widths: Sequence[int]) -> Any:
    made = add(body, "tbl")
    settings = add(made, "tblPr")
    add(settings, "tblStyle", val="ReportTable")
    add(settings, "tblW", w=sum(widths), type="dxa")
    add(settings, "tblLayout", type="fixed")
    add(settings, "tblLook", val="04A0", firstRow=1, lastRow=0, firstColumn=1, noVBand=1)
    add(settings, "tblCaption", val=legible(table.caption))
    grid = add(made, "tblGrid")
    for width in widths:
        add(grid, "gridCol", w=width)
    return made


def _row(
    made: Any,
    words: Sequence[str],
    widths: Sequence[int],
    style: Callable[[int], str],
    *,
    heading: bool = False,
    together: bool = False,
) -> None:
    row = add(made, "tr")
    settings = add(row, "trPr")
    add(settings, "cantSplit")
    if heading:
        add(settings, "tblHeader")
    for index, (text, width) in enumerate(zip(words, widths, strict=True)):
        cell = add(row, "tc")
        add(add(cell, "tcPr"), "tcW", w=width, type="dxa")
        if heading:
            add(cell.find(tag("tcPr")), "vAlign", val="bottom")
        held = paragraph(cell, style(index))
        if heading or together:
            keep_with_next(held)
        run(held, text)


def _of_heads(table: ReportTable, ending: str) -> Callable[[int], str]:
    """Return which style a heading has."""

    def style(index: int) -> str:
        return f"TableHeading{'Number' if table.columns[index].numeric else ''}{ending}"

    return style


def _of_cells(table: ReportTable, ending: str) -> Callable[[int], str]:
    """Return which style a cell has: the row's name, a number, or words."""

    def style(index: int) -> str:
        if index == 0 and table.row_heads:
            return f"TableRowHead{ending}"
        return f"Table{'Number' if table.columns[index].numeric else 'Text'}{ending}"

    return style
