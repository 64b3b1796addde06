"""How often the intervals of costs hold the truth: bootstrap of whole practices, drawn again.

`python analyses/size_of_cost_intervals/simulate.py` writes `results.csv` beside itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from splw_eval.stats.resampling.whole_practices import (
    PracticeSums,
    percentile_interval,
    practice_counts,
    ratio_draws,
    sums_by,
    widened_level,
)

HERE = Path(__file__).parent
STUDIES, DRAWS = 2_000, 2_000
SEED = 20260222
ICC, SPREAD, BASELINE = 0.05, 0.8, 0.6
OFTEN = -0.6  # log odds of having improved
FEWEST_PEOPLE = 3
MANY = 400_000  # people from whom the true ratio is known
Hits = dict[str, bool]


@dataclass(frozen=True, slots=True)
class Layout:
    """Practices of each arm, and how many people they have on average."""

    practices: tuple[int, int]
    people: tuple[float, float]


LAYOUTS = (
    Layout((4, 4), (25, 25)),
    Layout((7, 7), (25, 25)),
    Layout((7, 8), (31, 70)),
    Layout((10, 10), (25, 25)),
    Layout((15, 15), (25, 25)),
    Layout((30, 30), (25, 25)),
)


def true_ratio() -> float:
    """Cost per improved person, of very many."""
    rng = np.random.default_rng(SEED)
    of_practice = rng.normal(0, np.sqrt(ICC), MANY)
    of_person = rng.normal(0, np.sqrt(1 - ICC), MANY)
    cost = np.exp(SPREAD * (of_practice + of_person)).mean()
    return float(cost / (1 / (1 + np.exp(-(OFTEN + of_practice)))).mean())


def one_study(layout: Layout, rng: np.random.Generator, truth: float) -> Hits:
    """Draw one study without any difference and see which intervals hold the truth."""
    practices = sum(layout.practices)
    arm = np.repeat([1, 0], layout.practices)
    means = np.repeat(layout.people, layout.practices)
    sizes = np.maximum(FEWEST_PEOPLE, rng.gamma(4, means / 4)).astype(int)
    practice = np.repeat(np.arange(practices), sizes)
    shared = rng.normal(0, np.sqrt(ICC), practices)[practice]
    score = shared + rng.normal(0, np.sqrt(1 - ICC), len(practice))
    start = rng.normal(size=len(practice))
    health, cost = BASELINE * start + SPREAD * score, np.exp(SPREAD * score)
    counts = practice_counts(arm, draws=DRAWS, seed=int(rng.integers(2**31)))
    group = arm[practice].astype(float)
    widened = widened_level(min(layout.practices), practices - 2)
    found: Hits = {}
    for name, values, columns in (("qaly", health, (group, start)), ("cost", cost, (group,))):
        drawn = PracticeSums.of(values, columns, practice, practices).coefficient(1, counts)
        found |= _held(name, drawn, 0.0, widened)
    improved = rng.random(len(practice)) < 1 / (1 + np.exp(-(OFTEN + shared)))
    return found | _ratio(layout, practice, cost, improved, truth, counts)


def _ratio(
    layout: Layout,
    practice: NDArray[np.int64],
    cost: NDArray[np.float64],
    improved: NDArray[np.bool_],
    truth: float,
    counts: NDArray[np.int32],
) -> Hits:
    """Cost per improved person of the programme's practices alone."""
    ours = layout.practices[0]
    held = practice < ours
    top = sums_by(cost[held], practice[held], ours)
    below = sums_by(improved[held].astype(float), practice[held], ours)
    drawn = ratio_draws(top, below, counts[:, :ours])
    return _held("per improved", drawn, truth, widened_level(ours, ours - 1))


def _held(name: str, drawn: NDArray[np.float64], truth: float, widened: float) -> Hits:
    found = {}
    for kind, level in (("plain", 0.95), ("expanded", widened)):
        low, high = percentile_interval(drawn, level)
        found[f"{name}, {kind}"] = low <= truth <= high
    return found


def hits(layout: Layout, studies: int) -> list[Hits]:
    """Which intervals held the truth, study by study; the first ones do not hang on how many."""
    truth = true_ratio()
    seeds = np.random.SeedSequence([SEED, *layout.practices]).spawn(studies)
    return [one_study(layout, np.random.default_rng(seed), truth) for seed in seeds]


def table(layouts: Sequence[Layout] = LAYOUTS, studies: int = STUDIES) -> pd.DataFrame:
    """Share of intervals that hold the truth, with its Monte Carlo error."""
    rows = []
    for layout in layouts:
        found = hits(layout, studies)
        for name in found[0]:
            share = float(np.mean([hit[name] for hit in found]))
            rows.append(
                {
                    "practices": " v ".join(map(str, layout.practices)),
                    "interval": name,
                    "studies": studies,
                    "coverage": round(share, 4),
                    "monte_carlo_error": round(float(np.sqrt(share * (1 - share) / studies)), 4),
                    "first_20": "".join(str(int(hit[name])) for hit in found[:20]),
                }
            )
    return pd.DataFrame(rows)


if __name__ == "__main__":
    path = HERE / "results.csv"
    beside = path.with_name(f".{path.name}.part")
    beside.write_text(table().to_csv(index=False, lineterminator="\n"), encoding="utf-8")
    beside.replace(path)
