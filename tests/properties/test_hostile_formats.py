"""Whatever bytes stand in a file of any kind, the answer is a sheet or a finding."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from splw_eval.core.errors import DataError, PlanError
from splw_eval.data import load_study
from splw_eval.data.files import FORMATS
from tests.unit.data.formats.given_formats import TABLES, WRITERS, plan
from tests.unit.data.formats.given_redcap import DICTIONARY, export, redcap_plan, write_redcap
from tests.unit.given_study import given_study, write_plan

KINDS = ("xlsx", "xls", "ods", "Parquet", "SPSS", "SPSS, packed", "Stata")
MAGIC = {
    ".xlsx": b"PK\x03\x04",
    ".ods": b"PK\x03\x04" + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
    ".xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    ".parquet": b"PAR1",
    ".sav": b"$FL2",
    ".zsav": b"$FL3",
    ".dta": b"<stata_dta>",
    ".por": b"ASCII SPSS PORT FILE",
}


def answered(folder: Path) -> None:
    """Load a study; every fault must be a finding with a place and a remedy."""
    try:
        load_study(folder / "study.toml")
    except (PlanError, DataError) as error:
        assert error.findings
        assert all(f.remedy for f in error.findings)


@pytest.mark.parametrize("ending", sorted(FORMATS))
@settings(max_examples=25, deadline=None)
@given(content=st.binary(max_size=400))
def test_any_bytes_in_a_file_of_any_kind(ending, content):
    with tempfile.TemporaryDirectory() as folder:
        given_study(Path(folder), plan("wide", ending), wide=content)
        answered(Path(folder))
        given_study(Path(folder), plan("wide", ending), wide=MAGIC.get(ending, b"") + content)
        answered(Path(folder))


@cache
def whole(kind: str) -> bytes:
    ending, write, _ = WRITERS[kind]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"wide{ending}"
        write(path, TABLES["wide"])
        return path.read_bytes()


CHANGES = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.sampled_from(["set", "cut", "drop", "put"]),
        st.binary(min_size=1, max_size=8),
    ),
    min_size=1,
    max_size=4,
)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=30, deadline=None)
@given(changes=CHANGES)
@example(changes=[(0.061228411860840395, "set", b"\x00")])  # a Parquet column without a first text
def test_a_file_of_any_kind_that_was_tampered_with(kind, changes):
    raw = whole(kind)
    for place, how, put in changes:
        at = int(place * len(raw))
        after = {"set": raw[at + len(put) :], "cut": b"", "drop": raw[at + 20 :], "put": raw[at:]}
        raw = raw[:at] + (b"" if how in {"cut", "drop"} else put) + after[how]
    with tempfile.TemporaryDirectory() as folder:
        given_study(Path(folder), plan("wide", WRITERS[kind][0]), wide=raw)
        answered(Path(folder))


WORDS = "person;phq;arm;radio;checkbox;1, a | 2, b;number;date_ymd;2026-99-99;1e400;|;,;___"
CELLS = st.sampled_from([*WORDS.split(";"), "", "needs___1", "missing codes: 1, x", "nan"])
ROWS = st.lists(st.lists(CELLS, min_size=11, max_size=12), max_size=6)


@settings(max_examples=60, deadline=None)
@given(ROWS, ROWS)
def test_any_cells_in_a_redcap_dictionary_and_export(dictionary, rows):
    with tempfile.TemporaryDirectory() as folder:
        wider = [row + [""] * 4 for row in rows]
        write_redcap(Path(folder), [*export(), *wider], [*DICTIONARY, *dictionary])
        write_plan(Path(folder), redcap_plan())
        answered(Path(folder))
