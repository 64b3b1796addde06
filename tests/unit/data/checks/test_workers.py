"""Link workers, practices and the tables that describe them."""

from __future__ import annotations

import pytest

from splw_eval.core.findings import Severity
from splw_eval.data.checks.workers import check, practice_by_worker
from tests.unit.data.given_tables import (
    EPISODES,
    MEASURES,
    changed,
    found,
    loaded_of,
    only,
    plan_with,
)

PEOPLE = [
    ["person", "cluster", "link_worker", "referred"],
    ["p1", "x", "w1", "2025-01-10"],
    ["p2", "y", "w2", "2025-01-10"],
]
CONTACTS = [
    ["contact", "episode", "link_worker"],
    ["c1", "e1", "w1"],
    ["c2", "e1", "w1"],
    ["c3", "e2", "w2"],
]
WORKERS = [["link_worker", "role_title"], ["w1", "Connector"], ["w2", "Connector"]]
PRACTICES = [["cluster"], ["x"], ["y"]]
PLAN = plan_with("episodes", "contacts", "link_workers", "clusters")


def given(people=PEOPLE, contacts=CONTACTS, workers=WORKERS, practices=PRACTICES):
    return PLAN, people, MEASURES, EPISODES, contacts, workers, practices


def test_link_workers_of_one_practice_with_a_row_each_are_no_finding():
    assert found(check, *given()) == {}


def test_a_link_worker_without_a_row_of_their_own_is_a_warning():
    warning = only(check, *given(contacts=changed(CONTACTS, 3, "link_worker", "w9")))
    assert (warning.code, warning.severity) == ("SW61", Severity.WARNING)
    assert (warning.file, warning.rows) == ("contacts.csv", (3,))
    assert "w9" not in warning.sentence()


def test_a_contact_without_a_link_worker_is_another_matter():
    assert found(check, *given(contacts=changed(CONTACTS, 3, "link_worker", ""))) == {}


def test_a_practice_without_a_row_of_its_own_is_a_warning():
    warning = only(check, *given(practices=PRACTICES[:2]))
    assert (warning.code, warning.file, warning.rows) == ("SW61", "people.csv", (3,))


def test_a_link_worker_of_two_practices_is_said_and_not_nested():
    warning = only(check, *given(contacts=changed(CONTACTS, 4, "link_worker", "w1")))
    assert (warning.code, warning.severity) == ("SW70", Severity.WARNING)
    assert (warning.file, warning.rows) == ("people.csv", (2, 3))
    assert "not treated as part of one practice" in warning.remedy


def test_people_are_counted_by_practice_and_link_worker_once_each():
    loaded = loaded_of(*given(contacts=[*CONTACTS, ["c4", "e2", "w1"]]))
    held = practice_by_worker(loaded)
    assert held is not None
    pairs = zip(held.practice, held.worker, held.people, strict=True)
    assert [tuple(map(int, pair)) for pair in pairs] == [(0, 0, 1), (1, 0, 1), (1, 1, 1)]
    assert held.workers_of_several == 1


def test_without_contacts_the_first_link_worker_of_each_person_counts():
    people = changed(PEOPLE, 3, "link_worker", "w1")
    held = practice_by_worker(loaded_of(plan_with(), people, MEASURES))
    assert held is not None
    assert held.workers_of_several == 1
    assert only(check, plan_with(), people, MEASURES).code == "SW70"


@pytest.mark.parametrize("gone", ["cluster", "link_worker"])
def test_without_practices_or_link_workers_there_is_nothing_to_count(gone):
    kept = [i for i, name in enumerate(PEOPLE[0]) if name != gone]
    people = [[row[i] for i in kept] for row in PEOPLE]
    assert practice_by_worker(loaded_of(plan_with(), people, MEASURES)) is None
    assert found(check, plan_with(), people, MEASURES) == {}
