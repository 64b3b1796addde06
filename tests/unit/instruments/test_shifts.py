"""Questionnaires keyed from another first number: told, never half dropped."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

import splw_eval
from splw_eval.core.errors import DataError
from splw_eval.instruments import read_catalogue
from splw_eval.instruments.options import choose
from splw_eval.instruments.shifts import lowest_unused, shift_of, shifts_of

CATALOGUE = read_catalogue()
PHQ9 = CATALOGUE["phq9"]


def phq(*rows):
    return pd.DataFrame(list(rows), columns=[f"phq9_{i}" for i in range(1, 10)])


@pytest.mark.parametrize(
    ("answers", "codes", "shift"),
    [
        ([1, 2, 4], (0, 3), 1),
        ([1, 2, 4, np.nan], (0, 3), 1),
        ([1, 2, 4, 99, -9], (0, 3), 1),  # what usually means missing counts for nothing
        ([0, 2, 4], (0, 3), 0),
        ([1, 2, 3], (0, 3), 0),
        ([1, 2, 4, 7], (0, 3), 0),
        ([0, 1, 4], (1, 5), -1),
        ([0, 1, 5], (1, 5), 0),
        ([-1, 0, 2], (0, 3), 0),  # nobody keys from -1
        ([50, 101], (0, 100), 0),
        ([1.5, 4], (0, 3), 0),
        ([], (0, 3), 0),
    ],
)
def test_a_shift_is_one_that_explains_every_answer(answers, codes, shift):
    assert shift_of(np.array(answers, dtype=float), codes) == shift


def test_items_with_the_same_codes_are_looked_at_together():
    rows = phq([1] * 8 + [4], [2] * 9).to_numpy(dtype=float)
    chosen = choose(PHQ9, {})
    assert set(shifts_of(rows.T, PHQ9, chosen).values()) == {1}
    rows[0, 0] = 0
    assert set(shifts_of(rows.T, PHQ9, chosen).values()) == {0}


def test_one_item_alone_may_be_shifted_where_it_has_many_answers():
    rows = np.zeros((30, 9))
    rows[:, 4] = 1 + np.arange(30) % 4
    assert shifts_of(rows.T, PHQ9, choose(PHQ9, {}))["5"] == 1
    assert shifts_of(rows[:8].T, PHQ9, choose(PHQ9, {}))["5"] == 0


def test_the_remedy_is_to_recode_and_not_to_declare_some_answers_missing():
    with pytest.raises(DataError) as refused:
        splw_eval.score(phq([1, 2, 3, 4] * 2 + [1]), instrument="phq9")
    (found, _) = refused.value.findings
    assert "take 1 off every answer in the file" in found.remedy
    assert "declare" not in found.remedy


def test_a_coding_that_the_scoring_knows_is_offered():
    with pytest.raises(DataError) as refused:
        frame = pd.DataFrame([[1, 2, 3, 4, 5, 5]], columns=[f"k6_{i}" for i in range(1, 7)])
        splw_eval.score(frame, instrument="k6", coding="from_0")
    assert 'set the option coding = "from_1"' in refused.value.findings[0].remedy


def test_many_answers_without_one_at_the_lowest_code_are_a_warning():
    rows = phq(*[[1 + (i + j) % 3 for j in range(9)] for i in range(6)])
    with pytest.warns(UserWarning, match="None of 54 answers to phq9 is 0"):
        made = splw_eval.score(rows, instrument="phq9")
    assert "keyed from 1" in made.attrs["splw_eval"]["doubts"][0]


@pytest.mark.parametrize("change", ["few", "one lowest"])
def test_few_answers_or_one_at_the_lowest_code_are_not(change):
    rows = phq(*[[1 + (i + j) % 3 for j in range(9)] for i in range(5 if change == "few" else 6)])
    if change != "few":
        rows.iloc[2, 8] = 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert splw_eval.score(rows, instrument="phq9").attrs["splw_eval"]["doubts"] == []


@pytest.mark.parametrize(("name", "asked"), [("swemwbs", False), ("ucla3", False), ("gad7", True)])
def test_only_of_complaints_keyed_from_0_is_the_lowest_answer_the_commonest(name, asked):
    held = CATALOGUE[name]
    columns = [np.full(100, 2.0) for _ in held.items]
    assert bool(lowest_unused(columns, held, choose(held, {}))[1]) is asked
