"""Dates of birth, exact ages, and free text."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from splw_eval.core.findings import Severity
from splw_eval.data.identifiers.refusal import refuse_identifiers
from splw_eval.data.ledger import Ledger
from tests.unit.data.identifiers.given_column import codes, found, plan, sheet

BIRTHS = [dt.date(1940 + 3 * i, 1 + i % 12, 1 + i) for i in range(20)]
REFERRALS = [dt.date(2025, 1 + i % 12, 1 + i) for i in range(20)]
NOTES = [
    "Came in on Monday and talked about the allotment for a while",
    "Her daughter has moved away and she would like some company",
    "Worried about the rent, going with her to the advice centre",
]


def written(dates, form="%Y-%m-%d"):
    return [date.strftime(form) for date in dates]


def typed(dates):
    return np.array(dates, dtype="M8[D]")


@pytest.mark.parametrize("heading", ["dob", "DateOfBirth", "birth_date", "Born"])
@pytest.mark.parametrize("form", ["%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d %b %Y", "%Y%m%d"])
def test_dates_of_birth_are_refused_by_their_heading(heading, form):
    (finding,) = found(heading, written(BIRTHS, form))
    assert (finding.code, finding.severity) == ("SW94", Severity.ERROR)
    assert "age_band" in finding.remedy


def test_typed_dates_of_birth_are_refused_by_their_heading():
    (finding,) = found("dob", typed([*BIRTHS, None]))
    assert (finding.code, len(finding.rows)) == ("SW94", 20)
    assert codes("dob", np.array([20_000.0, 21_000.0])) == ["SW94"]


@pytest.mark.parametrize("write", [written, typed])
def test_dates_a_life_before_the_study_are_refused_under_any_heading(write):
    of = plan("people", referral_date="ref")
    assert codes("d1", write(BIRTHS), of, ref=write(REFERRALS)) == ["SW94"]
    assert codes("d1", write(BIRTHS), ref=write(REFERRALS)) == ["SW94"]


def test_dates_that_spread_over_a_life_are_refused_where_nothing_else_is_dated():
    assert codes("d1", written(BIRTHS)) == ["SW94"]


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%d/%m/%Y"])
def test_dates_of_referral_are_not_dates_of_birth(form):
    assert codes("d1", written(REFERRALS, form)) == []
    earlier = [dt.date(2019 + i % 6, 1, 1 + i) for i in range(20)]
    assert codes("d1", written(earlier, form), d2=written(REFERRALS, form)) == []


@pytest.mark.parametrize("heading", ["birth_weight", "country_of_birth", "place_of_birth"])
def test_other_words_about_birth_are_not_refused(heading):
    assert codes(heading, ["3.2", "2.9", "Kenya"]) == []


@pytest.mark.parametrize("cells", [["34", "51", "67"], np.array([34.0, 51.0, 67.0, np.nan])])
def test_ages_in_single_years_are_a_warning(cells):
    (finding,) = found("age", cells)
    assert (finding.code, finding.severity) == ("SW105", Severity.WARNING)


def test_ages_of_ninety_and_more_are_a_warning_of_their_own():
    (_, finding) = found("age_at_referral", ["34", "90", "93"])
    assert (finding.code, finding.rows) == ("SW106", (3, 4))


def test_years_of_birth_are_a_warning():
    assert codes("year_of_birth", ["1950", "1961"]) == ["SW105"]


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("age_band", ["45-54", "85+"]),
        ("age_group", ["1", "2", "34"]),
        ("age", ["1", "2", "3"]),
        ("age", ["45", "50", "55"]),
        ("ageing_score", ["34", "51"]),
        ("stage", ["34", "51"]),
        ("phq", ["0", "27", "63"]),
    ],
)
def test_what_is_no_exact_age(heading, cells):
    assert codes(heading, cells) == []


def test_free_text_that_nobody_needs_is_dropped_with_a_warning():
    of, ledger = plan(), Ledger()
    (kept,) = refuse_identifiers(of, [sheet(of, "notes", NOTES, phq_0=["1", "2", "3"])], ledger)
    (finding,) = ledger.findings
    assert (finding.code, finding.severity) == ("SW103", Severity.WARNING)
    assert finding.column == "B (notes)"
    assert "notes" not in kept.cells
    assert kept.place("phq_0") == "C (phq_0)"


def test_free_text_is_dropped_before_anything_in_it_is_looked_for():
    cells = [*NOTES, "Ring Mrs Smith on 07700 900123 or write to her, smith@example.org, please"]
    assert codes("notes", cells) == ["SW103"]


def test_one_long_note_is_enough():
    assert codes("other", ["", "yes", "no", " ".join(NOTES)]) == ["SW103"]


def test_free_text_in_a_column_that_is_needed_stops_the_run():
    of = plan("episodes", reason="why")
    cells = [f"{NOTES[i % 3]}, visit {i}" for i in range(12)]
    (finding,) = found("why", cells, of)
    assert (finding.code, finding.severity) == ("SW104", Severity.ERROR)
    assert codes("reason", cells, plan("episodes")) == ["SW104"]


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("why", [f"Loneliness or isolation; Debt and money advice; {i}" for i in range(30)]),
        ("answer", ["I have been feeling optimistic about the future: none of the time"] * 9),
        ("ethnicity", ["Asian or Asian British - Any other Asian background", "White"] * 9),
        ("title", ["Level 3 certificate in social prescribing"] * 4),
    ],
)
def test_lists_and_categories_are_not_free_text(heading, cells):
    assert codes(heading, cells, plan("episodes", reason="why")) == []


def test_what_link_workers_learned_may_be_said_in_words():
    assert codes("training", NOTES, plan("link_workers")) == []


def test_files_without_anything_to_refuse_come_back_as_they_are():
    of, ledger = plan(), Ledger()
    given = sheet(of, "phq_0", ["1", "2"])
    assert refuse_identifiers(of, [given], ledger) == [given]
    assert refuse_identifiers(of, [given], ledger)[0] is given
    assert ledger.findings == []


@pytest.mark.parametrize("largest", [63, 9_999_999])
def test_numbers_too_small_to_identify_anybody_are_never_written_out(monkeypatch, largest):
    def written_out(*_):
        raise AssertionError("A column of scores was turned into text.")

    monkeypatch.setattr("splw_eval.data.identifiers.refusal.texts", written_out)
    scores = np.array([0.0, 7.5, largest, np.nan])
    assert codes("phq_0", scores) == []
    assert codes("other", scores) == []


def test_study_numbers_of_ten_digits_kept_as_numbers_are_never_written_out(monkeypatch):
    monkeypatch.setattr("splw_eval.data.identifiers.refusal.texts", None)
    assert codes("other", 4_400_000_000.0 + np.arange(1000)) == []


def test_a_column_without_any_value_holds_nothing_to_refuse():
    assert codes("surname", ["", ""]) == []
    assert codes("dob", np.array([np.nan, np.nan])) == []
    assert codes("dob", typed([None, None])) == []
