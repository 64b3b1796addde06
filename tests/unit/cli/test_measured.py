"""What the check command says of each outcome's instrument."""

from __future__ import annotations

import pytest

from splw_eval.cli.measured import print_measured
from tests.unit.data.given_items import answers, items_plan, wellbeing
from tests.unit.given_study import edited, pre_post_plan, wide
from tests.unit.loading import loaded

SEVEN = (4, 3, 3, 4, 3, 3, 4)


@pytest.fixture
def said(tmp_path, capsys):
    """What is printed of a study, as one line."""

    def of(plan, **files) -> str:
        print_measured(loaded(tmp_path, plan, **files))
        return " ".join(capsys.readouterr().out.split())

    return of


def test_scores_made_from_items_are_told_with_their_rule_and_what_is_recalled(said):
    words = said(items_plan(), measures=answers(SEVEN))
    assert "Wellbeing: swemwbs, score metric, 7 to 35, higher is better." in words
    assert "Made from items. All 7 items are needed. That rule is recalled" in words
    assert "Recalled: Both sets of bands." in words


def test_options_are_told_also_those_left_at_their_default(said):
    outcome = wellbeing(instrument="hads", options={"coding": "printed"})
    words = said(items_plan(outcome), measures=answers((0,) * 14))
    assert "score A, 0 to 21, lower is better." in words
    assert "coding = printed" in words
    assert "rule = half" in words


def test_the_rule_for_missing_items_is_the_one_that_was_chosen(said):
    options = {"coding": "printed", "rule": "manual"}
    plan = items_plan(wellbeing(instrument="hads", options=options))
    assert "One item missing: mean of the other six" in said(plan, measures=answers((0,) * 14))


def test_ready_made_scores_of_the_catalogue_are_called_so(said):
    plan = items_plan(scores={"wellbeing": "q1"}, items={})
    assert "Ready-made scores as the files give them." in said(plan, measures=answers((21.54,)))


def test_an_instrument_that_is_not_in_the_catalogue_gets_the_nearest_name(said):
    plan = edited(pre_post_plan(), "outcomes.0.instrument", "phq")
    words = said(plan, scores=wide((5, 6)))
    assert 'phq, not in the catalogue; did you mean "phq9"? Scores as the files give' in words
    assert "0 to 27, lower is better, as the plan says." in words


def test_what_the_plan_writes_stands_beside_the_catalogues_name(said):
    plan = edited(pre_post_plan(), "outcomes.0.instrument", "PHQ-9")
    words = said(plan, scores=wide((5, 6)))
    assert 'Depression (PHQ-9): phq9 ("PHQ-9" in the plan), score total, 0 to 27' in words
    assert "in the plan" not in said(items_plan(), measures=answers(SEVEN))
