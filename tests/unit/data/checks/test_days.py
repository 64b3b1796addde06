"""Dates that cannot be, or hardly can be."""

from __future__ import annotations

import datetime as dt

import pytest

from splw_eval.core.findings import Severity
from splw_eval.data.checks.days import check
from tests.unit.data.given_tables import EPISODES, MEASURES, PEOPLE, changed, found, only, plan_with

PLAN = plan_with("episodes", data_cut=dt.date(2025, 12, 31))
WORKERS = [["link_worker", "start_date", "end_date"], ["w1", "1995-05-01", "2027-05-01"]]


def given(column, value):
    return PLAN, PEOPLE, MEASURES, changed(EPISODES, 2, column, value)


def test_dates_in_order_before_the_cut_are_no_finding():
    assert found(check, PLAN, PEOPLE, MEASURES, EPISODES) == {}


@pytest.mark.parametrize(
    ("value", "code", "severity"),
    [
        ("1899-12-31", "SW76", Severity.ERROR),
        ("0025-03-01", "SW76", Severity.ERROR),
        ("2100-01-01", "SW76", Severity.ERROR),
        ("9999-12-31", "SW76", Severity.ERROR),
        ("1900-01-01", "SW79", Severity.WARNING),
        ("1999-12-31", "SW79", Severity.WARNING),
        ("2026-01-01", "SW80", Severity.WARNING),
    ],
)
def test_a_date_out_of_its_time_is_found(value, code, severity):
    finding = only(check, *given("first_contact_date", value))
    assert (finding.code, finding.severity, finding.rows) == (code, severity, (2,))
    assert finding.column == "D (first_contact_date)"


@pytest.mark.parametrize("value", ["2000-01-01", "2025-12-31"])
def test_the_limits_themselves_are_no_finding(value):
    assert found(check, *given("first_contact_date", value)) == {}


def test_a_close_before_the_referral_is_a_fault():
    fault = only(check, *given("close_date", "2025-01-09"))
    assert (fault.code, fault.severity, fault.rows) == ("SW77", Severity.ERROR, (2,))


def test_a_link_worker_may_have_long_been_in_post_with_a_contract_that_goes_on():
    plan = plan_with("link_workers", data_cut=dt.date(2025, 12, 31))
    assert found(check, plan, PEOPLE, MEASURES, WORKERS) == {}


def test_a_link_worker_cannot_leave_before_they_start():
    workers = changed(WORKERS, 2, "end_date", "1995-04-30")
    assert only(check, plan_with("link_workers"), PEOPLE, MEASURES, workers).code == "SW77"


@pytest.mark.parametrize(
    ("value", "code", "severity"),
    [
        ("1899-12-31", "SW76", Severity.ERROR),
        ("1961-05-03", "SW79", Severity.WARNING),
        ("2026-01-01", "SW80", Severity.WARNING),
    ],
)
def test_a_time_zero_out_of_its_time_is_found_wherever_its_column_stands(value, code, severity):
    people = changed(PEOPLE, 3, "referred", value)
    finding = only(check, PLAN, people, MEASURES, EPISODES)
    assert (finding.code, finding.severity, finding.rows) == (code, severity, (3,))
    assert (finding.file, finding.column) == ("people.csv", "B (referred)")


@pytest.mark.parametrize(
    ("value", "code", "severity"),
    [
        ("0025-03-01", "SW76", Severity.ERROR),
        ("1899-12-31", "SW76", Severity.ERROR),
        ("2125-03-01", "SW76", Severity.ERROR),
        ("1960-03-01", "SW79", Severity.WARNING),
    ],
)
def test_so_is_a_date_of_measurement(value, code, severity):
    finding = only(check, PLAN, PEOPLE, changed(MEASURES, 3, "date", value), EPISODES)
    assert (finding.code, finding.severity, finding.rows) == (code, severity, (3,))
    assert (finding.file, finding.column) == ("measures.csv", "C (date)")


def test_the_end_of_a_contract_may_lie_far_ahead():
    workers = changed(WORKERS, 2, "end_date", "2150-01-01")
    assert found(check, plan_with("link_workers"), PEOPLE, MEASURES, workers) == {}
