"""How many waves come before the end of the programme."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from splw_eval.missing.checks import MissingError
from splw_eval.missing.filling.endings import waves_before_end

MONTHS = (0, 3, 12, 18)
WORDS = ("baseline", "three", "year")


def before(values: list[Any], levels: tuple[Any, ...], times: Any = None) -> list[int]:
    found: list[int] = waves_before_end(pd.Series(values, name="left"), levels, times).tolist()
    return found


def test_a_wave_at_the_end_itself_comes_before_it():
    assert before([0, 2.9, 3, 12, 17, 30, None], MONTHS) == [1, 1, 2, 3, 3, 4, 4]


def test_an_end_before_all_waves_leaves_none():
    assert before([-1], MONTHS) == [0]


def test_waves_that_are_words_are_named():
    assert before(["baseline", "three", None, "year"], WORDS) == [1, 2, 3, 3]


def test_days_go_by_the_times_of_the_waves():
    days = {"baseline": 0, "three": 90, "year": 365}
    assert before([10, 90, 400, None], WORDS, days) == [1, 2, 3, 3]


@pytest.mark.parametrize(
    ("values", "times", "words"),
    [
        (["later"], None, "no wave"),
        ([10], {"baseline": 0}, "no number for 2 of 3"),
        ([10], {"baseline": 0, "three": 90, "year": 80}, "does not rise"),
        (["soon"], {"baseline": 0, "three": 90, "year": 365}, "left"),
    ],
)
def test_ends_that_cannot_be_placed_are_refused(values: list[Any], times: Any, words: str):
    with pytest.raises(MissingError, match=words):
        before(values, WORDS, times)
