"""Workbooks: the same cells as a CSV file, and what is refused."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
import zlib
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from tests.unit.given_study import (
    Rows,
    csv_text,
    edited,
    given_study,
    long_plan,
    pre_post_plan,
    wide,
    write_plan,
    write_xlsx,
)
from tests.unit.loading import loaded, only_fault, scores

PLAN = edited(pre_post_plan(), "files.0.path", "scores.xlsx")
ROWS = wide((10, 5), (12, 6.5))
SCORES = {"p1": [10.0, 5.0], "p2": [12.0, 6.5]}


def zipped(entries: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return held.getvalue()


def entries_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def test_a_workbook_gives_its_numbers(tmp_path):
    assert scores(loaded(tmp_path, PLAN, scores=ROWS)) == SCORES


def test_the_ending_may_be_in_capitals(tmp_path):
    plan = edited(PLAN, "files.0.path", "scores.XLSX")
    write_xlsx(tmp_path / "scores.XLSX", {"Sheet1": ROWS})
    assert scores(loaded(tmp_path, plan)) == SCORES


DAY, LATER = dt.date(2026, 1, 5), dt.date(2026, 4, 1)
PEOPLE: Rows = [["person", "practice", "referred"], [17, 3.5, DAY], ["p2", True, DAY]]
MEASURES: Rows = [
    ["person", "wave", "date", "phq"],
    [17, "baseline", DAY, 10],
    [17, "month_3", LATER, 6.125],
    ["p2", "baseline", dt.datetime(2026, 1, 6, 23, 59), 12.0],
    ["p2", "month_3", None, None],
]


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%d/%m/%Y"])
@pytest.mark.parametrize("decimal", [".", ","])
def test_a_workbook_and_a_csv_of_the_same_cells_give_the_same_study(tmp_path, form, decimal):
    plan = edited(long_plan(dated=True), "files.0.columns.cluster", "practice")
    for file in plan["files"]:
        file |= {"date_format": form, "decimal": decimal}

    def as_text(cell):
        if isinstance(cell, dt.date):
            return cell.strftime(form)
        if isinstance(cell, bool):
            return str(cell).upper()
        return str(cell).replace(".", decimal) if isinstance(cell, float) else cell

    texts = [[[as_text(c) for c in row] for row in table] for table in (PEOPLE, MEASURES)]
    (tmp_path / "csv").mkdir()
    from_csv = loaded(tmp_path / "csv", plan, people=texts[0], measures=texts[1])
    for i, name in enumerate(("people.xlsx", "measures.xlsx")):
        plan = edited(plan, f"files.{i}.path", name)
    for name, tables in (("typed", (PEOPLE, MEASURES)), ("text", texts)):
        (tmp_path / name).mkdir()
        study = loaded(tmp_path / name, plan, people=tables[0], measures=tables[1])
        assert scores(study) == scores(from_csv)
        assert list(study.people.ids) == ["17", "p2"]
        assert study.people.time_zero is not None
        assert study.people.time_zero.tolist() == [DAY, DAY]
        assert np.array_equal(study.placed.day, from_csv.placed.day, equal_nan=True)
    assert scores(from_csv)["17"] == [10.0, 6.125]


def test_typed_missing_codes_are_met_as_text(tmp_path):
    plan = edited(PLAN, "files.0.missing_codes", {"*": {"-99": "x", "FALSE": "y"}})
    study = loaded(tmp_path, plan, scores=wide((10, -99), (12, -99.0), (12, False)))
    assert [after for _, after in scores(study).values()] == [None, None, None]


def test_rows_are_numbered_as_excel_does_also_below_blank_ones(tmp_path):
    rows = [*wide((10, 5)), [None, None, None], ["p2", "x", 6]]
    assert only_fault(tmp_path, PLAN, scores=rows).rows == (4,)


def test_data_below_an_empty_first_row_have_no_heading(tmp_path):
    fault = only_fault(tmp_path, PLAN, scores=[[None], *ROWS])
    assert "has no heading row" in fault.problem


@pytest.mark.parametrize("cell", ["#DIV/0!", "#N/A", "=B2/0"])
def test_a_formula_that_failed_or_was_never_worked_out_is_no_missing_score(tmp_path, cell):
    # Excel stores a failed formula as an error; one that was never opened has no value.
    write_xlsx(tmp_path / "scores.xlsx", {"Notes": [["x"]], "Data": wide((10, 5), (12, cell))})
    fault = only_fault(tmp_path, edited(PLAN, "files.0.sheet", "Data"))
    assert (fault.code, fault.rows, fault.column) == ("SW04", (3,), "C (phq_3)")


def test_a_failed_formula_may_be_declared_as_missing(tmp_path):
    plan = edited(PLAN, "files.0.missing_codes", {"*": {"#N/A": "not found"}})
    study = loaded(tmp_path, plan, scores=wide((10, 5), (12, "#N/A")))
    assert scores(study) == {"p1": [10.0, 5.0], "p2": [12.0, None]}


def test_a_failed_formula_on_another_sheet_is_no_matter(tmp_path):
    write_xlsx(tmp_path / "scores.xlsx", {"Notes": [["x", "y"], ["#N/A", "#N/A"]], "Data": ROWS})
    assert scores(loaded(tmp_path, edited(PLAN, "files.0.sheet", "Data"))) == SCORES


def test_several_sheets_need_one_to_be_named(tmp_path):
    write_xlsx(tmp_path / "scores.xlsx", {"Notes": [["x"]], "Data": ROWS})
    fault = only_fault(tmp_path, PLAN)
    assert "has 2 sheets (Notes, Data)" in fault.problem
    named = edited(PLAN, "files.0.sheet", "Data")
    assert scores(loaded(tmp_path, named)) == SCORES
    wrong = edited(PLAN, "files.0.sheet", "Dato")
    assert 'did you mean "Data"?' in only_fault(tmp_path, wrong).problem


def test_an_empty_workbook_has_no_heading_row(tmp_path):
    assert "has no heading row" in only_fault(tmp_path, PLAN, scores=[]).problem


def test_text_named_as_a_workbook_is_refused(tmp_path):
    fault = only_fault(tmp_path, PLAN, scores=csv_text(ROWS))
    assert "is not a workbook in spite of its name" in fault.problem


def test_a_workbook_named_as_text_is_refused(tmp_path):
    write_xlsx(tmp_path / "scores.xlsx", {"Sheet1": ROWS})
    (tmp_path / "scores.xlsx").rename(tmp_path / "scores.csv")
    assert "is a workbook, not text" in only_fault(tmp_path, pre_post_plan()).problem


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04", zipped({"a.txt": b"x"}), zipped({"xl/workbook.xml": b"<not closed"})],
    ids=["four bytes", "another zip", "broken inside"],
)
def test_a_damaged_workbook_is_refused(tmp_path, content):
    assert "damaged or incomplete workbook" in only_fault(tmp_path, PLAN, scores=content).problem


def test_a_truncated_workbook_is_refused(tmp_path):
    given_study(tmp_path, PLAN, scores=ROWS)
    path = tmp_path / "scores.xlsx"
    path.write_bytes(path.read_bytes()[:-40])
    assert "damaged or incomplete workbook" in only_fault(tmp_path, PLAN).problem


def test_a_workbook_that_unpacks_to_a_hundredfold_is_refused(tmp_path):
    given_study(tmp_path, PLAN, scores=ROWS)
    bomb = entries_of(tmp_path / "scores.xlsx") | {"xl/media/x.bin": bytes(3_000_000)}
    fault = only_fault(tmp_path, PLAN, scores=zipped(bomb))
    assert fault.code == "SW23"
    assert "CSV" in fault.remedy


def test_a_workbook_that_lies_about_its_size_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("splw_eval.data.formats.workbook.UNPACKED_LIMIT_BYTES", 2_000_000)
    given_study(tmp_path, PLAN, scores=ROWS)
    size, said = 3_000_000, 5000
    content = bytes(size)
    raw = zipped(entries_of(tmp_path / "scores.xlsx") | {"xl/media/x.bin": content})
    for true, false in (
        (struct.pack("<I", size), struct.pack("<I", said)),
        (struct.pack("<I", zlib.crc32(content)), struct.pack("<I", zlib.crc32(bytes(said)))),
    ):
        assert raw.count(true) == 2
        raw = raw.replace(true, false)
    assert only_fault(tmp_path, PLAN, scores=raw).code == "SW23"


@pytest.mark.parametrize("cell", ["XFD1048576", "ZZ1000000"])
def test_one_stray_cell_far_away_does_not_fill_the_memory(tmp_path, cell):
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    book.active[cell] = " "
    book.save(tmp_path / "scores.xlsx")
    fault = only_fault(tmp_path, PLAN)
    assert fault.code == "SW23"
    assert "Delete the rows below" in fault.remedy


def test_a_stray_cell_near_the_data_is_no_trap(tmp_path):
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    book.active["E9"] = " "
    book.save(tmp_path / "scores.xlsx")
    write_plan(tmp_path, PLAN)
    assert scores(loaded(tmp_path, PLAN)) == SCORES
