"""Where a fitted mixed model finds less than the formula says: a grid of plain designs."""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import gammaincinv

from splw_eval import power
from splw_eval.power.words.fitted import FEWEST, LEVELS, UNLIKE, is_short

RESULTS = Path(__file__).resolve().parent / "region.csv"
SEED, TRIALS, POWER = 20_261_127, 2_000, 0.8
KINDS = ("parallel", "two visits")
CLUSTERS, ICCS, SIZES = (8, 10, 12, 14, 16, 20, 30), (0.01, 0.02, 0.05, 0.1), (10, 20, 40)
CVS = (0.0, 0.6)
LIMIT = 2.0  # points
COLUMNS = (
    *("kind", "clusters", "icc", "size", "cv", "formula", "z", "trials", "rejects"),
    *("failures", "zero", "seed"),
)
Cell = tuple[str, int, float, int, float]


def cells() -> Iterator[Cell]:
    """All cells of the grid."""
    yield from product(KINDS, CLUSTERS, ICCS, SIZES, CVS)


def design_of(cell: Cell) -> power.Design:
    """A design whose power by the formula, with its usual degrees of freedom, is `POWER`."""
    kind, clusters, icc, size, cv = cell
    half = clusters // 2
    people = [size] * half
    if cv:
        shape = 1 / cv**2
        drawn = size * gammaincinv(shape, (np.arange(half) + 0.5) / half) / shape
        people = [max(2, round(float(one))) for one in drawn]
    options: dict[str, Any] = {"icc": icc, "clusters_arm": (half, half), "sizes": people * 2}
    if kind == "two visits":
        options |= {"visits": (0, 1), "iac": 0.6, "cac": 0.8, "baseline": "clda"}
    named = "parallel" if kind == "parallel" else "cohort"
    answer = power.solve(power.design(named, d=0.3, **options))
    found = answer.mde
    return power.design(named, d=float(found), **options)


def run_cell(task: tuple[int, Cell, int]) -> dict[str, Any]:
    """Draw one cell, and test by Kenward and Roger's degrees of freedom."""
    place, cell, trials = task
    design = design_of(cell)
    seed = int(np.random.SeedSequence([SEED, place]).generate_state(1)[0])
    found = power.simulate(design, n_trials=trials, seed=seed, df="kenward-roger")
    rules = power.solve(design).by_rule
    good = found.n_trials - found.failures
    told = (*cell, round(float(found.formula), 4), round(float(rules["z"]), 4))
    counts = (found.n_trials, round(found.power * trials), found.failures)
    return dict(zip(COLUMNS, (*told, *counts, round(found.at_zero * good), seed), strict=True))


def gap(row: dict[str, str]) -> float:
    """Points of power by which the fitted model is off."""
    return 100 * (int(row["rejects"]) / int(row["trials"]) - float(row["formula"]))


def error(row: dict[str, str]) -> float:
    """Monte Carlo standard error of the gap, in points."""
    share = int(row["rejects"]) / int(row["trials"])
    return 100 * sqrt(share * (1 - share) / int(row["trials"]))


def read() -> list[dict[str, str]]:
    """Lines of region.csv; none where it is not there."""
    if not RESULTS.exists():
        return []
    with RESULTS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))  # noqa: TID251 - no study is read


def by_rule(*, short: bool) -> list[float]:
    """Gaps of the cells for which the answer's notes say that the model falls short, or not."""
    return [
        gap(row)
        for row in read()
        if short
        == is_short(
            float(row["clusters"]), float(row["cv"]), round(float(row["icc"]) * int(row["size"]), 9)
        )
    ]


def rule_in_words() -> str:
    """The rule by which an answer carries a note, and how it does in the grid."""
    inside, outside = by_rule(short=True), by_rule(short=False)
    near = sum(abs(one) <= LIMIT for one in outside)
    return (
        f"So an answer carries a note where there are fewer than {FEWEST} clusters and people of a "
        f"cluster times the ICC is {LEVELS[True]:g} or less (with sizes whose coefficient of "
        f"variation is {UNLIKE:g} or more) or {LEVELS[False]:g} or less (with sizes more alike). "
        f"In the {len(inside)} cells of the grid where that is so, the fitted model falls short by "
        f"{-np.mean(inside):.1f} points on average, at most {-min(inside):.1f}; in the other "
        f"{len(outside)} the mean gap is {np.mean(outside):+.1f} points, from {min(outside):+.1f} "
        f"to {max(outside):+.1f}, and {near} are within {LIMIT:g} points."
    )


def run(trials: int, processes: int) -> None:
    """Run the cells that are not there, and go on with what there is."""
    done = len(read())
    todo = [(place, cell, trials) for place, cell in enumerate(cells()) if place >= done]
    with RESULTS.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        if not done:
            writer.writeheader()
        with ProcessPoolExecutor(processes) as pool:
            for line in pool.map(run_cell, todo):
                writer.writerow(line)
                file.flush()


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=TRIALS)
    parser.add_argument("--processes", type=int, default=1)
    asked = parser.parse_args()
    run(asked.trials, asked.processes)


if __name__ == "__main__":
    main()
