"""Differences by level as results of the report: interactions that the plan names."""

from __future__ import annotations

from typing import Any

import pytest

from splw_eval.appraisal import mask
from splw_eval.confounding.benefit.subgroups import subgroups
from splw_eval.confounding.reported.subgroup_levels import FEWEST, OTHERS, levels_of
from splw_eval.confounding.reported.subgroups import EACH_STEP, describe_subgroups
from splw_eval.core.confounding_rows import SubgroupRow
from splw_eval.describe.people_frame import AFTER, BEFORE, GROUP, PRACTICE, pairs_of
from tests.unit.confounding.reported.given_receipt import BY_AGE, BY_NUMBER, BY_SEX, compared

EVERY = [BY_SEX, BY_AGE, BY_NUMBER]


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return compared(tmp_path_factory.mktemp("given"), subgroups=EVERY)


@pytest.fixture(scope="module")
def found(study):
    return describe_subgroups(study)


def of(found, name: str) -> list[Any]:
    return [row for row in found.rows if row.by == name]


def test_numbers_are_those_of_the_function_beneath(study, found):
    (pair,) = pairs_of(study)
    frame = pair.frame.dropna(subset=[BEFORE, AFTER])
    one = subgroups(
        frame, outcome=AFTER, group=GROUP, by=["subgroup 3"], baseline=BEFORE, cluster=PRACTICE,
        reference=0,
    )  # fmt: skip
    (line,) = [row for row in of(found, "Conditions") if row.level == EACH_STEP]
    assert line.interaction == one.table["estimate"].iloc[0]
    assert line.df == one.table["df"].iloc[0]
    at = [row.difference for row in of(found, "Conditions") if row.difference is not None]
    assert at == one.levels["estimate"].tolist()


def test_an_interaction_is_how_much_more_the_difference_is_than_at_the_first_level(found):
    first, *others = of(found, "Sex")
    assert (first.interaction, first.against) == (None, "")
    for row in others:
        assert row.against == first.level
        assert row.interaction == pytest.approx(row.difference - first.difference, abs=1e-10)
        assert row.n_fewest == min(row.n_smaller, first.n_smaller)


def test_the_largest_level_is_set_against_and_bands_keep_their_order(found):
    assert of(found, "Sex")[0].level == "female"
    assert [row.level for row in of(found, "Age")] == ["below 65", "65 and over"]


def test_who_is_of_a_level_with_few_people_is_left_out_and_that_is_said(study, found):
    assert {row.level for row in of(found, "Sex")} == {"female", "male"}
    assert any(n.text.startswith("Some people are left out") and "Sex" in n.text
               for n in found.notes)  # fmt: skip
    assert not any("Age" in n.text for n in found.notes)
    assert study.plan.subgroups[0].name == "Sex"


def test_rare_levels_are_put_together_where_that_makes_enough(tmp_path):
    study = compared(tmp_path, subgroups=[BY_SEX], rare=0)
    (pair,) = pairs_of(study)
    frame = pair.frame.dropna(subset=[BEFORE, AFTER]).reset_index(drop=True)
    rare = frame.index % 5 == 0
    frame.loc[rare, "subgroup 1"] = [f"kind {i % 5}" for i in range(int(rare.sum()))]
    held = levels_of(frame, "subgroup 1")
    assert held.joined
    assert not held.left_out
    counts = held.frame.groupby("subgroup 1", observed=True)[GROUP].value_counts()
    assert counts.min() >= FEWEST
    assert list(held.frame["subgroup 1"].cat.categories)[-1] == OTHERS


def test_the_first_note_tells_how_many_were_looked_at_and_what_chance_does(found):
    said = found.notes[0].text
    assert said.startswith("3 interactions were looked at, in 3 characteristics")
    assert "about 14 in 100" in said


def test_a_level_that_nobody_else_has_is_not_looked_at_and_the_others_are(tmp_path):
    study = compared(tmp_path, subgroups=[BY_AGE | {"cuts": [20]}, BY_SEX])
    found = describe_subgroups(study)
    assert {row.by for row in found.rows} == {"Sex"}
    assert any(note.text.startswith("Age: not looked at") for note in found.notes)


def test_no_row_has_a_p_value(found):
    assert not [name for name in SubgroupRow.__slots__ if "p_value" in name]
    assert any("No level has a p-value" in note.text for note in found.notes)


def test_a_cohort_is_adjusted_for_its_confounders_and_that_is_said(tmp_path):
    confounders = [{"name": "Age", "reason": "Older", "column": "age"}]
    plain = compared(tmp_path, "controlled_cohort", subgroups=[BY_SEX])
    (tmp_path / "more").mkdir()
    more = compared(
        tmp_path / "more", "controlled_cohort", subgroups=[BY_SEX], confounders=confounders
    )
    found = describe_subgroups(more)
    assert any("measured confounders too" in note.text for note in found.notes)
    assert not any("confounders" in note.text for note in describe_subgroups(plain).notes)
    one, other = describe_subgroups(plain).rows[1], found.rows[1]
    assert one.interaction != other.interaction


def test_no_count_from_1_to_7_is_left_and_no_number_that_rests_on_it(study, found):
    for row in mask(found, study.plan).rows:
        for name in ("n_programme", "n_comparison", "n_smaller", "n_fewest"):
            assert getattr(row, name) in (None, 0) or getattr(row, name) >= 10
