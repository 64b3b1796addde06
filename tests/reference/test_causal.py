"""Doubly robust differences, two-stage least squares and Anderson-Rubin limits beside R."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from splw_eval.stats.causal.anderson_rubin import anderson_rubin
from splw_eval.stats.causal.did import doubly_robust_difference, jackknife_difference
from splw_eval.stats.causal.two_stage_least_squares import fit_two_stages, jackknife_two_stages
from splw_eval.stats.few_clusters.cluster_fit import fit_clusters
from splw_eval.stats.weighting.propensity import effective_size

HERE = Path(__file__).resolve().parent
REFERENCE = json.loads((HERE / "causal.json").read_text(encoding="utf-8"))
CASES = {case["id"]: case for case in REFERENCE["cases"]}

each = pytest.mark.parametrize("name", CASES)


def columns(name):
    d = {key: np.array(values) for key, values in CASES[name]["data"].items()}
    return d, np.ones(len(d["y1"]))


def did_data(name):
    d, one = columns(name)
    return (
        d["y1"] - d["y0"],
        d["arm"] == 1,
        np.column_stack([one, d["x"], d["sex"], d["x"] ** 2]),
        d,
    )


def stages(name):
    d, one = columns(name)
    others = np.column_stack([d["y0"], d["x"], d["sex"]])
    X = np.column_stack([one, d["received"], others])
    return d["y1"], X, np.column_stack([one, d["arm"], others]), d


@each
def test_a_doubly_robust_difference_and_its_influence_agree_with_r(name):
    change, treated, X, d = did_data(name)
    found, theirs = doubly_robust_difference(change, treated, X), CASES[name]["did"]
    assert found.estimate == pytest.approx(theirs["att"], rel=1e-9)
    assert found.influence[:5].tolist() == pytest.approx(theirs["influence"], rel=1e-7)
    assert found.std_error() == pytest.approx(theirs["se_people"], rel=1e-9)
    assert found.std_error(d["practice"]) == pytest.approx(theirs["se_practice"], rel=1e-9)
    assert effective_size(found.weights[~treated]) == pytest.approx(theirs["ess"], rel=1e-9)


@each
def test_leaving_practices_out_agrees_with_r(name):
    change, treated, X, d = did_data(name)
    found = jackknife_difference(change, treated, X, d["practice"])
    theirs = CASES[name]["did"]["se_jackknife"]
    assert found.std_error.tolist() == pytest.approx([theirs], rel=1e-8)


@each
def test_two_stages_agree_with_ivreg(name):
    y, X, Z, _ = stages(name)
    found, theirs = fit_two_stages(y, X, Z), CASES[name]["iv"]
    np.testing.assert_allclose(found.coef, theirs["coef"], rtol=1e-9)
    np.testing.assert_allclose(found.std_error, theirs["classic"], rtol=1e-9)


@each
@pytest.mark.parametrize("kind", ["CR0", "CR1", "CR2", "CR3"])
def test_two_stages_by_practice_agree_with_clubsandwich(name, kind):
    y, X, Z, d = stages(name)
    found = fit_two_stages(y, X, Z).by_practice(d["practice"], vcov=kind)
    theirs = CASES[name]["iv"][kind]
    np.testing.assert_allclose(found.coef, theirs["coef"], rtol=1e-9)
    np.testing.assert_allclose(found.std_error, theirs["se"], rtol=1e-8)
    np.testing.assert_allclose(found.df, theirs["df"], rtol=1e-8)


@each
def test_two_stages_without_each_practice_agree_with_r(name):
    y, X, Z, d = stages(name)
    found = jackknife_two_stages(y, X, Z, d["practice"])
    np.testing.assert_allclose(found.std_error, CASES[name]["iv"]["jackknife"], rtol=1e-8)


@each
def test_anderson_rubin_limits_are_where_the_test_of_clubsandwich_has_5_percent(name):
    y, X, Z, d = stages(name)
    others = np.delete(X, 1, axis=1)
    found = anderson_rubin(y, d["received"], d["arm"], others, cluster=d["practice"])
    assert found.shape == "interval"
    np.testing.assert_allclose([found.low, found.high], CASES[name]["anderson_rubin"], rtol=1e-7)
    first = fit_clusters(d["received"], Z, d["practice"])
    theirs = CASES[name]["first"]
    assert first.std_error[1] == pytest.approx(theirs["se"][1], rel=1e-9)
    assert found.df == pytest.approx(theirs["df"][1], rel=1e-9)


def test_the_reference_holds_both_layouts():
    assert len(CASES) == 2
    assert REFERENCE["packages"]["AER"] == "1.2.10"
