"""Damaged, cut-off and wrongly named files of every kind: a finding, never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from splw_eval.core.findings import Severity
from splw_eval.core.plan import File
from splw_eval.data.files import FORMATS, read_sheet
from splw_eval.data.ledger import Ledger
from tests.unit.data.formats.given_formats import PEOPLE, WRITERS

BINARY = ("xlsx", "xls", "ods", "Parquet", "SPSS", "SPSS, packed", "Stata")
LIBRARIES = ("calamine", "duckdb", "readstat", "zip", "exception", "magic", "/tmp")


def people(folder: Path, name: str) -> Path:
    """Write the people file of one kind."""
    ending, write, _ = WRITERS[name]
    path = folder / f"people{ending}"
    write(path, PEOPLE)
    return path


def fault(path: Path, **spec: str):
    """The one error that reading a file gives, and no sheet."""
    ledger = Ledger()
    section = File.model_validate({"table": "people", "path": path.name} | spec)
    sheet, digest = read_sheet(path.parent, section, ledger)
    (found,) = [f for f in ledger.findings if f.severity is Severity.ERROR]
    assert sheet is None
    assert len(digest) == 64
    assert found.remedy
    assert not any(word in found.sentence().lower() for word in LIBRARIES)
    return found


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.9, 0.995])
@pytest.mark.parametrize("name", BINARY)
def test_a_file_that_was_cut_off_is_said_to_be_incomplete(tmp_path, name, keep):
    path = people(tmp_path, name)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * keep)])
    found = fault(path)
    assert found.code == "SW01"
    assert "damaged or incomplete" in found.problem


def test_a_reader_that_would_end_the_program_ends_only_its_trial(tmp_path, monkeypatch):
    program = "import os; os.abort()"
    monkeypatch.setattr("splw_eval.data.formats.trial._PROGRAM", program)
    assert "damaged or incomplete" in fault(people(tmp_path, "SPSS")).problem


@pytest.mark.parametrize("ending", sorted(set(FORMATS) - {".csv", ".tsv", ".txt"}))
def test_a_text_file_under_another_name_is_found_out(tmp_path, ending):
    path = tmp_path / f"people{ending}"
    path.write_text("person,arm\np1,link\n")
    found = fault(path)
    assert "in spite of its name" in found.problem
    assert ".csv" in found.remedy


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        (name, ending)
        for name in BINARY
        for ending in (".csv", ".xlsx", ".sav", ".dta")
        if FORMATS[WRITERS[name][0]] != FORMATS[ending]
    ],
)
def test_a_file_named_as_another_kind_is_found_out(tmp_path, name, ending):
    path = people(tmp_path, name)
    wrong = path.rename(tmp_path / f"people{ending}")
    found = fault(wrong)
    assert (found.code, found.file) == ("SW01", wrong.name)
    assert path.suffix in found.remedy


@pytest.mark.parametrize("ending", sorted(FORMATS))
def test_an_empty_file_of_any_kind_is_said(tmp_path, ending):
    path = tmp_path / f"people{ending}"
    path.write_bytes(b"")
    assert fault(path).code == "SW01"


def test_a_file_above_the_limit_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr("splw_eval.data.files.SIZE_LIMIT_BYTES", 20)
    path = people(tmp_path, "CSV")
    ledger = Ledger()
    assert read_sheet(
        tmp_path, File.model_validate({"table": "people", "path": path.name}), ledger
    ) == (None, "")
    assert [f.code for f in ledger.findings] == ["SW23"]


@pytest.mark.parametrize("name", ["Parquet", "SPSS", "SPSS, packed", "Stata"])
def test_more_cells_than_fit_into_memory_are_refused(tmp_path, monkeypatch, name):
    monkeypatch.setattr("splw_eval.data.formats.parquet.CELL_LIMIT", 10)
    monkeypatch.setattr("splw_eval.data.formats.labelled.CELL_LIMIT", 10)
    assert fault(people(tmp_path, name)).code == "SW23"


@pytest.mark.parametrize("name", ["a[3].parquet", "http:x.parquet", "a'b; SELECT.parquet"])
def test_a_name_that_means_something_to_a_database_is_just_a_name(tmp_path, name):
    people(tmp_path, "Parquet").rename(tmp_path / name)
    ledger = Ledger()
    sheet, _ = read_sheet(tmp_path, File.model_validate({"table": "people", "path": name}), ledger)
    assert sheet is not None
    assert len(sheet) == 4


@pytest.mark.parametrize("name", ["*.parquet", "a[12].parquet"])
def test_a_name_that_is_a_pattern_for_other_files_does_not_reach_them(tmp_path, name):
    whole = people(tmp_path, "Parquet").rename(tmp_path / name)
    for other in ("a1.parquet", "a2.parquet"):
        (tmp_path / other).write_bytes(whole.read_bytes())
    assert "Rename it" in fault(whole).remedy


def test_a_file_with_a_heading_and_no_rows_is_said_in_every_kind(tmp_path):
    for name in ("CSV", "xlsx", "ods", "Parquet", "SPSS", "Stata"):
        ending, write, _ = WRITERS[name]
        path = tmp_path / f"people{ending}"
        write(path, PEOPLE[:1])
        ledger = Ledger()
        read_sheet(tmp_path, File.model_validate({"table": "people", "path": path.name}), ledger)
        assert [f.code for f in ledger.findings] == ["SW28"], name
