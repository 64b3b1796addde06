"""Missing items, instrument by instrument: as many as may be, and one more."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from tests.unit.instruments.keyed import (
    ADDED,
    CATALOGUE,
    NOT_ADDED,
    REVERSED,
    codes_of,
    extreme,
    ramp,
    scored,
)

# The same sum of whole numbers over the same count: only the last division may round.
ABS = 1e-12
# How many items of a score may be missing; 0 for those that are not listed.
MAY_BE_MISSING = {
    ("core10", "score"): 1,
    ("djg6", "total"): 1,
    ("gad7", "total"): 2,
    ("gse", "mean"): 3,
    ("gse", "sum"): 3,
    ("hads", "A"): 3,
    ("hads", "D"): 3,
    ("ltcq20", "percentage"): 10,
    ("mtbq10", "global"): 5,
    ("phq9", "total"): 2,
}
PRORATED = [key for key in MAY_BE_MISSING if key != ("djg6", "total")]
EACH = pytest.mark.parametrize(
    ("name", "score"),
    [
        (held.name, s.name)
        for held in CATALOGUE.values()
        for s in held.scores
        if s.formula.how != "lookup"  # below, with a table that is made up
    ],
)


def with_missing(name: str, score: str, count: int) -> np.ndarray:
    """A profile between the ends, with the first `count` items of a score unanswered."""
    held = CATALOGUE[name]
    rows = ramp(held)
    row = rows[len(rows) // 2].copy()
    for item in held.score(score).items[:count]:
        row[held.items.index(item)] = np.nan
    return row


def by_hand(name: str, score: str, row: np.ndarray) -> float:
    """Sum, mean or percentage of the answered items, as keyed by the test itself."""
    held = CATALOGUE[name]
    made = held.score(score)
    counted = []
    for item in made.items:
        answer = row[held.items.index(item)]
        low, high = codes_of(held, item)
        if not np.isnan(answer):
            counted.append(low + high - answer if item in REVERSED.get(name, ()) else answer)
    mean = sum(counted) / len(counted)
    return {"mean": mean, "percentage": 25 * mean}.get(made.formula.how, len(made.items) * mean)


@EACH
def test_complete_answers_give_a_score_that_is_not_prorated(name, score):
    held = CATALOGUE[name]
    ends = [extreme(held, worst=True)] if held.codes else [np.full(len(held.items), 50.0)]
    found = scored(name, np.array(ends))[score]
    assert not np.isnan(found.values).any()
    assert not found.prorated.any()
    assert found.answered.tolist() == [len(held.score(score).items)]


@pytest.mark.parametrize(("name", "score"), ADDED)
def test_one_item_more_missing_than_may_be_gives_no_score(name, score):
    allowed = MAY_BE_MISSING.get((name, score), 0)
    found = scored(name, with_missing(name, score, allowed + 1)[np.newaxis])[score]
    assert np.isnan(found.values).all()
    assert not found.prorated.any()
    assert found.answered[0] == len(CATALOGUE[name].score(score).items) - allowed - 1


@pytest.mark.parametrize(("name", "score"), PRORATED)
def test_as_many_items_missing_as_may_be_give_the_mean_of_the_others(name, score):
    for count in range(1, MAY_BE_MISSING[name, score] + 1):
        row = with_missing(name, score, count)
        found = scored(name, row[np.newaxis])[score]
        assert found.values[0] == pytest.approx(by_hand(name, score, row), abs=ABS)
        assert found.prorated.all()


@pytest.mark.parametrize(("name", "score"), PRORATED)
def test_which_item_is_missing_makes_no_difference_to_the_rule(name, score):
    held = CATALOGUE[name]
    rows = []
    for item in held.score(score).items:
        rows.append(with_missing(name, score, 0))
        rows[-1][held.items.index(item)] = np.nan
    found = scored(name, np.array(rows))[score]
    assert found.values == pytest.approx([by_hand(name, score, row) for row in rows], abs=ABS)
    assert found.prorated.all()


@pytest.mark.parametrize(
    ("name", "score"),
    [
        (held.name, s.name)
        for held in CATALOGUE.values()
        for s in held.scores
        if s.formula.how in NOT_ADDED - {"given", "level", "lookup"}
    ],
)
def test_an_index_or_a_converted_score_needs_every_item(name, score):
    held = CATALOGUE[name]
    low = extreme(held, worst=True)
    for item in held.score(score).items:
        row = low.copy()
        row[held.items.index(item)] = np.nan
        assert np.isnan(scored(name, row[np.newaxis])[score].values).all(), item


def test_a_missing_item_of_another_score_takes_nothing_away():
    row = with_missing("hads", "A", 7)
    found = scored("hads", row[np.newaxis])
    assert np.isnan(found["A"].values).all()
    assert found["D"].values[0] == by_hand("hads", "D", row)
    short = np.array([[2, 2, 2, np.nan] + [2] * 10], dtype=float)
    taken = scored("wemwbs_to_swemwbs", short)
    assert np.isnan(taken["wemwbs"].values).all()
    assert taken["swemwbs_raw"].values[0] == 14


def test_nobody_who_answered_nothing_has_a_score():
    for name, held in CATALOGUE.items():
        found = scored(name, np.full((1, len(held.items)), np.nan))
        assert all(np.isnan(s.values).all() and not s.prorated.any() for s in found.values()), name


# Rules of their own.


def test_the_manual_of_hads_lets_one_item_be_missing_and_the_half_rule_three():
    row = np.array([2, 1, 2, 0, 3, 1, 1, 2, 0, 1, 2, 0, 1, 1], dtype=float)
    row[[2, 4]] = np.nan
    half = scored("hads", row[np.newaxis], rule="half")["A"]
    manual = scored("hads", row[np.newaxis], rule="manual")["A"]
    assert half.values[0] == pytest.approx(7 * 6 / 5)
    assert np.isnan(manual.values[0])
    row[2] = 2
    one = scored("hads", row[np.newaxis], rule="manual")["A"]
    assert one.values[0] == pytest.approx(8 + 8 / 6)
    assert one.prorated.all()


def test_the_three_ways_to_key_hads_give_one_score_for_one_person():
    scored_way = np.array([[2, 1, 2, 0, 3, 1, 1, 2, 0, 1, 2, 0, 1, 1]], dtype=float)
    turned = {"agreement": (2, 4, 6, 7, 12, 14), "printed": (1, 3, 5, 6, 8, 10, 11, 13)}
    expected = scored("hads", scored_way)
    for coding, items in turned.items():
        keyed = scored_way.copy()
        keyed[:, [item - 1 for item in items]] = 3 - keyed[:, [item - 1 for item in items]]
        found = scored("hads", keyed, coding=coding)
        for score in ("A", "D"):
            assert found[score].values.tolist() == expected[score].values.tolist(), coding


def test_wemwbs_fills_up_to_three_items_only_where_it_is_asked_to():
    row = np.array([[np.nan] * 3 + [3.0] * 10 + [4.0]])
    assert np.isnan(scored("wemwbs", row)["total"].values).all()
    filled = scored("wemwbs", row, rule="person_mean")["total"]
    assert filled.values[0] == pytest.approx(14 * 34 / 11)
    assert filled.prorated.all()
    row[0, 3] = np.nan
    assert np.isnan(scored("wemwbs", row, rule="person_mean")["total"].values).all()


def test_work_that_does_not_apply_is_neither_nothing_nor_missing():
    rows = np.array([[np.nan, 3, 5, 2, 6], [4, 3, 5, 2, 6], [np.nan, 3, np.nan, 2, 6]])
    found = scored("wsas", rows, work_not_applicable=np.array([True, False, True]))["total"]
    assert found.values[:2].tolist() == [16, 20]
    assert np.isnan(found.values[2])
    assert found.answered.tolist() == [4, 5, 3]
    assert not found.prorated.any()
    unsaid = scored("wsas", rows)["total"]
    assert np.isnan(unsaid.values[[0, 2]]).all()


def test_a_missing_answer_to_de_jong_gierveld_adds_nothing_and_is_no_proration():
    for place, item in itertools.product(range(6), (1.0, 2.0, 3.0)):
        row = np.full(6, item)
        full = scored("djg6", row[np.newaxis])
        row[place] = np.nan
        short = scored("djg6", row[np.newaxis])
        lonely = item == 2 or (item == 3) == (place in (0, 3, 5))
        assert short["total"].values[0] == full["total"].values[0] - lonely
        assert not short["total"].prorated.any()
        gone = "emotional" if place in (0, 3, 5) else "social"
        assert np.isnan(short[gone].values).all()


def test_a_task_that_does_not_apply_counts_as_no_burden():
    row = np.array([[8, 4, 4, 4, 4, 4, 4, 4, 4, 4]], dtype=float)
    found = scored("mtbq10", row, does_not_apply=8)["global"]
    assert found.values[0] == pytest.approx(25 * 36 / 10)
    assert found.answered[0] == 10


def test_an_item_of_ltcq_that_does_not_apply_counts_as_unanswered():
    row = np.full((1, 20), 2.0)
    row[0, [12, 13]] = 9
    row[0, 0] = 4
    found = scored("ltcq20", row, not_applicable=9)["percentage"]
    assert found.values[0] == pytest.approx(25 * 38 / 18)
    assert found.answered[0] == 18


def test_the_dsu_mapping_needs_profile_age_and_sex_and_an_age_from_18_to_100():
    person = np.array([2, 4, 1, 1, 2, 50, 2], dtype=float)
    for place in range(7):
        row = person.copy()
        row[place] = np.nan
        assert np.isnan(scored("eq5d_5l_dsu_uk", row[np.newaxis])["index"].values).all(), place
    people = np.tile(person, (12, 1))
    people[:, 5] = ages = [17, 18, 34, 35, 44, 45, 54, 55, 64, 65, 100, 101]
    found = scored("eq5d_5l_dsu_uk", people)["index"].values
    columns = [(value - 0.24112) / 1000 for value in found]
    assert np.isnan([columns[0], columns[-1]]).all(), ages
    assert columns[1:-1] == pytest.approx([5, 5, 6, 6, 7, 7, 8, 8, 9, 9])
