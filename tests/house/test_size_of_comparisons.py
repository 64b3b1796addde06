"""The simulation of comparisons of arms: its page, and that its results can be had again."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from splw_eval.stats.resampling.wild import wild_cluster_bootstrap

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "analyses" / "size_of_comparisons"
NAMES = tuple(path.stem for path in FOLDER.glob("*.py"))
# Trials on the very edge of a critical value, where rounding differs between machines.
EDGE = 1
BATCH = 6  # one of the forty, drawn again


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


def test_every_cell_has_all_its_trials():
    counts, program = module("counts"), module("simulate")
    found = counts.pooled(counts.read())
    assert list(found) == [cell.name for cell in program.CELLS]
    for cell in program.CELLS:
        groups = [g for part in range(program.PARTS) for g in program.groups_of(cell, part)]
        methods = [name for group in groups for name in group.methods]
        assert sorted(found[cell.name]) == sorted(methods)
        assert {found[cell.name][name].trials for name in methods} == {program.TRIALS}


@pytest.mark.parametrize(
    ("place", "part"),
    [(0, 0), (3, 0), (7, 0), (3, 2), (10, 0), (12, 0), (16, 0)],
    ids=["nobody lost", "last score", "cohort", "otherwise", "cohort lost", "received", "benefit"],
)
def test_a_batch_drawn_again_gives_the_counts_of_the_results(place, part):
    counts, program = module("counts"), module("simulate")
    lines, _ = program.run_batch(place, part, BATCH)
    drawn = {line["method"] for line in lines}
    kept = {
        row["method"]: row
        for row in counts.read()
        if (row["cell"], row["batch"]) == (program.CELLS[place].name, str(BATCH))
        and row["method"] in drawn
    }
    assert drawn == set(kept)
    for line in lines:
        row = kept[line["method"]]
        for column in ("rejects", "covers"):
            assert abs(float(row[column]) - line[column]) <= EDGE, line["method"]
        assert float(row["estimates"]) == pytest.approx(line["estimates"], abs=0.05)


def test_truths_under_strategies_are_those_of_the_share_lost():
    cells, assumptions = module("cells"), module("assumptions")
    none, some = cells.CELLS[3], cells.CELLS[5]
    lost = -assumptions.truth(none, "delta") / -assumptions.DELTA
    assert 0.45 < lost < 0.55
    assert assumptions.truth(none, "J2R") == 0
    lost = (some.effect - assumptions.truth(some, "delta")) / -assumptions.DELTA
    assert assumptions.truth(some, "J2R") == pytest.approx(some.effect * (1 - lost), abs=1e-9)
    assert assumptions.truth(some, "J2R") < assumptions.truth(some, "CIR") < some.effect


def test_defaults_keep_their_size_and_coverage():
    page = module("page")
    found = page.pooled(page.read())
    for title, methods in page.DEFAULTS.items():
        told = page.verdicts(title, found)
        assert all(good for method in methods for _, good in told[method]), title


def test_methods_known_to_fail_are_named_as_failing():
    page = module("page")
    found = page.pooled(page.read())
    for title, method in (
        ("nobody lost", "CR1"),
        ("people lost", "CR2"),
        ("cohort, arms unlike", "unadjusted CR2"),
        ("cohort, arms unlike, people lost", "DR DiD jackknife"),
        ("programme not received by all", "as treated"),
    ):
        assert not all(good for _, good in page.verdicts(title, found)[method]), method


def test_the_wild_bootstrap_written_out_is_that_of_the_package():
    cells, cases = module("cells"), module("complete_cases")
    trial = module("draws").draw_trial(cells.CELLS[3], np.random.default_rng(4))
    seen = ~np.isnan(trial.scores[:, -1])
    y, design = trial.scores[seen, -1], cases.design_of(trial)[seen]
    for null in (0.0, 0.3):
        ours = cases.wild_p(y, design, trial.practice[seen], null)
        theirs = wild_cluster_bootstrap(y, design, trial.practice[seen], 1, null=null)
        assert ours == theirs.p_value


def test_people_of_the_arms_are_lost_as_the_page_says():
    cells = module("cells")
    rng = np.random.default_rng(9)
    lost: dict[bool, list[float]] = {False: [], True: []}
    for _ in range(40):
        trial = module("draws").draw_trial(cells.CELLS[3], rng)
        for second, shares in lost.items():
            shares.append(np.isnan(trial.scores[trial.second == second, -1]).mean())
    assert np.mean(lost[False]) == pytest.approx(0.26, abs=0.03)
    assert np.mean(lost[True]) == pytest.approx(0.51, abs=0.03)
