"""The data files of the standards: numbers, rules, our own words, licences."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from splw_eval.appraisal.checklists import appraise, profiles
from splw_eval.appraisal.checklists.conditions import CONDITIONS
from splw_eval.appraisal.checklists.filled import is_filled
from splw_eval.appraisal.checklists.fitting import applies_together, fits, fitting, meant_for
from splw_eval.appraisal.checklists.rules import RULES
from splw_eval.core.check_rows import Kind, Status
from tests.unit.appraisal.standards.given_facts import a_plan
from tests.unit.given_study import comparison

STANDARDS = (
    "consort_2010_cluster",
    "consort_2025",
    "consort_pro",
    "strobe",
    "trend",
    "tidier",
    "record",
    "robins_i",
    "casp_cohort",
    "casp_rct",
    "casp_qualitative",
)
CASP = [name for name in STANDARDS if name.startswith("casp")]
# A few words in a row by which each original would be known again, and no sentence of any.
THEIR_WORDS = (
    "clearly focused",
    "in an acceptable way",
    "accurately measured",
    "important confounding factors",
    "local population",
    "sufficiently rigorous",
    "clear statement of",
    "adequately considered",
    "taken into consideration",
    "can't tell",
    "informative and balanced",
    "commonly used term",
    "potential confounders",
    "identification as a",
    "structured summary",
    "sufficient details to allow",
    "completely defined",
    "losses and exclusions",
    "with reasons",
    "brief name",
    "enabling or support",
    "personalised, titrated",
    "low risk",
    "serious risk",
    "deviations from intended",
    "probably yes",
    "codes or algorithms",
    "data cleaning methods",
)
PUBLISHERS = {
    "casp-uk.net",
    "www.consort-spirit.org",
    "www.strobe-statement.org",
    "www.record-statement.org",
    "www.riskofbias.info",
}


def words_of(profile):
    yield from (profile.title, profile.note)
    for item in profile.items:
        yield item.topic
        for check in item.checks:
            yield from (check.topic, check.prompt)


@pytest.mark.parametrize("name", STANDARDS)
def test_a_standard_is_there_with_its_licence_and_its_source(name):
    profile = profiles()[name]
    assert profile.title
    assert profile.version
    assert profile.licence
    assert profile.source
    assert profile.status in {"verified", "recalled"}
    assert meant_for(name)


@pytest.mark.parametrize("name", STANDARDS)
def test_numbers_and_names_of_checks_stand_once(name):
    profile = profiles()[name]
    numbers = Counter(item.number for item in profile.items)
    checks = Counter(check.name for _, check in profile.checks())
    assert max(numbers.values()) == 1
    assert max(checks.values()) == 1


@pytest.mark.parametrize("name", STANDARDS)
def test_each_check_can_be_asked(name):
    for item, check in profiles()[name].checks():
        for word in filter(None, f"{item.applies}, {check.applies}".split(", ")):
            assert word.removeprefix("not ") in CONDITIONS
        if check.kind is Kind.COMPUTED:
            assert check.rule in RULES
        if check.kind is Kind.DECLARED:
            assert check.plan
            assert not check.rule or check.rule in RULES
        if check.kind is Kind.HUMAN:
            assert check.prompt
            assert not check.rule
        for path in check.plan:
            assert is_filled(a_plan(), path) in {True, False}


@pytest.mark.parametrize("name", STANDARDS)
def test_words_are_our_own(name):
    said = " ".join(words_of(profiles()[name])).lower()
    assert [words for words in THEIR_WORDS if words in said] == []


@pytest.mark.parametrize("name", CASP)
def test_topics_of_casp_are_named_and_its_questions_are_not(name):
    profile = profiles()[name]
    assert "https://casp-uk.net" in profile.note
    assert "NC-SA" in profile.licence
    for item in profile.items:
        assert "?" not in item.topic
        assert len(item.topic.split()) <= 8


def test_links_lead_to_publishers_only():
    held = " ".join(f"{p.source} {p.note} {p.licence}" for p in profiles().values())
    assert set(re.findall(r"https://([^\s/,;]+)", held)) <= {
        f"{host}{stop}" for host in PUBLISHERS for stop in ("", ".")
    }


def test_numbers_from_memory_are_not_given_as_checked():
    unchecked = {
        name: [item.number for item in profiles()[name].items if item.status != "verified"]
        for name in STANDARDS
    }
    assert unchecked["trend"] == [str(n) for n in range(9, 23)]
    assert {"15", "16", "17a"} <= set(unchecked["consort_2010_cluster"])
    assert unchecked["consort_2025"] == unchecked["strobe"] == unchecked["tidier"] == []
    assert len(unchecked["casp_rct"]) == len(profiles()["casp_rct"].items)


@pytest.mark.parametrize(
    ("name", "first", "last", "items"),
    [
        ("consort_2025", "1a", "30", 42),
        ("strobe", "1a", "22", 34),
        ("trend", "1", "22", 22),
        ("tidier", "1", "12", 12),
        ("record", "1.1", "22.1", 13),
        ("robins_i", "Target", "D7", 8),
        ("casp_cohort", "1", "12", 14),
        ("casp_rct", "1", "11", 11),
        ("casp_qualitative", "1", "10", 10),
    ],
)
def test_a_standard_has_all_its_items(name, first, last, items):
    numbers = [item.number for item in profiles()[name].items]
    assert (numbers[0], numbers[-1], len(numbers)) == (first, last, items)


def test_the_standards_of_a_design_are_named():
    assert {"strobe", "record", "tidier"} <= set(fitting(a_plan("pre_post")))
    assert "consort_2025" not in fitting(a_plan("pre_post"))
    assert {"trend", "robins_i", "strobe"} <= set(fitting(a_plan("controlled_cohort")))
    assert {"consort_2025", "consort_pro"} <= set(fitting(a_plan("individual_trial")))
    assert not fits("consort_2010_cluster", a_plan("individual_trial"))
    assert not fits("trend", a_plan("cluster_trial"))


@pytest.mark.parametrize(
    "plan",
    [
        a_plan("cluster_trial_unlike_recruitment"),
        a_plan("cluster_trial", comparison=comparison(comparators="sample")),
    ],
)
def test_cluster_consort_and_trend_apply_together_where_recruitment_was_unlike(plan):
    assert {"consort_2010_cluster", "trend", "robins_i"} <= set(fitting(plan))
    assert "apply together" in applies_together(plan)
    assert not applies_together(a_plan("cluster_trial"))


def test_what_asks_about_chance_is_not_asked_where_chance_did_not_decide():
    rows = {row.check: row for row in appraise(a_plan("pre_post"), {}, profile="consort_2025").rows}
    assert rows["way"].status == Status.NOT_APPLICABLE
    assert rows["title"].status == Status.NOT_APPLICABLE


def test_nothing_of_the_cluster_extension_is_asked_where_people_were_allocated():
    rows = appraise(a_plan("individual_trial"), {}, profile="consort_2010_cluster").rows
    assert {row.status for row in rows} == {Status.NOT_APPLICABLE}


def test_adjusting_is_not_asked_of_one_group():
    rows = {row.check: row for row in appraise(a_plan("pre_post"), {}, profile="strobe").rows}
    assert rows["side_by_side"].status == Status.NOT_APPLICABLE
    assert rows["answer"].status == Status.NOT_REPORTED


@pytest.mark.parametrize("name", STANDARDS)
def test_before_data_each_check_that_is_not_met_says_what_to_do(name):
    for row in appraise(a_plan("cluster_trial"), {}, profile=name).rows:
        if row.status in {Status.NOT_REPORTED, Status.NEEDS_AUTHOR}:
            assert row.remedy
        assert row.evidence


@pytest.mark.parametrize("name", ["robins_i", "casp_qualitative"])
def test_a_judgement_is_always_left_to_a_person(name):
    for design in ("pre_post", "controlled_cohort", "cluster_trial_unlike_recruitment"):
        rows = appraise(a_plan(design), {}, profile=name).rows
        assert {row.status for row in rows} == {Status.NEEDS_AUTHOR}


def test_the_words_of_a_template_do_not_count_as_stated():
    plan = a_plan(missing={"assumption": "Missing at random", "method": "State the analysis"})
    rows = {row.check: row for row in appraise(plan, {}, profile="strobe").rows}
    assert rows["missing_method"].status == Status.NOT_REPORTED
    assert "[missing] method" in rows["missing_method"].remedy
