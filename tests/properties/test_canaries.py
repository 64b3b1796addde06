"""What tells who somebody is leaves the program by no way out."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import re
import sys
import tempfile
import traceback
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from splw_eval.cli.main import main
from splw_eval.data.codebook import codebook
from tests.reports.reading_pdf import opened, sheets
from tests.unit.data.identifiers.given_column import nhs_numbers
from tests.unit.given_study import given_study, long_plan

NUMBERS = nhs_numbers(2, start=485_777_345)
# Each is planted as it stands and looked for without spaces and in small letters.
CANARIES = {
    "name": "Joan Quillcanary",
    "staff": "Mrs Quillcanary",
    "nhs": NUMBERS[0],
    "nhs_spaced": f"{NUMBERS[1][:3]} {NUMBERS[1][3:6]} {NUMBERS[1][6:]}",
    "postcode": "ZE2 9QZ",
    "email": "quill.canary@nowhere.example.org",
    "address": "47 Quillcanary Street",
    "telephone": "07700 900847",
}
NOTE = "She told the link worker on the first visit that {} would like to be rung at home, {}."
TABLES: dict[str, list[list[Any]]] = {
    "people": [
        [
            "person",
            "arm",
            "cluster",
            "link_worker",
            "age_band",
            "sex",
            "ethnicity",
            "referral_date",
        ],
        ["p1", "link", "c1", "w1", "45-54", "female", "white", "2026-01-01"],
        ["p2", "link", "c2", "w2", "55-64", "male", "asian", "2026-01-02"],
    ],
    "measures": [
        ["person", "wave", "phq", "version", "mode", "completed_by", "language"],
        ["p1", "baseline", 12, "9", "telephone", "person", "English"],
        ["p2", "baseline", 14, "9", "telephone", "person", "English"],
        ["p1", "month_3", 5, "9", "telephone", "person", "English"],
        ["p2", "month_3", 7, "9", "telephone", "person", "English"],
    ],
    "episodes": [
        ["episode", "person", "referral_date", "source", "reason", "accepted", "close_reason"],
        ["e1", "p1", "2026-01-01", "gp", "loneliness", "yes", "completed"],
        ["e2", "p2", "2026-01-02", "gp", "housing", "yes", "completed"],
    ],
    "contacts": [
        ["contact", "episode", "date", "link_worker", "mode", "minutes", "attended", "purpose"],
        ["k1", "e1", "2026-01-09", "w1", "telephone", 30, "yes", "first visit"],
        ["k2", "e2", "2026-01-09", "w2", "telephone", 40, "yes", "first visit"],
    ],
    "support": [
        ["episode", "category", "date", "level", "activity_attended", "cost_to_client"],
        ["e1", "housing", "2026-01-10", "signpost", "yes", 0],
        ["e2", "housing", "2026-01-10", "signpost", "no", 3],
    ],
    "link_workers": [
        ["link_worker", "role_title", "fte", "start_date", "qualification", "training"],
        ["w1", "Link worker", 1, "2025-01-01", "Degree", "Level 3"],
        ["w2", "Link worker", 0.5, "2025-01-01", "Degree", "Level 3"],
    ],
    "clusters": [
        ["cluster", "ods_code", "pcn_code", "arm", "list_size", "allocation_method"],
        ["c1", "A81001", "U12345", "link", 9000, "chance"],
        ["c2", "A81002", "U12345", "link", 8000, "chance"],
    ],
    "service_use": [
        ["person", "month", "gp_contacts", "emergency", "admissions"],
        ["p1", "2026-01-01", 2, 0, 0],
        ["p2", "2026-01-01", 1, 0, 0],
    ],
}
PLACES = [(table, column) for table, rows in TABLES.items() for column in [*rows[0], "extra"]]
WRITTEN: list[Path] = []
WATCH: list[bool] = []


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    """Keep the path of every file that is opened to be written."""
    if event != "open" or not WATCH or not isinstance(arguments[0], str | os.PathLike):
        return
    path, mode, flags = arguments
    if set(mode or "") & set("wax+") or (flags or 0) & (os.O_WRONLY | os.O_RDWR):
        WRITTEN.append(Path(os.path.realpath(path)))


sys.addaudithook(_watch)


def plan(suffix: str, tables: tuple[str, ...]) -> dict[str, Any]:
    made = long_plan()
    sections = {section["table"]: section for section in made["files"]}
    made["files"] = [
        sections.get(table, {"table": table}) | {"path": f"{table}.{suffix}"} for table in tables
    ]
    return made


def planted(table: str, column: str, value: str, *, everywhere: bool) -> dict[str, Any]:
    """Tables with a value in one row of one column, or in all; `extra` is a column of its own."""
    files = {name: [list(row) for row in rows] for name, rows in TABLES.items()}
    rows = files[table]
    if column not in rows[0]:
        rows[0].append(column)
        for row in rows[1:]:
            row.append("")
    for row in rows[1:] if everywhere else rows[-1:]:
        row[rows[0].index(column)] = value
    return files


@contextlib.contextmanager
def in_folder(folder: Path) -> Iterator[io.StringIO]:
    """Work in a folder, with its own place for temporary files; gives all that is said."""
    said, before = io.StringIO(), Path.cwd()
    handler = logging.StreamHandler(said)
    temporary = folder / "tmp"
    temporary.mkdir()
    logging.getLogger().addHandler(handler)
    os.chdir(folder)
    WRITTEN.clear()
    WATCH.append(True)
    try:
        with (
            mock.patch.object(tempfile, "tempdir", str(temporary)),
            contextlib.redirect_stdout(said),
            contextlib.redirect_stderr(said),
        ):
            yield said
    finally:
        WATCH.clear()
        os.chdir(before)
        logging.getLogger().removeHandler(handler)


def called(folder: Path, *words: str) -> tuple[int, str]:
    """Run a command line in a folder; gives its exit code, and all that it said."""
    code = 99
    with in_folder(folder) as said:
        try:
            with mock.patch.object(sys, "argv", ["splw-eval", *words]):
                main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        except Exception:
            said.write(traceback.format_exc())
    return code, said.getvalue()


def texts_of(path: Path) -> Iterator[str]:
    raw = path.read_bytes()
    if raw.startswith(b"PK"):
        with zipfile.ZipFile(path) as archive:
            yield from (
                archive.read(name).decode("utf-8", "replace") for name in archive.namelist()
            )
            yield from archive.namelist()
    if raw.startswith(b"%PDF"):
        yield from sheets(raw)
        with opened(raw) as held:
            streams = [one for one in held.objects if isinstance(one, pikepdf.Stream)]
            yield from (one.read_bytes().decode("latin-1") for one in streams)
            yield from (repr(one) for one in held.objects)
            yield repr(dict(held.docinfo))
    yield raw.decode("utf-8", "replace")


def plainly(text: str) -> str:
    return re.sub(r"\s", "", text).casefold()


def ways_out(folder: Path, inputs: set[Path]) -> Iterator[tuple[str, str]]:
    """Every file of the folder but those given, every file written elsewhere, every name."""
    ours = {path.resolve() for path in folder.rglob("*")} - inputs
    for path in sorted(ours | {path for path in WRITTEN if path.is_file()} - inputs):
        yield f"name of {path.name}", str(path)
        if path.is_file():
            yield from ((path.name, text) for text in texts_of(path))


def leaks(folder: Path, inputs: set[Path], said: str, secrets: list[str]) -> list[str]:
    """Ways out that hold a secret, and temporary files."""
    temporary = [str(path) for path in WRITTEN if path.is_relative_to(folder.resolve() / "tmp")]
    found = [("what was said", said), *ways_out(folder, inputs)]
    return temporary + [
        where for where, text in found if any(plainly(s) in plainly(text) for s in secrets)
    ]


def attempt(
    made: dict[str, Any], files: dict[str, Any], words: tuple[str, ...], secrets: list[str]
):
    """Run a command on a study; gives its exit code, what it said, and what leaked."""
    with tempfile.TemporaryDirectory() as where:
        folder = Path(where)
        named = {Path(section["path"]).stem for section in made["files"]}
        given_study(folder, made, **{name: files[name] for name in files if name in named})
        inputs = {path.resolve() for path in folder.rglob("*")}
        code, said = called(folder, *words)
        return code, said, leaks(folder, inputs, said, secrets)


CHECK = ("check", "study.toml")
FINDINGS = (*CHECK, "--findings", "findings.csv")
REPORT = ("report", "study.toml", "--out", "out")


@settings(max_examples=60, deadline=None)
@given(
    place=st.sampled_from(PLACES),
    kind=st.sampled_from(sorted(CANARIES)),
    suffix=st.sampled_from(["csv", "xlsx"]),
    everywhere=st.booleans(),
    words=st.sampled_from([CHECK, FINDINGS]),
)
def test_no_check_lets_an_identifier_out(place, kind, suffix, everywhere, words):
    table, column = place
    files = planted(table, column, CANARIES[kind], everywhere=everywhere)
    made = plan(suffix, tuple(TABLES))
    _, said, leaked = attempt(made, files, words, [CANARIES[kind], "quillcanary"])
    assert leaked == []
    assert "Traceback" not in said


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize(
    "kind", ["email", "nhs_spaced", "postcode", "address", "telephone", "staff"]
)
def test_one_such_cell_in_a_column_that_nobody_named_stops_the_run(suffix, kind):
    files = planted("people", "extra", CANARIES[kind], everywhere=False)
    made = plan(suffix, ("people", "measures"))
    code, said, leaked = attempt(made, files, FINDINGS, [CANARIES[kind]])
    assert (code, leaked) == (1, [])
    assert re.search(r"SW(9\d|10\d) people", said)


@pytest.mark.parametrize("words", [CHECK, REPORT])
def test_a_refused_study_writes_nothing_about_anybody(words):
    files = planted("measures", "extra", CANARIES["email"], everywhere=True)
    code, said, leaked = attempt(
        plan("csv", ("people", "measures")), files, words, [CANARIES["email"]]
    )
    assert (code, leaked) == (1, [])
    assert "SW98 measures.csv, column H (extra)" in said


@pytest.mark.parametrize("words", [FINDINGS, REPORT])
@pytest.mark.parametrize("table", ["people", "measures"])
def test_notes_are_left_out_and_their_contents_are_nowhere(words, table):
    note = NOTE.format(" and ".join(CANARIES.values()), "for the third time this month")
    files = planted(table, "extra", note, everywhere=True)
    secrets = [*CANARIES.values(), "third time this month"]
    code, said, leaked = attempt(plan("csv", ("people", "measures")), files, words, secrets)
    assert (code, leaked) == (0, []), said
    assert words is REPORT or "SW103" in said


def of_plain_text() -> dict[str, list[list[Any]]]:
    """Tables whose columns of plain text, keys too, all hold words that stand nowhere else."""
    files = {name: [list(row) for row in rows] for name, rows in TABLES.items()}
    kept = {"person", "arm", "wave", "episode"}
    for table, rows in files.items():
        plain = [c.name for c in codebook()[table].values() if c.kind == "text"]
        for name in (name for name in plain if name not in rows[0]):
            rows[0].append(name)
            for row in rows[1:]:
                row.append("")
        for place, name in enumerate(rows[0]):
            for row in rows[1:] if name in plain and name not in kept else []:
                row[place] = f"quillcanary {row[place]}"
    for name in ("clusters", "link_workers"):
        for row in files[name][1:]:
            row[0] = f"quillcanary {row[0]}".removeprefix("quillcanary quillcanary ")
    return files


@pytest.mark.parametrize("words", [FINDINGS, REPORT])
def test_no_column_of_plain_text_reaches_any_output(words):
    files = of_plain_text()
    assert "quillcanary" in str(files["people"])
    code, said, leaked = attempt(plan("csv", tuple(TABLES)), files, words, ["quillcanary"])
    assert (code, leaked) == (0, []), said


@pytest.mark.parametrize("value", ["Zebedee Quillcanary", "Quillcanary 9434765919", "Oct-18"])
@pytest.mark.parametrize("words", [FINDINGS, REPORT])
def test_what_is_no_band_of_ages_stops_the_run_and_is_nowhere(value, words):
    files = planted("people", "age_band", value, everywhere=True)
    code, said, leaked = attempt(plan("csv", tuple(TABLES)), files, words, [value])
    assert (code, leaked) == (1, [])
    assert "SW04 people.csv, column E (age_band)" in said


@pytest.mark.parametrize("words", [FINDINGS, REPORT])
@pytest.mark.parametrize("kind", sorted({*CANARIES} - {"staff", "address"}))
def test_a_heading_that_tells_who_somebody_is_stands_in_no_output(kind, words):
    files = planted("measures", "extra", "1", everywhere=True)
    files["measures"][0][-1] = CANARIES[kind]
    files["measures"][0][2] = "phq_total"  # so that headings are offered in its place
    code, said, leaked = attempt(
        plan("csv", ("people", "measures")), files, words, [CANARIES[kind], "quillcanary"]
    )
    assert (code, leaked) == (1, [])
    assert "SW02" in said
    assert "SW130 measures.csv, column H" in said


@pytest.mark.parametrize("reader", ["commissioner", "evaluator", "public"])
def test_no_form_of_the_report_for_any_reader_lets_anybody_out(reader):
    files = of_plain_text()
    note = NOTE.format(" and ".join(CANARIES.values()), "for the third time this month")
    files["measures"][0].append("extra")
    for row in files["measures"][1:]:
        row.append(note)
    words = (*REPORT, "--format", "html,pdf,docx,xlsx", "--for", reader)
    secrets = ["quillcanary", "third time this month", *CANARIES.values(), *PSEUDONYMS]
    secrets += CODES_OF_PRACTICES
    files = {name: [[_coded(cell) for cell in row] for row in files[name]] for name in files}
    code, said, leaked = attempt(plan("csv", tuple(TABLES)), files, words, secrets)
    assert (code, leaked) == (0, []), said


PSEUDONYMS = ("zq7714x", "zq7725x")
CODES_OF_PRACTICES = ("A81001", "A81002", "U12345")


def _coded(cell: Any) -> Any:
    """A pseudonym that stands nowhere by chance, in place of one that might."""
    named = dict(zip(("p1", "p2"), PSEUDONYMS, strict=True))
    return named.get(cell, cell) if isinstance(cell, str) else cell


def test_every_form_of_the_report_is_looked_into():
    words = (*REPORT, "--format", "html,pdf,docx,xlsx")
    files = planted("people", "extra", "harmless", everywhere=True)
    code, said, found = attempt(plan("csv", tuple(TABLES)), files, words, ["baseline"])
    assert code == 0, said
    assert {"report.html", "report.pdf", "report.docx", "report.xlsx"} <= set(found)


def test_the_watch_itself_sees_files_that_are_written():
    files = planted("people", "extra", "harmless", everywhere=True)
    code, _, leaked = attempt(plan("csv", ("people", "measures")), files, REPORT, ["baseline"])
    assert code == 0
    assert any(name.endswith(".html") for name in leaked)
    assert any(path.name == "index.html" or ".partial" in str(path) for path in WRITTEN)
