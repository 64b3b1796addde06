"""How often intervals of costs hold the truth: kept as it was drawn, and drawn again."""

from __future__ import annotations

import csv
import re
import sys
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "analyses" / "size_of_cost_intervals"
AGAIN = 20


@pytest.fixture
def simulate(monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    yield import_module("simulate")
    sys.modules.pop("simulate", None)


@pytest.fixture(scope="module")
def kept() -> list[dict[str, str]]:
    with (FOLDER / "results.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_first_studies_of_every_layout_come_out_as_they_were_kept(simulate, kept):
    held = {(row["practices"], row["interval"]): row["first_20"] for row in kept}
    for layout in simulate.LAYOUTS:
        found = simulate.hits(layout, AGAIN)
        for name in found[0]:
            drawn = "".join(str(int(hit[name])) for hit in found)
            assert drawn == held[" v ".join(map(str, layout.practices)), name]


def test_expanded_intervals_hold_the_truth_more_often_than_plain_ones(kept):
    held = {(row["practices"], row["interval"]): float(row["coverage"]) for row in kept}
    pairs = [
        (held[practices, name], held[practices, name.replace("plain", "expanded")])
        for practices, name in held
        if name.endswith("plain")
    ]
    assert len(pairs) == 18
    assert all(expanded > plain for plain, expanded in pairs)


def test_the_readme_and_the_methods_say_what_was_found(kept):
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    told = {
        row[0]: re.findall(r"(\d+), (\d+)", line)
        for line in readme.splitlines()
        if (row := [cell.strip() for cell in line.strip("| ").split(" | ")])[0][:1].isdigit()
    }
    held = {(row["practices"], row["interval"]): float(row["coverage"]) for row in kept}
    for practices, pairs in told.items():
        layout = practices.removesuffix(", unequal")
        for name, pair in zip(("qaly", "cost", "per improved"), pairs, strict=True):
            for kind, said in zip(("plain", "expanded"), pair, strict=True):
                assert abs(100 * held[layout, f"{name}, {kind}"] - int(said)) <= 0.5 + 1e-9
    assert len(told) == 6
