"""The fewest clusters that carry a test, however they are told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from splw_eval import power
from splw_eval.power.checks import DesignError

PLAIN: dict[str, Any] = {"d": 0.4, "icc": 0.05, "size": 20}
MATRIX = [[0, 1], [0, 0]]


@pytest.mark.parametrize(
    ("kind", "options", "flag"),
    [
        ("parallel", {"clusters": 3}, "--clusters:"),
        ("parallel", {"clusters": 5, "cluster_loss": 0.5}, "--clusters:"),
        ("parallel", {"sizes": [20, 30], "size": None}, "--sizes:"),
        ("stepped-wedge", {"steps": 2, "per_sequence": 1}, "--per-sequence:"),
        ("matrix", {"matrix": MATRIX, "per_sequence": 1}, "--per-sequence:"),
        ("partially-nested", {"clusters": 10, "clusters_control": 2}, "--clusters-control:"),
    ],
)
def test_fewer_than_four_clusters_are_refused_however_they_are_told(kind, options, flag):
    with pytest.raises(DesignError) as caught:
        power.design(kind, **{**PLAIN, **options})
    assert [one.code for one in caught.value.findings] == ["SZ08"]
    assert caught.value.findings[0].problem.startswith(flag)
    forced = power.design(kind, **{**PLAIN, **options, "force": True})
    assert forced.kind.name == kind


def test_four_clusters_are_left_of_eight_of_which_half_are_lost():
    assert power.design("parallel", **PLAIN, clusters=8, cluster_loss=0.5).given["clusters"] == 8


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("partially-nested", {"controls": 100}),
        ("pre-post", {"cac": 0.8, "iac": 0.5}),
        ("parallel", {}),
    ],
)
def test_a_solved_number_is_no_smaller_and_says_so(kind, options):
    given = {**PLAIN, "size": 50, "d": 1.9, "power": 0.8, **options}
    found = power.solve(power.design(kind, **given))
    assert float(found.unrounded) < 4
    assert float(np.asarray(found.clusters)) == 4
    assert any("no fewer are told" in note for note in found.notes)
    forced = power.solve(power.design(kind, **given, force=True))
    assert float(np.asarray(forced.clusters)) < 4 or kind == "parallel"


def test_too_few_clusters_are_told_beside_values_out_of_range():
    with pytest.raises(DesignError) as error:
        power.design("parallel", clusters=3, size=0.5, icc=20, diff=0.3, sd=1)
    assert {"SZ03", "SZ04", "SZ08"} == {one.code for one in error.value.findings}
