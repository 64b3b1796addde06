"""The least difference found: what it is called, and that it is a difference."""

from __future__ import annotations

from typing import Any

import pytest

from splw_eval import power

BINARY: dict[str, Any] = {"p0": 0.4, "icc": 0.05, "clusters": 30, "size": 20, "power": 0.8}


def solved(kind="parallel", **options):
    return power.solve(power.design(kind, **options))


@pytest.mark.parametrize("p1", [0.5, 0.3, None])
def test_of_proportions_it_is_their_difference_with_the_second_beside_it(p1):
    found = solved(**BINARY, p1=p1)
    record = found.to_dict()
    assert record["mde_is"] == "difference in proportions"
    assert record["mde_proportion"] == pytest.approx(0.4 + record["mde"])
    assert (record["mde"] < 0) == (p1 == 0.3)
    again = solved(**{**BINARY, "power": None}, p1=record["mde_proportion"])
    assert float(again.power) == pytest.approx(0.8, abs=1e-9)


def test_each_way_to_see_it_is_the_same_difference():
    found = solved(**BINARY)
    assert found.sought == "mde"
    grid = power.sensitivity(found)
    assert grid is not None
    assert grid.cells[grid.at] == pytest.approx(float(found.mde))
    assert float(found.by_rule["k-2"]) == pytest.approx(float(found.mde))
    drawn = power.curve(found.asked, "clusters", [30])
    assert drawn.by_rule["k-2"][0] == pytest.approx(float(found.mde))
    assert "Smallest difference in proportions found with power 0.8" in repr(found)


def test_by_multiples_of_the_se_it_is_near_the_one_that_is_solved():
    rough, exact = (solved(**BINARY, mde_rule=rule) for rule in ("bloom", "exact"))
    assert float(rough.mde) == pytest.approx(float(exact.mde), rel=0.05)


def test_of_times_to_an_event_it_is_a_hazard_ratio_and_named_so():
    found = solved("tte", hr=0.7, p0=0.5, clusters=16, size=20, icc=0.02)
    assert found.to_dict()["mde_is"] == "hazard ratio"
    assert "Hazard ratio nearest to 1" in repr(found)
    assert 0 < float(found.mde) < 1


def test_of_scores_it_is_what_it_was_and_without_sd_in_standard_deviations():
    assert (
        solved(diff=0.3, sd=2, icc=0.05, clusters=24, size=20).to_dict()["mde_is"] == "difference"
    )
    record = solved(d=0.3, icc=0.05, clusters=24, size=20).to_dict()
    assert record["mde_is"] == "difference in standard deviations"


def test_clusters_of_times_to_an_event_are_tested_by_t():
    for spread in ({"icc": 0.02}, {"sd_cluster": 0.2}):
        found = solved("tte", hr=0.7, p0=0.5, clusters=16, size=20, **spread)
        assert float(found.df) == 14
        assert not any("normal test" in note for note in found.notes)
