"""Tables that contradict each other on who had the programme."""

from __future__ import annotations

import pytest

from splw_eval.core.findings import Severity
from splw_eval.data.checks.contradictions import check
from tests.unit.data.given_tables import EPISODES, MEASURES, PEOPLE, added, found, only, plan_with
from tests.unit.given_study import ARMS

CONTACTS = [["contact", "episode", "date", "attended"], ["c1", "e1", "2025-02-01", "yes"]]
COHORT = plan_with(design="controlled_cohort", arms=[dict(arm) for arm in ARMS])
COHORT["files"][0]["columns"] = COHORT["files"][0]["columns"] | {"arm": "arm"}
IN_ARMS = added(PEOPLE, "arm", "link", "usual")


def with_tables(plan, *tables):
    more = [{"table": table, "path": f"{table}.csv"} for table in tables]
    return plan | {"files": [*plan["files"], *more]}


def test_a_comparison_person_with_a_link_worker_is_a_warning():
    people = added(IN_ARMS, "link_worker", "w1", "w2")
    warning = only(check, COHORT, people, MEASURES)
    assert (warning.code, warning.severity, warning.rows) == ("SW133", Severity.WARNING, (3,))
    assert warning.column == "D (link_worker)"
    assert found(check, COHORT, added(IN_ARMS, "link_worker", "w1", ""), MEASURES) == {}


def test_so_is_one_with_an_episode():
    warning = only(check, with_tables(COHORT, "episodes"), IN_ARMS, MEASURES, EPISODES)
    assert (warning.code, warning.rows, warning.file) == ("SW133", (3,), "episodes.csv")


def test_without_a_comparison_group_nobody_contradicts_anything():
    people = added(PEOPLE, "link_worker", "w1", "w2")
    assert found(check, plan_with("episodes"), people, MEASURES, EPISODES) == {}


@pytest.mark.parametrize(
    ("accepted", "attended", "rows"), [("no", "yes", (2,)), ("no", "no", ()), ("yes", "yes", ())]
)
def test_an_offer_that_was_not_taken_up_has_no_contact_that_took_place(accepted, attended, rows):
    episodes = added(EPISODES, "accepted", accepted, "yes")
    contacts = [CONTACTS[0], ["c1", "e1", "2025-02-01", attended]]
    findings = found(check, plan_with("episodes", "contacts"), PEOPLE, MEASURES, episodes, contacts)
    assert [f.rows for f in findings.get("SW134", [])] == ([rows] if rows else [])
