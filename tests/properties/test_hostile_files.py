"""Whatever the files hold, the answer is a study or a list of findings."""

from __future__ import annotations

import io
import tempfile
import zipfile
from functools import cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from splw_eval.core.errors import DataError, PlanError
from splw_eval.data import load_study
from tests.unit.given_study import (
    csv_text,
    edited,
    given_study,
    long_plan,
    plan_of,
    pre_post_plan,
    wide,
    write_plan,
    write_xlsx,
)

CELLS = st.one_of(
    st.sampled_from(["", "p1", "p2", "link", "baseline", "2026-01-01", "-99", "5", "1e308", "nan"]),
    st.text(max_size=6),
)
ROWS = st.lists(st.lists(CELLS, max_size=7), max_size=6)
HEADER = ["person", "arm", "practice", "wave", "date", "referred", "phq"]


def answered(plan, **files) -> None:
    """Load a study; every fault must be a finding with a place and a remedy."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            load_study(given_study(Path(folder), plan, **files))
        except (PlanError, DataError) as error:
            assert error.findings
            assert all((f.remedy and f.file) or f.code in {"SW10", "SW17"} for f in error.findings)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_as_a_plan(content):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "study.toml"
        path.write_bytes(content)
        try:
            load_study(path)
        except PlanError as error:
            assert error.findings
        else:
            raise AssertionError("No plan is that short.")


PLAN_VALUES = st.recursive(
    st.one_of(
        st.booleans(),
        st.integers(),
        st.floats(),
        st.sampled_from(["", "baseline", "phq9", "%d/%d", "\0", "../x.csv", "*"]),
        st.dates(),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)
PLACES = (
    "seed",
    "arms",
    "files",
    "waves",
    "waves.1",
    "waves.1.window_days",
    "time_zero",
    "outcomes",
    "outcomes.0.range",
    "estimand.contrast",
    "estimand.contrast.waves",
    "files.0.path",
    "files.0.columns",
    "files.0.scores",
    "files.0.scores.phq9",
    "files.0.dates",
    "files.0.missing_codes",
    "files.0.encoding",
    "files.0.delimiter",
    "files.0.sheet",
    "files.0.date_format",
    "disclosure",
)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(PLACES), PLAN_VALUES)
def test_any_value_anywhere_in_a_plan(place, value):
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "scores.csv").write_text(csv_text(wide((10, 5))))
        try:
            load_study(write_plan(Path(folder), edited(pre_post_plan(), place, value)))
        except (PlanError, DataError) as error:
            assert error.findings


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_as_a_text_file(content):
    answered(pre_post_plan(), scores=content)
    answered(pre_post_plan(), scores=b"person,phq_0,phq_3\n" + content)


@settings(deadline=None)
@given(st.sampled_from(["utf-16", "utf-7", "cp1252", "shift_jis", "idna"]), st.binary(max_size=60))
def test_any_bytes_in_another_encoding(encoding, content):
    answered(edited(pre_post_plan(), "files.0.encoding", encoding), scores=content)


@settings(max_examples=200, deadline=None)
@given(ROWS, ROWS)
def test_any_cells_under_the_right_headings(people, measures):
    plan = edited(long_plan(dated=True), "design", "cluster_trial")
    plan |= {k: plan_of("cluster_trial")[k] for k in ("arms", "allocation")}
    plan["files"][0]["columns"] |= {"arm": "arm", "cluster": "practice", "link_worker": "wave"}
    answered(plan, people=csv_text([HEADER, *people]), measures=csv_text([HEADER, *measures]))


@cache
def workbook() -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        path = write_xlsx(Path(folder) / "a.xlsx", {"Data": wide((10, 5), ("x", "=1/0"))})
        with zipfile.ZipFile(path) as archive:
            return {entry.filename: archive.read(entry) for entry in archive.infolist()}


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_as_a_workbook(content):
    plan = edited(pre_post_plan(), "files.0.path", "scores.xlsx")
    answered(plan, scores=content)
    answered(plan, scores=b"PK\x03\x04" + content)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(workbook())), st.data())
def test_a_workbook_with_a_part_that_was_tampered_with(name, data):
    parts = dict(workbook())
    whole = parts[name]
    start = data.draw(st.integers(0, len(whole)))
    cut = data.draw(st.integers(0, 30))
    put = data.draw(st.sampled_from([b"", b"<", b"&", b"999999999", b"\xff", b'r="XFE9"', b"</c>"]))
    parts[name] = whole[:start] + put + whole[start + cut :]
    if data.draw(st.booleans()):
        parts.pop(data.draw(st.sampled_from(sorted(parts))))
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    answered(edited(pre_post_plan(), "files.0.path", "scores.xlsx"), scores=held.getvalue())


@settings(deadline=None)
@given(st.integers(0, 4000), st.integers(0, 255))
def test_a_workbook_with_one_byte_changed(place, byte):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in workbook().items():
            archive.writestr(part, content)
    raw = bytearray(held.getvalue())
    raw[place % len(raw)] = byte
    answered(edited(pre_post_plan(), "files.0.path", "scores.xlsx"), scores=bytes(raw))
