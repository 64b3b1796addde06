"""Directions of tests and of differences, and numbers near or beyond the ends of a search."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from splw_eval import power

CLUSTERS: dict[str, Any] = {"icc": 0.02, "clusters": 20, "size": 20}


def solved(kind, **options):
    return power.solve(power.design(kind, **options))


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("parallel", CLUSTERS),
        ("individual", {"patients": 200}),
        ("cohort", {**CLUSTERS, "iac": 0.5, "cac": 0.8, "visits": [0, 6]}),
        ("partially-nested", {**CLUSTERS, "controls": 200}),
        ("multi-arm", {"arms": 3, "patients": 300}),
        ("pre-post", {"patients": 60, "iac": 0.5}),
        ("slopes", {"patients": 200, "sd": 1.0, "iac": 0.5, "visits": [0, 6, 12]}),
        ("multisite", {"clusters": 10, "size": 20, "icc": 0.05}),
    ],
)
def test_a_one_sided_test_is_in_the_direction_of_the_difference_planned(kind, options):
    fall, rise = (solved(kind, **options, d=d, sides=1) for d in (-0.3, 0.3))
    assert float(fall.power) == pytest.approx(float(rise.power), rel=1e-12)
    assert float(fall.power) > float(solved(kind, **options, d=-0.3).power) > 0.2
    assert "direction of the difference planned" in fall.conventions["tails"]


def test_a_one_sided_test_of_a_hazard_ratio_below_1_is_schoenfelds():
    found = solved("tte", hr=0.7, events=200, sides=1)
    own = stats.norm.cdf(-np.log(0.7) * np.sqrt(200 / 4) - stats.norm.ppf(0.95))
    assert float(found.power) == pytest.approx(own, abs=1e-9)
    assert float(solved("tte", p0=0.4, patients=400, sides=1, power=0.8).mde) < 1


def test_assurance_of_a_planned_fall_is_that_of_as_large_a_rise():
    fall, rise = (
        power.assurance(power.design("parallel", d=d, sides=1, **CLUSTERS), effect_sd=0.1)
        for d in (-0.3, 0.3)
    )
    assert float(fall) == pytest.approx(float(rise), rel=1e-12)


@pytest.mark.parametrize("no_effect", [False, True])
def test_drawn_trials_of_one_side_count_rejections_in_the_direction_planned(no_effect):
    design = power.design("parallel", diff=-0.3, sd=1.0, sides=1, **CLUSTERS)
    found = power.simulate(design, 2_000, no_effect=no_effect, df="k-2")
    assert abs(found.power - found.formula) < 0.03


def test_the_least_difference_goes_the_way_of_the_one_that_is_planned():
    arms = solved("multi-arm", p0=0.4, p1=0.25, arms=3, patients=300)
    assert float(arms.mde) < 0
    again = solved("multi-arm", p0=0.4, p1=0.4 + float(arms.mde), arms=3, patients=300)
    assert float(again.power) == pytest.approx(0.8, abs=1e-6)
    change = solved("pre-post", p0=0.4, p1=0.3, iac=0.5, patients=100)
    assert float(change.mde) < 0


def test_a_difference_that_can_only_be_a_fall_is_found_as_one():
    given = {"p0": 0.95, "clusters": 20, "size": 15, "icc": 0.05}
    found = solved("parallel", **given, solve="mde")
    assert float(found.mde) < 0
    again = solved("parallel", **given, p1=0.95 + float(found.mde))
    assert float(again.power) == pytest.approx(0.8, abs=1e-6)


def test_of_a_grid_each_difference_goes_the_way_that_can_be_found():
    given = {"clusters": 20, "size": 15, "icc": 0.05, "solve": "mde"}
    grid = solved("parallel", p0=np.array([0.5, 0.95]), **given).mde
    single = [float(solved("parallel", p0=p0, **given).mde) for p0 in (0.5, 0.95)]
    assert single[0] > 0 > single[1]
    assert grid == pytest.approx(single, rel=1e-9)


def test_a_ceiling_of_differences_is_not_told_as_one_of_people():
    given = {"p0": 0.5, "clusters_arm": [2, 2], "size": 3, "icc": 0.5}
    with pytest.raises(power.InfeasibleError, match="no difference reaches power") as caught:
        solved("parallel", **given, solve="mde")
    assert "however many people" not in str(caught.value)


def test_a_number_below_two_is_the_root_and_no_end_of_the_search():
    found = solved("parallel", d=2, size=50, icc=0.01, test="z", power=0.8)
    both = stats.norm.ppf(0.975) + stats.norm.ppf(0.8)
    assert float(found.unrounded) == pytest.approx(4 * (both / 2) ** 2 * 1.49 / 50, rel=1e-6)
