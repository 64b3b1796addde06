"""What is said where files do not cover enough: no data cut, contacts that are incomplete."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace
from pathlib import Path

import pytest

from splw_eval.data import load_study
from splw_eval.retention.reported import describe_staying
from splw_eval.retention.service.cover import INCOMPLETE, NOT_LOGGED, PLANNED_LATER, STOPS
from splw_eval.retention.service.episodes import build_episodes
from tests.unit.retention.given_service import contact, episode, service


def told(study, code, rules=None):
    return [f for f in build_episodes(study, rules).findings if f.code == code]


def of_the_log(study, words, rules=None):
    return [f for f in told(study, "SR26", rules) if words in f.problem]


@pytest.mark.parametrize("fault", [{"attended": math.nan}, {"date": None}, {"date": 9_000}])
def test_many_incomplete_contacts_are_warned_of_beside_the_rule_of_silence(base, fault):
    kept = [contact(1, 5 * i) for i in range(17)]
    broken = [contact(1, 3) | fault] * 3
    study = service(base, episodes=[episode(1)], contacts=kept + broken)
    (found,) = of_the_log(study, INCOMPLETE)
    assert found.severity.value == "warning"
    assert "3 of 20 contacts (15%) are incomplete" in found.problem
    assert "days_without_contact = 0" in found.remedy
    few = service(base, episodes=[episode(1)], contacts=[*kept, contact(1, 90)])
    assert of_the_log(few, INCOMPLETE) == []


def test_up_to_a_twentieth_and_without_the_rule_nothing_is_said(base):
    contacts = [contact(1, 5 * i) for i in range(19)] + [contact(1, 3, attended=math.nan)]
    study = service(base, episodes=[episode(1)], contacts=contacts)
    assert of_the_log(study, INCOMPLETE) == []
    study = service(base, episodes=[episode(1)], contacts=contacts[10:])
    assert len(of_the_log(study, INCOMPLETE)) == 1
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


def stopped(base, last, closed=500, cut=1000):
    """Four episodes; the log ends on a day, and all but the last were closed on it."""
    rows = [episode(i, close_date=last, close_reason="moved") for i in (1, 2, 3)]
    rows.append(episode(4, close_date=closed, close_reason="moved" if closed else ""))
    contacts = [contact(i, day) for i in (1, 2, 3, 4) for day in range(0, last + 1, 50)]
    return service(base, cut=cut, episodes=rows, contacts=contacts)


def test_a_log_that_stops_long_before_the_cut_while_episodes_go_on_is_warned_of(base):
    (found,) = told(stopped(base, 100, None), "SR26")
    assert found.severity.value == "warning"
    assert f"{STOPS} on 2024-04-10, 900 days before the last day covered" in found.problem
    assert "1 of 4 episodes (25%) are still open or were closed after it" in found.problem
    assert "days_without_contact = 0" in found.remedy
    assert len(of_the_log(stopped(base, 100, 500), STOPS)) == 1
    assert len(of_the_log(stopped(base, 100, 191, cut=None), STOPS)) == 1


def test_a_log_within_the_silence_or_after_which_nobody_goes_on_is_not_warned_of(base):
    assert told(stopped(base, 100, 190, cut=190), "SR26") == []
    assert told(stopped(base, 100, 190, cut=None), "SR26") == []
    assert told(stopped(base, 100, 100), "SR26") == []
    assert told(stopped(base, 100), "SR26", {"days_without_contact": 0}) == []


def test_many_closed_as_planned_after_a_silence_are_warned_of(base):
    rows = [episode(i, close_date=200, close_reason="goals met") for i in (1, 2, 3)]
    contacts = [contact(i, day) for i in (1, 2, 3) for day in (0, 80, 160)]
    whole = service(base, cut=200, episodes=rows, contacts=contacts)
    assert told(whole, "SR26") == []
    (found,) = told(service(base, cut=200, episodes=rows, contacts=contacts[:7]), "SR26")
    assert "1 of 3 episodes (33%) count as dropped out after 90 days" in found.problem
    assert PLANNED_LATER in found.problem
    moved = [row | {"close_reason": "moved"} for row in rows]
    assert told(service(base, cut=200, episodes=moved, contacts=contacts[:7]), "SR26") == []


@pytest.mark.parametrize("third", [None, {"attended": 0.0}, {"attended": math.nan}])
def test_many_first_contacts_that_the_log_does_not_know_are_warned_of(base, third):
    rows = [episode(i, first_contact_date=5, close_date=60, close_reason="moved") for i in (1, 2)]
    rows += [rows[0] | {"episode": "e3", "person": "p5"}, episode(4, close_date=60)]
    logged = [contact(i, day) for i in (1, 2) for day in range(5, 60, 2)]
    logged += [] if third is None else [contact(3, 5) | third]
    (found,) = told(service(base, cut=100, episodes=rows, contacts=logged), "SR26")
    assert found.problem.startswith("1 of 3 episodes with a first_contact_date (33%) have no")
    assert NOT_LOGGED in found.problem
    whole = service(base, cut=100, episodes=rows, contacts=[*logged, contact(3, 5)])
    assert told(whole, "SR26") == []


def test_the_report_tells_of_a_log_that_lacks_contacts_without_figures(base):
    rows = [
        episode(i, first_contact_date=5, close_date=400, close_reason="goals met") for i in (1, 2)
    ]
    study = service(base, episodes=rows, contacts=[contact(1, 5)])
    assert len(told(study, "SR26")) == 3
    notes = [n.text for n in describe_staying(study).notes]
    for words in ("stops long before", "closed as planned later", "no attended contact in the log"):
        (note,) = [text for text in notes if words in text]
        assert not any(sign.isdigit() for sign in note)


def test_the_example_stays_without_a_warning_of_its_log():
    root = Path(__file__).resolve().parents[3]
    study = load_study(root / "analyses" / "example_programme" / "study.toml")
    assert told(study, "SR26") == []
