"""Words of a file that messages may repeat, and headings that are identifiers themselves."""

from __future__ import annotations

import pytest

from splw_eval.core.findings import Severity
from splw_eval.data.headings import (
    UNSAID_REASON,
    holds_identifier,
    may_be_said,
    nearest,
    reason_said,
    sayable_names,
    variant,
)
from splw_eval.data.ledger import Ledger
from splw_eval.data.sheet import missing_columns
from splw_eval.data.tables import read_tables
from splw_eval.data.vocabulary import standard_vocabulary
from tests.unit.data.given_tables import MEASURES, PEOPLE, plan_with, sheet_of, valid
from tests.unit.data.identifiers.given_column import found

SOMEBODY = [
    "9434765919",
    "943 476 5919",
    "NHS 943-476-5919",
    "ask.her@example.org",
    "07700 900123",
    "call +44 7700 900123",
    "LS1 4AB",
    "Mrs Quigglesworth",
    "Joan Smith",
    "Smith, Joan",
]
UNSAID = ["Zebedee Quigglesworth", "Quigglesworth_Zebedee", "2025-01-05", "3", "Joan", "x" * 80]
SAID = ["phq_total", "Practice Name", "Total Score", "Date of Contact", "swemwbs 3", "Q12", "note"]


@pytest.mark.parametrize("heading", SOMEBODY)
def test_identifiers_and_names_are_told(heading):
    assert holds_identifier(heading)
    assert not may_be_said(heading)


@pytest.mark.parametrize("heading", UNSAID)
def test_what_may_be_a_name_or_data_is_not_repeated_and_not_refused(heading):
    assert not may_be_said(heading)
    assert not holds_identifier(heading)


@pytest.mark.parametrize("heading", SAID)
def test_plain_headings_are_repeated(heading):
    assert may_be_said(heading)


@pytest.mark.parametrize("heading", SOMEBODY)
def test_a_heading_that_is_an_identifier_is_refused_by_its_letter(heading):
    (fault,) = found(heading, ["1", "2", "1"])
    assert (fault.code, fault.severity, fault.column) == ("SW130", Severity.ERROR, "B")
    assert heading not in fault.sentence()


@pytest.mark.parametrize("heading", [*SOMEBODY, "Zebedee Quigglesworth"])
def test_no_heading_of_somebody_is_offered_in_place_of_a_missing_one(heading):
    ledger = Ledger()
    sheet = sheet_of(valid(plan_with()), 1, [["person", "wave", heading], ["p1", "baseline", "1"]])
    assert missing_columns(sheet, ledger)
    said = " ".join(f.sentence() for f in ledger.findings)
    assert heading not in said
    assert "person" in said


@pytest.mark.parametrize("heading", ["Phq", "PHQ", " phq_", "p h q"])
def test_headings_that_differ_only_in_how_they_are_written_are_offered(heading):
    assert nearest("phq", [heading, "phz"]) == f'; did you mean "{heading}"?'
    assert variant("phq", ["phz"]) == ""


def test_a_file_with_all_its_headings_in_capitals_gets_them_offered():
    ledger = Ledger()
    rows = [[cell.title() for cell in MEASURES[0]], *MEASURES[1:]]
    missing_columns(sheet_of(valid(plan_with()), 1, rows), ledger)
    assert 'did you mean "Person"?' in ledger.findings[0].problem


def test_columns_of_the_codebook_are_offered_their_own_headings():
    plan, ledger = valid(plan_with("contacts")), Ledger()
    contacts = [["Contact", "Episode", "Date", "Home Visit"], ["k1", "e1", "2025-01-05", "no"]]
    sheets = [sheet_of(plan, i, rows) for i, rows in enumerate((PEOPLE, MEASURES, contacts))]
    read_tables(plan, sheets, standard_vocabulary(), ledger)
    said = {f.code: f.problem for f in ledger.findings}
    assert 'episode (is it "Episode"?)' in said["SW55"]
    assert 'date (is it "Date"?)' in said["SW50"]
    assert 'home_visit (is it "Home Visit"?)' in said["SW50"]


@pytest.mark.parametrize(
    "label", ["refused", "Not Applicable", "died", "Don't know", "moved away", "Lost to follow-up"]
)
def test_short_reasons_are_said(label):
    assert reason_said(label) == label


@pytest.mark.parametrize(
    "label",
    ["Zebedee Quigglesworth", "ask Joan on 07700 900123", "refused because " * 4, "9434765919"],
)
def test_reasons_that_may_tell_of_somebody_are_not(label):
    assert reason_said(label) == UNSAID_REASON


def test_names_of_sheets_are_listed_without_those_of_people():
    assert sayable_names(["Data", "Joan Smith"]) == "Data, 1 whose name is not repeated here"
