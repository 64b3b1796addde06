"""Every state of EQ-5D against formulas written out again here, and against published tables."""

from __future__ import annotations

import csv
import itertools
import json
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from splw_eval.instruments import read_catalogue, score_responses

HERE = Path(__file__).parent / "instruments"
FACTS = json.loads((HERE / "value_sets.json").read_text())
PUBLISHED = json.loads((HERE / "eq5d_5l_crosswalk.json").read_text())["published_thousandths"]
TABLES = Path(__file__).resolve().parents[2].parent / "shared" / "domain" / "tables"
WITH_TABLES = pytest.mark.skipif(not TABLES.is_dir(), reason=f"no tables in {TABLES}")
DIMENSIONS = ("mobility", "self_care", "usual_activities", "pain_discomfort", "anxiety_depression")
STATES_3L = list(itertools.product((1, 2, 3), repeat=5))
STATES_5L = list(itertools.product((1, 2, 3, 4, 5), repeat=5))
# Sums of thousandths on both sides: the nearest double of the same decimal.
ABS = 1e-12
# Unrounded: the same rational number, worked out in fractions here and in doubles there.
UNROUNDED = 1e-12
# The table's own last digit is its ninth.
NINE_DIGITS = 5.1e-10


def index_of(name: str, states: list[tuple[int, ...]], **options: object) -> np.ndarray:
    scored = score_responses(np.array(states, dtype=float), read_catalogue()[name], **options)
    return scored["index"].values


def thousandths(value: float) -> int:
    return round(value * 1000)


def by_terms(name: str, state: tuple[int, ...]) -> int:
    """A 3L state in thousandths: full health less each term that applies."""
    terms = {term: thousandths(value) for term, value in FACTS["eq5d"][name].items()}
    lost = sum(
        terms[f"{dimension}_{level}"]
        for dimension, level in zip(DIMENSIONS, state, strict=True)
        if level > 1
    )
    lost += terms["any_dimension_above_1"] if max(state) > 1 else 0
    lost += terms["any_dimension_at_3"] if max(state) == 3 else 0
    return terms["full_health_value"] - lost


def by_levels(name: str, state: tuple[int, ...]) -> int:
    """A 5L state in thousandths, where the value set has no constant."""
    levels = FACTS["eq5d"][name]
    return 1000 - sum(
        thousandths(levels[dimension][level - 1])
        for dimension, level in zip(DIMENSIONS, state, strict=True)
    )


@pytest.mark.parametrize("name", ["eq5d_3l_tto", "eq5d_3l_vas"])
def test_all_243_states_of_3l_agree_with_the_terms_of_the_paper(name):
    expected = [by_terms(name, state) / 1000 for state in STATES_3L]
    np.testing.assert_allclose(index_of(name, STATES_3L), expected, rtol=0, atol=ABS)


@pytest.mark.parametrize("name", ["eq5d_5l_uk_2026", "eq5d_5l_england_2018"])
def test_all_3125_states_of_5l_agree_with_the_terms_of_the_paper(name):
    expected = [by_levels(name, state) / 1000 for state in STATES_5L]
    np.testing.assert_allclose(index_of(name, STATES_5L), expected, rtol=0, atol=ABS)


@pytest.mark.parametrize("name", ["eq5d_3l_tto", "eq5d_5l_uk_2026"])
def test_as_many_states_are_worse_than_dead_as_the_papers_count(name):
    states = STATES_3L if name == "eq5d_3l_tto" else STATES_5L
    below, of = FACTS["states_below_zero"][name]
    assert (int((index_of(name, states) < 0).sum()), len(states)) == (below, of)


# The crosswalk.


def expectation(state: tuple[int, ...]) -> Fraction:
    """Mean of the 243 values of 3L, weighted by the probability of each given the 5L state."""
    chances = [
        [Fraction(part) for part in FACTS["crosswalk"][dimension][str(level)]]
        for dimension, level in zip(DIMENSIONS, state, strict=True)
    ]
    total = Fraction(0)
    for levels in itertools.product((1, 2, 3), repeat=5):
        weight = Fraction(1)
        for chance, level in zip(chances, levels, strict=True):
            weight *= chance[level - 1]
            if not weight:
                break
        if weight:
            total += weight * Fraction(by_terms("eq5d_3l_tto", levels), 1000)
    return total


@pytest.fixture(scope="module")
def expected_exactly() -> list[Fraction]:
    return [expectation(state) for state in STATES_5L]


def twice_rounded(value: Fraction) -> int:
    """Half away from zero to 4 decimals and then to 3, in thousandths."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    four = exact.quantize(Decimal("0.0001"), ROUND_HALF_UP)
    return int(four.quantize(Decimal("0.001"), ROUND_HALF_UP) * 1000)


def test_all_3125_states_of_the_crosswalk_agree_with_the_published_table():
    found = index_of("eq5d_5l_crosswalk_uk", STATES_5L)
    np.testing.assert_allclose(found, np.array(PUBLISHED) / 1000, rtol=0, atol=ABS)


def test_the_published_table_is_the_expectation_rounded_twice(expected_exactly):
    assert [twice_rounded(value) for value in expected_exactly] == PUBLISHED


def test_all_3125_unrounded_states_are_the_expectation_over_243(expected_exactly):
    found = index_of("eq5d_5l_crosswalk_uk", STATES_5L, rounding="none")
    expected = [float(value) for value in expected_exactly]
    np.testing.assert_allclose(found, expected, rtol=0, atol=UNROUNDED)


def test_one_plain_rounding_would_have_missed_192_states(expected_exactly):
    once = [round(float(value) * 1000) for value in expected_exactly]
    assert sum(a != b for a, b in zip(once, PUBLISHED, strict=True)) == 192


@WITH_TABLES
def test_the_unrounded_crosswalk_agrees_with_the_full_table():
    rows = read_table("eq5d_5l_uk_crosswalk_vanhout.csv")
    found = index_of("eq5d_5l_crosswalk_uk", [state_of(row) for row in rows], rounding="none")
    expected = [float(row["index_unrounded"]) for row in rows]
    assert len(rows) == 3125
    np.testing.assert_allclose(found, expected, rtol=0, atol=NINE_DIGITS)


# Tables that are not copied.


def read_table(name: str) -> list[dict[str, str]]:
    with (TABLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def state_of(row: dict[str, str]) -> tuple[int, ...]:
    return tuple(int(level) for level in row["state"])
