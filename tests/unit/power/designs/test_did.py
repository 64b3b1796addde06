"""Differences in differences between clusters."""

from __future__ import annotations

import pytest

from splw_eval import power

ROUNDING = 1e-9
BASIC = {"size": 50, "icc": 0.05, "cac": 0.3, "diff": 0.3, "sd": 1.0}


def solved(kind="did", **options):
    return power.solve(power.design(kind, **{**BASIC, **options}))


@pytest.mark.parametrize("iac", [None, 0.7])
def test_it_is_the_analysis_of_change(iac):
    one = solved(clusters_arm=[9, 14], iac=iac)
    two = solved("baseline", baseline="change", clusters_arm=[9, 14], iac=iac)
    assert float(one.power) == pytest.approx(float(two.power), rel=ROUNDING)


def test_it_has_a_closed_form():
    found = solved(clusters=20, iac=0.7)
    change = 2 * (0.05 * 0.7 + 0.95 / 50 * 0.3)
    assert float(found.std_error) ** 2 == pytest.approx(2 * change / 10, rel=ROUNDING)


def test_the_start_costs_where_it_says_little():
    adjusted = solved("baseline", baseline="ancova", clusters=20)
    assert float(solved(clusters=20).std_error) > float(adjusted.std_error)
