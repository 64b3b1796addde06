"""Size, coverage, bias and width of comparisons of arms, when few practices are compared."""

from __future__ import annotations

import argparse
import json
import platform
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from typing import Any

import numpy as np
import scipy
from cells import CELLS, Cell, Trial, draw_trial
from cohort import alike
from complete_cases import complete_cases
from counts import COLUMNS, RESULTS, RUN, SUMS, read
from for_the_lost import conditional_mean, imputed, mixed_model, weighted
from found import Found

from splw_eval.core.errors import FitError

SEED, TRIALS, BATCH, PROCESSES = 20_261_123, 2_000, 50, 2
CONDITIONAL_MEANS = 300  # trials of a cell, as one takes longer than all other methods
Results = Iterable[tuple[str, Found]]
FAILED = (FitError, ArithmeticError, np.linalg.LinAlgError)

# Names that each group of methods gives, so that a failure is counted for all of them.
PLAIN = ("unadjusted CR2", "CR2", "CR3", "CR1", "two-stage t", "permutation", "wild bootstrap")
OF_MODEL = ("mixed model KR",)
OF_MI = ("MI", "MI, practices less 2", "MI, df of people")
OF_NONE = ("MI without practices",)
OF_IPW = ("IPW CR2", "IPW jackknife")
OF_MEAN = ("conditional mean jackknife",)
OF_COHORT = (
    *(f"{name} {how}" for name in ("ATT", "overlap", "entropy") for how in ("CR2", "jackknife")),
    *(f"{name} {how}" for name in ("AIPW", "DR DiD") for how in ("influence", "jackknife")),
)


def try_methods(names: tuple[str, ...], make: Callable[[], Results]) -> dict[str, Found | None]:
    """What a group of methods finds; None for those that fail."""
    found: dict[str, Found | None] = dict.fromkeys(names)
    with suppress(*FAILED):
        found.update(make())  # what was found before a failure stays
    return found


def groups_of(
    cell: Cell, trial: Trial, rng: np.random.Generator, *, slow: bool
) -> Iterator[tuple[str, tuple[str, ...], Callable[[], Results]]]:
    """Groups of methods of a cell, their names, and what makes them."""
    truth = cell.effect
    yield "complete cases", PLAIN, lambda: complete_cases(trial, truth)
    if cell.kind == "cohort":
        yield "cohort", OF_COHORT, lambda: alike(trial, truth)
        return
    yield "mixed model", OF_MODEL, lambda: [(OF_MODEL[0], mixed_model(trial, truth))]
    if cell.lost == "none":
        return
    yield "MI", OF_MI, lambda: imputed(trial, truth, "both", rng)
    yield "MI without practices", OF_NONE, lambda: imputed(trial, truth, "none", rng)
    yield "IPW", OF_IPW, lambda: weighted(trial, truth)
    if slow:
        yield "conditional mean", OF_MEAN, lambda: [(OF_MEAN[0], conditional_mean(trial, truth))]


def test_trial(
    cell: Cell, rng: np.random.Generator, clock: dict[str, float], *, slow: bool
) -> dict[str, Found | None]:
    """What every method says of one trial, and how long the groups took."""
    trial = draw_trial(cell, rng)
    found: dict[str, Found | None] = {}
    for group, names, make in groups_of(cell, trial, rng, slow=slow):
        begun = time.process_time()
        found |= try_methods(names, make)
        clock[group] = clock.get(group, 0.0) + time.process_time() - begun
    return found


def run_batch(
    place: int, number: int, trials: int = BATCH
) -> tuple[list[dict[str, Any]], dict[str, float]]:
    """Draw and test a batch: a line of the results for each method, and the time it took."""
    cell, slow = CELLS[place], number * BATCH < CONDITIONAL_MEANS
    clock: dict[str, float] = {}
    rng = np.random.default_rng(np.random.SeedSequence([SEED, place, number]))
    total: dict[str, dict[str, float]] = {}
    for _ in range(trials):
        for method, one in test_trial(cell, rng, clock, slow=slow).items():
            into = total.setdefault(method, dict.fromkeys(("trials", "failures", *SUMS), 0))
            into["trials"] += 1
            if one is None:
                into["failures"] += 1
                continue
            values = (one.rejects, one.covers, one.estimate, one.estimate**2, one.error, one.width)
            for key, value in zip(SUMS, values, strict=True):
                into[key] += value
    lines = [
        {"cell": cell.name, "batch": number, "method": method}
        | {key: round(value, 6) for key, value in sums.items()}
        for method, sums in total.items()
    ]
    return lines, clock


def missing(most: int) -> Iterator[tuple[int, int]]:
    """Batches that the results lack, so that all cells grow alike."""
    there = {(row["cell"], int(row["batch"])) for row in read()}
    for number in range(most // BATCH):
        for place, cell in enumerate(CELLS):
            if (cell.name, number) not in there:
                yield place, number


def run(most: int, processes: int) -> None:
    """Run what is missing, and put the lines in order."""
    if not RESULTS.exists():
        RESULTS.write_text(",".join(COLUMNS) + "\n", encoding="utf-8")
    todo = list(missing(most))
    if todo:
        with ProcessPoolExecutor(processes) as pool:
            for lines, clock in pool.map(run_batch, *zip(*todo, strict=True)):
                with RESULTS.open("a", encoding="utf-8") as file:
                    file.write("".join(map(_line, lines)))
                note(clock, BATCH)
    places = {cell.name: place for place, cell in enumerate(CELLS)}
    rows = sorted(read(), key=lambda row: (places[row["cell"]], int(row["batch"])))
    RESULTS.write_text(",".join(COLUMNS) + "\n" + "".join(map(_line, rows)), encoding="utf-8")


def note(clock: dict[str, float], trials: int) -> None:
    """Add up the time of the run, beside the versions that it rests on."""
    held = json.loads(RUN.read_text(encoding="utf-8")) if RUN.exists() else {}
    spent = held.get("seconds", {})
    held |= {
        "seed": SEED,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "trials": held.get("trials", 0) + trials,
        "seconds": {
            group: round(spent.get(group, 0.0) + clock.get(group, 0.0), 2)
            for group in dict.fromkeys([*spent, *clock])
        },
    }
    RUN.write_text(json.dumps(held, indent=2) + "\n", encoding="utf-8")


def _line(row: dict[str, Any]) -> str:
    cells = [str(row[column]) for column in COLUMNS]
    return ",".join(f'"{cell}"' if "," in cell else cell for cell in cells) + "\n"


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=TRIALS, help="most trials of a cell")
    parser.add_argument("--processes", type=int, default=PROCESSES)
    asked = parser.parse_args()
    run(asked.trials, asked.processes)


if __name__ == "__main__":
    main()
