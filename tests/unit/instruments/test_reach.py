"""The range of a score is what its items, codes and formula can give."""

from __future__ import annotations

import pytest

from splw_eval.core.errors import DataError
from splw_eval.instruments import read_catalogue
from splw_eval.instruments.reach import range_faults, reach_of
from tests.unit.instruments.given_instrument import PRORATED, own_folder, toml

CATALOGUE = read_catalogue()
TWO = """
[[scores]]
name = "other"
title = "Other"
range = [{range}]
direction = "lower_is_better"
missing_rule = "None may be missing."
missing_status = "checked"
formula = {{ {formula} }}
"""


def ranged(low, high, **parts):
    return toml(**parts).replace("range = [0, 12]", f"range = [{low}, {high}]")


def refused(folder, text):
    with pytest.raises(DataError) as error:
        read_catalogue(own_folder(folder, text))
    (found,) = error.value.findings
    assert found.code == "SI04"
    return found.problem


@pytest.mark.parametrize("held", CATALOGUE.values(), ids=lambda held: held.name)
def test_no_range_of_the_catalogue_contradicts_its_formula(held):
    assert list(range_faults(held)) == []


def test_most_scores_of_the_catalogue_were_worked_out():
    # The others rest on the user's own table, or are ready-made scores.
    none = {held.name for held in CATALOGUE.values() if reach_of(held, held.scores[0], {}) is None}
    assert none == {"eq5d_5l_dsu_uk", "icecap_a", "pam13", "sf12"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ranged(0, 10), "0 to 10, but its items, codes and formula give 0 to 12"),
        (ranged(0, 100), "0 to 100, but its items, codes and formula give 0 to 12"),
        (ranged(3, 12), "3 to 12, but its items, codes and formula give 0 to 12"),
        (ranged(0, 12, formula='how = "mean"'), "give 0 to 4"),
        (ranged(0, 12, formula='how = "percentage", factor = 25.0'), "give 0 to 100"),
        (ranged(0, 12, formula=PRORATED).replace("[0, 4]", "[1, 4]"), "give 3 to 12"),
        (
            ranged(0, 12, formula='how = "count", counted = { 1 = [1], 2 = [1], 3 = [1] }'),
            "give 0 to 3",
        ),
        (
            ranged(0, 12, formula='how = "sum", from_zero = true').replace("[0, 4]", "[1, 4]"),
            "give 0 to 9",
        ),
        (
            ranged(
                0,
                12,
                rest=TWO.format(
                    range="1, 4", formula='how = "level", of = "total", above = [3, 6]'
                ),
            ),
            "1 to 4, but its items, codes and formula give 1 to 3",
        ),
    ],
)
def test_a_range_that_the_formula_contradicts_is_refused_with_both(tmp_path, text, said):
    assert said in refused(tmp_path, text)


@pytest.mark.parametrize(
    "text",
    [
        ranged(0, 12, formula='how = "sum", reversed = ["2"]'),
        ranged(0, 4, formula='how = "mean"'),
        ranged(0, 100, formula='how = "percentage", factor = 25.0'),
        ranged(0, 100, formula='how = "percentage", factor = 25.01'),
        # Items left out count as zero: the lowest score of whole answers, or of partial ones.
        ranged(3, 12, formula='how = "sum", fewest = 2, fill = "zero"').replace("[0, 4]", "[1, 4]"),
        ranged(2, 12, formula='how = "sum", fewest = 2, fill = "zero"').replace("[0, 4]", "[1, 4]"),
    ],
)
def test_a_range_that_the_formula_gives_is_taken(tmp_path, text):
    assert "own" in read_catalogue(own_folder(tmp_path, text))
