"""Covariances at the edge of what they may be: found, named, without a standard error."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from splw_eval import fit_mixed_model
from splw_eval.models.boundary import limits_in_words
from splw_eval.models.summaries import information_criteria
from tests.unit.models.boundary_rows import rows_of
from tests.unit.models.made import TRIAL, made_trial
from tests.unit.models.whole import fit_of

ROLES = {"outcome": "y", "person": "id", "wave": "w", "cluster": "pr", "arm": "arm"}
SLOPES, CLUSTERS = "covariance of people's levels and slopes", "covariance of clusters"


def fitted_of(seed, fixed="arm * C(w)", *, rows=None, **options):
    frame = rows_of(seed) if rows is None else rows
    return fit_mixed_model(frame, fixed=fixed, **{**ROLES, **options})


def lines(seed=4, **options):
    rows = rows_of(seed, by_wave=0.3)
    return fitted_of(seed, rows=rows, covariance="intercept_slope", **options)


def clusters(**options):
    more = {"covariance": "compound_symmetry", "cluster_effect": "unstructured", **options}
    return fitted_of(1, **more)


@pytest.mark.parametrize(("make", "name", "first"), [(lines, SLOPES, 1), (clusters, CLUSTERS, 2)])
def test_a_singular_covariance_is_on_the_boundary(make, name, first):
    fitted = make()
    ended = fitted.convergence
    assert ended.singular == (name,)
    assert name in ended.on_boundary
    assert ended.gradient < 1e-4
    assert f"{name} is singular" in ended.words
    table = fitted.variance_parameters
    inside = table["parameter"].str.contains("slope|intercept" if first == 1 else "^cluster")
    assert table.loc[inside, "on_boundary"].all()
    assert table.loc[inside, "std_error"].isna().all()
    assert table.loc[~inside, "std_error"].notna().all()
    assert any(f"{name} is singular: a correlation of 1 or -1" in note for note in fitted.notes)


def test_the_rules_of_the_boundary_are_one_where_a_whole_matrix_is_singular():
    fitted = clusters()
    found = fitted.at_boundary
    assert list(found["method"].unique()) == ["Kenward-Roger (keep)", "between-within"]
    side = set(fitted.side_by_side()["method"])
    assert "Kenward-Roger (keep)" in side
    assert not any("conditional" in method for method in side)
    note = next(note for note in fitted.notes if "singular" in note)
    assert "`keep` and `conditional` are one rule here" in note
    assert "leave the information" not in note
    assert "That is common with few clusters. " in note
    assert "alike" not in note
    keep, conditional = (fitted.contrast(boundary=rule) for rule in ("keep", "conditional"))
    pd.testing.assert_frame_equal(keep, conditional)


def test_a_level_far_from_time_zero_is_not_taken_for_a_correlation_of_one():
    rows = rows_of(3, at=2015.0, waves=4, size=20)
    rng = np.random.default_rng(9)
    slope = dict(zip(rows["id"].unique(), rng.normal(0, 0.7, rows["id"].nunique()), strict=True))
    rows["y"] += rows["id"].map(slope) * (rows["w"] - 2016.5)
    fitted = fitted_of(3, "arm * C(w)", rows=rows, covariance="intercept_slope", cluster=None)
    v = fitted.variance_parameters.set_index("parameter")["estimate"]
    covariance = v["covariance of intercept and slope"]
    correlation = covariance / np.sqrt(v["variance of intercept"] * v["variance of slope"])
    assert correlation < -0.9999
    assert fitted.convergence.singular == ()


@pytest.mark.parametrize("name", ["practices", "by arm", "no arm", "compound symmetry"])
def test_designs_inside_the_boundary_have_no_singular_covariance(name):
    assert fit_of(name).convergence.singular == ()


def test_words_of_the_boundary_are_those_of_the_rule_in_use():
    frame = made_trial(practices=6, seed=8, spread=0.0)
    by_rule = {
        (df, boundary): next(
            note
            for note in fit_mixed_model(frame, **TRIAL, df=df, boundary=boundary).notes
            if note.startswith("Estimated as zero")
        )
        for df in ("kenward-roger", "z", "between-within")
        for boundary in ("keep", "conditional")
    }
    assert "stay in the information" in by_rule["kenward-roger", "keep"]
    assert "leave the information" in by_rule["kenward-roger", "conditional"]
    for (df, _), note in by_rule.items():
        assert "common with few clusters" in note
        assert "clusters minus 2, for differences" in note
        assert df == "kenward-roger" or "information" not in note


def test_sixty_clusters_are_not_called_few():
    frame = made_trial(practices=60, size=3, seed=2, spread=0.0, lost=0.0)
    options = {**TRIAL, "covariance": "compound_symmetry"}
    fitted = fit_mixed_model(frame, **options)
    assert fitted.convergence.on_boundary
    note = next(note for note in fitted.notes if note.startswith("Estimated as zero"))
    assert "few clusters" not in note
    assert "That does not show that clusters are alike." in note


def test_between_within_is_not_clusters_minus_two_where_arms_are_inside_clusters():
    frame = made_trial(practices=6, seed=8, spread=0.0)
    frame["arm"] = np.where(frame["person"].str[-1].astype(int) % 2, "usual", "programme")
    fitted = fit_mixed_model(frame, **TRIAL)
    note = next(note for note in fitted.notes if note.startswith("Estimated as zero"))
    assert "between-within beside it" in note
    assert "minus 2" not in note


def test_each_limit_has_its_words():
    found = limits_in_words(
        ["variance of cluster", "autocorrelation of cluster", f"{CLUSTERS} (b)"]
    )
    assert found == (
        "estimated as zero: variance of cluster; at its limit: autocorrelation of cluster; "
        f"the {CLUSTERS} (b) is singular: a correlation of 1 or -1, or a variance of zero"
    )


def test_a_search_that_did_not_end_has_no_criteria_and_says_so():
    fitted = fit_of("practices")
    assert fitted.information_criteria["value"].notna().all()
    stopped = replace(fitted.fit.fit, converged=np.array([False]), decrement=np.array([-0.3]))
    engine = replace(fitted.fit, fit=stopped)
    lost = type(fitted)(spec=fitted.spec, design=fitted.design, fit=engine)
    assert lost.convergence.decrement == 0.3
    assert information_criteria(lost)["value"].isna().all()
    assert any("did not end" in note and "criteria" in note for note in lost.notes)


def test_one_of_a_kind_is_singular_in_number():
    frame = made_trial(practices=6, seed=3, lost=0.0)
    frame.loc[1, "score"] = np.nan
    alone = frame["practice"].eq("practice 5") & frame["person"].ne("p5-0")
    fitted = fit_mixed_model(frame[~alone], **TRIAL, covariance="ar1", cluster_effect="intercept")
    text = " ".join(fitted.notes)
    assert "1 row without an outcome was left out." in text
    assert "1 cluster has one person only; it tells" in text
    assert "There was an effect of each cluster, the same at all waves." in text
    assert "There were an" not in text


@pytest.mark.parametrize("covariance", ["unstructured", "ar1_het", "toeplitz_het"])
def test_a_correlation_of_one_between_waves_of_people_is_singular(covariance):
    fitted = fit_of("people alone", covariance=covariance)
    assert fitted.convergence.singular == ()
    theta = fitted.fit.fit.theta.copy()
    names = fitted.variance_parameters["parameter"]
    if covariance == "unstructured":
        theta[:] = np.where(names.str.startswith("variance"), 1.0, 1 - 1e-8)
    else:
        theta[:, names.str.startswith("correlation")] = 1 - 1e-8
    engine = replace(fitted.fit, fit=replace(fitted.fit.fit, theta=theta))
    edge = type(fitted)(spec=fitted.spec, design=fitted.design, fit=engine)
    assert edge.convergence.singular == ("covariance of people's outcomes",)
    assert edge.variance_parameters["std_error"].isna().all()
    assert not edge.at_boundary.empty
