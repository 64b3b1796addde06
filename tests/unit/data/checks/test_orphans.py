"""Rows that belong to nothing."""

from __future__ import annotations

from splw_eval.core.findings import Severity
from splw_eval.data.checks.orphans import check
from tests.unit.data.given_tables import EPISODES, MEASURES, PEOPLE, changed, found, only, plan_with

CONTACTS = [["contact", "episode"], ["c1", "e1"], ["c2", "e2"]]
SUPPORT = [["episode", "category"], ["e1", "listening"], ["e2", "coaching"]]
USE = [["person", "month"], ["p1", "2025-01"], ["p2", "2025-01"]]
PLAN = plan_with("episodes", "contacts", "support", "service_use")
FILES = (PEOPLE, MEASURES, EPISODES, CONTACTS, SUPPORT, USE)


def with_file(place, rows):
    return [rows if i == place else file for i, file in enumerate(FILES)]


def test_rows_that_all_belong_somewhere_are_no_finding():
    assert found(check, PLAN, *FILES) == {}


def test_a_contact_of_an_unknown_episode_is_a_fault():
    fault = only(check, PLAN, *with_file(3, changed(CONTACTS, 3, "episode", "e9")))
    assert (fault.code, fault.severity) == ("SW60", Severity.ERROR)
    assert (fault.file, fault.column, fault.rows) == ("contacts.csv", "B (episode)", (3,))
    assert "e9" not in fault.sentence()


def test_support_without_an_episode_is_a_fault():
    fault = only(check, PLAN, *with_file(4, changed(SUPPORT, 2, "episode", "")))
    assert (fault.file, fault.rows) == ("support.csv", (2,))


def test_an_episode_of_an_unknown_person_is_a_fault():
    fault = only(check, PLAN, *with_file(2, changed(EPISODES, 3, "person", "p9")))
    assert (fault.file, fault.rows) == ("episodes.csv", (3,))


def test_service_use_of_an_unknown_person_is_a_fault():
    fault = only(check, PLAN, *with_file(5, changed(USE, 2, "person", "p9")))
    assert (fault.file, fault.rows) == ("service_use.csv", (2,))


def test_contacts_need_the_episodes_that_they_belong_to():
    fault = only(check, plan_with("contacts"), PEOPLE, MEASURES, CONTACTS)
    assert fault.code == "SW60"
    assert "no file holds episodes" in fault.problem


def test_a_table_of_episodes_without_its_key_makes_no_orphans():
    episodes = [row[1:] for row in EPISODES]
    assert found(check, PLAN, *with_file(2, episodes)) == {}


def test_pseudonyms_that_lost_their_zeros_are_told():
    people = [PEOPLE[0], ["007", "2025-01-10"], ["p2", "2025-01-10"]]
    measures = changed(changed(MEASURES, 2, "person", "007"), 3, "person", "007")
    episodes = changed(EPISODES, 2, "person", "7")
    use = changed(USE, 2, "person", "p2")
    use[2][1] = "2025-02"
    files = (people, measures, episodes, CONTACTS, SUPPORT, use)
    assert "zeros in front" in only(check, PLAN, *files).remedy
