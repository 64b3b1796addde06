"""What goes wrong in spreadsheets: totals, titles, merged cells, failed formulas."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from tests.unit.data.formats.given_formats import ODS_TAIL, ods_bytes_of, ods_row, zip_parts
from tests.unit.given_study import (
    edited,
    given_study,
    long_plan,
    pre_post_plan,
    wide,
    write_plan,
    write_xlsx,
)
from tests.unit.loading import faults, loaded, only_fault, scores

PLAN = edited(pre_post_plan(), "files.0.path", "scores.xlsx")
ROWS = wide((10, 5), (12, 6.5), (20, 3))
SCORES = {"p1": [10.0, 5.0], "p2": [12.0, 6.5], "p3": [20.0, 3.0]}


@pytest.mark.parametrize(
    "row",
    [
        ["Total", 42, 14.5],
        ["TOTAL (n = 3)", None, None],
        ["Grand total:", 42, 14.5],
        ["Subtotal", 22, 11.5],
        ["Mean", 14, 4.8],
        ["average:", 14, 4.8],
        [None, "Sum", 14.5],
        [None, 42, 14.5],
        [None, 42, None],
        [None, 14, 4.83],
        [None, 14.0, 5],
    ],
)
def test_a_row_of_totals_or_means_is_a_fault_and_is_named(tmp_path, row):
    fault = only_fault(tmp_path, PLAN, scores=[*ROWS, row])
    assert (fault.code, fault.rows, fault.of_rows) == ("SW40", (5,), 4)
    assert "Remove" in fault.remedy


def test_totals_with_decimal_commas_are_met_too(tmp_path):
    plan = edited(edited(pre_post_plan(), "files.0.decimal", ","), "files.0.delimiter", ";")
    text = "person;phq_0;phq_3\np1;10;5\np2;12;6,5\n;22;11,5\n"
    assert only_fault(tmp_path, plan, scores=text).code == "SW40"


def test_a_row_without_a_person_that_sums_nothing_up_is_no_total(tmp_path):
    assert only_fault(tmp_path, PLAN, scores=[*ROWS, [None, 20, 3]]).code == "SW08"


def test_a_pseudonym_or_a_remark_may_hold_such_a_word(tmp_path):
    rows = [["person", "phq_0", "phq_3", "note"], ["totally", 10, 5, "mean day"]]
    rows += [["summer", 12, 6, "Total"], ["meany", 12, 6, None]]
    assert len(loaded(tmp_path, PLAN, scores=rows).people) == 3


def test_a_title_above_the_headings_is_said_with_the_row(tmp_path):
    title = [["Quarter 1", None, None], [None, None, None]]
    fault = only_fault(tmp_path, PLAN, scores=[*title, *ROWS])
    assert (fault.code, fault.rows) == ("SW41", (3,))
    assert "row 3 looks like it" in fault.problem
    assert "above row 3" in fault.remedy


def test_a_title_above_the_headings_of_a_text_file_is_said_too(tmp_path):
    text = "Quarter 1\n\nperson,phq_0,phq_3\np1,1,2\n"
    assert only_fault(tmp_path, pre_post_plan(), scores=text).code == "SW41"


def merged(folder: Path, area: str, rows=ROWS) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.active.merge_cells(area)
    book.save(folder / "scores.xlsx")
    return write_plan(folder, PLAN)


def test_merged_headings_are_a_fault(tmp_path):
    merged(tmp_path, "B1:C1")
    (first, *others) = faults(tmp_path, PLAN)
    assert first.code == "SW42"
    assert "heading row" in first.problem
    assert [f.code for f in others] == ["SW02"]


def test_merged_cells_among_the_data_are_a_fault_with_their_rows(tmp_path):
    merged(tmp_path, "B2:B3")
    fault = only_fault(tmp_path, PLAN)
    assert (fault.code, fault.rows) == ("SW42", (2, 3))


def test_merged_cells_below_the_data_are_no_matter(tmp_path):
    merged(tmp_path, "A9:B10")
    assert scores(loaded(tmp_path, PLAN)) == SCORES


def test_merged_cells_without_a_value_are_no_matter(tmp_path):
    merged(tmp_path, "D2:D3")
    assert scores(loaded(tmp_path, PLAN)) == SCORES


def test_merged_cells_of_an_open_document_are_a_fault_too(tmp_path):
    spanned = ods_row(["p2", 12, 6]).replace(
        '<table:table-cell office:value-type="float"',
        '<table:table-cell table:number-rows-spanned="2" office:value-type="float"',
        1,
    )
    below = ods_row(["p3", None, 6]).replace("<table:table-cell/>", "<table:covered-table-cell/>")
    ods(tmp_path, "".join(map(ods_row, wide((10, 5)))) + spanned + below)
    fault = only_fault(tmp_path, ODS)
    assert (fault.code, fault.rows) == ("SW42", (3, 4))


def test_a_failed_formula_of_an_old_workbook_is_no_missing_score(tmp_path):
    raw = (Path(__file__).parent / "xls" / "failed.xls").read_bytes()
    plan = edited(edited(PLAN, "files.0.path", "scores.xls"), "files.0.sheet", "Data")
    fault = only_fault(tmp_path, plan, scores=raw)
    assert (fault.code, fault.rows, fault.column) == ("SW04", (3,), "C (phq_3)")
    declared = edited(plan, "files.0.missing_codes", {"*": {"#DIV/0!": "not worked out"}})
    assert scores(loaded(tmp_path, declared, scores=raw))["p2"] == [12.0, None]


ODS = edited(edited(PLAN, "files.0.path", "scores.ods"), "files.0.sheet", "Data")
FAILED = (
    '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value=""'
    ' calcext:value-type="error" xmlns:calcext="urn:x"><text:p>#DIV/0!</text:p></table:table-cell>'
)


def ods(folder: Path, rows: str) -> Path:
    notes = ods_row(["x", "y"]) + ods_row([1, 2])
    zip_parts(folder / "scores.ods", ods_bytes_of({"Notes": notes + ODS_TAIL, "Data": rows}))
    return write_plan(folder, ODS)


def test_a_failed_formula_of_an_open_document_is_no_missing_score(tmp_path):
    last = ods_row(["p2", 12]).replace("</table:table-row>", f"{FAILED}</table:table-row>")
    ods(tmp_path, "".join(map(ods_row, wide((10, 5)))) + last + ODS_TAIL)
    fault = only_fault(tmp_path, ODS)
    assert (fault.code, fault.rows, fault.column) == ("SW04", (3,), "C (phq_3)")


@pytest.mark.parametrize("times", ["1000000", "9999999999", "&#49;0000000"])
def test_a_cell_that_is_repeated_a_million_times_does_not_fill_the_memory(tmp_path, times):
    row = ods_row(["p2", 12, 6])
    rows = row.replace(
        "<table:table-row>", f'<table:table-row table:number-rows-repeated="{times}">'
    )
    rows = rows.replace(
        "<table:table-cell ", '<table:table-cell table:number-columns-repeated="90" ', 1
    )
    ods(tmp_path, "".join(map(ods_row, wide((10, 5)))) + rows)
    assert only_fault(tmp_path, ODS).code == "SW23"


def test_an_ods_with_a_tail_of_empty_cells_is_read(tmp_path):
    ods(tmp_path, "".join(map(ods_row, ROWS)) + ODS_TAIL)
    assert scores(loaded(tmp_path, ODS)) == SCORES


def test_rows_of_dates_as_text_among_dates_follow_the_date_format(tmp_path):
    plan = edited(PLAN, "time_zero.0.column", "referred")
    rows = [["person", "phq_0", "phq_3", "referred"], ["p1", 1, 2, "2026-01-05"]]
    rows += [["p2", 1, 2, "5 Jan 2026"], ["p3", 1, 2, "05/01/2026"]]
    fault = only_fault(tmp_path, plan, scores=rows)
    assert (fault.code, fault.rows, fault.of_rows) == ("SW04", (3, 4), 3)
    assert "date_format" in fault.remedy


def test_a_protected_or_renamed_old_workbook_is_told_from_a_new_one(tmp_path):
    raw = (Path(__file__).parent / "xls" / "people.xls").read_bytes()
    given_study(tmp_path, PLAN, scores=raw)
    assert "of an old Excel kind" in only_fault(tmp_path, PLAN).problem


TWO_SHEETS = edited(edited(long_plan(), "files.0.path", "e.xlsx"), "files.1.path", "e.xlsx")
TWO_SHEETS = edited(edited(TWO_SHEETS, "files.0.sheet", "People"), "files.1.sheet", "Scores")
PEOPLE = [["person", "note"], ["p1", "a"], ["p2", "b"]]
LONG = [["person", "wave", "phq"], ["p1", "baseline", 10], ["p2", "baseline", 12]]


def two_sheets(folder: Path, people=PEOPLE, scores=LONG, plan=TWO_SHEETS):
    write_xlsx(folder / "e.xlsx", {"People": people, "Scores": scores})
    return faults(folder, plan)


@pytest.mark.parametrize("row", [["Total", 180], ["Total", None], [None, "Total"]])
@pytest.mark.parametrize("gap", [0, 1, 3])
def test_a_total_below_a_people_sheet_is_a_fault(tmp_path, row, gap):
    (fault,) = two_sheets(tmp_path, people=[*PEOPLE, *[[None, None]] * gap, row])
    assert (fault.code, fault.file, fault.rows) == ("SW40", "e.xlsx [People]", (4 + gap,))


def test_a_total_below_a_long_sheet_is_a_fault_and_the_only_one(tmp_path):
    (fault,) = two_sheets(tmp_path, scores=[*LONG, [None] * 3, ["Total", None, 7512.4]])
    assert (fault.code, fault.file, fault.rows) == ("SW40", "e.xlsx [Scores]", (5,))


def test_a_person_named_total_is_a_fault(tmp_path):
    (fault,) = two_sheets(tmp_path, people=[*PEOPLE, ["Total", "c"], ["p4", "d"]])
    assert (fault.code, fault.rows) == ("SW40", (4,))


def test_a_heading_that_two_sheets_lack_is_two_findings(tmp_path):
    plan = edited(TWO_SHEETS, "files.0.columns.person", "client")
    plan = edited(plan, "files.1.columns.person", "client")
    found = two_sheets(tmp_path, plan=plan)
    assert [(f.code, f.file) for f in found] == [
        ("SW02", "e.xlsx [People]"),
        ("SW02", "e.xlsx [Scores]"),
    ]
    assert not any("delimiter" in f.remedy for f in found)


def test_a_merged_title_above_the_headings_is_one_fault(tmp_path):
    merged(tmp_path, "A1:C1", [["Quarter 1", None, None], *ROWS])
    fault = only_fault(tmp_path, PLAN)
    assert (fault.code, fault.rows) == ("SW41", (2,))


@pytest.mark.parametrize("microsecond", [0, 400_000, 999_000, 999_999])
def test_the_last_moment_of_a_day_stays_on_that_day(tmp_path, microsecond):
    last = dt.datetime(2026, 1, 5, 23, 59, 59, microsecond)
    rows: list[list[object]] = [["person", "wave", "date", "phq"], ["p1", "baseline", last, 10]]
    plan = edited(long_plan(dated=True), "files.1.path", "measures.xlsx")
    write_xlsx(tmp_path / "measures.xlsx", {"Sheet1": rows})
    study = loaded(tmp_path, plan, people=[["person", "referred"], ["p1", "2026-01-05"]])
    assert study.placed.measures.date.astype(str).tolist() == ["2026-01-05"]
