"""Parallel cluster trials: outcomes, sizes, rounding and refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from splw_eval import power

PLAIN = {"diff": 0.3, "sd": 1.0, "icc": 0.05, "clusters": 24, "size": 20}


def solved(**options):
    return power.solve(power.design("parallel", **options))


def test_power_rises_with_clusters_size_and_difference_and_falls_with_the_icc():
    base = float(solved(**PLAIN).power)
    for name, value in (("clusters", 26), ("size", 25), ("diff", 0.35)):
        assert float(solved(**{**PLAIN, name: value}).power) > base
    assert float(solved(**{**PLAIN, "icc": 0.06}).power) < base


def test_unequal_arms_have_less_power_than_equal_ones():
    equal = solved(**{**PLAIN, "clusters_arm": [12, 12], "clusters": None})
    unequal = solved(**{**PLAIN, "clusters_arm": [8, 16], "clusters": None})
    assert float(equal.power) == pytest.approx(float(solved(**PLAIN).power), rel=1e-12)
    assert float(unequal.power) < float(equal.power)


def test_loss_is_taken_off_before_the_design_effect():
    lost = solved(**{**PLAIN, "dropout": 0.25})
    left = solved(**{**PLAIN, "size": 15})
    assert float(lost.power) == pytest.approx(float(left.power), rel=1e-12)
    assert float(lost.precision.parts["patients"]) == 480
    assert float(lost.precision.parts["patients_analysed"]) == 360


def test_a_list_of_equal_sizes_is_one_size():
    listed = solved(**{**PLAIN, "size": None, "clusters": None, "sizes": [20] * 24})
    assert float(listed.power) == pytest.approx(float(solved(**PLAIN).power), rel=1e-12)


def test_a_list_of_each_arms_sizes_is_taken_arm_by_arm():
    sizes = [10] * 8 + [30] * 8
    given = {"clusters_arm": [8, 8], "sizes": sizes, "size": None, "clusters": None}
    found = solved(**{**PLAIN, **given})
    effects = [1 + (m - 1) * 0.05 for m in (10, 30)]
    wanted = effects[0] / 80 + effects[1] / 240
    shared = {"clusters_arm": [8, 8], "size": 10, "size_control": 30, "clusters": None}
    for one in (found, solved(**{**PLAIN, **shared})):
        assert float(one.precision.variance) == pytest.approx(wanted, rel=1e-12)
        assert float(one.precision.parts["patients"]) == 320


def test_sizes_that_differ_cost_power_and_eldridge_charges_most():
    by = {m: float(solved(**PLAIN, cv=0.6, cv_method=m).power) for m in ("eldridge", "breukelen")}
    assert by["eldridge"] < by["breukelen"] < float(solved(**PLAIN).power)


def test_one_cluster_of_each_arm_is_not_counted_with_the_normal_for_rates():
    given = {"rate0": 0.2, "rate1": 0.1, "icc": 0.1, "icc_scale": "k", "size": 10, "power": 0.8}
    by_z = solved(**given, test="z")
    long = solved(**given, df="1e9")
    assert float(by_z.unrounded) == pytest.approx(float(long.unrounded) + 2, abs=1e-5)
    assert float(solved(**given).by_rule["z"]) == pytest.approx(float(by_z.unrounded), rel=1e-9)


def test_whiteheads_example_needs_187_people():
    found = solved(levels=[0.2, 0.5, 0.2, 0.1], or_=np.exp(0.887), power=0.9, size=1, icc=0,
                   test="z")  # fmt: skip
    assert float(found.unrounded) == pytest.approx(187, abs=0.5)


@pytest.mark.parametrize(("scale", "icc"), [("proportion", 0.02), ("k", 0.2), ("logit", 0.05)])
def test_every_scale_of_the_icc_is_told_and_gives_the_same_answer(scale, icc):
    given = {"p0": 0.3, "p1": 0.3 + 1e-9, "clusters": 30, "size": 20}
    first = solved(**given, icc=icc, icc_scale=scale)
    for other in ("proportion", "k", "logit"):
        again = solved(**given, icc=first.precision.parts[f"icc_{other}"], icc_scale=other)
        assert float(again.precision.variance) == pytest.approx(
            float(first.precision.variance), rel=1e-6
        )


def test_log_odds_widened_by_a_factor_ask_that_many_more_clusters():
    given = {"p0": 0.25, "p1": 0.15, "size": 60, "sd_cluster": 0.3, "link": "logit",
             "power": 0.8, "test": "z"}  # fmt: skip
    plain, wide = solved(**given), solved(**given, variance_factor=1.2)
    assert float(wide.unrounded / plain.unrounded) == pytest.approx(1.2, rel=1e-9)


@pytest.mark.parametrize("option", [{}, {"link": "logit"}])
@pytest.mark.parametrize("p1", [0.3, 0.1])
def test_the_detectable_proportion_has_the_power_asked_in_both_directions(option, p1):
    given = {"p0": 0.2, "icc": 0.02, "clusters": 40, "size": 30, **option}
    found = solved(**given, p1=p1, power=0.8, solve="mde")
    assert (float(found.unrounded) > 0.2) == (p1 > 0.2)
    assert float(solved(**given, p1=float(found.unrounded)).power) == pytest.approx(0.8, abs=1e-9)


def test_people_first_rounds_as_the_pre_empt_trial_did():
    given: dict[str, Any] = {"p0": 0.5, "p1": 0.65, "power": 0.8, "size": 46, "icc": 0.05}
    given |= {"variance": "pooled", "test": "z"}
    design = power.design("parallel", **given)
    assert float(power.people_without_clusters(design, whole=True)) == 340
    assert float(solved(**given, rounding="nearest").clusters) == 24
    assert float(solved(**given, rounding="individual").clusters) == 25
    assert float(solved(**given).clusters) == 24
    assert float(solved(**given).unrounded) == pytest.approx(169.31 * 2 * 3.25 / 46, abs=0.01)


def test_too_few_clusters_are_told_to_be_infeasible_with_their_ceiling():
    given = {**PLAIN, "size": None, "diff": 0.2, "clusters": 30, "power": 0.8, "test": "z"}
    with pytest.raises(power.InfeasibleError, match=r"cannot exceed power 0\.688"):
        solved(**given)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"diff": 0.3, "icc": 0.05, "clusters": 24, "size": 20}, "--sd: is missing"),
        ({**PLAIN, "p0": 0.2}, "different outcomes"),
        ({**PLAIN, "d": 0.3}, "told 2 times"),
        ({**PLAIN, "clusters": None, "clusters_arm": [5, 5, 5]}, "two arms"),
        ({**PLAIN, "icc": -0.2}, "below what clusters can have"),
        ({**PLAIN, "sd_cluster": 0.2}, "tell the same twice"),
        ({**PLAIN, "icc_scale": "k"}, "proportions and rates only"),
        ({"p0": 0.8, "p1": 0.7, "icc": 0.9, "icc_scale": "k", "clusters": 24, "size": 20},
         "more than clusters can have"),
        ({"rate0": 1, "rate1": 0.5, "icc": 0.1, "clusters": 24, "size": 20}, "k or proportion"),
        ({"p0": 0.8, "rr": 1.5, "icc": 0.01, "clusters": 24, "size": 20}, "beyond what"),
        ({**PLAIN, "cv": 0.5, "cv_method": "exact"}, "needs the actual sizes"),
        ({**PLAIN, "overdispersion": 2}, "rates only"),
        ({**PLAIN, "link": "logit"}, "not of this outcome"),
        ({**PLAIN, "variance_factor": 1.2}, "log odds only"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_refused_in_words(options, words):
    with pytest.raises(power.DesignError, match=words):
        power.design("parallel", **options)


def test_a_grid_is_the_same_as_one_by_one():
    iccs = np.array([0.01, 0.05, 0.1])
    whole = solved(**{**PLAIN, "icc": iccs}).power
    each = [float(solved(**{**PLAIN, "icc": one}).power) for one in iccs]
    np.testing.assert_allclose(whole, each, rtol=1e-13)
