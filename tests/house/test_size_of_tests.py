"""The simulation of size: its page is what its results give, and its results can be had again."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from splw_eval.models.specification import DEFAULT_BOUNDARY

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "analyses" / "size_of_tests"
# Trials on the very edge of a critical value, where rounding differs between machines.
EDGE = 2


@pytest.fixture(autouse=True)
def folder_is_found(monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    yield
    for name in ("counts", "page", "size_of_tests"):
        sys.modules.pop(name, None)


def module(name: str) -> ModuleType:
    return import_module(name)


def test_the_page_is_what_the_results_give():
    page = module("page")
    assert page.PAGE.read_text(encoding="utf-8") == page.page()


def test_every_cell_has_its_designs_and_contrasts_in_order():
    counts, program = module("counts"), module("size_of_tests")
    rows = counts.read()
    keys = [tuple(row[key] for key in counts.KEYS) for row in rows]
    assert len(set(keys)) == len(keys)
    assert {key[:4] for key in keys} == {
        (str(c.icc), str(c.autocorrelation), c.size, c.dropout) for c in program.CELLS
    }
    for cell in counts.pooled(rows):
        assert cell.trials == cell.designs * program.REPLICATES
        assert cell.total["failures"] + cell.total["zero_any"] <= cell.trials


@pytest.mark.parametrize(("place", "number"), [(0, 0), (40, 1)], ids=["few people", "unequal arms"])
def test_a_design_drawn_again_gives_the_counts_of_the_results(place, number):
    counts, program = module("counts"), module("size_of_tests")
    cell = program.CELLS[place]
    found = {row["contrast"]: row for row in program.run_design(cell, number)}
    names = (str(cell.icc), str(cell.autocorrelation), cell.size, cell.dropout, str(number))
    kept = [row for row in counts.read() if tuple(row[key] for key in counts.KEYS[:5]) == names]
    assert len(kept) == len(found)
    for row in kept:
        again = found[row["contrast"]]
        for column in ("people", "lost", "effect", "trials"):
            assert float(row[column]) == again[column]
        for column in counts.COLUMNS[counts.COLUMNS.index("failures") :]:
            if not column.startswith("df_"):
                assert abs(float(row[column]) - again[column]) <= EDGE, column


def test_draws_do_not_depend_on_how_many_are_fitted_together(monkeypatch):
    program = module("size_of_tests")
    cell = program.CELLS[0]
    monkeypatch.setattr(program, "BATCH", 7)
    few = program.run_design(cell, 0, replicates=20)
    monkeypatch.setattr(program, "BATCH", 20)
    assert few == program.run_design(cell, 0, replicates=20)


def test_a_treated_practice_mean_of_no_noise_is_what_was_added():
    """A whole design whose outcome is the arm alone has contrasts of one, zero and one."""
    program = module("size_of_tests")
    cell = program.CELLS[0]
    design = program.draw_design(cell, cell.rng(0)[0])
    treated = (design.practice[design.person] < program.TREATED).astype(float)
    noise = 1e-3 * cell.rng(0)[1].standard_normal((len(treated), 3))
    moments = program.replicated_moments(design.layout, treated[:, None] + noise)
    for contrast, truth in (("last", 1.0), ("change", 0.0), ("mean", 1.0)):
        (estimate, _, df), usable = program.of_practice_means(moments, contrast)
        assert usable.all()
        assert df.tolist() == [13.0] * 3
        assert estimate == pytest.approx([truth] * 3, abs=1e-2)


def test_the_default_rule_of_the_models_is_the_one_that_the_results_choose():
    counts, page = module("counts"), module("page")
    assert page.RULES[page.rule(list(counts.pooled(counts.read())))] == DEFAULT_BOUNDARY
