"""REDCap exports with their data dictionary: labels, events, repeats, ranges, codes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from splw_eval.core.plan import File
from splw_eval.data import load_study
from splw_eval.data.files import dictionary_sha256, read_sheet
from splw_eval.data.ledger import Ledger
from splw_eval.data.parse import numbers, texts
from tests.unit.data.formats.given_redcap import (
    DICTIONARY,
    EXPORT_HEADER,
    export,
    field,
    redcap_plan,
    write_redcap,
)
from tests.unit.data.formats.test_same_study import held, reference
from tests.unit.given_study import Rows, write_plan


def read(folder: Path, table: str = "people", **spec: Any):
    """Sheet of the export, and what was found."""
    ledger = Ledger()
    section = {"path": "export.csv", "dictionary": "dictionary.csv", "table": table} | spec
    sheet, _ = read_sheet(folder, File.model_validate(section), ledger)
    return sheet, ledger.findings


def changed(heading: str, value: str, row: int = 1) -> Rows:
    """Return the export with one cell changed; row 1 is the first below the heading."""
    rows = [list(r) for r in export()]
    rows[row][EXPORT_HEADER.index(heading)] = value
    return rows


def small(folder: Path, fields: Rows, rows: Rows) -> None:
    """Write an export of a person and some fields, with their dictionary."""
    write_redcap(folder, rows, [DICTIONARY[0], field("person", "intake"), *fields])


def test_an_export_gives_the_same_study_as_a_csv_file(tmp_path):
    write_redcap(tmp_path)
    study = load_study(write_plan(tmp_path, redcap_plan()))
    found, expected = held(study), dict(reference("long"))
    # An event whose form was never touched is no questionnaire with an empty score.
    assert found == expected
    of_the_format = {f.code for f in study.findings if "SW40" <= f.code < "SW50"}
    assert of_the_format == {"SW46"}


def test_the_people_are_read_from_the_event_that_holds_their_form(tmp_path):
    write_redcap(tmp_path)
    sheet, found = read(tmp_path)
    assert sheet is not None
    assert sheet.rows.tolist() == [2, 5, 8, 11]
    (note,) = found
    assert (note.code, note.severity.value, note.of_rows) == ("SW46", "note", 12)


def test_a_repeated_form_gives_its_own_rows(tmp_path):
    write_redcap(tmp_path)
    columns = {"contact": "redcap_repeat_instance", "date": "visit_date"}
    sheet, _ = read(tmp_path, "contacts", columns=columns)
    assert sheet is not None
    assert sheet.rows.tolist() == [4, 7, 10, 13]
    assert numbers(sheet, "minutes", Ledger()).tolist() == [45.0] * 4


def test_choices_are_labels_as_text_and_numbers_as_numbers(tmp_path):
    write_redcap(tmp_path)
    sheet, _ = read(tmp_path)
    assert texts(sheet, "arm").tolist() == ["link", "link", "usual", "usual"]
    assert numbers(sheet, "arm", Ledger()).tolist() == [1, 1, 2, 2]
    assert sheet.cells["needs___1"].tolist() == [1.0] * 4
    assert texts(sheet, "intake_complete").tolist() == ["Complete"] * 4
    assert sheet.cells["referred"].dtype.kind == "M"


def test_choices_whose_codes_are_letters_become_labels(tmp_path):
    fields = [field("sex", "intake", "dropdown", choices="F, Female | M, Male")]
    small(tmp_path, fields, [["person", "sex"], ["1", "F"], ["2", "M"], ["3", ""]])
    sheet, found = read(tmp_path)
    assert sheet.cells["sex"].tolist() == ["Female", "Male"]
    assert [f.code for f in found] == ["SW46"]


def test_yes_no_fields_have_their_labels_without_being_told(tmp_path):
    fields = [field("carer", "intake", "yesno"), field("ok", "intake", "truefalse")]
    small(tmp_path, fields, [["person", "carer", "ok"], ["1", "1", "0"], ["2", "0", "1"]])
    sheet, _ = read(tmp_path)
    assert texts(sheet, "carer").tolist() == ["Yes", "No"]
    assert texts(sheet, "ok").tolist() == ["False", "True"]


def test_an_export_of_labels_is_left_as_it_is(tmp_path):
    fields = [field("sex", "intake", "radio", choices="1, Female | 2, Male")]
    small(tmp_path, fields, [["person", "sex"], ["1", "Female"], ["2", "Male"]])
    sheet, found = read(tmp_path)
    assert sheet.cells["sex"].tolist() == ["Female", "Male"]
    assert found == []


def test_a_code_that_is_no_choice_is_a_warning_with_its_row(tmp_path):
    write_redcap(tmp_path, changed("arm", "7"))
    _, found = read(tmp_path)
    (warning,) = [f for f in found if f.code == "SW45"]
    assert (warning.rows, warning.severity.value) == ((2,), "warning")
    assert warning.column == "E (arm)"


@pytest.mark.parametrize("value", ["27.5", "-1"])
def test_a_number_outside_the_limits_of_the_dictionary_is_a_warning(tmp_path, value):
    write_redcap(tmp_path, changed("phq", value))
    plan = redcap_plan()
    sheet, found = read(tmp_path, "measures", **{k: plan["files"][1][k] for k in KEYS})
    (warning,) = [f for f in found if f.code == "SW44"]
    assert warning.rows == (2,)
    assert sheet.cells["phq"][0] == value


KEYS = ("layout", "columns", "scores")


def test_a_date_outside_the_limits_of_the_dictionary_is_a_warning(tmp_path):
    write_redcap(tmp_path, changed("referred", "2019-12-31"))
    _, found = read(tmp_path)
    (warning,) = [f for f in found if f.code == "SW44"]
    assert warning.column == "G (referred)"


def test_missing_data_codes_of_the_annotation_are_reasons_and_not_scores(tmp_path):
    write_redcap(tmp_path, changed("phq", "NASK"))
    plan = redcap_plan()
    sheet, found = read(tmp_path, "measures", **{k: plan["files"][1][k] for k in KEYS})
    assert sheet.reasons["phq"].tolist()[:3] == ["Not asked", "", "Refused"]
    assert {f.code for f in found} == {"SW46"}


def test_codes_declared_in_the_plan_keep_a_choice_a_number(tmp_path):
    fields = [field("sex", "intake", "radio", choices="1, Female | 2, Male")]
    small(tmp_path, fields, [["person", "sex"], ["1", "1"], ["2", "UNK"]])
    sheet, found = read(tmp_path, missing_codes={"*": {"UNK": "Unknown"}})
    assert np.nan_to_num(sheet.cells["sex"], nan=-1).tolist() == [1.0, -1]
    assert sheet.reasons["sex"].tolist() == ["", "Unknown"]
    assert found == []


def test_columns_that_the_dictionary_lacks_are_counted(tmp_path):
    rows = [[*row, "x"] for row in export()]
    rows[0][-1] = "new_field"
    write_redcap(tmp_path, rows)
    _, found = read(tmp_path)
    (warning,) = [f for f in found if f.code == "SW43"]
    assert "1 of 18 columns" in warning.problem
    assert "R (new_field)" in warning.remedy


def test_an_export_of_another_project_is_a_fault_that_repeats_nothing(tmp_path):
    write_redcap(tmp_path, [["p1", "secret"], ["p2", "secret"]])
    sheet, (fault,) = read(tmp_path)
    assert sheet is None
    assert fault.code == "SW43"
    assert "secret" not in fault.sentence()


def test_no_cell_of_an_export_is_repeated_in_any_message(tmp_path):
    canary = "Zq7Canary"
    rows = export()
    write_redcap(tmp_path, [rows[0], *([canary] * len(rows[0]) for _ in rows[1:])])
    _, found = read(tmp_path)
    assert found
    assert not any(canary in finding.sentence() for finding in found)


def test_a_box_that_the_dictionary_does_not_list_is_a_warning(tmp_path):
    fields = [field("needs", "intake", "checkbox", choices="1, Money")]
    small(tmp_path, fields, [["person", "needs___1", "needs___2"], ["1", "1", "0"]])
    _, found = read(tmp_path)
    assert [(f.code, f.column) for f in found] == [("SW45", "C (needs___2)")]


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b'"a\n'])
def test_what_is_no_dictionary_is_said_by_its_own_name(tmp_path, content):
    write_redcap(tmp_path)
    (tmp_path / "dictionary.csv").write_bytes(content)
    sheet, (fault,) = read(tmp_path)
    assert sheet is None
    assert fault.file == "dictionary.csv"


@pytest.mark.parametrize(
    ("path", "code"),
    [("../dictionary.csv", "SW21"), ("none.csv", "SW01"), ("a.xlsx", "SW01")],
)
def test_a_dictionary_must_be_a_csv_file_inside_the_folder(tmp_path, path, code):
    folder = tmp_path / "study"
    folder.mkdir()
    write_redcap(folder)
    write_redcap(tmp_path)
    sheet, (fault,) = read(folder, dictionary=path)
    assert sheet is None
    assert (fault.code, fault.file) == (code, path)


def test_a_workbook_can_have_no_dictionary(tmp_path):
    write_redcap(tmp_path)
    (tmp_path / "export.xlsx").write_bytes(b"PK\x03\x04")
    _, (fault,) = read(tmp_path, path="export.xlsx")
    assert "CSV" in fault.remedy


def test_the_dictionary_of_the_api_is_read_as_well(tmp_path):
    names = ["field_name", "form_name", "x", "field_type", "y", "select_choices_or_calculations"]
    names += ["z", "text_validation_type_or_show_slider_number", "text_validation_min"]
    names += ["text_validation_max", "field_annotation"]
    write_redcap(tmp_path, dictionary=[names, *DICTIONARY[1:]])
    sheet, _ = read(tmp_path)
    assert texts(sheet, "arm").tolist() == ["link", "link", "usual", "usual"]


def test_the_dictionary_has_a_digest_of_its_own(tmp_path):
    write_redcap(tmp_path)
    plain = {"table": "people", "path": "export.csv"}
    spec = File.model_validate(plain | {"dictionary": "dictionary.csv"})
    assert len(dictionary_sha256(tmp_path, spec)) == 64
    assert dictionary_sha256(tmp_path, File.model_validate(plain)) == ""
