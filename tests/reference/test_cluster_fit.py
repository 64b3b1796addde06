"""Weighted least squares for few clusters against R's clubSandwich."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from splw_eval.stats.few_clusters.cluster_fit import KINDS, fit_clusters

HERE = Path(__file__).resolve().parent
DATA = HERE.parents[2] / "shared" / "reference" / "data" / "tvsfp.csv"
REFERENCE = json.loads((HERE / "cluster_fit.json").read_text(encoding="utf-8"))
CASES = {case["id"]: case for case in REFERENCE["cases"]}
BOTH = [(name, kind) for name in CASES for kind in KINDS]


def fitted(name, kind):
    case = CASES[name]
    X = np.column_stack([np.ones(len(case["y"])), case["arm"], case["x"]])
    weights = case["weights"] or None
    fit = fit_clusters(case["y"], X, case["cluster"], weights=weights, vcov=kind)
    return fit, case["results"][kind], 1e-8 if weights else 1e-10


@pytest.mark.parametrize(("name", "kind"), BOTH)
def test_errors_and_df_of_every_kind_agree_with_clubsandwich(name, kind):
    fit, theirs, rel = fitted(name, kind)
    vcov = np.array(theirs["vcov"])
    np.testing.assert_allclose(fit.coef, CASES[name]["coef"], rtol=rel)
    np.testing.assert_allclose(fit.vcov, vcov, rtol=rel, atol=rel * np.diag(vcov).min())
    np.testing.assert_allclose(fit.df, theirs["df"], rtol=rel)


@pytest.mark.parametrize(("name", "kind"), BOTH)
def test_a_contrast_and_the_wald_test_agree_with_clubsandwich(name, kind):
    fit, theirs, rel = fitted(name, kind)
    found = fit.contrast([1, 1, 0.5])
    ours = [found.estimate, found.std_error, found.df]
    np.testing.assert_allclose(ours, theirs["contrast"], rtol=rel)
    test = fit.wald([[0, 1, 0], [0, 0, 1]])
    ours = [test.statistic, test.df, test.df_denominator]
    np.testing.assert_allclose(ours, theirs["wald"], rtol=rel)


def test_the_reference_holds_cases_with_and_without_weights():
    assert sum(bool(case["weights"]) for case in CASES.values()) == 5
    assert len(CASES) == 8
    assert REFERENCE["packages"]["clubSandwich"] == "0.5.8"


@pytest.mark.skipif(not DATA.is_file(), reason=f"The data are not at {DATA}.")
@pytest.mark.parametrize("kind", KINDS)
def test_a_published_trial_in_28_schools_is_that_of_clubsandwich(kind):
    d = pd.read_csv(DATA)
    text = (HERE / "tvsfp_cluster_trial.json").read_text(encoding="utf-8")
    theirs = json.loads(text)["results"][kind]
    X = np.column_stack([np.ones(len(d)), d["thkspre"], d["cc"], d["tv"], d["cc"] * d["tv"]])
    fit = fit_clusters(d["thksord"], X, d["school"], vcov=kind)
    for i, term in enumerate(["(Intercept)", "thkspre", "cc", "tv", "cc:tv"]):
        row = theirs[term]
        ours = [fit.coef[i], fit.std_error[i], fit.df[i]]
        np.testing.assert_allclose(ours, [row["beta"], row["SE"], row["df_Satt"]], rtol=1e-10)
