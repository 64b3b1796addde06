"""Advice on how easily people could be told in the files."""

from __future__ import annotations

from typing import Any

from splw_eval.appraisal import mask
from splw_eval.describe import describe_identifiability
from tests.unit.given_study import pre_post_plan, wide
from tests.unit.loading import loaded

PLAN = pre_post_plan()
PEOPLE = {"table": "people", "path": "people.csv", "columns": {"person": "person"}}


def described(folder: Any, *rows: tuple[Any, ...], heading: tuple[str, ...]) -> Any:
    plan = {**PLAN, "files": [*PLAN["files"], PEOPLE]}
    people = [["person", *heading], *([f"p{i}", *row] for i, row in enumerate(rows, start=1))]
    scores = wide(*((10, 5) for _ in rows))
    study = loaded(folder, plan, scores=scores, people=people)
    return describe_identifiability(study), study.plan


GROUPS = [("45-54", "female", "white")] * 30 + [("45-54", "male", "asian")] * 12
ODD = [("85+", "male", "white")] * 2
HEAD = ("age_band", "sex", "ethnicity")


def test_all_columns_and_each_pair_have_a_row(tmp_path):
    result, _ = described(tmp_path, *GROUPS, *ODD, heading=HEAD)
    assert [row.columns for row in result.rows] == [
        "All of them together", "age and sex", "age and ethnicity", "sex and ethnicity",
    ]  # fmt: skip
    first = result.rows[0]
    assert (first.people, first.in_small, first.in_large) == (44, 2, 42)
    assert first.smallest == "fewer than 5"


def test_a_person_alone_is_said_to_be(tmp_path):
    result, _ = described(tmp_path, *GROUPS, ODD[0], heading=HEAD)
    assert result.rows[0].smallest == "one person alone"


def test_it_is_masked_like_any_other_result(tmp_path):
    result, plan = described(tmp_path, *GROUPS, *ODD, heading=HEAD)
    row = mask(result, plan).rows[0]
    assert (row.people, row.in_small, row.share_small) == (45, None, None)


def test_it_is_advice_and_no_decision(tmp_path):
    result, _ = described(tmp_path, *GROUPS, *ODD, heading=HEAD)
    said = " ".join(note.sentence() for note in result.notes)
    assert "decides nothing about what may be released" in said
    assert "Eight people of a practice that is named" in said
    assert "a category is of fewer than 10 people, for: age, sex" not in said
    assert "for: age." in said


def test_without_two_columns_that_differ_there_is_nothing_to_say(tmp_path):
    result, _ = described(tmp_path, *[("female",)] * 5, *[("male",)] * 5, heading=("sex",))
    assert result.rows == ()
    assert "not two columns" in result.notes[0].sentence()
