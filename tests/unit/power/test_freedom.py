"""Degrees of freedom of two arms of clusters: of the model named, and of arms of their own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from splw_eval import power
from splw_eval.power.checks import DesignError

PLAIN: dict[str, Any] = {"clusters_arm": [4, 12], "size": 20, "icc": 0.05, "d": 0.6}


def solved(kind="parallel", **options):
    return power.solve(power.design(kind, **{**PLAIN, **options}))


def test_one_random_intercept_leaves_clusters_less_two_with_unequal_arms():
    found = solved(df="satterthwaite")
    assert float(found.df) == pytest.approx(14, rel=1e-8)
    se = np.sqrt((1 + 19 * 0.05) / 20 * (1 / 4 + 1 / 12))
    own = stats.nct.sf(stats.t.ppf(0.975, 14), 14, 0.6 / se)
    assert float(found.power) == pytest.approx(own, abs=1e-9)
    assert float(found.power) == pytest.approx(0.871, abs=5e-4)


@pytest.mark.parametrize("more", [{}, {"cv": 0.5}, {"dropout": 0.2}, {"size_control": 40}])
def test_it_is_that_of_a_baseline_left_out_of_the_analysis(more):
    here = solved(df="satterthwaite", **more)
    there = solved("baseline", baseline="none", df="satterthwaite", **more)
    assert float(here.df) == pytest.approx(float(there.df), rel=1e-8)


def test_a_grid_has_the_degrees_of_freedom_of_each_of_its_designs():
    clusters = np.array([12.0, 20.0, 30.0])
    given = {"clusters_arm": None, "df": "satterthwaite", "cv": 0.6}
    grid = solved(clusters=clusters, **given).df
    single = [float(solved(clusters=one, **given).df) for one in clusters]
    assert grid == pytest.approx(single, rel=1e-10)


def test_arms_with_variances_of_their_own_are_tested_as_welch_does():
    found = solved(icc_control=0.1, df="welch")
    parts = [(1 + 19 * rho) / (k * 20) for rho, k in ((0.05, 4), (0.1, 12))]
    own = sum(parts) ** 2 / (parts[0] ** 2 / 3 + parts[1] ** 2 / 11)
    assert float(found.df) == pytest.approx(own)
    assert list(found.precision.df) == ["k-2", "welch"]
    assert "variances of their own" in found.asked.kind.model(found.asked.values)
    assert float(solved(icc_control=0.1, df="satterthwaite").df) == float(found.df)


def test_arms_of_one_variance_have_no_rule_of_welch():
    with pytest.raises(DesignError, match="no rule of this design"):
        solved(df="welch")


def test_people_of_one_variance_have_people_less_two():
    given: dict[str, Any] = {
        "clusters_arm": None,
        "size": None,
        "icc": None,
        "patients_arm": [20, 80],
    }
    assert float(solved("individual", **given, df="satterthwaite").df) == 98
    own = solved("individual", **given, sd=1.0, sd_control=2.0)
    parts = [1 / 20, 4 / 80]
    assert float(own.df) == pytest.approx(
        sum(parts) ** 2 / (parts[0] ** 2 / 19 + parts[1] ** 2 / 79)
    )


def test_a_drawn_two_stage_test_stands_beside_clusters_less_two():
    found = power.simulate(power.design("parallel", **PLAIN), 1_000, analysis="two-stage")
    assert found.formula_rule == "k-2"
    assert abs(found.power - found.formula) < 4 * found.mc_error
