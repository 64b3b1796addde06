"""How an answer moves: the grid over two inputs, and the curve over one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from splw_eval import power
from splw_eval.power.curve import read_curve
from splw_eval.power.otherwise import otherwise

PLAIN: dict[str, Any] = {"diff": 0.3, "sd": 1, "icc": 0.05, "clusters": 24, "size": 20}


def solved(kind="parallel", **options):
    return power.solve(power.design(kind, **options))


def grid_of(found, **asked: str) -> power.Sensitivity:
    grid = power.sensitivity(found, **asked)
    assert grid is not None
    return grid


@pytest.mark.parametrize(
    "options",
    [PLAIN, {**PLAIN, "clusters": None, "power": 0.8}, {**PLAIN, "diff": None, "power": 0.8}],
    ids=["power", "clusters", "mde"],
)
def test_the_answers_own_cell_holds_the_answer(options):
    found = solved(**options)
    grid = grid_of(found)
    told = {"power": found.power, "clusters": found.clusters, "mde": found.mde}[found.sought]
    assert grid.cells[grid.at] == pytest.approx(float(told), rel=1e-9)
    assert (grid.rows, grid.columns) == ("icc", "dropout")


def test_each_cell_is_the_answer_of_that_design():
    grid = grid_of(solved(**PLAIN))
    for i, icc in enumerate(grid.row_values):
        for j, lost in enumerate(grid.column_values):
            alone = solved(**{**PLAIN, "icc": icc, "dropout": lost})
            assert grid.cells[i, j] == pytest.approx(float(alone.power), abs=1e-12)


def test_power_falls_with_the_icc_and_with_people_lost():
    cells = grid_of(solved(**PLAIN)).cells
    assert (np.diff(cells, axis=0) < 0).all()
    assert (np.diff(cells, axis=1) < 0).all()


def test_what_is_out_of_reach_is_no_number_and_the_rest_stands():
    options: dict[str, Any] = {"diff": 0.3, "sd": 1, "icc": 0.01, "clusters": 12, "power": 0.8}
    grid = grid_of(solved(**options))
    assert np.isnan(grid.cells).any()
    assert np.isfinite(grid.cells[grid.at])


def test_a_design_without_an_icc_varies_something_else():
    grid = grid_of(solved("individual", diff=0.3, sd=1, power=0.9))
    assert (grid.rows, grid.columns) == ("sd", "dropout")
    alone = grid_of(solved("pre-post", diff=0.5, sd_change=1.7, patients=60))
    assert alone.columns == ""
    assert (np.diff(alone.cells[:, 0]) < 0).all()


def test_two_inputs_may_be_named_and_a_grid_has_no_grid():
    grid = grid_of(solved(**PLAIN), rows="sd", columns="diff")
    assert grid.to_frame().columns.tolist() == ["sd", "diff", "power"]
    assert power.sensitivity(solved(**{**PLAIN, "icc": [0.01, 0.05]})) is None


def test_one_design_otherwise_is_rounded_as_the_answer_is():
    design = power.design("parallel", diff=0.3, sd=1, icc=0.05, power=0.8, size=20)
    assert otherwise(design, "clusters", icc=0.1) == 54
    assert np.isnan(otherwise(design, "clusters", power=None))


def test_a_curve_gives_each_rule_at_each_place():
    found = solved(**PLAIN)
    name, values = read_curve(found.asked, "x=clusters:6..30")
    assert values.tolist() == list(range(6, 31, 2))
    drawn = power.curve(found.asked, name, values)
    at = values.tolist().index(24)
    for rule, y in drawn.by_rule.items():
        assert y[at] == pytest.approx(float(found.by_rule[rule]), abs=1e-12)
    assert next(iter(drawn.by_rule)) == "k-2"
    assert (np.diff(drawn.by_rule["z"]) > 0).all()


def test_a_curve_of_a_design_without_a_difference_is_that_which_can_be_found():
    design = power.design("parallel", sd=1, icc=0.05, clusters=24, size=20, power=0.8)
    drawn = power.curve(design, "clusters", [12, 24, 48])
    assert drawn.y == "mde"
    assert (np.diff(drawn.by_rule["k-2"]) < 0).all()


def test_a_curve_may_have_a_thousand_points():
    design = power.design("parallel", **PLAIN)
    drawn = power.curve(design, "clusters", np.linspace(6, 600, 1000))
    assert drawn.by_rule["k-2"].shape == (1000,)
    assert np.isfinite(drawn.by_rule["k-2"]).all()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("clusters", "SZ03"),
        ("x=clusters:30..6", "SZ03"),
        ("x=clusters:a..b", "SZ03"),
        ("x=tails:1..2", "SZ01"),
        ("x=hr:1..2", "SZ01"),
    ],
)
def test_a_curve_that_cannot_be_read_is_refused(words, code):
    with pytest.raises(power.DesignError, match=code):
        read_curve(power.design("parallel", **PLAIN), words)
