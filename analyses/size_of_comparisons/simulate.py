"""Size, coverage, bias and width of comparisons of arms, when few practices are compared."""

from __future__ import annotations

import argparse
import json
import platform
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any

import numpy as np
import scipy
from cells import CELLS, PLACES, Cell
from counts import COLUMNS, RESULTS, RUN, SUMS, read
from draws import draw_trial
from found import Found
from offered import PARTS, groups_of

from splw_eval.core.errors import FitError

SEED, TRIALS, BATCH, PROCESSES = 20_261_123, 2_000, 50, 2
Results = Iterable[tuple[str, Found]]
FAILED = (FitError, ArithmeticError, np.linalg.LinAlgError)
Task = tuple[int, int, int]  # cell, part of the methods, batch


def try_methods(names: tuple[str, ...], make: Callable[[], Results]) -> dict[str, Found | None]:
    """What a group of methods finds; None for those that fail."""
    found: dict[str, Found | None] = dict.fromkeys(names)
    with suppress(*FAILED):
        found.update(make())  # what was found before a failure stays
    return found


def test_trial(
    cell: Cell, part: int, rng: np.random.Generator, clock: dict[str, float]
) -> dict[str, Found | None]:
    """What every method of a part says of one trial, and how long the groups took."""
    trial = draw_trial(cell, rng)
    found: dict[str, Found | None] = {}
    for group in groups_of(cell, part):
        begun = time.process_time()
        found |= try_methods(group.methods, partial(group.make, trial, cell, rng))
        clock[group.name] = clock.get(group.name, 0.0) + time.process_time() - begun
    return found


def run_batch(
    place: int, part: int, number: int, trials: int = BATCH
) -> tuple[list[dict[str, Any]], dict[str, float]]:
    """Draw and test a batch: a line of the results for each method, and the time it took."""
    cell = CELLS[place]
    clock: dict[str, float] = {}
    stream = [SEED, place, number, *([part] if part else [])]
    rng = np.random.default_rng(np.random.SeedSequence(stream))
    total: dict[str, dict[str, float]] = {}
    for _ in range(trials):
        for method, one in test_trial(cell, part, rng, clock).items():
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


def missing(most: int) -> Iterator[Task]:
    """Batches that the results lack, so that all cells grow alike."""
    there = {(row["cell"], row["method"], int(row["batch"])) for row in read()}
    for number in range(most // BATCH):
        for place, cell in enumerate(CELLS):
            for part in range(PARTS):
                groups = groups_of(cell, part)
                if groups and (cell.name, groups[0].methods[0], number) not in there:
                    yield place, part, number


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
    rows = sorted(read(), key=lambda row: (PLACES[row["cell"]], int(row["batch"])))
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
