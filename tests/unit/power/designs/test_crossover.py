"""Cluster crossover trials."""

from __future__ import annotations

import pytest

from splw_eval import power

ROUNDING = 1e-9
BASIC = {"size": 25, "icc": 0.05, "cac": 0.8, "diff": 0.2, "sd": 1.0}


def solved(kind="crossover", **options):
    return power.solve(power.design(kind, **{**BASIC, **options}))


@pytest.mark.parametrize("iac", [None, 0.5])
@pytest.mark.parametrize("periods", [2, 4])
def test_it_is_the_matrix_of_its_orders(periods, iac):
    matrix = [[1, 0] * (periods // 2), [0, 1] * (periods // 2)]
    one = solved(clusters=16, periods=periods, iac=iac)
    two = solved("matrix", matrix=matrix, clusters=16, iac=iac)
    assert float(one.power) == pytest.approx(float(two.power), rel=ROUNDING)


def test_two_periods_have_the_closed_form():
    found = solved(clusters=16)
    difference = 2 * (0.05 * 0.2 + 0.95 / 25)  # of one cluster's two periods
    assert float(found.std_error) ** 2 == pytest.approx(difference / 16, rel=ROUNDING)


def test_it_takes_fewer_clusters_than_two_parallel_arms():
    options = {"power": 0.8, "cac": 0.9}
    crossed = solved(**options)
    parallel = power.solve(power.design("parallel", size=50, icc=0.05, diff=0.2, sd=1.0, power=0.8))
    assert float(crossed.unrounded) < float(parallel.unrounded) / 2


def test_orders_may_have_unequal_clusters():
    one, two = solved(clusters_arm=[4, 12]), solved(clusters=16, allocation=1 / 3)
    assert float(one.std_error) == pytest.approx(float(two.std_error), rel=ROUNDING)
    assert one.arms == {"programme first": 4.0, "comparison first": 12.0}
    assert float(one.std_error) > float(solved(clusters=16).std_error)


def test_periods_are_whole():
    with pytest.raises(power.DesignError, match="--periods"):
        solved(clusters=16, periods=2.5)
