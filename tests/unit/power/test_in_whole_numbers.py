"""Whole numbers of a grid: each arm rounded up, as of a single design."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from splw_eval import power

DIFFERENCES = np.array([0.45, 0.41, 0.37, 0.6])


def count(of: Any) -> Any:
    return np.asarray(of).tolist()


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("parallel", {"size": 20, "icc": 0.05}),
        ("parallel", {"size": 20, "icc": 0.05, "allocation": 2}),
        ("cohort", {"size": 9, "icc": 0.05, "iac": 0.5, "cac": 0.8, "visits": [0, 6]}),
        ("stepped-wedge", {"size": 5, "icc": 0.05, "cac": 0.8, "steps": 4}),
        ("multi-arm", {"size": 20, "icc": 0.05, "arms": 3, "allocation": 0.5}),
    ],
)
def test_a_grid_of_clusters_is_rounded_as_its_designs_one_by_one(kind, options):
    grid = power.solve(power.design(kind, d=DIFFERENCES, power=0.8, **options))
    single = [power.solve(power.design(kind, d=d, power=0.8, **options)) for d in DIFFERENCES]
    assert count(grid.clusters) == [count(one.clusters) for one in single]
    assert grid.power == pytest.approx([float(one.power) for one in single], rel=1e-9)


def test_a_grid_of_people_is_rounded_arm_by_arm():
    grid = power.solve(power.design("individual", d=DIFFERENCES, power=0.8))
    single = [power.solve(power.design("individual", d=d, power=0.8)) for d in DIFFERENCES]
    assert count(grid.patients) == [count(one.patients) for one in single]
    assert all(people % 2 == 0 for people in count(grid.patients))


def test_unequal_orders_of_a_crossover_keep_their_shares():
    given: dict[str, Any] = {
        "d": 0.2,
        "size": 20,
        "icc": 0.05,
        "cac": 0.8,
        "allocation": 2,
        "power": 0.8,
    }
    found = power.solve(power.design("crossover", **given))
    first, second = found.arms.values()
    assert first / second == pytest.approx(2, abs=0.2)
    assert 0.8 <= float(found.power) < 0.85
