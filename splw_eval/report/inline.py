"""Numbers of a table as words for a sentence, from the very cells that are printed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from splw_eval.core.errors import OutputError
from splw_eval.report.blocks import Cell, Fold, Report, ReportTable
from splw_eval.report.numbers import shown

VALUE, LOW, HIGH = "value", "low", "high"
FROM, TO = "95% interval, from", "to"  # headings of an interval
ALONE = "{value}"
WITH_INTERVAL = "{value} (95% interval {low} to {high})"
NOT_SHOWN = "not shown, as it would tell of too few people"
NOT_AVAILABLE = "not available"
# Between a number and its interval.
BESIDE = ("SD", "Standard error", "df", "p")
_NAME = re.compile(r"\{([^{}]+)\}")


def inline(
    table: ReportTable,
    *,
    row: str | int | Sequence[str],
    column: str | int,
    pattern: str | None = None,
) -> str:
    """Return a number of a table for a sentence, as the table prints it.

    A text that takes its numbers from the table cannot differ from it. The idea is that of
    ``inline_text`` in the R package gtsummary.

    Parameters
    ----------
    table : ReportTable
        As a page of a report holds it.
    row : str, int or sequence of str
        Words that name the row, all of which stand in its leading cells, such as ``"12 months"``
        or ``("Link workers", "12 months")``; or its number, the first being 0.
    column : str or int
        Heading of the number; or the number of the column, the first being 0.
    pattern : str, optional
        What to write. ``{value}`` is the number, ``{low}`` and ``{high}`` are the ends of its
        95% interval, and any heading of the table stands for its cell in the same row, as in
        ``"{value} points, n = {People with both}"``. Without it, the number with its interval
        where the table has one.

    Returns
    -------
    str
        Where the number is masked, words that say so instead of the whole pattern; where
        another is masked or not available, such words in its place.

    Raises
    ------
    OutputError
        The row or column is not there or not the only one of that name, or the pattern asks
        for an interval that the number does not have.

    Examples
    --------
    >>> from splw_eval.report.blocks import Cell, ColumnHead, Format, ReportTable
    >>> titles = ("Wave", "Mean change", "95% interval, from", "to")
    >>> values = (1.93, 0.24, 3.61)
    >>> numbers = [Cell(value=v, format=Format.SIGNED, decimals=2) for v in values]
    >>> table = ReportTable(
    ...     id="change",
    ...     caption="Mean change",
    ...     columns=tuple(ColumnHead(title=t) for t in titles),
    ...     rows=((Cell(value="12 months"), *numbers),),
    ... )
    >>> inline(table, row="12 months", column="Mean change")
    '+1.93 (95% interval +0.24 to +3.61)'
    """
    cells = table.rows[_row(table, row)]
    index = _column(table, column)
    ends = _interval(table, index)
    if cells[index].masked:
        return NOT_SHOWN
    wanted = pattern or _usual(cells, ends)

    def word(match: re.Match[str]) -> str:
        return said(cells[_meant(table, match[1], index, ends)])

    return _NAME.sub(word, wanted)


def tables_of(report: Report) -> dict[str, ReportTable]:
    """Return every table of a report by its anchor, in reading order.

    Parameters
    ----------
    report : Report

    Returns
    -------
    dict of str to ReportTable
        Also those that a page folds away.
    """
    found: dict[str, ReportTable] = {}
    for page in report.pages:
        for section in page.sections:
            for block in section.blocks:
                inner = block.blocks if isinstance(block, Fold) else (block,)
                found |= {held.id: held for held in inner if isinstance(held, ReportTable)}
    return found


def said(cell: Cell) -> str:
    """Return a cell as it is printed, in words where it is masked or not available."""
    if cell.masked:
        return NOT_SHOWN
    if cell.value is None or cell.value == "":
        return NOT_AVAILABLE
    return shown(cell)


def _usual(cells: Sequence[Cell], ends: tuple[int, int] | None) -> str:
    """Return the number with its interval, where it has one and there is one to show."""
    if ends is None or all(cells[i].value is None and not cells[i].masked for i in ends):
        return ALONE
    if any(cells[i].masked for i in ends):
        return f"{ALONE} (95% interval {NOT_SHOWN})"
    return WITH_INTERVAL


def _meant(table: ReportTable, name: str, index: int, ends: tuple[int, int] | None) -> int:
    """Return which column a name of a pattern means."""
    if name == VALUE:
        return index
    if name not in (LOW, HIGH):
        return _column(table, name)
    if ends is None:
        title = table.columns[index].title
        raise OutputError(
            f'"{title}" has no interval in the table "{table.caption}".',
            where=f"the pattern, {{{name}}}",
            remedy="Choose the column just before the interval, or name a column of the table.",
        )
    return ends[name == HIGH]


def _interval(table: ReportTable, index: int) -> tuple[int, int] | None:
    """Return the two columns of the interval of a number; None where it has none."""
    titles = [column.title for column in table.columns]
    for low, high in zip(range(len(titles)), range(1, len(titles)), strict=False):
        if (titles[low], titles[high]) != (FROM, TO):
            continue
        before = low - 1
        while before > 0 and titles[before] in BESIDE:
            before -= 1
        if before == index:
            return low, high
    return None


def _row(table: ReportTable, row: str | int | Sequence[str]) -> int:
    if isinstance(row, int):
        if 0 <= row < len(table.rows):
            return row
        found = []
    else:
        words = (row,) if isinstance(row, str) else tuple(row)
        named = [{shown(cell) for cell in cells[: table.row_heads]} for cells in table.rows]
        found = [i for i, heads in enumerate(named) if heads.issuperset(words)]
    if len(found) == 1:
        return found[0]
    raise OutputError(
        f'{len(found) or "No"} rows of the table "{table.caption}" are named {row!r}.',
        where="row",
        remedy="Give the words of its leading cells that no other row has, or its number.",
    )


def _column(table: ReportTable, column: str | int) -> int:
    titles = [held.title for held in table.columns]
    if isinstance(column, int):
        found = [column] if 0 <= column < len(titles) else []
    else:
        found = [i for i, title in enumerate(titles) if title == column]
    if len(found) == 1:
        return found[0]
    raise OutputError(
        f'{len(found) or "No"} columns of the table "{table.caption}" are headed {column!r}.',
        where="column",
        remedy=f"Choose one of: {'; '.join(titles)}. Or give its number.",
    )
