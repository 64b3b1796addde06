"""What cannot be reached: with what was assumed, and with what would do."""

from __future__ import annotations

from typing import Any

import pytest

from splw_eval import power

FEW: dict[str, Any] = {"diff": 0.3, "sd": 1, "icc": 0.05, "clusters": 10, "power": 0.9}


def told(kind="parallel", **options):
    with pytest.raises(power.InfeasibleError) as caught:
        power.solve(power.design(kind, **options))
    return caught.value


def test_it_is_told_what_was_assumed_and_how_many_clusters_would_do():
    error = told(**FEW)
    assert "--diff 0.3, --sd 1, --icc 0.05, nobody lost" in error.where
    assert "At least 26 clusters" in error.remedy
    for clusters, enough in ((26, True), (24, False)):
        crowded = power.design("parallel", **{**FEW, "clusters": clusters, "size": 1e9,
                                              "power": None})  # fmt: skip
        assert (float(power.solve(crowded).power) >= 0.9) == enough


def test_designs_that_ask_for_fewer_are_pointed_to_where_they_may_do():
    assert "baseline, or cohort" in told(**FEW).remedy
    shares = {"p0": 0.4, "p1": 0.45, "icc": 0.05, "clusters": 10, "power": 0.9}
    assert "baseline" not in told(**shares).remedy


def test_clusters_of_unlike_arms_are_asked_for_in_the_same_ratio():
    given = {**FEW, "clusters": None, "clusters_arm": [4, 8]}
    least = int(told(**given).remedy.split("At least ")[1].split()[0])
    assert least > 26
