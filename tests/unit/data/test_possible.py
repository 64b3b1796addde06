"""Scores between two possible ones, and faults of which only some look like missing codes."""

from __future__ import annotations

import pytest

from tests.unit.given_study import edited, pre_post_plan, wide
from tests.unit.loading import faults, loaded, warned

PLAN = pre_post_plan()


def test_a_score_between_two_steps_is_a_warning_with_its_row(tmp_path):
    study = loaded(tmp_path, PLAN, scores=wide((10, 5), (12.5, 6), (9, 4)))
    found = warned(study, "SW85")
    assert (found.column, found.rows) == ("B (phq_0)", (3,))
    assert "12.5" not in found.sentence()
    assert study.scores["phq9"][1, 0] == 12.5


@pytest.mark.parametrize("step", [0.5, 0.1])
def test_a_score_on_the_stated_step_is_no_finding(tmp_path, step):
    plan = edited(PLAN, "outcomes.0.step", step)
    study = loaded(tmp_path, plan, scores=wide((10.5, 5), (12.5, 6), (9, 4)))
    assert "SW85" not in {f.code for f in study.findings}


def test_where_most_scores_contradict_a_step_that_nobody_stated_none_is_wrong(tmp_path):
    rows = wide((10.25, 5), (12.5, 6), (9, 4))
    assert "SW85" not in {f.code for f in loaded(tmp_path, PLAN, scores=rows).findings}
    stated = edited(PLAN, "outcomes.0.step", 1)
    assert warned(loaded(tmp_path, stated, scores=rows), "SW85").rows == (2, 3)


def test_cells_that_look_like_a_code_are_told_apart_from_other_faults(tmp_path):
    found = faults(tmp_path, PLAN, scores=wide(("n/a", 5), ("abc", 6), ("-", 4)))
    told = {f.rows: "missing_codes" in f.remedy for f in found}
    assert told == {(2, 4): True, (3,): False}


def test_scores_out_of_range_that_look_like_a_code_are_told_apart_too(tmp_path):
    found = faults(tmp_path, PLAN, scores=wide((-99, 5), (28, 6), (-99, 4)))
    told = {f.rows: "missing code" in f.remedy for f in found}
    assert told == {(2, 4): True, (3,): False}
    assert all("Look at these rows first" in f.remedy for f in found)
