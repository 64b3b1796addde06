"""A second opinion on bad CSV files: every row that frictionless faults, we name too."""

from __future__ import annotations

from pathlib import Path

import pytest
from frictionless import Resource, Schema

from splw_eval.core.errors import DataError
from splw_eval.data import load_study
from tests.unit.given_study import edited, plan_of, write_plan

PLAN = edited(plan_of("cluster_trial"), "outcomes.0.range", [0, 27])
PLAN["files"] = [
    {
        "table": "measures",
        "path": "scores.csv",
        "layout": "long",
        "columns": {
            "person": "person",
            "arm": "arm",
            "cluster": "practice",
            "wave": "wave",
            "date": "date",
        },
        "scores": {"phq9": "phq"},
    }
]
PLAN["pick"] = "nearest"
PLAN["time_zero"] = [{"event": "referral", "column": "referred"}]
for wave in PLAN["waves"]:
    wave["window_days"] = [-30, 30]

SCHEMA = Schema.from_descriptor(
    {
        "fields": [
            {"name": "person", "type": "string", "constraints": {"required": True}},
            {"name": "arm", "type": "string", "constraints": {"enum": ["link", "usual"]}},
            {"name": "practice", "type": "string", "constraints": {"required": True}},
            {
                "name": "wave",
                "type": "string",
                "constraints": {"enum": ["baseline", "month_3"]},
            },
            {"name": "date", "type": "date"},
            {"name": "referred", "type": "date"},
            {"name": "phq", "type": "number", "constraints": {"minimum": 0, "maximum": 27}},
        ],
        "primaryKey": ["person", "wave", "date"],
    }
)
HEADING = "person,arm,practice,wave,date,referred,phq\n"
GOOD = [
    "a1,link,oak,baseline,2026-01-10,2026-01-05,14",
    "a1,link,oak,month_3,2026-04-09,2026-01-05,9",
    "b2,usual,elm,baseline,2026-01-12,2026-01-07,11",
    "b2,usual,elm,month_3,2026-04-14,2026-01-07,10",
]
BAD = {
    "a word for a number": "c3,link,oak,baseline,2026-01-11,2026-01-06,many",
    "a number with a comma": 'c3,link,oak,baseline,2026-01-11,2026-01-06,"9,5"',
    "a score above the range": "c3,link,oak,baseline,2026-01-11,2026-01-06,28",
    "a score below the range": "c3,link,oak,baseline,2026-01-11,2026-01-06,-1",
    "a missing code": "c3,link,oak,baseline,2026-01-11,2026-01-06,-99",
    "not available": "c3,link,oak,baseline,2026-01-11,2026-01-06,NA",
    "a date the other way": "c3,link,oak,baseline,11/01/2026,2026-01-06,12",
    "an impossible date": "c3,link,oak,baseline,2026-02-30,2026-01-06,12",
    "a day with a time": "c3,link,oak,baseline,2026-01-11 10:30,2026-01-06,12",
    "an unknown arm": "c3,other,oak,baseline,2026-01-11,2026-01-06,12",
    "an unknown wave": "c3,link,oak,month_6,2026-01-11,2026-01-06,12",
    "no person": ",link,oak,baseline,2026-01-11,2026-01-06,12",
    "no practice": "c3,link,,baseline,2026-01-11,2026-01-06,12",
    "a cell too few": "c3,link,oak,baseline,2026-01-11,2026-01-06",
    "a cell too many": "c3,link,oak,baseline,2026-01-11,2026-01-06,12,13",
    "the same key twice": GOOD[0],
    "a blank row": ",,,,,,",
    "a date of time zero as text": "c3,link,oak,baseline,2026-01-11,soon,12",
}


def rows_by_frictionless(folder: Path) -> set[int]:
    report = Resource(path="scores.csv", basepath=str(folder), schema=SCHEMA).validate()
    errors = [error for task in report.tasks for error in task.errors]
    return {error.row_number for error in errors if hasattr(error, "row_number")}


def rows_by_us(path: Path) -> set[int]:
    try:
        findings = load_study(path).findings
    except DataError as error:
        findings = error.findings
    return {row for finding in findings for row in finding.rows}


def written(folder: Path, lines: list[str]) -> Path:
    (folder / "scores.csv").write_text(HEADING + "\n".join(lines) + "\n", encoding="utf-8")
    return write_plan(folder, PLAN)


def test_both_find_nothing_in_a_good_file(tmp_path):
    path = written(tmp_path, GOOD)
    assert rows_by_frictionless(tmp_path) == set()
    assert load_study(path).people.arm.tolist() == [0, 1]


@pytest.mark.parametrize("line", BAD.values(), ids=BAD)
def test_every_row_that_frictionless_faults_is_named_by_us(tmp_path, line):
    path = written(tmp_path, [*GOOD[:2], line, *GOOD[2:]])
    theirs = rows_by_frictionless(tmp_path)
    assert theirs
    assert theirs <= rows_by_us(path)


def test_all_bad_rows_of_one_file_are_named_at_once(tmp_path):
    path = written(tmp_path, [*GOOD, *BAD.values()])
    theirs = rows_by_frictionless(tmp_path)
    assert len(theirs) >= len(BAD)
    assert theirs <= rows_by_us(path)
