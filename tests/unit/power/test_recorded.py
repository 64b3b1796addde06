"""The record of an answer: its keys, and that the same number comes back from it."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from splw_eval import power

NEEDED = {
    *("power", "clusters", "size", "mde", "std_error", "df", "conventions", "assumptions"),
    *("clusters_per_arm", "arms", "unrounded", "patients", "by_rule", "notes", "design", "version"),
}
WEDGE = [[0, 1, 1], [0, 0, 1]]
DESIGNS: list[tuple[str, dict[str, Any]]] = [
    ("parallel", {"diff": 0.3, "sd": 1, "icc": 0.05, "clusters": 24, "size": 20}),
    ("parallel", {"diff": 0.3, "sd": 1, "icc": 0.05, "power": 0.8, "size": 20, "dropout": 0.2}),
    ("parallel", {"sd": 1, "icc": 0.05, "clusters_arm": [7, 8], "size": 20, "power": 0.9}),
    ("parallel", {"p0": 0.4, "p1": 0.3, "icc": 0.02, "clusters": 30, "power": 0.8}),
    ("matrix", {"matrix": WEDGE, "diff": 0.5, "sd": 1, "icc": 0.05, "clusters": 12, "size": 20}),
    ("individual", {"diff": 0.3, "sd": 1, "power": 0.9}),
]


@pytest.mark.parametrize(("kind", "options"), DESIGNS)
def test_the_same_numbers_come_back_through_json(kind, options):
    found = power.solve(power.design(kind, sources={"sd": "a trial"}, **options))
    text = json.dumps(found.to_dict(), allow_nan=False)
    again = power.from_record(json.loads(text))
    assert again.to_dict() == found.to_dict()
    assert float(again.power) == float(found.power)
    assert again.asked.sources == found.asked.sources


def test_a_blank_cell_of_a_matrix_comes_back_as_blank():
    matrix = [[0, 1, np.nan], [0, 0, 1]]
    options: dict[str, Any] = {"diff": 0.5, "sd": 1, "icc": 0.05, "clusters": 12, "size": 20}
    found = power.solve(power.design("matrix", matrix=matrix, **options))
    record = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert record["given"]["matrix"][0][2] is None
    assert float(power.from_record(record).power) == float(found.power)


def test_a_record_has_its_keys_and_plain_whole_numbers():
    record = power.solve(power.design("parallel", **DESIGNS[1][1])).to_dict()
    assert set(record) >= NEEDED
    assert record["sought"] == "clusters"
    per_arm = record["clusters_per_arm"]
    assert isinstance(per_arm, int)
    assert record["clusters"] == 2 * per_arm
    assert record["clusters_per_arm_unrounded"] == record["unrounded"] / 2
    assert per_arm - 1 < record["clusters_per_arm_unrounded"] <= per_arm
    assert {row["input"] for row in record["assumptions"]} >= {"--icc", "--sd", "--dropout"}


def test_arms_of_unequal_size_are_a_list():
    record = power.solve(power.design("parallel", **DESIGNS[2][1])).to_dict()
    assert record["clusters_per_arm"] == [7, 8]
    assert record["mde"] == record["unrounded"]


def test_endless_degrees_of_freedom_are_null_and_never_infinity():
    found = power.solve(power.design("parallel", **DESIGNS[0][1], test="z"))
    record = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert record["df"] is None
    assert record["conventions"]["df_rule"] == "z"


def test_a_grid_is_recorded_as_lists():
    options: dict[str, Any] = {**DESIGNS[0][1], "icc": [0.01, 0.05]}
    record = power.solve(power.design("parallel", **options)).to_dict()
    assert len(record["power"]) == len(record["mde"]) == 2
    again = power.from_record(json.loads(json.dumps(record)))
    assert again.power.tolist() == record["power"]


def test_a_record_of_no_design_is_refused():
    with pytest.raises(power.DesignError, match="SZ01"):
        power.from_record({})
