"""Columns headed as in the codebook, which a plan need not name."""

from __future__ import annotations

import numpy as np
import pytest

from tests.unit.given_study import ARMS, Rows, edited, long_plan, plan_of
from tests.unit.loading import faults, loaded, only_fault, scores, warned

BARE = edited(long_plan(), "files.1.columns", {})
PEOPLE = [["person", "referred"], ["p1", "2026-01-10"], ["p2", "2026-01-12"]]
HEAD = ["person", "wave", "date", "phq"]
ROWS: Rows = [
    ["p1", "baseline", "2026-01-10", 9],
    ["p1", "month_3", "2026-04-11", 5],
    ["p2", "baseline", "2026-01-12", 8],
    ["p2", "month_3", "2026-04-20", 8],
]
SCORES = {"p1": [9, 5], "p2": [8, 8]}
DATED = edited(long_plan(dated=True), "files.1.columns", {})


def without(*names: str) -> Rows:
    """The questionnaires without some of their columns."""
    kept = [place for place, name in enumerate(HEAD) if name not in names]
    return [[row[place] for place in kept] for row in [HEAD, *ROWS]]


def test_the_wave_of_a_long_file_need_not_be_named(tmp_path):
    study = loaded(tmp_path, BARE, people=PEOPLE, measures=without("date"))
    assert scores(study) == SCORES


def test_dates_that_are_not_named_place_scores_where_the_plan_says_how(tmp_path):
    study = loaded(tmp_path, DATED, people=PEOPLE, measures=without("wave"))
    assert scores(study) == SCORES
    assert study.dated


def test_dates_that_are_not_named_are_checked_like_others(tmp_path):
    rows = [HEAD, ["p1", "baseline", "1870-01-10", 9], *ROWS[1:]]
    assert "SW76" in {f.code for f in faults(tmp_path, DATED, people=PEOPLE, measures=rows)}


def test_dates_beside_waves_are_left_where_the_plan_says_nothing_of_dates(tmp_path):
    study = loaded(tmp_path, BARE, people=PEOPLE, measures=without())
    assert scores(study) == SCORES
    assert np.isnat(study.placed.measures.date).all()
    assert "the column date is not used" in warned(study, "SW135").problem


def test_dates_alone_need_all_that_dates_need_at_once(tmp_path):
    found = faults(tmp_path, BARE, people=PEOPLE, measures=without("wave"))
    assert {f.code for f in found} == {"SW135"}
    said = " ".join(f.sentence() for f in found)
    for needed in ("pick:", "[[time_zero]] column", "[[waves]] baseline", "[[waves]] month_3"):
        assert needed in said


def test_a_file_with_neither_waves_nor_dates_is_told_which_key_to_write(tmp_path):
    rows = without("date")
    rows[0][1] = "Wave"
    fault = only_fault(tmp_path, BARE, people=PEOPLE, measures=rows)
    assert fault.code == "SW02"
    assert fault.file == "measures.csv"
    assert 'did you mean "Wave"?' in fault.problem
    assert 'wave = "the heading in the file"' in fault.remedy
    assert "[files.columns]" in fault.remedy


TRIAL = edited(plan_of("cluster_trial"), "files.0.columns", {})
WIDE: Rows = [
    ["person", "arm", "cluster", "phq_0", "phq_3"],
    ["p1", "link", "a", 9, 5],
    ["p2", "usual", "b", 8, 8],
]


def test_arm_and_practice_need_not_be_named(tmp_path):
    study = loaded(tmp_path, TRIAL, scores=WIDE)
    assert study.people.arm.tolist() == [0, 1]
    assert study.people.cluster is not None
    assert study.people.cluster.tolist() == [0, 1]


def test_all_columns_that_are_nowhere_are_named_at_once(tmp_path):
    plan = edited(TRIAL, "interval_by", "link_worker")
    rows = [[row[0], *row[3:]] for row in WIDE]
    found = faults(tmp_path, plan, scores=rows)
    assert [f.code for f in found] == ["SW02"] * 3
    for key, fault in zip(("arm", "cluster", "link_worker"), found, strict=True):
        assert f"no file has a column {key}" in fault.problem
        assert f'{key} = "the heading in the file"' in fault.remedy


def test_a_named_column_that_is_not_there_is_reported_beside_one_that_is_not_named(tmp_path):
    plan = edited(TRIAL, "files.0.columns.cluster", "practice")
    rows = [[row[0], *row[2:]] for row in WIDE]
    said = " ".join(f.problem for f in faults(tmp_path, plan, scores=rows))
    assert 'no column "practice"' in said
    assert "no file has a column arm" in said


def test_an_arm_of_the_practices_alone_is_no_arm_of_people(tmp_path):
    plan = long_plan(design="controlled_cohort", arms=[dict(arm) for arm in ARMS])
    plan["files"].append({"table": "clusters", "path": "clusters.csv"})
    clusters = [["cluster", "arm"], ["a", "link"]]
    files = {"people": PEOPLE, "measures": without("date"), "clusters": clusters}
    assert "no file has a column arm" in only_fault(tmp_path, plan, **files).problem


@pytest.mark.parametrize("heading", ["arm", "cluster"])
def test_a_heading_that_stands_twice_is_refused_though_it_is_not_named(tmp_path, heading):
    rows = [[*row, cell] for row, cell in zip(WIDE, (heading, "link", "usual"), strict=True)]
    fault = only_fault(tmp_path, TRIAL, scores=rows)
    assert fault.code == "SW07"
    assert heading in fault.problem
