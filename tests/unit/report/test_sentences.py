"""Sentences that never say more than the figures and the dates allow."""

from __future__ import annotations

import datetime as dt

import pytest

from splw_eval.core.plan import Outcome
from splw_eval.report import sentences as say
from tests.reports import given

HIGHER = Outcome.model_validate(given.outcome(), strict=False)
LOWER = Outcome.model_validate(given.outcome(direction="lower_is_better"), strict=False)
EARLY, LATE = dt.date(2025, 1, 1), dt.date(2025, 6, 1)


@pytest.mark.parametrize(
    ("dated", "data_seen", "before"),
    [
        (EARLY, LATE, True),
        (EARLY, EARLY, False),
        (LATE, EARLY, False),
        (None, LATE, False),
        (EARLY, None, False),
        (None, None, False),
    ],
)
def test_planned_before_data_needs_both_dates_in_order(dated, data_seen, before):
    plan = given.plan(dated=dated, data_seen=data_seen)
    assert say.planned_before_data(plan) is before
    assert ("chosen after the data were seen" in say.when_chosen(plan)) is not before


@pytest.mark.parametrize(
    ("dated", "data_seen", "word"),
    [
        (EARLY, LATE, "Yes"),
        (LATE, EARLY, "No"),
        (EARLY, None, "Cannot be told"),
        (None, LATE, "Cannot be told"),
        (None, None, "Cannot be told"),
    ],
)
def test_without_both_dates_nobody_can_tell_what_came_first(dated, data_seen, word):
    assert say.before_data(given.plan(dated=dated, data_seen=data_seen)) == word


@pytest.mark.parametrize(
    ("value", "words"),
    [(2.04, "2.0 points higher"), (-13.1, "13.1 points lower"), (-0.04, "No higher or lower")],
)
def test_a_change_is_higher_or_lower_and_never_a_signed_number(value, words):
    assert say.change(value, HIGHER) == words


def test_better_and_worse_follow_the_direction_of_the_score():
    assert [say.judged(v, HIGHER) for v in (1, -1)] == ["better", "worse"]
    assert [say.judged(v, LOWER) for v in (1, -1)] == ["worse", "better"]


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (-17.1, -9.2, "from 9.2 to 17.1 points lower"),
        (0.5, 2.5, "from 0.5 to 2.5 points higher"),
        (-1.2, 0.4, "from 1.2 points lower to 0.4 points higher"),
        (-0.01, 1.3, "from no change to 1.3 points higher"),
        (-1.3, 0.0, "from no change to 1.3 points lower"),
        (0.03, 1.94, "from 0.03 to 1.9 points higher"),
        (-1.94, -0.004, "from 0.004 to 1.9 points lower"),
        (-0.01, 0.01, "from no change to no change, as far as the digits tell"),
    ],
)
def test_an_interval_is_said_from_the_nearer_end(low, high, words):
    assert say.interval(low, high, HIGHER) == words


@pytest.mark.parametrize(
    ("judgement", "words"),
    [
        ("beyond, better", "All of it is better by more than the MID."),
        ("beyond, worse", "All of it is worse by more than the MID."),
        ("short", "All of it is smaller than the MID, either way."),
        ("includes, better", "for the better as large as the MID is possible, but so is a smaller"),
        ("includes, worse", "for the worse as large as the MID is possible, but so is a smaller"),
        ("includes, both", "possible, for the better or for the worse, but so is a smaller"),
    ],
)
def test_every_judgement_of_an_interval_has_its_words(judgement, words):
    assert words in say.interval_and_mid(judgement)


def test_without_a_mid_nothing_is_held_against_it():
    assert say.interval_and_mid(None) == ""
