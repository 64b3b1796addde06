"""Questionnaires against their waves."""

from __future__ import annotations

import pytest

from splw_eval.core.findings import Severity
from splw_eval.data.checks.waves import check
from tests.unit.data.given_tables import (
    EPISODES,
    MEASURES,
    PEOPLE,
    added,
    changed,
    found,
    only,
    plan_with,
)

PLAN = plan_with()
SERVED = plan_with("episodes", "contacts")
CONTACTS = [
    ["contact", "episode", "date", "attended"],
    ["c1", "e1", "2025-02-01", "yes"],
    ["c2", "e2", "2025-02-01", "yes"],
]


def test_baseline_then_follow_up_is_no_finding():
    assert found(check, SERVED, PEOPLE, MEASURES, EPISODES, CONTACTS) == {}


def test_follow_up_without_a_baseline_is_a_warning():
    warning = only(check, PLAN, PEOPLE, [MEASURES[0], *MEASURES[2:]])
    assert (warning.code, warning.severity) == ("SW62", Severity.WARNING)
    assert (warning.file, warning.rows) == ("measures.csv", (2,))


def test_a_baseline_of_another_outcome_is_none():
    plan = plan_with()
    plan["outcomes"] = [
        plan["outcomes"][0],
        plan["outcomes"][0] | {"name": "gad7", "label": "Anxiety", "role": "secondary"},
    ]
    plan["files"][1]["scores"] = {"phq9": "phq", "gad7": "gad"}
    warning = only(check, plan, PEOPLE, added(MEASURES, "gad", "", "7", "3"))
    assert (warning.code, warning.rows) == ("SW62", (3,))


@pytest.mark.parametrize("day", ["2025-01-12", "2025-01-11"])
def test_a_follow_up_that_is_not_later_than_baseline_is_a_warning(day):
    warnings = found(check, PLAN, PEOPLE, changed(MEASURES, 3, "date", day))
    assert [f.rows for f in warnings["SW63"]] == [(3,)]


def test_two_records_of_one_wave_are_in_no_order():
    again = [*MEASURES, ["p1", "baseline", "2025-01-12", "10"]]
    assert "SW63" not in found(check, PLAN, PEOPLE, again)


def test_a_baseline_after_the_first_contact_is_a_warning():
    episodes = changed(EPISODES, 2, "first_contact_date", "2025-01-11")
    warning = only(check, SERVED, PEOPLE, MEASURES, episodes, CONTACTS)
    assert (warning.code, warning.file, warning.rows) == ("SW64", "measures.csv", (2,))


@pytest.mark.parametrize(("attended", "codes"), [("yes", {"SW64"}), ("no", set()), ("", set())])
def test_only_a_contact_that_took_place_comes_before_baseline(attended, codes):
    contacts = changed(changed(CONTACTS, 3, "date", "2025-01-11"), 3, "attended", attended)
    assert set(found(check, SERVED, PEOPLE, MEASURES, EPISODES, contacts)) == codes


def test_a_new_version_at_a_later_wave_is_a_warning():
    measures = added(MEASURES, "version", "A", "B", "A")
    warning = only(check, PLAN, PEOPLE, measures)
    assert (warning.code, warning.column, warning.rows) == ("SW71", "E (version)", (3,))


@pytest.mark.parametrize("versions", [("A", " a", "B"), ("A", "", ""), ("", "B", "A")])
def test_one_version_a_person_is_no_finding(versions):
    assert found(check, PLAN, PEOPLE, added(MEASURES, "version", *versions)) == {}
