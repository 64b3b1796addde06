"""Cluster trials with a measurement at the start."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from splw_eval import power

ROUNDING = 1e-9
BASIC: dict[str, Any] = {"size": 30, "icc": 0.05, "cac": 0.7, "iac": 0.5, "diff": 0.3, "sd": 2.0}


def solved(**options):
    return power.solve(power.design("baseline", **{**BASIC, **options}))


def teerenstra(k1, k0, *, m=30, rho=0.05, r=0.7, a=0.5, s2=4.0, baseline="ancova"):
    deff = 1 + (m - 1) * rho
    alike = (m * rho * r + (1 - rho) * a) / deff
    factor = {"none": 1.0, "change": 2 * (1 - alike), "ancova": 1 - alike**2}[baseline]
    return s2 * deff / m * (1 / k1 + 1 / k0) * factor


@pytest.mark.parametrize("baseline", ["none", "change", "ancova"])
@pytest.mark.parametrize(("k1", "k0"), [(8, 8), (8, 16), (7, 5)])
def test_it_is_teerenstras_closed_form_with_any_arms(k1, k0, baseline):
    found = solved(clusters_arm=[k1, k0], baseline=baseline)
    expected = teerenstra(k1, k0, baseline=baseline)
    assert float(found.std_error) ** 2 == pytest.approx(expected, rel=ROUNDING)


def test_other_people_at_the_start_have_no_correlation_of_their_own():
    found = solved(clusters=20, iac=None)
    expected = teerenstra(10, 10, a=0.0)
    assert float(found.std_error) ** 2 == pytest.approx(expected, rel=ROUNDING)


@pytest.mark.parametrize("iac", [None, 0.5])
def test_with_nobody_lost_a_shared_start_is_the_adjusted_analysis(iac):
    one, two = solved(clusters=20, iac=iac), solved(clusters=20, iac=iac, baseline="clda")
    assert float(one.std_error) == pytest.approx(float(two.std_error), rel=ROUNDING)
    three = solved(clusters=20, iac=iac, baseline="none")
    four = solved(clusters=20, iac=iac, baseline="lda")
    assert float(three.std_error) == pytest.approx(float(four.std_error), rel=ROUNDING)


def test_people_lost_leave_clusters_smaller_before_the_design_effect():
    found = solved(clusters=20, dropout=0.2)
    assert float(found.std_error) ** 2 == pytest.approx(teerenstra(10, 10, m=24), rel=ROUNDING)
    assert float(found.precision.parts["patients"]) == 600


def test_a_shared_start_makes_use_of_those_who_are_lost():
    shared = solved(clusters=20, dropout=0.3, baseline="clda")
    assert float(shared.std_error) < float(solved(clusters=20, dropout=0.3).std_error)


def test_arms_may_lose_different_shares():
    found = solved(clusters=20, dropout=0.2, dropout_control=0.0, baseline="none")
    expected = 4 * (1 + 23 * 0.05) / 240 + 4 * (1 + 29 * 0.05) / 300
    assert float(found.std_error) ** 2 == pytest.approx(expected, rel=ROUNDING)


def test_the_start_left_out_is_the_parallel_trial():
    options = {name: BASIC[name] for name in ("size", "icc", "diff", "sd")}
    other = power.design("parallel", clusters_arm=[7, 8], dropout=0.2, **options)
    found = solved(clusters_arm=[7, 8], dropout=0.2, baseline="none")
    assert float(found.power) == pytest.approx(float(power.solve(other).power), rel=ROUNDING)


def test_proportions_left_at_the_end_are_the_parallel_trial():
    options: dict[str, Any] = {"p0": 0.3, "p1": 0.45, "size": 30, "icc": 0.05, "clusters": 16}
    other = power.solve(power.design("parallel", **options))
    found = solved(**options, diff=None, sd=None, baseline="none")
    assert float(found.power) == pytest.approx(float(other.power), rel=ROUNDING)


def test_listed_sizes_alike_are_the_size():
    one = solved(clusters_arm=[4, 6])
    two = solved(clusters_arm=[4, 6], size=None, sizes=[30.0] * 10)
    assert float(one.std_error) == pytest.approx(float(two.std_error), rel=ROUNDING)


def test_lost_clusters_count_for_variance_and_degrees_of_freedom():
    one, two = solved(clusters=20, cluster_loss=0.2), solved(clusters=16)
    assert float(one.power) == pytest.approx(float(two.power), rel=ROUNDING)


def test_the_correlation_of_cluster_means_is_told():
    found = solved(clusters=20).precision.parts["baseline_correlation"]
    assert float(found) == pytest.approx((1.5 * 0.7 + 0.95 * 0.5) / 2.45, rel=ROUNDING)


def test_clusters_sought_give_the_power_asked():
    found = solved(power=0.9, diff=0.8)
    back = solved(clusters=float(found.unrounded), diff=0.8)
    assert float(back.power) == pytest.approx(0.9, abs=1e-7)


def test_too_few_clusters_are_told_with_their_ceiling():
    with pytest.raises(power.InfeasibleError, match="8 clusters cannot exceed power"):
        solved(power=0.9, clusters=8, size=None, diff=0.2, icc=0.1)


def test_a_grid_is_each_of_its_points():
    iac = np.array([0.0, 0.3, 0.9])
    for baseline in ("change", "ancova", "clda"):
        found = solved(clusters=20, iac=iac, baseline=baseline).power
        alone = [float(solved(clusters=20, iac=one, baseline=baseline).power) for one in iac]
        assert found == pytest.approx(alone, rel=ROUNDING)


@pytest.mark.parametrize("baseline", ["none", "change", "ancova", "clda"])
@pytest.mark.parametrize("given", [{"iac": 1.0}, {"icc": 1.0}, {"icc": -0.5}])
def test_correlations_that_leave_nothing_are_refused(given, baseline):
    with pytest.raises(power.DesignError):
        solved(clusters=20, baseline=baseline, **given)


def test_shares_that_fall_are_refused():
    with pytest.raises(power.DesignError) as error:
        solved(clusters=20, dropout=[0.2, 0.1])
    assert [one.code for one in error.value.findings] == ["SZ07"]
