"""Uptake and delivery as results of the report: the numbers of the functions beneath."""

from __future__ import annotations

from typing import Any

import pytest

from splw_eval.data import Study
from splw_eval.retention import reported
from splw_eval.retention.delivery.caseload import worker_caseload
from splw_eval.retention.delivery.continuity import worker_continuity
from splw_eval.retention.delivery.dose import contact_dose
from splw_eval.retention.delivery.funnel import uptake_funnel
from splw_eval.retention.delivery.reasons import ending_reasons
from splw_eval.retention.reported.told import records_of
from tests.unit.retention.given_delivery import EPISODES, delivery, without
from tests.unit.retention.given_reported import measured, served


@pytest.fixture(scope="module")
def study(tmp_path_factory) -> Study:
    """Two arms of which one has episodes."""
    return served(measured(tmp_path_factory.mktemp("given"), 90, 30), 90)


def test_stages_are_those_of_the_funnel_and_each_adds_up_to_all_referred(study):
    rows: Any = reported.describe_uptake(study).rows
    table = records_of(uptake_funnel(study, by="arm").table)
    assert [(r.stage, r.passed, r.share_passed) for r in rows] == [
        (held["stage"], held["passed"], held["of_referred"]) for held in table
    ]
    for r in rows:
        assert r.passed + r.others == r.referred == 90
        assert r.others == r.not_reached + r.skipped + r.still_open + r.not_known
        assert r.implied <= r.passed


def test_a_stage_that_no_file_can_say_has_no_count_and_a_reason(base):
    rows: Any = reported.describe_uptake(delivery(base, support=None)).rows
    linked = [r for r in rows if r.stage == "linked"]
    assert linked
    assert all((r.passed, r.others, r.share_passed) == (None, None, None) for r in linked)
    assert all(r.reason.startswith("not recorded") for r in linked)


def test_reasons_of_a_group_are_all_of_those_that_ended(study):
    found: Any = reported.describe_endings(study)
    table = ending_reasons(study, by="arm").table
    assert [r.n for r in found.rows] == table["n"].tolist()
    assert sum(r.n for r in found.rows) == found.rows[0].ended
    assert all(r.n + r.others == r.ended for r in found.rows)


def test_what_was_given_is_that_of_the_function_beneath(study):
    found = contact_dose(study, by="arm")
    dose: Any = reported.describe_dose(study).rows
    per_person = records_of(found.per_person)
    assert [r.median for r in dose] == [
        100 * h["median"] if h["unit"] == "share" else h["median"] for h in per_person
    ]
    modes: Any = reported.describe_modes(study).rows
    assert [r.contacts for r in modes] == found.by_mode["contacts"].tolist()
    assert sum(r.contacts for r in modes) == modes[0].of_contacts
    components: Any = reported.describe_components(study).rows
    assert [r.n for r in components] == found.by_component["people"].tolist()
    assert all(r.n + r.others == r.of == 90 for r in components)


def test_levels_declared_and_derived_each_add_up_to_all_people(study):
    rows: Any = reported.describe_levels(study).rows
    for kind in ("declared", "derived"):
        own = [r for r in rows if r.kind == kind]
        assert sum(r.n for r in own) == own[0].of == 90
        assert all(r.n + r.others == r.of for r in own)


def test_open_cases_are_counted_month_by_month_as_beneath(study):
    table = worker_caseload(study).table
    rows: Any = reported.describe_caseload(study).rows
    assert [r.cases for r in rows] == table["cases"].tolist()
    assert all(abs(r.median - m) <= 0.5 for r, m in zip(rows, table["median"], strict=True))
    assert all(r.workers == 6 for r in rows[2:])


def test_people_seen_are_parted_by_how_many_link_workers_they_met(study):
    (held,) = records_of(worker_continuity(study, by="arm").table)
    row: Any = reported.describe_continuity(study).rows[0]
    assert row.one_worker + row.two_workers + row.three_or_more == row.seen == held["seen"]
    assert row.several == row.seen - row.one_worker
    assert row.share_one == held["one_worker"] / held["seen"]


def test_one_group_has_the_name_that_the_plan_gives_it(tmp_path):
    study = served(measured(tmp_path, 20), 20)
    asked: tuple[Any, ...] = (
        reported.describe_uptake, reported.describe_dose, reported.describe_endings,
        reported.describe_continuity,
    )  # fmt: skip
    for ask in asked:
        assert {r.group for r in ask(study).rows} == set(study.plan.groups)


def test_without_close_reasons_nothing_is_ranked_and_the_note_says_why(base):
    found = reported.describe_endings(delivery(base, episodes=without(EPISODES, "close_reason")))
    assert found.rows == ()
    assert any("nothing is known of why people left" in note.text for note in found.notes)


def test_findings_that_count_people_are_in_no_note(study):
    told = uptake_funnel(study).findings
    assert any(f.code == "SR43" for f in told)  # counts referrals that contradict each other
    notes = " ".join(n.text for n in reported.describe_uptake(study).notes)
    assert "have a record of a later stage" not in notes
