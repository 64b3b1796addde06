"""The same data sets for R and for this package: people's rows drawn from the seed."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from designs import DESIGNS, PLACES

from splw_eval.power.simulation.ready import ready_to_draw
from splw_eval.power.simulation.rows import Rows, draw_rows
from splw_eval.power.simulation.shapes import Shape
from splw_eval.power.simulation.trial import Trial

SEED, SETS, EACH = 20_261_130, 1_000, 50
FITTED = {
    "parallel": "parallel, 10 unlike clusters",
    "visits": "two visits by cLDA, 8 clusters of 10",
    "crossover": "crossover of a cohort, 8 clusters of 12",
}


def trial_of(key: str) -> Trial:
    """The trial that is drawn."""
    return ready_to_draw(DESIGNS[PLACES[FITTED[key]]].design)


def drawn(key: str, batch: int) -> list[Rows]:
    """A batch of data sets."""
    stream = [SEED, PLACES[FITTED[key]], batch]
    rng = np.random.default_rng(np.random.SeedSequence(stream))
    return draw_rows(trial_of(key), Shape(), EACH, rng)


def frames(key: str, batch: int) -> Iterator[pd.DataFrame]:
    """Its data sets, a row for each person and visit that was seen."""
    trial = trial_of(key)
    for rows in drawn(key, batch):
        person, visit = np.nonzero(~np.isnan(rows.scores))
        cluster = rows.cluster[person]
        treated = trial.treatment[trial.sequence[cluster], visit]
        columns = {"person": person, "cluster": cluster, "visit": visit, "treated": treated}
        yield pd.DataFrame({**columns, "y": rows.scores[person, visit]})


def write(folder: Path) -> None:
    """A file for each design, for tests/reference/r/power_agreement.R."""
    for key in FITTED:
        made = [one for batch in range(SETS // EACH) for one in frames(key, batch)]
        whole = pd.concat(made, keys=range(1, SETS + 1), names=["set"]).reset_index("set")
        whole.to_csv(folder / f"{key}.csv", index=False, float_format="%.17g")


def main() -> None:
    """Read the command line and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where to write, which is not kept")
    write(parser.parse_args().folder)


if __name__ == "__main__":
    main()
