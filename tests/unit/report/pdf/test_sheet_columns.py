"""Tables laid out for the width of a sheet."""

from __future__ import annotations

import pytest

from splw_eval.report.blocks import Cell, ColumnHead, ReportTable
from splw_eval.report.pdf.printable import BREAK, pieces, width
from splw_eval.report.pdf.sheet_columns import GAP, SHEET, SIZES, on_sheet, parts

NAMES = ["Health-related quality of life (EQ-5D-5L)", "Link workers", "12 months"]


def table(rows: list[list[str]], heads: list[str] | None = None, *, numeric: bool = False):
    titles = heads or ["Head"] * len(rows[0])
    columns = tuple(
        ColumnHead(title=title, numeric=numeric and i > 0) for i, title in enumerate(titles)
    )
    cells = tuple(tuple(Cell(value=words) for words in row) for row in rows)
    return ReportTable(id="t", caption="c", columns=columns, rows=cells)


@pytest.mark.parametrize("columns", [1, 2, 3, 6, 10])
@pytest.mark.parametrize("words", ["7", "Link workers", "a sentence of some length " * 9])
def test_columns_fit_between_the_margins(columns: int, words: str):
    laid = on_sheet(table([[words] * columns]))
    assert sum(laid.widths) + GAP * (columns - 1) <= SHEET + 0.1
    assert laid.size in SIZES


def test_a_word_is_never_wider_than_its_column():
    laid = on_sheet(table([["x" * 400, "Deteriorated", "some words " * 40]]))
    for words, room in zip(laid.rows[0], laid.widths, strict=True):
        assert all(
            width(piece, laid.size) <= room for part in pieces(words) for piece in part.split(BREAK)
        )


def test_a_number_is_not_broken():
    rows = [["A name of a row that is long enough to wrap " * 3, "1,234,567,890", "−0.123456"]]
    laid = on_sheet(table(rows, numeric=True))
    for words, room in zip(laid.rows[0][1:], laid.widths[1:], strict=True):
        assert width(words, laid.size) <= room
        assert BREAK not in words


def test_short_names_stay_on_one_line_beside_a_long_text():
    laid = on_sheet(table([[NAMES[0], NAMES[1], NAMES[2], "a long explanation " * 20]]))
    assert all(
        width(words, laid.size) <= room
        for words, room in zip(laid.rows[0][1:3], laid.widths[1:3], strict=True)
    )


def test_a_table_that_fits_stays_one():
    its = table([["a", "b"]])
    assert parts(its) == (its,)


def test_a_table_too_wide_is_parted_and_keeps_every_column_once_and_its_names():
    rows = [[f"row {r}", *(f"{r}{i},000,000,000" for i in range(30))] for r in range(2)]
    found = parts(table(rows, numeric=True))
    assert len(found) > 1
    for r in range(2):
        assert all(part.rows[r][0].value == f"row {r}" for part in found)
        assert [c.value for part in found for c in part.rows[r][1:]] == rows[r][1:]
    for part in found:
        assert not any(BREAK in words for row in on_sheet(part).rows for words in row)


def test_a_table_without_rows_has_widths():
    empty = ReportTable(id="t", caption="c", columns=(ColumnHead(title="a"),), rows=())
    assert len(on_sheet(empty).widths) == 1


def test_a_short_table_stays_together_and_a_tall_row_may_run_over():
    assert on_sheet(table([["a", "b"]])).together
    laid = on_sheet(table([["a", "words " * 2000], ["a", "b"]]))
    assert not laid.together
    assert laid.tall == (True, False)
