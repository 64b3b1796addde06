"""Trials of the listed designs, drawn and analysed with known and with estimated variances."""

from __future__ import annotations

import argparse
import json
import platform
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from math import isfinite
from typing import Any

import numpy as np
import scipy
from counts import ANALYSES, COLUMNS, DRAWN, RESULTS, RUN, read
from designs import DESIGNS, PLACES, Listed

from splw_eval import power

SEED, TRIALS, BATCH, PROCESSES = 20_261_124, 10_000, 1_000, 1
Task = tuple[int, str, str, int]  # design, what is drawn, analysis, batch


def seed_of(place: int, batch: int) -> int:
    """The same for every analysis, so that all see the same draws."""
    return int(np.random.SeedSequence([SEED, place, batch]).generate_state(1)[0])


def run_batch(task: Task) -> dict[str, Any]:
    """Draw and analyse a batch: a line of the results."""
    place, drawn, analysis, batch = task
    begun = time.process_time()
    how = {"analysis": "cr2"} if analysis == "cr2" else {"df": analysis}
    found = power.simulate(
        DESIGNS[place].design,
        n_trials=BATCH,
        seed=seed_of(place, batch),
        no_effect=drawn == "no effect",
        **how,
    )
    good = found.n_trials - found.failures
    zero = found.at_zero * good if isfinite(found.at_zero) else 0
    return {
        "design": DESIGNS[place].name,
        "drawn": drawn,
        "analysis": analysis,
        "batch": batch,
        "trials": found.n_trials,
        "failures": found.failures,
        "rejects": round(found.power * found.n_trials),
        "covers": round(found.coverage * good),
        "zero": round(zero),
        "errors": round(found.mean_std_error * good, 6),
        "seconds": round(time.process_time() - begun, 2),
    }


def offered(one: Listed) -> Iterator[tuple[str, str]]:
    """What is drawn of a design, and how it is analysed."""
    for analysis, worlds in ANALYSES.items():
        if analysis != "cr2" or one.by_least_squares:
            yield from ((drawn, analysis) for drawn in worlds)


def missing(most: int) -> Iterator[Task]:
    """Batches that the results lack, so that all designs grow alike."""
    there = {(row["design"], row["drawn"], row["analysis"], int(row["batch"])) for row in read()}
    for batch in range(most // BATCH):
        for place, one in enumerate(DESIGNS):
            for drawn, analysis in offered(one):
                if (one.name, drawn, analysis, batch) not in there:
                    yield place, drawn, analysis, batch


def run(most: int, processes: int) -> None:
    """Run what is missing, and put the lines in order."""
    if not RESULTS.exists():
        RESULTS.write_text(",".join(COLUMNS) + "\n", encoding="utf-8")
    todo = list(missing(most))
    if todo:
        with ProcessPoolExecutor(processes) as pool:
            for line in pool.map(run_batch, todo):
                with RESULTS.open("a", encoding="utf-8") as file:
                    file.write(_line(line))
    order = {name: place for place, name in enumerate(ANALYSES)}
    rows = sorted(
        read(),
        key=lambda row: (
            PLACES[row["design"]],
            DRAWN.index(row["drawn"]),
            order[row["analysis"]],
            int(row["batch"]),
        ),
    )
    RESULTS.write_text(",".join(COLUMNS) + "\n" + "".join(map(_line, rows)), encoding="utf-8")
    held = {
        "seed": SEED,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "trials": sum(int(row["trials"]) for row in rows),
        "seconds": round(sum(float(row["seconds"]) for row in rows)),
    }
    RUN.write_text(json.dumps(held, indent=2) + "\n", encoding="utf-8")


def _line(row: dict[str, Any]) -> str:
    cells = [str(row[column]) for column in COLUMNS]
    return ",".join(f'"{cell}"' if "," in cell else cell for cell in cells) + "\n"


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=TRIALS, help="most trials of a design")
    parser.add_argument("--processes", type=int, default=PROCESSES)
    asked = parser.parse_args()
    run(asked.trials, asked.processes)


if __name__ == "__main__":
    main()
