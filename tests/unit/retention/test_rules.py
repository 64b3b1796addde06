"""Which rules of an episode hold, and what is said of them."""

from __future__ import annotations

import pytest

from splw_eval.core.errors import PlanError
from splw_eval.core.plan import EpisodeRules
from splw_eval.retention.service.rules import in_words, rules_of

PLANNED = EpisodeRules(days_without_contact=60)


def test_nothing_given_leaves_the_rules_of_the_plan():
    assert rules_of(PLANNED) is PLANNED


def test_a_mapping_changes_the_keys_that_it_names_and_no_others():
    rules = rules_of(PLANNED, {"returning": "last"})
    assert (rules.days_without_contact, rules.returning) == (60, "last")
    assert rules.declared("days_without_contact")
    assert not rules.declared("horizon_days")


def test_rules_given_whole_replace_those_of_the_plan():
    assert rules_of(PLANNED, EpisodeRules()).days_without_contact == 90


def test_faults_of_a_mapping_are_told_at_once_with_the_nearest_key():
    with pytest.raises(PlanError) as caught:
        rules_of(PLANNED, {"horizon_day": 30, "lag_days": 0, "returning": "always"})
    said = {f.problem.partition(":")[0]: f for f in caught.value.findings}
    assert {f.code for f in caught.value.findings} == {"SR21"}
    assert len(caught.value.findings) == 3
    assert any('did you mean "horizon_days"' in f.problem for f in said.values())


def test_a_reason_in_two_lists_of_a_mapping_is_told():
    with pytest.raises(PlanError, match=r"SR21 .*\"died\" stands 2 times"):
        rules_of(PLANNED, {"completed": ["planned completion", "goals met", "died"]})


def test_every_rule_stands_in_words_and_says_whether_it_is_a_default():
    words = in_words(PLANNED, contact_log=True, data_cut=True)
    assert set(words) == {*EpisodeRules.model_fields, "data_cut"}
    assert words["days_without_contact"].startswith("60 days without an attended contact")
    assert [key for key, said in words.items() if not said.endswith("(default)")] == [
        "days_without_contact",
        "data_cut",
    ]


def test_a_later_contact_that_takes_a_silence_back_is_said_to_look_into_the_future():
    rules = rules_of(PLANNED, {"returning": "last"})
    said = in_words(rules, contact_log=True, data_cut=True)
    assert "looks into the future" in said["returning"]
    assert "entered late drop out more often by construction" in said["returning"]
    assert "nothing is cut" in said["horizon_days"]


def test_a_rule_that_cannot_be_used_is_not_said_to_hold():
    assert (
        "cannot be seen"
        in in_words(PLANNED, contact_log=False, data_cut=True)["days_without_contact"]
    )
    off = EpisodeRules(days_without_contact=0)
    said = in_words(off, contact_log=True, data_cut=True)["days_without_contact"]
    assert said == "No number of days without contact counts as losing touch."


def test_dating_back_is_said_to_use_what_was_known_later():
    rules = EpisodeRules(lost_touch_dated="last_contact")
    said = in_words(rules, contact_log=True, data_cut=False)
    assert "nobody could know it" in said["lost_touch_dated"]
    assert "no data cut" in said["data_cut"]
