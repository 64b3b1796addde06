"""A figure that is hidden, one that is absent and one that is shown are told apart."""

from __future__ import annotations

import pytest

from splw_eval.appraisal.checklists.rules import RULES
from splw_eval.appraisal.checklists.rules.shown import FEWEST_CLUSTERS
from splw_eval.core.check_rows import Status
from splw_eval.stats import FEWEST_CLUSTERS as OF_STATS
from tests.unit.appraisal.standards.given_facts import ESTIMATE, SCORED, a_plan, a_result, facts


def asked(rule, *results, plan=None):
    return RULES[rule].judge(facts(plan, *results))


def test_the_fewest_practices_are_those_of_the_intervals():
    assert FEWEST_CLUSTERS == OF_STATS


@pytest.mark.parametrize("rule", ["answer_with_interval", "each_outcome_answered"])
def test_an_estimate_of_three_practices_is_not_said_to_be_uncollected(rule):
    names = [outcome.name for outcome in a_plan("pre_post").outcomes]
    rows = [{"outcome": name, "estimate": 1.5, "clusters": 3} for name in names]
    verdict = asked(rule, a_result("change", *rows), plan=a_plan("pre_post"))
    assert verdict.status is Status.NOT_REPORTED
    assert "shows the estimate; its 95% interval is not given" in verdict.evidence
    assert "fewer than 4 practices" in verdict.evidence
    assert "more practices" in verdict.remedy
    assert "Collect" not in verdict.remedy


def test_an_interval_that_is_absent_for_another_reason_is_not_laid_to_practices():
    row = SCORED | {"estimate": 1.5, "clusters": 12}
    verdict = asked("answer_with_interval", a_result("contrasts", row))
    assert "practices" not in verdict.evidence
    assert "Collect" not in verdict.remedy


def test_an_interval_that_is_hidden_is_named_beside_the_estimate():
    row = SCORED | {"estimate": 1.5}
    given = a_result("contrasts", row, masked=((0, "conf_low"), (0, "conf_high")))
    verdict = asked("answer_with_interval", given)
    assert verdict.status is Status.NOT_REPORTED
    assert "Hidden, as too few people are behind it: 95% interval." in verdict.evidence
    assert "all its figures" not in verdict.evidence


def test_of_better_and_worse_the_hidden_part_is_named():
    given = a_result("responders", SCORED | {"n_better": 15}, masked=((0, "n_worse"),))
    verdict = asked("better_and_worse", given)
    assert verdict.status is Status.REPORTED
    assert "shows: Better. Hidden, as too few people are behind it: Worse." in verdict.evidence
    assert asked("worse_counted", given).status is Status.NOT_REPORTED
    assert "hidden" in asked("worse_counted", given).evidence


def test_an_adjusted_estimate_without_its_interval_is_not_taken_for_absent():
    rows = (
        SCORED | ESTIMATE | {"method": "Unadjusted"},
        SCORED | {"estimate": 1.0, "method": "Weighting", "clusters": 3},
    )
    verdict = asked("unadjusted_and_adjusted", a_result("adjusted", *rows))
    assert verdict.status is Status.NOT_REPORTED
    assert "fewer than 4 practices" in verdict.evidence


def test_an_interaction_without_its_interval_is_not_reported():
    subgroup = {"name": "Age", "reason": "May differ", "column": "age_band", "cuts": [65]}
    given = a_result("subgroups", {"by": "Age", "interaction": 0.5, "clusters": 3})
    verdict = asked("subgroups_by_interaction", given, plan=a_plan(subgroups=[subgroup]))
    assert verdict.status is Status.NOT_REPORTED
    assert "interval is not given" in verdict.evidence


def test_ages_that_are_hidden_are_not_to_be_collected_again():
    rows = (
        {"characteristic": "Age", "category": "65-74"},
        {"characteristic": "Sex", "category": "Female", "people": 20},
    )
    verdict = asked("who_took_part", a_result("characteristics", *rows, masked=((0, "people"),)))
    assert "hidden in it" in verdict.evidence
    assert "Collect" not in verdict.remedy


def test_first_scores_that_are_not_there_are_not_called_hidden():
    given = a_result("characteristics", {"characteristic": "Age", "known": 40})
    verdict = asked("missing_in_each_variable", given)
    assert "hidden" not in verdict.evidence
    assert "Collect" in verdict.remedy


def test_places_whose_number_is_hidden_are_not_said_to_be_unkept():
    given = a_result("records", {"table": "contacts", "column": "place", "verdict": None})
    assert "hidden" in asked("places_filled", given).evidence
