"""The section [retention] of a plan: its defaults, and what it may not hold."""

from __future__ import annotations

import pytest

from splw_eval.core.errors import PlanError
from splw_eval.core.plan import EpisodeRules, read_plan
from splw_eval.core.plan.retention import CLOSE_REASONS
from splw_eval.data.ledger import Ledger
from splw_eval.data.vocabulary import read_vocabulary
from tests.unit.given_study import edited, pre_post_plan, write_plan

PLAN = pre_post_plan()


def read(folder, **rules):
    return read_plan(write_plan(folder, PLAN | {"retention": rules})).plan.retention


def problems(folder, **rules):
    with pytest.raises(PlanError) as caught:
        read(folder, **rules)
    assert all(f.remedy for f in caught.value.findings)
    return [f.problem for f in caught.value.findings]


def test_without_the_section_every_default_holds_and_none_is_declared(tmp_path):
    rules = read_plan(write_plan(tmp_path, PLAN)).plan.retention
    assert rules == EpisodeRules()
    assert not any(rules.declared(key) for key in EpisodeRules.model_fields)
    assert (rules.horizon_days, rules.days_without_contact, rules.lag_days) == (365, 90, 1)


def test_a_rule_written_down_is_told_from_a_default(tmp_path):
    rules = read(tmp_path, days_without_contact=90)
    assert rules.declared("days_without_contact")
    assert not rules.declared("returning")


def test_the_lists_hold_every_close_reason_of_the_vocabulary_once(tmp_path):
    path = write_plan(tmp_path, PLAN)
    held = read_plan(path)
    vocabulary = read_vocabulary(held.plan, held.folder, Ledger(plan="study.toml"))
    assert sorted(CLOSE_REASONS) == sorted(vocabulary.terms["close_reason"])
    rules = EpisodeRules()
    assert sorted(rules.completed + rules.dropped_out + rules.other_ending) == sorted(CLOSE_REASONS)


@pytest.mark.parametrize(
    ("reason", "cause"),
    [("goals met", 1), ("lost contact", 2), ("died", 3), ("", 4), ("not in the vocabulary", 4)],
)
def test_each_close_reason_has_one_cause(reason, cause):
    assert EpisodeRules().cause_of(reason) == cause


def test_an_unknown_close_reason_is_named_with_the_nearest_one(tmp_path):
    (problem,) = problems(tmp_path, completed=["planned completion", "goals met", "goal met"])
    assert problem.startswith('[retention] completed: no close reason "goal met"')
    assert 'did you mean "goals met"?' in problem


def test_a_close_reason_in_two_lists_is_named_with_both(tmp_path):
    (problem,) = problems(tmp_path, completed=["planned completion", "goals met", "moved"])
    assert '"moved" stands 2 times (completed, other_ending)' in problem


def test_a_close_reason_in_no_list_is_named(tmp_path):
    (problem,) = problems(tmp_path, completed=["goals met"])
    assert "in no list: planned completion" in problem


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("days_without_contact", -1, "greater than or equal to 0"),
        ("horizon_days", 0, "greater than or equal to 1"),
        ("lag_days", 0, "greater than or equal to 1"),
        ("returning", "never", "is not one of"),
        ("attended_missing", "attended", "is not one of"),
        ("days_without_contacts", 90, 'did you mean "days_without_contact"?'),
    ],
)
def test_what_a_rule_may_not_hold_is_a_finding_with_its_place(tmp_path, key, value, words):
    (problem,) = problems(tmp_path, **{key: value})
    assert "retention" in problem
    assert words in problem


def test_all_faults_of_the_section_are_told_at_once(tmp_path):
    plan = edited(PLAN, "retention.lag_days", 0)
    plan["retention"]["horizon_days"] = -5
    with pytest.raises(PlanError) as caught:
        read_plan(write_plan(tmp_path, plan))
    assert len(caught.value.findings) == 2
