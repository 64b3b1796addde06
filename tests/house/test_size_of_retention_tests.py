"""The simulation of comparisons of retention: its page, and that its results can be had again."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from splw_eval.stats.cox.cox_fit import fit_cox_model
from splw_eval.stats.survival.practice_permutation import permute_practices

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "analyses" / "size_of_retention_tests"
# Trials on the very edge of a critical value, where rounding differs between machines.
EDGE = 1


@pytest.fixture(autouse=True)
def folder_is_found(monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    yield
    for name in ("counts", "page", "simulate"):
        sys.modules.pop(name, None)


def module(name: str) -> ModuleType:
    return import_module(name)


def test_the_page_is_what_the_results_give():
    page = module("page")
    assert page.PAGE.read_text(encoding="utf-8") == page.page()


def test_every_cell_has_all_its_trials_in_order():
    counts, program = module("counts"), module("simulate")
    found = counts.pooled(counts.read())
    assert [cell.cell for cell in found] == [cell.name for cell in program.CELLS]
    assert [cell.trials for cell in found] == [cell.trials for cell in program.CELLS]
    for row, number in zip(counts.read(), _numbers(program), strict=True):
        assert int(row["batch"]) == number


def _numbers(program: ModuleType) -> list[int]:
    return [n for cell in program.CELLS for n in range(cell.trials // program.BATCH)]


@pytest.mark.parametrize("place", [6, 8, 12], ids=["completing", "4 v 4", "power"])
def test_a_batch_drawn_again_gives_the_counts_of_the_results(place):
    counts, program = module("counts"), module("simulate")
    found = program.run_batch(place, 1)
    kept = [row for row in counts.read() if (row["cell"], row["batch"]) == (found["cell"], "1")]
    assert len(kept) == 1
    for column in ("trials", "people", "left", "without_horizon", "oe_continuity", "no_cox"):
        assert int(kept[0][column]) == found[column]
    for column in counts.COLUMNS[8:]:
        assert abs(int(kept[0][column]) - found[column]) <= EDGE, column


def test_leaving_each_practice_out_gives_the_fits_of_the_package():
    program = module("simulate")
    cell = program.CELLS[2]
    trial = program.draw_trial(cell, np.random.default_rng(4))
    estimate, without = program.cox_by_practice(program.join_arms(*trial.arms), None)
    arm = trial.second.astype(float)[:, None]
    assert estimate == pytest.approx(
        fit_cox_model(None, trial.day, trial.cause == 1, arm).beta[0], rel=1e-8
    )
    for practice in range(15):
        kept = trial.practice != practice
        fit = fit_cox_model(None, trial.day[kept], trial.cause[kept] == 1, arm[kept])
        assert without[practice] == pytest.approx(fit.beta[0], rel=1e-8)


def test_a_permutation_left_off_early_is_one_that_does_not_reject():
    program = module("simulate")
    cell = program.CELLS[3]
    rng = np.random.default_rng(8)
    early = 0
    for _ in range(25):
        trial = program.draw_trial(cell, rng)
        if program.test_by_permutation(trial, cell) is None:
            early += 1
            assert permute_practices(trial.arms, program.HORIZON).p_value > program.LEVEL
    assert early > 10


def test_the_true_difference_is_the_mean_of_many_people_of_many_practices():
    program = module("simulate")
    cell = program.CELLS[-1]
    rng = np.random.default_rng(2)
    frail = np.exp(cell.frailty * rng.standard_normal(400_000) - cell.frailty**2 / 2)
    days = np.floor(rng.exponential(1, frail.size) / (program.LEAVING * frail))
    slower = np.floor(rng.exponential(1, frail.size) / (0.6 * program.LEAVING * frail))
    means = [np.minimum(values, program.HORIZON).mean() for values in (days, slower)]
    assert program.truth(cell) == pytest.approx(means[1] - means[0], abs=1.2)
    assert program.truth(program.CELLS[0]) == 0


def test_the_default_of_the_page_is_the_permutation_of_practices():
    counts, page = module("counts"), module("page")
    null = [cell for cell in counts.pooled(counts.read()) if not page.is_power(cell)]
    assert page.default(null) == "permutation"
