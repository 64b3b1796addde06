"""Text files in another encoding than the plan says, and what is no text file at all."""

from __future__ import annotations

import os

import pytest

from splw_eval.core.findings import Severity
from tests.unit.data.test_text_files import TEXT, in_file
from tests.unit.loading import faults, loaded, only_fault, warned

ACCENTED = TEXT.replace("p1", "p\u00e9")


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "mac_roman"])
def test_utf8_that_is_declared_as_another_encoding_is_a_fault(tmp_path, encoding):
    fault = only_fault(tmp_path, in_file(encoding=encoding), scores=ACCENTED.encode("utf-8"))
    assert fault.code == "SW06"
    assert 'encoding = "utf-8"' in fault.remedy


@pytest.mark.parametrize(
    ("person", "rows"),
    [
        ("p\u00e9".encode().decode("cp1252"), (2,)),
        ("p\u2019s".encode().decode("cp1252"), (2,)),
        ("p\x92s", (2,)),
        ("p\ufffd", (2,)),
    ],
)
def test_text_that_was_garbled_before_is_a_warning_with_its_rows(tmp_path, person, rows):
    study = loaded(tmp_path, in_file(), scores=TEXT.replace("p1", person).encode("utf-8"))
    warning = warned(study, "SW132")
    assert (warning.severity, warning.rows) == (Severity.WARNING, rows)
    assert person not in warning.sentence()


@pytest.mark.parametrize(
    "person", ["p\u00e9", "N\u00c3O", "\u00c2ge", "20\u00b0", "\u0141\u00f3d\u017a"]
)
def test_letters_with_accents_are_no_garble(tmp_path, person):
    study = loaded(tmp_path, in_file(), scores=TEXT.replace("p1", person).encode("utf-8"))
    assert not [f for f in study.findings if f.code == "SW132"]


@pytest.mark.parametrize(
    ("written", "advised"),
    [("utf-16", "utf-16"), ("utf-16-le", "utf-16-le"), ("utf-16-be", "utf-16-be")],
)
@pytest.mark.parametrize("declared", ["utf-8", "cp1252"])
def test_two_bytes_a_letter_are_told_from_windows_text(tmp_path, written, advised, declared):
    fault = only_fault(tmp_path, in_file(encoding=declared), scores=TEXT.encode(written))
    assert fault.code == "SW06"
    assert f'encoding = "{advised}"' in fault.remedy
    study = loaded(tmp_path, in_file(encoding=advised), scores=TEXT.encode(written))
    assert len(study.people) == 2


@pytest.mark.parametrize(
    "encoding",
    ["unicode_escape", "raw_unicode_escape", "idna", "punycode", "utf-7", "base64", "rot13", "zip"],
)
def test_codecs_that_no_file_is_kept_in_are_refused(tmp_path, encoding):
    fault = only_fault(tmp_path, in_file(encoding=encoding), scores=TEXT)
    assert "unknown encoding" in fault.problem


def test_a_cell_that_is_too_long_is_said_to_be(tmp_path):
    fault = only_fault(tmp_path, in_file(), scores=TEXT.replace("p1", "p" * 200_000))
    assert fault.code == "SW05"
    assert "a cell of more than 131,072 characters" in fault.problem
    assert "ends on line 2" in fault.problem


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_no_file_and_keeps_nobody_waiting(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    fault = only_fault(tmp_path, in_file(path="pipe.csv"))
    assert (fault.code, "no file" in fault.problem) == ("SW01", True)


def test_a_file_that_the_plan_names_already_is_not_offered_for_another(tmp_path):
    plan = in_file()
    plan = plan | {"files": [*plan["files"], {"table": "people", "path": "scorez.csv"}]}
    (fault,) = faults(tmp_path, plan, scores=TEXT)
    assert fault.file == "scorez.csv"
    assert "did you mean" not in fault.problem
