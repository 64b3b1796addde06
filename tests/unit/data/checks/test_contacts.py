"""Contacts against their episodes."""

from __future__ import annotations

import pytest

from splw_eval.core.findings import Severity
from splw_eval.data.checks.contacts import check
from tests.unit.data.given_tables import EPISODES, MEASURES, PEOPLE, changed, found, only, plan_with

PLAN = plan_with("episodes", "contacts")
CONTACTS = [
    ["contact", "episode", "date", "attended"],
    ["c1", "e1", "2025-02-01", "yes"],
    ["c2", "e2", "2026-02-01", "no"],
]


def given(contacts=CONTACTS, episodes=EPISODES):
    return PLAN, PEOPLE, MEASURES, episodes, contacts


def test_contacts_inside_their_episode_are_no_finding():
    assert found(check, *given()) == {}


@pytest.mark.parametrize(
    ("day", "word"), [("2025-01-09", "before the referral"), ("2025-06-02", "after the close")]
)
def test_a_contact_outside_its_episode_is_a_warning(day, word):
    warning = only(check, *given(changed(CONTACTS, 2, "date", day)))
    assert (warning.code, warning.severity, warning.rows) == ("SW66", Severity.WARNING, (2,))
    assert word in warning.problem


@pytest.mark.parametrize("day", ["2025-01-10", "2025-06-01"])
def test_the_days_of_referral_and_of_close_are_inside(day):
    assert found(check, *given(changed(CONTACTS, 2, "date", day))) == {}


def test_the_first_contact_of_an_episode_is_held_to_the_same():
    episodes = changed(EPISODES, 3, "first_contact_date", "2025-01-01")
    warning = only(check, *given(episodes=episodes))
    assert (warning.file, warning.rows) == ("episodes.csv", (3,))


def test_attended_left_empty_is_counted_and_said():
    warning = only(check, *given(changed(CONTACTS, 3, "attended", "")))
    assert (warning.code, warning.rows, warning.of_rows) == ("SW67", (3,), 2)
    assert "counts as not attended" in warning.problem


def test_a_file_without_the_column_is_not_said_to_be_empty():
    assert found(check, *given([row[:3] for row in CONTACTS])) == {}
