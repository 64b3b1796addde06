"""Numbers of a table in a sentence and in a data frame."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from splw_eval.core.errors import OutputError
from splw_eval.report.blocks import Cell, ColumnHead, Format, ReportTable
from splw_eval.report.inline import inline, tables_of
from tests.unit.report import given_report as given

TITLES = ("Group", "Wave", "People", "Mean", "SD", "95% interval, from", "to", "Share")


def row(group: str, wave: str, *, masked: tuple[str, ...] = (), **values: Any) -> tuple[Cell, ...]:
    numbers = {"People": 135, "Mean": 1.934, "SD": 4.2, "95% interval, from": -0.244, "to": 3.61}
    held: dict[str, Any] = {**numbers, "Share": 0.285, **values}
    formats = {"People": Format.WHOLE, "Share": Format.PERCENT, "SD": Format.NUMBER}
    cells = (
        Cell(
            value=held[title],
            format=formats.get(title, Format.SIGNED),
            decimals=0 if title in ("People", "Share") else 2,
            masked=title in masked,
        )
        for title in TITLES[2:]
    )
    return (Cell(value=group), Cell(value=wave), *cells)


TABLE = ReportTable(
    id="change",
    caption="Mean change",
    columns=tuple(ColumnHead(title=title, numeric=i > 1) for i, title in enumerate(TITLES)),
    rows=(
        row("Link workers", "3 months"),
        row("Link workers", "12 months", Mean=0.5),
        row("Usual care", "3 months", masked=("Mean", "People")),
        row("Usual care", "12 months", masked=("95% interval, from", "to"), SD=None),
    ),
    row_heads=2,
)


def test_a_number_comes_with_its_interval():
    found = inline(TABLE, row=("Link workers", "3 months"), column="Mean")
    assert found == "+1.93 (95% interval −0.24 to +3.61)"


def test_the_order_of_the_words_that_name_a_row_is_free_and_a_number_does_as_well():
    by_words = inline(TABLE, row=("12 months", "Link workers"), column="Mean")
    assert by_words == inline(TABLE, row=1, column=3)
    assert by_words.startswith("+0.50 ")


@pytest.mark.parametrize(("column", "said"), [("People", "135"), ("SD", "4.20"), ("Share", "28%")])
def test_a_number_without_an_interval_of_its_own_stands_alone(column, said):
    assert inline(TABLE, row=0, column=column) == said


def test_a_pattern_may_name_any_heading_of_the_table():
    pattern = "{value} points (n = {People}; {low} to {high}; {Share})"
    found = inline(TABLE, row=0, column="Mean", pattern=pattern)
    assert found == "+1.93 points (n = 135; −0.24 to +3.61; 28%)"


def test_a_masked_number_is_said_in_words_and_takes_its_sentence_with_it():
    hidden = ("Usual care", "3 months")
    words = "not shown, as it would tell of too few people"
    assert inline(TABLE, row=hidden, column="Mean", pattern="{value}, {SD}") == words
    assert inline(TABLE, row=hidden, column="SD", pattern="{value} ({People})") == f"4.20 ({words})"


def test_a_masked_interval_leaves_the_number():
    found = inline(TABLE, row=("Usual care", "12 months"), column="Mean")
    assert found == "+1.93 (95% interval not shown, as it would tell of too few people)"


def test_what_is_not_available_is_said_in_words():
    assert inline(TABLE, row=3, column="SD") == "not available"
    none: dict[str, Any] = {"95% interval, from": None, "to": None}
    bare = replace(TABLE, rows=(row("a", "b", **none),))
    assert inline(bare, row=0, column="Mean") == "+1.93"


def test_a_value_that_a_masked_cell_still_holds_is_never_said():
    cell = Cell(value=777, masked=True)
    table = replace(TABLE, columns=TABLE.columns[:3], rows=((*TABLE.rows[0][:2], cell),))
    assert "777" not in inline(table, row=0, column="People")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"row": "3 months"}, "2 rows of the table"),
        ({"row": "6 months"}, "No rows"),
        ({"row": 9}, "No rows"),
        ({"row": -1}, "No rows"),
        ({"column": "Median"}, "No columns"),
        ({"column": 99}, "No columns"),
        ({"column": "SD", "pattern": "{low}"}, '"SD" has no interval'),
        ({"pattern": "{Median}"}, "No columns"),
    ],
)
def test_what_is_not_there_or_not_the_only_one_is_refused(changes, words):
    with pytest.raises(OutputError, match=words) as caught:
        inline(TABLE, **{"row": 0, "column": "Mean", **changes})
    assert caught.value.remedy


def test_a_frame_holds_the_printed_numbers_and_misses_what_is_masked():
    frame = TABLE.to_frame()
    assert list(frame.columns) == list(TITLES)
    assert frame["Group"].tolist() == ["Link workers"] * 2 + ["Usual care"] * 2
    assert str(frame["People"].dtype) == "Int64"
    assert str(frame["Mean"].dtype) == "Float64"
    assert frame["Mean"].isna().tolist() == [False, False, True, False]
    assert (frame["Mean"].tolist()[0], frame["Share"].tolist()[0]) == (1.93, 0.28)
    assert frame["People"].tolist()[2] is pd.NA


def test_a_frame_keeps_a_share_from_0_and_1_where_the_page_does():
    frame = given.table().to_frame()
    assert frame["Number"].tolist()[4:7] == [0.28, 0.001, 0.9999]


def test_a_frame_may_have_two_columns_of_one_heading_and_none_has_rows():
    twice = replace(TABLE, columns=(ColumnHead(title="to"),) * 8)
    assert list(twice.to_frame().columns) == ["to"] * 8
    assert replace(TABLE, rows=()).to_frame().shape == (0, 8)


def test_every_table_of_a_report_is_found_by_its_anchor_also_a_folded_one():
    assert list(tables_of(given.report())) == ["one-table", "folded-table"]
