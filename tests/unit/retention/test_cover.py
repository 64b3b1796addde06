"""What is said where files do not cover enough: no data cut, contacts that are incomplete."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace

import pytest

from splw_eval.retention.service.episodes import build_episodes
from tests.unit.retention.given_service import contact, episode, service


def told(study, code, rules=None):
    return [f for f in build_episodes(study, rules).findings if f.code == code]


@pytest.mark.parametrize("fault", [{"attended": math.nan}, {"date": None}, {"date": 9_000}])
def test_many_incomplete_contacts_are_warned_of_beside_the_rule_of_silence(base, fault):
    kept = [contact(1, 5 * i) for i in range(17)]
    broken = [contact(1, 3) | fault] * 3
    (found,) = told(service(base, episodes=[episode(1)], contacts=kept + broken), "SR26")
    assert found.severity.value == "warning"
    assert "3 of 20 contacts (15%) are incomplete" in found.problem
    assert "days_without_contact = 0" in found.remedy
    few = service(base, episodes=[episode(1)], contacts=[*kept, contact(1, 90)])
    assert told(few, "SR26") == []


def test_up_to_a_twentieth_and_without_the_rule_nothing_is_said(base):
    contacts = [contact(1, 5 * i) for i in range(19)] + [contact(1, 3, attended=math.nan)]
    study = service(base, episodes=[episode(1)], contacts=contacts)
    assert told(study, "SR26") == []
    study = service(base, episodes=[episode(1)], contacts=contacts[10:])
    assert len(told(study, "SR26")) == 1
    assert told(study, "SR26", {"days_without_contact": 0}) == []


def uncut(base, *last, seen=None):
    contacts = [contact(1, day) for day in (10, 50, 60, *last)]
    study = service(base, cut=None, episodes=[episode(1), episode(2, 55)], contacts=contacts)
    return replace(study, plan=study.plan.model_copy(update={"data_seen": seen}))


def test_without_a_data_cut_the_day_that_was_taken_and_the_records_near_it_are_named(base):
    (found,) = told(uncut(base), "SR28")
    assert "2024-03-01" in found.problem  # day 60
    assert "within 30 days of it are episodes: 1, contacts: 2" in found.problem


def test_a_last_day_far_beyond_all_others_is_warned_of_by_its_rows(base):
    first, *far = told(uncut(base, 3_000), "SR28")
    assert "episodes: 0, contacts: 1" in first.problem
    assert [(f.rows, f.severity.value) for f in far] == [((5,), "warning")]
    assert "mistyped year" in far[0].remedy
    assert len(told(uncut(base, 145), "SR28")) == 1


def test_a_date_after_the_data_were_seen_is_warned_of(base):
    seen = dt.date(2024, 2, 20)  # day 50
    found = told(uncut(base, seen=seen), "SR28")
    rows = [f.rows for f in found if "data_seen" in f.problem]
    assert rows == [(3,), (4,)]  # one episode, one contact
