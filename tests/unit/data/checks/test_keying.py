"""Answers coded from another first number."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.core.findings import Severity
from splw_eval.data.checks.keying import check
from splw_eval.data.keying import keying_hint
from tests.unit.data.given_tables import MEASURES, PEOPLE, changed, found, only, plan_with
from tests.unit.given_study import outcome


@pytest.mark.parametrize(
    ("values", "limits", "hint"),
    [
        ([0, 1, 3], (1, 4), "0 to 3"),
        ([1, 2, 4], (0, 3), "1 to 4"),
        ([0, 1, 4], (1, 4), ""),  # both ends are used: one of them is a slip
        ([0, 4], (0, 3), ""),
        ([1, 2, 9], (0, 3), ""),
        ([1, 2, 3], (1, 4), ""),
        ([0.5, 3], (1, 4), ""),
        ([], (1, 4), ""),
    ],
)
def test_answers_one_too_low_or_too_high_throughout_get_a_hint(values, limits, hint):
    said = keying_hint(np.array([*values, np.nan], dtype=float), limits)
    assert (hint in said) if hint else said == ""


@pytest.mark.parametrize(
    ("instrument", "values", "limits", "hint"),
    [
        ("UCLA-3", [0, 2, 6], (3, 9), "0 to 6"),
        ("UCLA-3", [4, 9], (0, 6), "3 to 9"),
        ("SWEMWBS", [7, 20, 35], (14, 70), "7 to 35"),
        ("SWEMWBS", [21, 48, 66], (7, 35), "14 to 70, the range of another questionnaire, Warw"),
        ("swemwbs", [21.5, 48, 66], (7, 35), "14 to 70"),
        ("wemwbs", [8, 20, 35], (14, 70), "7 to 35"),
        ("GAD-7 total", [2, 9, 25], (0, 21), "0 to 27, the range of another questionnaire"),
        ("WHO-5", [8, 60, 100], (0, 25), "0 to 100, the range of its score percentage"),
        ("hads", [5, 20, 39], (0, 21), "0 to 42, as if anxiety and depression were added"),
        ("ucla3", [1, 2, 6], (3, 9), "0 to 6"),
        ("One question", [0, 6], (3, 9), ""),
        ("SWEMWBS", [*[22] * 30, 50], (7, 35), ""),  # one is a slip, and no other questionnaire
    ],
)
def test_another_usual_range_of_the_questionnaire_is_offered(instrument, values, limits, hint):
    said = keying_hint(np.array(values, dtype=float), limits, instrument)
    assert (hint in said) if hint else said == ""


def plan_with_item(out_of_range):
    told = outcome(instrument="One question", range=[1, 4], out_of_range=out_of_range)
    return plan_with(outcomes=[told])


def scored(*scores):
    rows = MEASURES
    for row, score in enumerate(scores, start=2):
        rows = changed(rows, row, "phq", score)
    return rows


def test_scores_set_to_missing_that_another_first_number_explains_are_a_warning():
    warning = only(check, plan_with_item("missing"), PEOPLE, scored("0", "3", "2"))
    assert (warning.code, warning.severity) == ("SW74", Severity.WARNING)
    assert (warning.file, warning.column) == ("measures.csv", "D (phq)")


def test_scores_within_their_range_are_no_finding():
    assert found(check, plan_with_item("missing"), PEOPLE, scored("1", "4", "2")) == {}
