"""Inputs that may be told in more ways than one, and designs that are doubtful."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from splw_eval import power

PARALLEL: dict[str, Any] = {"icc": 0.05, "clusters": 24, "size": 20}


def solved(kind, **given):
    return power.solve(power.design(kind, **given))


@pytest.mark.parametrize("lost", [[0.2, 0.1], [0.9, 0.1, 0.5], [0.1, 0.2], [0, 0.1, 0.2]])
@pytest.mark.parametrize("kind", ["parallel", "partially-nested", "multisite"])
def test_one_visit_after_the_start_has_one_share_lost(kind, lost):
    more: dict[str, Any] = {"controls": 100} if kind == "partially-nested" else {}
    with pytest.raises(power.DesignError, match="--dropout"):
        power.design(kind, d=0.5, **PARALLEL, **more, dropout=lost)


def test_a_share_lost_may_begin_with_none_lost_at_the_start():
    both = [float(solved("parallel", d=0.5, **PARALLEL, dropout=x).power) for x in (0.2, [0, 0.2])]
    assert both[0] == both[1]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"diff": 10, "sd": 1}, "10 SD is more than"),
        ({"d": 0.0}, "No difference was given"),
        ({"p0": 0.4, "p1": 0.4}, "No difference was given"),
        ({"d": 0.5, "clusters": 2, "force": True}, "No degrees of freedom are left"),
    ],
)
def test_a_doubtful_design_is_told_as_one(given, words):
    assert any(words in note for note in solved("parallel", **{**PARALLEL, **given}).notes)
    plain = solved("parallel", **PARALLEL, d=0.5).notes
    assert not any(words in note for note in plain)


def test_people_first_is_no_rule_of_clusters():
    found = solved("parallel", d=0.3, icc=0.05, size=20, power=0.8, rounding="individual")
    plain = solved("parallel", d=0.3, icc=0.05, size=20, power=0.8)
    assert float(found.by_rule["k-2"]) == pytest.approx(float(plain.unrounded), rel=1e-9)
    assert float(found.by_rule["k-2"]) > float(found.by_rule["z"]) + 1


def test_a_bare_hazard_ratio_asks_for_events():
    found = solved("tte", hr=0.6, power=0.9)
    assert found.sought == "events"
    assert float(found.power) >= 0.9


@pytest.mark.parametrize(
    "given",
    [
        {"retention": [0.85, 0.7, 0.6], "visits": [3, 12, 18]},
        {"retention": [0.85, 0.7, 0.6], "visits": [0, 3, 12, 18]},
    ],
)
def test_the_share_at_the_start_of_retention_may_be_left_out(given):
    whole = {"retention": [1, 0.85, 0.7, 0.6], "visits": [0, 3, 12, 18]}
    found = [solved("tte", hr=0.6, power=0.9, **one) for one in (given, whole)]
    assert float(found[0].unrounded) == float(found[1].unrounded)
    assert found[0].to_dict()["mde"] is not None


def test_a_change_in_its_own_standard_deviations_needs_no_correlation():
    found = solved("pre-post", d=0.3, power=0.9)
    by_spread = solved("pre-post", diff=0.6, sd_change=2, power=0.9)
    in_scores = solved("pre-post", d=0.3, iac=0.5, power=0.9)  # SD of changes: 1
    assert float(found.unrounded) == pytest.approx(float(by_spread.unrounded), rel=1e-9)
    assert float(found.unrounded) == pytest.approx(float(in_scores.unrounded), rel=1e-9)
    assert any("(dz)" in note for note in found.notes)
    assert not any("(dz)" in note for note in in_scores.notes)
    assert float(found.mde) == pytest.approx(0.3, abs=0.001)
    one = solved("pre-post", d=0.3, sd_change=2, patients=50)
    assert float(one.power) == float(solved("pre-post", diff=0.6, sd_change=2, patients=50).power)


WEDGE = {"steps": 4, "per_sequence": 6, "size": 120, "test": "z", "tails": "both"}


def test_the_variance_of_a_proportion_is_beside_that_of_clusters_over_periods():
    given = {**WEDGE, "p0": 0.05, "p1": 0.035, "sd_cluster": 0.01, "sd_treatment": 0.0045}
    found = solved("stepped-wedge", **given)
    assert float(found.power) == pytest.approx(0.7724894264, abs=1e-6)  # swCRTdesign
    assert found.conventions["sd"].startswith("residual")
    assert float(solved("stepped-wedge", **given, sd_is="residual").power) == float(found.power)
    assert float(solved("stepped-wedge", **given, sd_is="total").power) != float(found.power)


def test_the_mean_of_the_arms_variances_can_be_asked():
    given = {"steps": 5, "clusters": 10, "size": 20, "p0": 0.26, "or_": 0.55, "icc": 0.2}
    found = solved("stepped-wedge", **given, sd_is="residual", variance="mean", test="z")
    assert float(found.power) == pytest.approx(0.657452348, abs=1e-6)  # SWSamp


def test_a_detectable_difference_is_found_with_variances_of_each_arm():
    given = {"steps": 4, "clusters": 12, "size": 20, "icc": 0.05, "p0": 0.4, "p1": 0.3}
    found = solved("stepped-wedge", **given, variance="unpooled")
    assert np.isfinite(float(found.mde))


def test_sizes_in_several_columns_are_those_of_no_one_visit():
    with pytest.raises(power.DesignError, match="rows of 2 numbers"):
        power.design("parallel", d=0.5, icc=0.05, sizes=[[1, 12], [0, 25], [1, 10], [0, 20]])
