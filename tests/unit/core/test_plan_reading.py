"""What read_plan makes of files that are no plan, or no whole one."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from splw_eval.core.errors import PlanError
from splw_eval.core.plan import read_plan
from splw_eval.core.plan.schema import published_schema, schema_text
from tests.unit.given_study import edited, plan_of, pre_post_plan, toml, write_plan

PLAN = pre_post_plan()


def finding_of(path: Path):
    """Return the one finding of a plan that cannot be used."""
    with pytest.raises(PlanError) as caught:
        read_plan(path)
    (finding,) = caught.value.findings
    assert finding.remedy
    return finding


def written(folder: Path, content: bytes) -> Path:
    path = folder / "study.toml"
    path.write_bytes(content)
    return path


def test_a_missing_plan_is_not_there(tmp_path):
    finding = finding_of(tmp_path / "study.toml")
    assert finding.code == "SP01"
    assert "is not there" in finding.problem
    assert "splw-eval new" in finding.remedy


def test_a_folder_is_told_from_a_plan(tmp_path):
    finding = finding_of(tmp_path)
    assert "is a folder" in finding.problem
    assert "study.toml" in finding.remedy


def test_a_name_that_no_file_system_takes_cannot_be_opened():
    assert "cannot be opened" in finding_of(Path("a" * 5000)).problem
    assert "cannot be opened" in finding_of(Path("a\0b")).problem


def test_a_plan_that_may_not_be_read_cannot_be_opened(tmp_path, monkeypatch):
    path = write_plan(tmp_path, PLAN)

    def refuse(path: Path) -> bytes:
        raise PermissionError(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert "cannot be opened" in finding_of(path).problem


def test_a_data_file_of_megabytes_is_no_plan(tmp_path):
    assert "too large" in finding_of(written(tmp_path, b"#" * 2_000_001)).problem


def test_a_line_that_is_not_toml_is_named(tmp_path):
    finding = finding_of(written(tmp_path, b'title = "x"\ndesign = pre_post\n'))
    assert "is not valid TOML" in finding.problem
    assert "line 2" in finding.problem


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_a_plan_in_another_encoding_is_refused(tmp_path, encoding):
    content = 'title = "Café"\n'.encode(encoding)
    assert "UTF-8" in finding_of(written(tmp_path, content)).problem


def test_a_byte_order_mark_is_no_fault(tmp_path):
    path = write_plan(tmp_path, PLAN)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_plan(path).plan.title == PLAN["title"]


@pytest.mark.parametrize(
    "content",
    [
        "a = " + "[" * 20_000,
        "a = " + "{b=" * 20_000,
        "a" + ".a" * 3_000 + " = 1",
        "seed = " + "9" * 5000,
        "seed = 0x" + "f" * 5000,
    ],
    ids=["brackets", "braces", "dots", "digits", "hex digits"],
)
def test_absurd_nesting_and_numbers_are_refused(tmp_path, content):
    assert "nested too deep" in finding_of(written(tmp_path, content.encode())).problem


WRONG_FORM = [
    ("seed", "1", "seed must be a whole number, without quotation marks"),
    ("seed", 1.5, "seed must be a"),
    ("seed", True, "seed must be a whole number"),
    ("title", 3, "title must be text in quotation marks"),
    ("title", "", "title must not be empty"),
    ("dated", "31/01/2026", "dated must be a date such as 2026-01-31"),
    ("dated", dt.date(2026, 1, 31), None),
    ("waves", "baseline", "waves must be a list in square brackets"),
    ("waves", [], "waves"),
    ("waves.1.name", "month 3", "[[waves]] 2, name must start with a letter"),
    ("waves.1.month", float("nan"), "[[waves]] 2, month must be a finite number"),
    ("waves.1.month", float("inf"), "[[waves]] 2, month must be a finite number"),
    ("waves.1.month", -1, "[[waves]] 2, month must be greater than or equal to 0"),
    ("outcomes.0.range", [0, float("inf")], "[[outcomes]] 1, range.1 must be a finite number"),
    ("outcomes.0.decimals", 9, "[[outcomes]] 1, decimals must be less than or equal to 4"),
    ("files.0.scores.phq9", 3, "[[files]] 1, scores.phq9 must be text"),
    ("files.0.scores.phq9.baseline", 3, "[[files]] 1, scores.phq9.baseline must be text"),
    ("files.0.items", {"phq9": 3}, "[[files]] 1, items.phq9 must be text"),
    ("files.0.items", {"phq9": {"baseline": 3}}, "[[files]] 1, items.phq9.baseline must be text"),
    (
        "files.0.items",
        {"phq9": {"baseline": {"1": 3}}},
        "[[files]] 1, items.phq9.baseline.1 must be text",
    ),
    ("outcomes.0.options", {"codes": [1.5]}, "[[outcomes]] 1, options.codes.0 must be a"),
    ("synthetic", "yes", "synthetic must be true or false, without quotation marks"),
    ("files.0.delimiter", ";;", "[[files]] 1, delimiter"),
    ("estimand", "change", "estimand must be a section of its own"),
    ("estimand", None, "estimand is missing"),
    ("governance", {"kind": "audit"}, "'research' or 'service_evaluation'"),
    ("design", "pre-post", 'did you mean "pre_post"'),
    ("outcomes.0.direction", "lower_better", 'did you mean "lower_is_better"'),
]


@pytest.mark.parametrize(("place", "value", "words"), WRONG_FORM)
def test_a_value_of_the_wrong_form_is_said_with_its_section(tmp_path, place, value, words):
    path = write_plan(tmp_path, edited(PLAN, place, value))
    if words is None:
        assert str(read_plan(path).plan.dated) == "2026-01-31"
        return
    with pytest.raises(PlanError) as caught:
        read_plan(path)
    assert any(words in f.sentence() for f in caught.value.findings)
    assert all(f.code == "SP03" and f.file == "study.toml" for f in caught.value.findings)


UNKNOWN_KEYS = [
    ("titel", "x", 'unknown key "titel"; did you mean "title"?'),
    ("waves.1.windowdays", [0, 1], '[[waves]] 2: unknown key "windowdays"; did you mean "window_'),
    ("outcomes.0.mid", {"value": 5, "source": "s", "sorce": "s"}, 'did you mean "source"?'),
    ("estimand.contrast.wave", "month_3", '[estimand], contrast: unknown key "wave"; did you mean'),
    ("disclosure", {"profil": "nhs"}, '"profil"; did you mean "profile"?'),
    ("tidier", {"who": "us"}, 'unknown key "who"'),
    (
        "outcomes.0.options",
        {"age": {"column": "age", "colum": "x"}},
        '[[outcomes]] 1, options.age: unknown key "colum"',
    ),
    # Names that the checking library uses for its own purposes in a location.
    ("str", 1, 'unknown key "str"'),
    ("int", 1, 'unknown key "int"'),
    ("a[b]", 1, 'unknown key "a[b]"'),
]


@pytest.mark.parametrize(("place", "value", "words"), UNKNOWN_KEYS)
def test_an_unknown_key_is_never_ignored(tmp_path, place, value, words):
    finding = finding_of(write_plan(tmp_path, edited(PLAN, place, value)))
    assert finding.code == "SP02"
    assert words in finding.problem


def test_a_fault_in_a_list_does_not_make_the_list_look_short(tmp_path):
    finding = finding_of(write_plan(tmp_path, edited(PLAN, "files.0.decimal", ";")))
    assert "[[files]] 1, decimal" in finding.problem


def test_the_error_names_file_section_and_remedy_in_its_own_text(tmp_path):
    with pytest.raises(PlanError, match=r"SP02 study\.toml: .*unknown key.*Correct or remove it"):
        read_plan(write_plan(tmp_path, edited(PLAN, "titel", "x")))


def test_the_digest_is_that_of_the_bytes(tmp_path):
    path = write_plan(tmp_path, PLAN)
    first = read_plan(path)
    path.write_bytes(path.read_bytes() + b"# a remark\n")
    second = read_plan(path)
    assert first.plan == second.plan
    assert first.sha256 != second.sha256
    assert first.folder == tmp_path.resolve()


def test_the_published_schema_is_the_one_of_the_code():
    assert published_schema() == schema_text()


def test_the_schema_forbids_unknown_keys_and_describes_fields():
    schema = json.loads(schema_text())
    assert schema["additionalProperties"] is False
    assert schema["properties"]["data_cut"]["description"]


def test_the_factory_writes_what_it_is_given(tmp_path):
    plan = plan_of("cluster_trial", confounders=[{"name": 'a "quoted" name', "reason": "x\ny"}])
    held = read_plan(write_plan(tmp_path, plan)).plan
    assert held.confounders[0].name == 'a "quoted" name'
    assert toml([1, True, float("inf")]) == "[1, true, inf]"


@pytest.mark.parametrize("quotes", ["\u201c\u201d", "\u2018\u2019", "\u201e\u201c"])
def test_curly_quotation_marks_are_named_as_such_with_their_line(tmp_path, quotes):
    path = tmp_path / "study.toml"
    path.write_text(f"seed = 1\ntitle = {quotes[0]}A study{quotes[1]}\n", encoding="utf-8")
    with pytest.raises(PlanError) as caught:
        read_plan(path)
    (finding,) = caught.value.findings
    assert "curly quotation marks in line 2" in finding.problem
    assert "straight" in finding.remedy
