"""Numbers outside what is plausible."""

from __future__ import annotations

import pytest

from splw_eval.core.findings import Severity
from splw_eval.data.checks.plausible import check, plausible
from splw_eval.data.codebook import codebook
from tests.unit.data.given_tables import EPISODES, MEASURES, PEOPLE, added, found, only, plan_with

CONTACTS = [["contact", "episode", "minutes"], ["c1", "e1", "45"]]
PLAN = plan_with("episodes", "contacts")
WORKERS = [["link_worker", "fte", "caseload"], ["w1", "1", "40"]]


@pytest.mark.parametrize("minutes", ["-1", "601"])
def test_minutes_out_of_reason_are_a_warning(minutes):
    contacts = [CONTACTS[0], ["c1", "e1", minutes]]
    warning = only(check, PLAN, PEOPLE, MEASURES, EPISODES, contacts)
    assert (warning.code, warning.severity, warning.rows) == ("SW78", Severity.WARNING, (2,))
    assert warning.column == "C (minutes)"


@pytest.mark.parametrize("minutes", ["0", "45", "600", ""])
def test_minutes_within_reason_are_no_finding(minutes):
    contacts = [CONTACTS[0], ["c1", "e1", minutes]]
    assert found(check, PLAN, PEOPLE, MEASURES, EPISODES, contacts) == {}


@pytest.mark.parametrize(
    ("fte", "caseload", "found_in"),
    [("1.5", "250", set()), ("37.5", "40", {"B (fte)"}), ("1", "900", {"C (caseload)"})],
)
def test_posts_and_caseloads_have_limits(fte, caseload, found_in):
    workers = [WORKERS[0], ["w1", fte, caseload]]
    codes = found(check, plan_with("link_workers"), PEOPLE, MEASURES, workers)
    assert {f.column for f in codes.get("SW78", ())} == found_in


def test_a_decile_runs_from_1_to_10():
    people = added(PEOPLE, "imd_decile", "10", "11")
    warning = only(check, plan_with(), people, MEASURES)
    assert warning.rows == (3,)
    assert "count as not known" in warning.remedy
    assert "as they stand" not in warning.remedy


def test_deciles_counted_from_0_get_a_hint():
    people = added(PEOPLE, "imd_decile", "0", "9")
    assert "0 to 9" in only(check, plan_with(), people, MEASURES).remedy


def test_the_limits_are_labelled_proposals_and_belong_to_numbers_of_the_codebook():
    limits = plausible()
    assert limits.status == "proposals"
    for table, columns in limits.ranges.items():
        for column, (low, high) in columns.items():
            assert codebook()[table][column].kind in {"number", "whole"}
            assert low < high
