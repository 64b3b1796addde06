"""Words of a template never count as what a study says."""

from __future__ import annotations

import pytest

from splw_eval.appraisal.checklists.facts import Facts
from splw_eval.appraisal.checklists.filled import is_filled
from splw_eval.appraisal.checklists.rules import RULES, robins_facts
from splw_eval.core.check_rows import Status
from tests.unit.appraisal.standards.given_facts import a_plan, a_result, facts
from tests.unit.given_study import plan_of

TODO = "State the paper, its population and its method here"
MISSING = {"assumption": "Missing at random", "method": "State the analysis", "sensitivity": []}
OWN_MISSING = MISSING | {"method": "Mixed model of all waves"}
CONFOUNDER = {"name": "Deprivation", "reason": "...", "column": "imd_decile"}
SIZE = {
    "target_difference": {"value": 1.0, "source": "to be confirmed"},
    "sd": {"value": 4.0, "source": "a paper"},
    "power": 0.8,
    "people": 300,
    "attrition": {"value": 0.3, "source": "a paper"},
}


def outcomes(**own):
    first, *others = plan_of("cluster_trial")["outcomes"]
    return [first | own, *others]


def mid(source):
    return a_plan(outcomes=outcomes(mid={"value": 5, "source": source}))


def measured(plan):
    """Facts of a study in which many were lost."""
    row = {
        "outcome": plan.primary.name,
        "arm": plan.groups[0],
        "wave": plan.waves[-1].name,
        "month": 12.0,
        "expected": 100,
        "measured": 60,
        "missing": 40,
    }
    return facts(plan, a_result("flow", row))


PLANS = {
    "missing_method_declared": (a_plan(missing=MISSING), a_plan(missing=OWN_MISSING)),
    "mid_has_source": (mid(TODO), mid("Kroenke 2001, primary care, anchor")),
    "confounders_stated": (
        a_plan(confounders=[CONFOUNDER]),
        a_plan(confounders=[CONFOUNDER | {"reason": "Moves both"}]),
    ),
    "size_explained": (
        a_plan(sample_size=SIZE),
        a_plan(sample_size=SIZE | {"target_difference": {"value": 1.0, "source": "a trial"}}),
    ),
    "inputs_have_sources": (
        a_plan(sample_size=SIZE),
        a_plan(sample_size=SIZE | {"target_difference": {"value": 1.0, "source": "a trial"}}),
    ),
    "target_from_controlled": (
        a_plan(sample_size=SIZE),
        a_plan(sample_size=SIZE | {"target_difference": {"value": 1.0, "source": "a trial"}}),
    ),
    "restrictions_of_allocating": (
        a_plan(allocation={"randomised": True, "method": "stratified", "strata": ["..."]}),
        a_plan(allocation={"randomised": True, "method": "stratified", "strata": ["list size"]}),
    ),
    "code_list_has_version": (
        a_plan(vocabulary={"version": "tbc", "terms": {"mode": {"drop-in": "in person"}}}),
        a_plan(vocabulary={"version": "2026-01", "terms": {"mode": {"drop-in": "in person"}}}),
    ),
    "home_made_flagged": (
        a_plan(outcomes=outcomes(validation="TODO")),
        a_plan(outcomes=outcomes(validation="Not tested; made for this study")),
    ),
}


@pytest.mark.parametrize("rule", sorted(PLANS))
def test_words_of_a_template_are_not_reported_and_own_words_are(rule):
    template, own = PLANS[rule]
    assert RULES[rule].judge(measured(own)).status is Status.REPORTED
    verdict = RULES[rule].judge(measured(template))
    assert verdict.status is Status.NOT_REPORTED
    assert verdict.remedy


@pytest.mark.parametrize("rule", ["missing_method_declared", "mid_has_source"])
def test_it_is_the_same_before_data(rule):
    template, own = PLANS[rule]
    assert RULES[rule].judge(Facts(plan=own, results={})).status is Status.REPORTED
    assert RULES[rule].judge(Facts(plan=template, results={})).status is Status.NOT_REPORTED


def test_a_list_whose_members_are_templates_is_not_filled():
    assert not is_filled(a_plan(confounders=[CONFOUNDER]), "confounders")
    assert is_filled(a_plan(confounders=[CONFOUNDER | {"reason": "Moves both"}]), "confounders")


def test_a_template_names_no_way_of_dealing_with_gaps():
    template = a_plan(missing=OWN_MISSING | {"method": "State what is done about ethnicity"})
    assert not Facts(plan=template, results={}).plan_says("ethnicity")


def test_the_facts_on_bias_do_not_pass_a_template_on():
    plan = a_plan(estimand__disengagement="State what is done")
    lines = list(robins_facts.on_target(Facts(plan=plan, results={})))
    assert "People who stop: not stated" in lines
