"""Power by formula, by drawn trials and in R: the page, and that its results can be had again."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from splw_eval.power.simulation.analyses import Asked, analyse_batch
from splw_eval.power.simulation.ready import ready_to_draw
from splw_eval.power.simulation.shapes import Shape

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "analyses" / "power_agreement"
NAMES = tuple(path.stem for path in FOLDER.glob("*.py"))
# Trials on the very edge of a critical value, where rounding differs between machines.
EDGE = 1
BATCH = 3
QUICK = (0, 3, 6, 12, 16, 18)
LOST = (1, 8, 9, 10, 17, 18)  # designs in which people are lost at random


@pytest.fixture(autouse=True)
def folder_is_found(monkeypatch):
    for name in NAMES:
        sys.modules.pop(name, None)
    monkeypatch.syspath_prepend(str(FOLDER))
    yield
    for name in NAMES:
        sys.modules.pop(name, None)


def module(name: str) -> ModuleType:
    return import_module(name)


def test_the_page_is_what_the_results_give():
    page = module("page")
    assert page.PAGE.read_text(encoding="utf-8") == page.page()


def test_the_designs_are_those_promised():
    designs = module("designs")
    assert len(designs.DESIGNS) == len(designs.PLACES) == 20
    assert sum(one.hard for one in designs.DESIGNS) >= 8
    kinds = {one.kind for one in designs.DESIGNS}
    assert kinds >= {"parallel", "baseline", "did", "cohort", "crossover", "stepped-wedge"}
    assert kinds >= {"matrix", "partially-nested", "individual", "pre-post"}


def test_every_design_has_all_its_trials():
    counts, designs, program = module("counts"), module("designs"), module("simulate")
    rows = counts.read()
    keys = [(row["design"], row["drawn"], row["analysis"], row["batch"]) for row in rows]
    assert len(set(keys)) == len(keys)
    found = counts.pooled(rows)
    wanted = {
        (one.name, drawn, analysis)
        for one in designs.DESIGNS
        for drawn, analysis in program.offered(one)
    }
    assert set(found) == wanted
    assert {one.trials for one in found.values()} == {program.TRIALS}


def test_formula_and_trials_agree_in_every_design_with_variances_known():
    counts, designs, tables = module("counts"), module("designs"), module("tables")
    found = counts.pooled(counts.read())
    for one in designs.DESIGNS:
        assert abs(tables.z_of(one, found)) <= tables.MOST_ERRORS, one.name
        assert found[one.name, "effect", "known-variance"].total["failures"] == 0


def test_answers_carry_a_note_where_the_fitted_model_is_far_from_the_formula():
    counts, tables = module("counts"), module("tables")
    assert set(tables.far(counts.pooled(counts.read()))) <= set(tables.noted())


def test_the_rule_of_the_note_parts_the_cells_of_the_grid():
    region = module("region")
    inside, outside = region.by_rule(short=True), region.by_rule(short=False)
    assert len(inside) + len(outside) == len(list(region.cells()))
    assert np.mean(inside) < -3 * region.LIMIT
    assert abs(np.mean(outside)) < region.LIMIT / 2
    assert min(outside) > -2.5 * region.LIMIT


@pytest.mark.parametrize("place", range(20))
def test_the_error_of_each_trial_is_that_of_the_formula(place):
    one = module("designs").DESIGNS[place]
    trial = ready_to_draw(one.design)
    asked = Asked(analysis="mixed", df="known-variance", boundary="keep", alpha=0.05, imputations=2)
    errors = analyse_batch(trial, Shape(), asked, 1, 0, 50).std_error
    formula = float(np.sqrt(one.design.kind.precision(one.design.values).variance))
    if place in LOST:
        assert errors.mean() == pytest.approx(formula, rel=0.02)
    else:
        np.testing.assert_allclose(errors, formula, rtol=1e-9)


@pytest.mark.parametrize("place", QUICK)
def test_a_batch_drawn_again_gives_the_counts_of_the_results(place):
    counts, program = module("counts"), module("simulate")
    name = program.DESIGNS[place].name
    kept = {
        (row["drawn"], row["analysis"]): row
        for row in counts.read()
        if (row["design"], row["batch"]) == (name, str(BATCH))
    }
    for drawn, analysis in (
        ("effect", "known-variance"),
        ("effect", "kenward-roger"),
        ("no effect", "satterthwaite"),
    ):
        line, row = program.run_batch((place, drawn, analysis, BATCH)), kept[drawn, analysis]
        for column in ("trials", "failures", "rejects", "covers", "zero"):
            assert abs(line[column] - int(row[column])) <= EDGE, column
        assert line["errors"] == pytest.approx(float(row["errors"]), rel=1e-4)


@pytest.mark.parametrize("place", [0, 100, 330])
def test_a_cell_of_the_grid_drawn_again_gives_its_counts(place):
    region = module("region")
    cells, rows = list(region.cells()), region.read()
    assert len(rows) == len(cells)
    line = region.run_cell((place, cells[place], region.TRIALS))
    assert line["formula"] == pytest.approx(region.POWER, abs=1e-4)
    for column in ("rejects", "failures", "zero"):
        assert abs(line[column] - int(rows[place][column])) <= EDGE, column
