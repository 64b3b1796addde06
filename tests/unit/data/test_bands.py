"""Bands of ages: which forms are read, and that nothing else of such a column goes further."""

from __future__ import annotations

import pytest

from splw_eval.core.findings import Severity
from splw_eval.data.bands import age_band
from tests.unit.data.given_tables import MEASURES, PEOPLE, added, plan_with, tables_of

NAME = "Zebedee Quigglesworth"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("45-54", "45-54"),
        ("45\u201354", "45-54"),
        ("45 - 54", "45-54"),
        ("45 to 54", "45-54"),
        ("45 TO 54 years", "45-54"),
        ("Aged 45-54", "45-54"),
        ("85+", "85+"),
        ("85 and over", "85+"),
        ("75 or over", "75+"),
        ("85 years and over", "85+"),
        (">=85", "85+"),
        ("<18", "under 18"),
        ("Under 18", "under 18"),
        ("under 18 years", "under 18"),
    ],
)
def test_a_band_is_kept_in_one_form_however_it_is_written(written, kept):
    assert age_band(written) == kept


@pytest.mark.parametrize(
    "written",
    [
        "47",
        "47.0",
        "54-45",
        "45-45",
        "45-540",
        "1945-1954",
        "130+",
        "under 0",
        "Oct-18",
        "2025-10-18",
        "18/10/2025",
        "NULL",
        "over 85s club",
        NAME,
        "45-54 " + NAME,
        "",
    ],
)
def test_single_ages_dates_words_and_names_are_no_bands(written):
    assert age_band(written) == ""


def people_with(*cells):
    rows = [*PEOPLE, *([f"p{i + 3}", "2025-01-10"] for i in range(len(cells) - 2))]
    tables, findings = tables_of(plan_with(), added(rows, "age_band", *cells), MEASURES)
    faults = [finding for finding in findings if finding.code == "SW04"]
    return tables["people"].columns["age_band"].tolist(), faults


def test_what_is_no_band_is_a_fault_by_its_row_and_goes_no_further():
    held, findings = people_with("45\u201354", NAME, "<18", "")
    assert held == ["45-54", "", "under 18", ""]
    (fault,) = findings
    assert (fault.code, fault.severity, fault.rows) == ("SW04", Severity.ERROR, (3,))
    assert fault.column == "C (age_band)"
    assert NAME not in fault.sentence()


@pytest.mark.parametrize(
    ("cell", "word"), [("Oct-18", "Excel"), ("2025-10-18", "Excel"), ("NULL", "missing code")]
)
def test_dates_that_a_spreadsheet_made_and_codes_get_their_own_remedy(cell, word):
    _, findings = people_with("45-54", cell)
    assert word in findings[0].remedy
    assert cell not in findings[0].sentence()
