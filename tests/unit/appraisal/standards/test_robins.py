"""Evidence packs: facts that are shown elsewhere too, in words, and never a judgement."""

from __future__ import annotations

import re

import pytest

from splw_eval.appraisal.checklists.facts import Facts
from splw_eval.appraisal.checklists.rules.robins import RULES
from splw_eval.core.check_rows import Status
from splw_eval.core.findings import Finding, Severity
from tests.unit.appraisal.standards.given_facts import SCORED, a_plan, a_result, facts
from tests.unit.given_study import comparison

JUDGEMENTS = re.compile(r"\b(low|moderate|serious|critical|high|grave|small) (risk|bias)\b", re.I)
PLAN = a_plan(
    comparison=comparison(recruited_by="Practice staff", blind=False),
    confounders=[
        {"name": "Deprivation", "reason": "Moves both", "column": "imd_decile"},
        {"name": "Help from elsewhere", "reason": "Nobody asked"},
    ],
    dated="2025-01-31",
    data_seen="2025-06-30",
    missing={"assumption": "Missing at random given earlier scores", "method": "Mixed model"},
    tidier={"when_and_how_much": "Six contacts", "modifications": "One link worker left"},
)
ANSWER = SCORED | {"estimate": 0.123456, "conf_low": -1.0, "conf_high": 1.5}


def evidence(rule, *results, findings=()):
    verdict = RULES[rule].judge(facts(PLAN, *results, findings=findings))
    assert verdict.status is Status.NEEDS_AUTHOR
    return verdict.evidence


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_pack_needs_the_author_and_judges_nothing(rule):
    for given in (facts(PLAN), facts(a_plan("pre_post")), Facts(plan=PLAN, results={})):
        verdict = RULES[rule].judge(given)
        assert verdict.status is Status.NEEDS_AUTHOR
        assert verdict.remedy.startswith(("Judge", "Write"))
        assert not JUDGEMENTS.search(verdict.evidence)


def test_the_target_is_what_the_plan_says_it_is():
    said = evidence("bias_target")
    assert "Adults referred" in said
    assert "at 3 months" in said


def test_confounders_stand_as_measured_and_not_with_the_groups_before_and_after():
    said = evidence(
        "bias_confounding",
        a_result(
            "balance",
            {"characteristic": "Deprivation", "before": -0.31, "after": 0.01},
            {"characteristic": "Age", "before": 0.12, "after": -0.05},
        ),
        a_result("adjusted", ANSWER | {"method": "Unadjusted"}),
    )
    assert "Named and measured: Deprivation." in said
    assert "Named and not measured: Help from elsewhere." in said
    assert "-0.31 SD (Deprivation)" in said
    assert "-0.05 SD (Age)" in said
    assert "Unadjusted 0.1 (-1.0 to 1.5)" in said  # as the table prints it, with one decimal


def test_selection_says_who_asked_and_what_the_files_say_against_it():
    fault = Finding(code="SW64", severity=Severity.WARNING, problem="", remedy="")
    said = evidence("bias_selection", findings=[fault])
    assert "Practice staff" in said
    assert "Recruiters knew the group: yes" in said
    assert "first measured after their first contact (SW64)" in said


def test_classification_says_what_counts_as_received():
    fault = Finding(code="SW133", severity=Severity.WARNING, problem="", remedy="")
    said = evidence("bias_classification", findings=[fault])
    assert "at least 1" in said
    assert "(SW133)" in said


def test_deviations_set_what_was_planned_beside_what_was_done():
    said = evidence(
        "bias_deviations",
        a_result("dose", {"measure": "contacts attended", "median": 5.0, "group": "Link worker"}),
        a_result("engagement", {"share_received": 0.7777}),
        a_result("continuity", {"share_one": 0.94, "group": "Link worker"}),
    )
    assert "Amount planned: Six contacts" in said
    assert "median: 5 (Link worker)" in said
    assert "of those offered: 78%" in said
    assert "One link worker left" in said


def test_missing_people_stand_by_group_with_what_was_assumed():
    share = SCORED | {"wave": "month_3", "arm": "Usual care", "share_measured": 0.79}
    said = evidence(
        "bias_missing",
        a_result("flow", share, SCORED | {"wave": "baseline", "share_measured": 0.95}),
        a_result("sensitivity", ANSWER | {"strategy": "J2R"}),
        a_result(
            "loss_predictors",
            {"characteristic": "Group", "level": "one, against the other", "odds_ratio": 2.0},
        ),
    )
    assert "Measured at 3 months: 79% (Usual care)" in said
    assert "95%" not in said
    assert "J2R 0.1 (-1.0 to 1.5)" in said
    assert "one, against the other: 2" in said


def test_a_hidden_share_is_not_told():
    row = SCORED | {"wave": "month_3", "arm": "Usual care", "share_measured": None}
    said = evidence("bias_missing", a_result("flow", row, masked=((0, "share_measured"),)))
    assert "Measured at" not in said


def test_measurement_says_what_no_result_holds():
    said = evidence(
        "bias_measurement",
        a_result("instruments", SCORED | {"made_from": "The answers to the items"}),
        a_result("days", {"event": "3 months", "arm": "Usual care", "median": 93.0}),
    )
    assert "made from: the answers to the items" in said
    assert "93 (Usual care)" in said
    assert "not in the results" in said


def test_reporting_names_outcomes_that_were_planned_and_not_answered():
    said = evidence("bias_reporting", a_result("contrasts", SCORED | {"estimate": None}))
    assert "Plan dated: 2025-01-31" in said
    assert "without an answer: Depression (PHQ-9)" in said


def test_before_data_a_pack_says_that_it_has_the_plan_only():
    verdict = RULES["bias_missing"].judge(Facts(plan=PLAN, results={}))
    assert "the plan's words only" in verdict.evidence
    assert verdict.results == ()
