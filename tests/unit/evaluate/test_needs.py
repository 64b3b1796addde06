"""What questions need of a study, and the plain reason where it is not there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from splw_eval.evaluate import needs
from splw_eval.evaluate.questions import QUESTIONS
from tests.reports import synthetic

NEEDS = (
    needs.a_catalogued_instrument,
    needs.a_mid_or_a_catalogued_instrument,
    needs.an_item_about_risk,
    needs.answers_to_items,
)


@pytest.fixture(scope="module")
def full():
    return synthetic.study_of_items(60)


@pytest.mark.parametrize("need", NEEDS)
def test_a_study_of_catalogued_items_meets_every_need(need, full):
    assert need(full) is None


@pytest.mark.parametrize("need", NEEDS)
def test_a_study_of_totals_of_free_text_instruments_is_told_why(need, full):
    outcomes = tuple(o.model_copy(update={"mid": None}) for o in full.plan.outcomes)
    plan = full.plan.model_copy(update={"outcomes": outcomes})
    bare = replace(full, plan=plan, instruments=dict.fromkeys(full.instruments), items={})
    reason = need(bare)
    assert reason.endswith(".")
    assert not any(o.label in reason for o in outcomes)


def test_a_mid_of_the_plan_is_enough_to_count_by(full):
    bare = replace(full, instruments=dict.fromkeys(full.instruments), items={})
    assert needs.a_mid_or_a_catalogued_instrument(bare) is None


def test_items_of_an_instrument_without_an_item_about_risk_are_not_enough(full):
    study = replace(full, items={"swemwbs": full.items["swemwbs"]})
    assert "total may still hold one" in str(needs.an_item_about_risk(study))


def test_keys_of_questions_are_unique():
    keys = [question.key for question in QUESTIONS]
    assert len(keys) == len(set(keys))
