"""What the scoring asks must be said, and every choice has its effect."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import splw_eval
from splw_eval.core.errors import DataError
from splw_eval.instruments import score_responses

HADS = np.zeros((1, 14))
WSAS = pd.DataFrame([[np.nan, 3, 5, 2, 6], [4, 3, 5, 2, 6]], columns=list("12345"))


def refusal(*args, **options):
    with pytest.raises(DataError) as refused:
        score_responses(*args, **options)
    return " ".join(f.sentence() for f in refused.value.findings)


def test_hads_is_not_scored_until_its_coding_is_said():
    said = refusal(HADS, "hads")
    assert "needs the option coding" in said
    for choice in ("scored", "agreement", "printed"):
        assert f'"{choice}" (' in said


def test_the_coding_of_hads_decides_what_is_reversed():
    totals = {
        coding: [float(s.values[0]) for s in score_responses(HADS, "hads", coding=coding).values()]
        for coding in ("scored", "agreement", "printed")
    }
    assert totals == {"scored": [0, 0], "agreement": [3, 15], "printed": [15, 9]}


def test_a_choice_that_there_is_not_gets_the_nearest():
    assert 'not "score"; did you mean "scored"?' in refusal(HADS, "hads", coding="score")


def test_an_unknown_option_is_refused_and_all_faults_come_at_once():
    said = refusal(HADS, "hads", codding="scored", rule="some")
    assert 'no option "codding"; did you mean "coding"?' in said
    assert "needs the option coding" in said
    assert "option rule of hads" in said


def test_an_instrument_without_options_says_so():
    assert "ucla3 has no options" in refusal(np.ones((1, 3)), "ucla3", coding="a")


def test_the_rule_of_hads_is_the_checked_one_unless_the_manuals_is_asked_for():
    answers = HADS + 1
    answers[0, [2, 4]] = np.nan
    half = score_responses(answers, "hads", coding="scored")["A"]
    manual = score_responses(answers, "hads", coding="scored", rule="manual")["A"]
    assert half.values[0] == 7
    assert half.prorated[0]
    assert np.isnan(manual.values[0])
    assert not manual.prorated[0]


def test_work_that_does_not_apply_is_neither_zero_nor_missing():
    made = splw_eval.score(WSAS, instrument="wsas", work_not_applicable=[True, False])
    assert made["total"].tolist() == [16, 20]
    assert made["maximum"].tolist() == [32, 40]
    assert made["items_answered"].tolist() == [4, 5]
    assert not made["prorated"].any()


def test_work_that_does_not_apply_may_be_a_column_by_name_or_by_its_own_name():
    named = WSAS.assign(retired=["yes", "no"])
    by_name = splw_eval.score(named, instrument="wsas", work_not_applicable="retired")
    found = splw_eval.score(WSAS.assign(work_not_applicable=[True, False]), instrument="wsas")
    assert by_name["total"].tolist() == found["total"].tolist() == [16, 20]


def test_work_may_not_apply_to_anybody():
    made = splw_eval.score(WSAS, instrument="wsas", work_not_applicable=True)
    assert made["total"].tolist() == [16, 16]


def test_without_the_option_a_missing_work_item_leaves_no_score():
    made = splw_eval.score(WSAS, instrument="wsas")
    assert made["total"].isna().tolist() == [True, False]
    assert "maximum" not in made


def test_a_flag_that_is_neither_true_nor_false_is_refused():
    with pytest.raises(DataError, match="true or false for everybody"):
        splw_eval.score(WSAS.assign(x=["maybe", "no"]), instrument="wsas", work_not_applicable="x")
    with pytest.raises(DataError, match="true or false for everybody"):
        splw_eval.score(WSAS, instrument="wsas", work_not_applicable=[True])


def test_a_code_for_does_not_apply_counts_as_the_instrument_says():
    answers = np.array([[1, 0, 2, 0, 0, 1, 0, 0, 3, 9]])
    with pytest.raises(DataError):
        score_responses(answers, "mtbq10")
    made = score_responses(answers, "mtbq10", does_not_apply=9)["global"]
    assert made.values[0] == 17.5
    assert made.answered[0] == 10


def test_what_was_said_stands_beside_the_scores():
    made = splw_eval.score(
        pd.DataFrame(HADS, columns=range(1, 15)), instrument="hads", coding="scored"
    )
    told = made.attrs["splw_eval"]
    assert told["options"] == {"coding": "scored", "rule": "half"}
    assert told["range"] == {"A": [0, 21], "D": [0, 21]}
    assert told["direction"] == {"A": "lower_is_better", "D": "lower_is_better"}
