"""What the tests of the catalogue know of each instrument, apart from its file."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.instruments import Instrument, Scored, read_catalogue, score_responses

CATALOGUE = read_catalogue()
# What the scoring must be told before it scores.
OPTIONS: dict[str, dict[str, Any]] = {
    "core10": {"coding": "scored"},
    "hads": {"coding": "scored"},
    "k6": {"coding": "from_0"},
}
# Items that count from the other end, with the options above.
REVERSED = {
    "brs": ("2", "4", "6"),
    "ltcq20": ("9", "10", "11", "12", "13", "14", "15"),
    "ltcq8": ("4", "5", "6", "7"),
    "djg6": ("2", "3", "5"),
}
AGES = ("18_34", "35_44", "45_54", "55_64", "65plus")
# Scores that are made of answers one by one, and not of a profile or another score.
NOT_ADDED = {"tariff", "crosswalk", "lookup", "table", "level", "given"}
ADDED = [
    (name, score.name)
    for name, held in CATALOGUE.items()
    for score in held.scores
    if score.formula.how not in NOT_ADDED
]


def codes_of(held: Instrument, item: str) -> tuple[int, int]:
    codes = held.item_codes.get(item, held.codes)
    assert codes is not None, item
    return codes


def extreme(held: Instrument, *, worst: bool) -> NDArray[np.float64]:
    """Answers that give the lowest score of every item, or the highest."""
    turned = REVERSED.get(held.name, ())
    ends = [codes_of(held, item) for item in held.items]
    return np.array(
        [
            low if worst != (item in turned) else high
            for item, (low, high) in zip(held.items, ends, strict=True)
        ],
        dtype=float,
    )


def ramp(held: Instrument) -> NDArray[np.float64]:
    """From the lowest score to the highest, one answer by one code at a time."""
    now, end = extreme(held, worst=True), extreme(held, worst=False)
    rows = [now.copy()]
    for place in range(len(now)):
        while now[place] != end[place]:
            now[place] += np.sign(end[place] - now[place])
            rows.append(now.copy())
    return np.array(rows)


def scored(name: str, rows: NDArray[np.float64], **options: Any) -> dict[str, Scored]:
    return dict(score_responses(rows, CATALOGUE[name], **{**OPTIONS.get(name, {}), **options}))


def made_up_table(folder: Path) -> Path:
    """Write a table in the form of the DSU's: 1000 x column number + profile, all made up."""
    heads = [f"{sex}_{ages}" for sex in ("male", "female") for ages in AGES]
    lines = [",".join(["state", *heads])]
    for state in product("12345", repeat=5):
        profile = "".join(state)
        values = [str(1000 * place + int(profile) / 1e5) for place in range(len(heads))]
        lines.append(",".join([profile, *values]))
    path = folder / "made_up.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path
