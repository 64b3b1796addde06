"""CSV files as they come: encodings, delimiters, blanks, ragged rows and worse."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.given_study import csv_text, edited, pre_post_plan, wide
from tests.unit.loading import faults, loaded, only_fault, scores, warned

PLAN = pre_post_plan()
ROWS = wide((10, 5), (12, 6.5))
SCORES = {"p1": [10.0, 5.0], "p2": [12.0, 6.5]}
TEXT = csv_text(ROWS)


def in_file(**changes):
    """Return the plan with changes to its one file."""
    plan = PLAN
    for key, value in changes.items():
        plan = edited(plan, f"files.0.{key}", value)
    return plan


@pytest.mark.parametrize(
    ("plan", "content"),
    [
        (PLAN, TEXT),
        (PLAN, TEXT.replace("\n", "\r\n")),
        (PLAN, TEXT.replace("\n", "\r")),
        (PLAN, TEXT.rstrip("\n")),
        (PLAN, b"\xef\xbb\xbf" + TEXT.encode()),
        (in_file(encoding="utf_8"), b"\xef\xbb\xbf" + TEXT.encode()),
        (in_file(encoding="utf-16"), TEXT.encode("utf-16")),
        (in_file(delimiter=";"), TEXT.replace(",", ";")),
        (in_file(delimiter="\t"), TEXT.replace(",", "\t")),
        (in_file(delimiter=";", decimal=","), TEXT.replace(",", ";").replace(".", ",")),
        (in_file(decimal=","), TEXT.replace("6.5", '"6,5"')),
        (PLAN, TEXT.replace("p1,10", ' p1 ,"10"')),
        (PLAN, TEXT.replace("10", "+1.0e1")),
    ],
    ids=[
        "plain",
        "CRLF",
        "CR",
        "no last line break",
        "byte order mark",
        "byte order mark, other name of UTF-8",
        "UTF-16",
        "semicolon",
        "tab",
        "decimal comma",
        "quoted decimal comma",
        "spaces and quotation marks",
        "exponent",
    ],
)
def test_the_same_scores_come_out_however_the_text_is_written(tmp_path, plan, content):
    assert scores(loaded(tmp_path, plan, scores=content)) == SCORES


def test_a_line_break_inside_quotation_marks_is_one_cell_and_one_row(tmp_path):
    text = 'person,note,phq_0,phq_3\np1,"two\nlines",10,5\np2,,99,6\n'
    fault = only_fault(tmp_path, PLAN, scores=text)
    assert fault.rows == (3,)  # as a spreadsheet numbers it


def test_columns_that_the_plan_does_not_name_are_left_alone(tmp_path):
    text = "person,,note,note,phq_0,phq_3\np1,x,y,z,10,5\np2,x,y,z,12,6.5\n"
    assert scores(loaded(tmp_path, PLAN, scores=text)) == SCORES


def test_windows_text_needs_its_encoding_declared(tmp_path):
    content = TEXT.replace("p1", "pé").encode("cp1252")
    fault = only_fault(tmp_path, PLAN, scores=content)
    assert fault.code == "SW06"
    assert fault.rows == (2,)
    assert 'encoding = "cp1252"' in fault.remedy
    declared = in_file(encoding="cp1252")
    assert scores(loaded(tmp_path, declared, scores=content))["pé"] == [10.0, 5.0]


@pytest.mark.parametrize("encoding", ["hex", "latin-99", "é", "a\0b"])
def test_an_encoding_that_nobody_knows_is_said(tmp_path, encoding):
    fault = only_fault(tmp_path, in_file(encoding=encoding), scores=TEXT)
    assert "unknown encoding" in fault.problem


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        ("", "SW01", "has no heading row"),
        ("\n\n", "SW01", "has no heading row"),
        ("person,phq_0,phq_3\n", "SW28", "no data"),
        ("person,phq_0,phq_3\n,,\n", "SW28", "no data"),
        (b"person\0,phq_0,phq_3\np1,1,2\n", "SW01", "not a text file"),
        ("person,phq_0,phq_3\np1,1,2\np2,1\np3,1,2,3\n", "SW05", "more or fewer cells"),
        ('person,phq_0,phq_3\np1,"1,2\n', "SW05", "quotation marks"),
        ('person,phq_0,phq_3\np1,"1"1,2\n', "SW05", "quotation marks"),
        ("person,phq_0,phq_0,phq_3\np1,1,2,3\n", "SW07", "phq_0"),
        ("person,phq_0,phq3\np1,1,2\n", "SW02", 'did you mean "phq3"?'),
        (b"PK\x03\x04rest", "SW01", "is a workbook, not text"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_why(tmp_path, content, code, words):
    fault = only_fault(tmp_path, PLAN, scores=content)
    assert fault.code == code
    assert fault.file == "scores.csv"
    assert words in fault.problem


def test_ragged_rows_are_numbered_as_their_owner_sees_them(tmp_path):
    text = "person,phq_0,phq_3\np1,1,2\n\np2,1\np3,1,2,3\np4,1,2\n"
    fault = only_fault(tmp_path, PLAN, scores=text)
    assert (fault.rows, fault.of_rows) == ((4, 5), 4)


def test_blank_rows_are_left_out_and_noted(tmp_path):
    study = loaded(tmp_path, PLAN, scores=TEXT.replace("p2", "\n,,\n , ,\np2"))
    assert scores(study) == SCORES
    assert warned(study, "SW19").rows == (3, 4, 5)


def test_a_file_without_a_heading_row_repeats_nothing_of_its_first_row(tmp_path):
    found = faults(tmp_path, PLAN, scores="person_17,11,12\nperson_18,1,2\n")
    assert {f.code for f in found} == {"SW02"}
    for finding in found:
        assert "Row 1 holds no heading" in finding.remedy
        assert "17" not in finding.sentence()


def test_all_absent_columns_come_at_once(tmp_path):
    found = faults(tmp_path, PLAN, scores="person,a,b\np1,1,2\n")
    assert len(found) == 2
    assert all("phq_" in f.problem for f in found)


def test_missing_codes_hold_for_their_column_or_for_all(tmp_path):
    codes = {"*": {"-99": "not answered"}, "phq_3": {"R": "refused"}}
    text = csv_text(wide((10, "R"), (-99, 6), ("", -99)))
    study = loaded(tmp_path, in_file(missing_codes=codes), scores=text)
    assert scores(study) == {"p1": [10.0, None], "p2": [None, 6.0], "p3": [None, None]}
    fault = only_fault(tmp_path, in_file(missing_codes=codes), scores=text.replace("-99,6", "R,6"))
    assert fault.column == "B (phq_0)"


def test_missing_codes_of_a_column_that_is_not_there_are_said(tmp_path):
    plan = in_file(missing_codes={"phq_1": {"-99": "x"}})
    assert 'did you mean "phq_' in only_fault(tmp_path, plan, scores=TEXT).problem


@pytest.mark.parametrize("code", [99, -99, "-99.0", -1])
def test_numbers_that_may_be_missing_codes_get_a_hint(tmp_path, code):
    fault = only_fault(tmp_path, PLAN, scores=wide((10, code), (12, 6)))
    assert fault.code == "SW03"
    assert (fault.rows, fault.of_rows, fault.column) == ((2,), 2, "C (phq_3)")
    assert "may be a missing code" in fault.remedy


def test_nine_in_a_score_up_to_three_gets_the_hint_too(tmp_path):
    plan = edited(PLAN, "outcomes.0.range", [0, 3])
    fault = only_fault(tmp_path, plan, scores=wide((1, 9), (2, 9)))
    assert fault.rows == (2, 3)
    assert "missing code" in fault.remedy


def test_other_numbers_outside_the_range_get_no_hint(tmp_path):
    fault = only_fault(tmp_path, PLAN, scores=wide((10, 28), (12, 6)))
    assert "missing code" not in fault.remedy
    assert "outside 0 to 27" in fault.problem


def test_limits_of_the_range_lie_inside_it(tmp_path):
    assert scores(loaded(tmp_path, PLAN, scores=wide((0, 27)))) == {"p1": [0.0, 27.0]}


@pytest.mark.parametrize("cell", ["27.0001", "-0.001", "999999999999999"])
def test_numbers_just_or_far_outside_are_found(tmp_path, cell):
    assert only_fault(tmp_path, PLAN, scores=wide((10, cell))).code == "SW03"


def test_scores_outside_the_range_may_be_set_to_missing_and_are_counted(tmp_path):
    plan = edited(PLAN, "outcomes.0.out_of_range", "missing")
    study = loaded(tmp_path, plan, scores=wide((10, 28), (12, 6)))
    assert scores(study) == {"p1": [10.0, None], "p2": [12.0, 6.0]}
    assert warned(study, "SW18").rows == (2,)


@pytest.mark.parametrize("cell", ["ten", "1_0", "1 0", "0x10", "inf", "1,5", "--5", "5%"])
def test_text_in_a_number_column_is_a_fault(tmp_path, cell):
    fault = only_fault(tmp_path, PLAN, scores=wide((10, 5), (12, cell)))
    assert (fault.code, fault.problem, fault.rows) == ("SW04", "not a number", (3,))


def test_undeclared_decimal_commas_get_a_hint(tmp_path):
    fault = only_fault(tmp_path, PLAN, scores=wide((10, "5,5")))
    assert 'decimal = ","' in fault.remedy


def test_a_point_is_not_guessed_at_where_the_comma_is_the_decimal_sign(tmp_path):
    text = TEXT.replace(",", ";").replace("6.5", "1.500")
    fault = only_fault(tmp_path, in_file(delimiter=";", decimal=","), scores=text)
    assert fault.code == "SW04"


@pytest.mark.parametrize("cell", ["NA", "n/a", ".", "#N/A", "missing"])
def test_words_for_missing_are_not_guessed_at_but_get_a_hint(tmp_path, cell):
    assert "declare it" in only_fault(tmp_path, PLAN, scores=wide((10, cell))).remedy


@pytest.mark.parametrize("path", ["../scores.csv", "/etc/passwd.csv", "a/../../scores.csv"])
def test_a_path_out_of_the_folder_is_refused_before_anything_is_read(tmp_path, path):
    folder = tmp_path / "study"
    folder.mkdir()
    (tmp_path / "scores.csv").write_text(TEXT)
    assert only_fault(folder, in_file(path=path)).code == "SW21"


def test_a_link_out_of_the_folder_is_refused(tmp_path):
    folder = tmp_path / "study"
    folder.mkdir()
    (tmp_path / "outside.csv").write_text(TEXT)
    (folder / "scores.csv").symlink_to(tmp_path / "outside.csv")
    assert only_fault(folder, PLAN).code == "SW21"


def test_a_link_inside_the_folder_is_followed(tmp_path):
    (tmp_path / "export.csv").write_text(TEXT)
    (tmp_path / "scores.csv").symlink_to("export.csv")
    assert scores(loaded(tmp_path, PLAN)) == SCORES


@pytest.mark.parametrize("path", ["a\0.csv", "x" * 5000 + ".csv", "ring.csv", "folder.csv"])
def test_what_is_no_file_cannot_be_opened(tmp_path, path):
    (tmp_path / "ring.csv").symlink_to("ring.csv")
    (tmp_path / "folder.csv").mkdir()
    fault = only_fault(tmp_path, in_file(path=path))
    assert fault.code == "SW01"
    assert "cannot be opened" in fault.problem


def test_a_file_that_is_not_there_gets_the_nearest_name(tmp_path):
    (tmp_path / "score.csv").write_text(TEXT)
    assert 'did you mean "score.csv"?' in only_fault(tmp_path, PLAN).problem


def test_a_file_of_another_kind_is_refused_by_its_name(tmp_path):
    assert "kind" in only_fault(tmp_path, in_file(path="scores.json"), scores=b"{}").problem


def test_a_file_that_may_not_be_read_cannot_be_opened(tmp_path, monkeypatch):
    (tmp_path / "scores.csv").write_text(TEXT)
    read = Path.read_bytes

    def refuse_scores(path: Path) -> bytes:
        if path.name == "scores.csv":
            raise PermissionError(path)
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse_scores)
    assert "cannot be opened" in only_fault(tmp_path, PLAN).problem
