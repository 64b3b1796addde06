"""Degrees of freedom as they are typed, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from splw_eval import power

PLAIN: dict[str, Any] = {"d": 0.5, "icc": 0.05, "clusters": 24, "size": 20}


def _power(kind, **given):
    return float(power.solve(power.design(kind, **given)).power)


@pytest.mark.parametrize("df", [0, -5, float("nan"), "0", "-1", "nan"])
def test_a_number_that_is_none_of_degrees_of_freedom_is_refused(df):
    with pytest.raises(power.DesignError, match=r"--df: is not above 0"):
        power.design("parallel", **PLAIN, df=df)


@pytest.mark.parametrize(
    ("typed", "meant"), [("K-2", "k-2"), ("Z", "z"), ("normal", "z"), ("22", 22)]
)
def test_rules_are_known_in_any_case(typed, meant):
    assert _power("parallel", **PLAIN, df=typed) == _power("parallel", **PLAIN, df=meant)


def test_names_of_one_rule_are_taken_for_each_other():
    nested = {**PLAIN, "clusters": 12, "controls": 100}
    by = {rule: _power("partially-nested", **nested, df=rule) for rule in ("j-1", "k-1")}
    assert by["j-1"] == by["k-1"]
    change = {"d": 0.3, "sd_change": 1, "clusters": 12, "size": 10, "icc": 0.05}
    assert _power("pre-post", **change, df="j-1") == _power("pre-post", **change, df="k-1")


def test_degrees_of_freedom_beside_the_normal_are_refused():
    with pytest.raises(power.DesignError, match=r"--df: stands beside --test z"):
        power.design("parallel", **PLAIN, test="z", df="k-2")
    assert _power("parallel", **PLAIN, test="z", df="z") == _power("parallel", **PLAIN, test="z")


def test_a_rule_of_no_design_is_told_beside_other_faults():
    with pytest.raises(power.DesignError) as told:
        power.design("parallel", df="foo", icc=20)
    words = " ".join(one.problem for one in told.value.findings)
    for part in ("--df", "--icc", "--diff or", "--size or"):
        assert part in words
