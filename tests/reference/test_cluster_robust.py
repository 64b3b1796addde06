"""CR2 and Satterthwaite against R's clubSandwich."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from splw_eval.stats import fit_clusters, fit_mean

REFERENCE = json.loads(Path(__file__).with_name("cluster_robust.json").read_text())
CASES = {case["id"]: case for case in REFERENCE["cases"]}
MEANS = [name for name, case in CASES.items() if not case.get("arm")]
# The same closed formula on both sides, so only rounding may differ.
REL = 1e-12


def design_of(case):
    n = len(case["y"])
    if not case.get("arm"):
        return np.ones((n, 1))
    return np.column_stack([np.ones(n), case["arm"], case["base"]])


@pytest.mark.parametrize("name", CASES)
def test_coefficients_and_covariance_agree_with_clubsandwich(name):
    case = CASES[name]
    fit = fit_clusters(case["y"], design_of(case), case["cluster"])
    scale = np.abs(np.diag(np.array(case["vcov"]))).max()
    np.testing.assert_allclose(fit.coef, np.atleast_1d(case["coef"]), rtol=REL)
    np.testing.assert_allclose(fit.vcov, np.array(case["vcov"]), rtol=REL, atol=REL * scale)


@pytest.mark.parametrize("name", CASES)
def test_satterthwaite_df_of_every_coefficient_agree_with_clubsandwich(name):
    case = CASES[name]
    fit = fit_clusters(case["y"], design_of(case), case["cluster"])
    df = [fit.contrast(row).df for row in np.eye(len(fit.coef))]
    np.testing.assert_allclose(df, fit.df, rtol=REL)
    np.testing.assert_allclose(df, np.atleast_1d(case["df"]), rtol=REL)


@pytest.mark.parametrize("name", MEANS)
def test_the_interval_of_a_mean_agrees_with_clubsandwich(name):
    case = CASES[name]
    fit = fit_mean(case["y"], case["cluster"])
    # The t quantile of a fractional df comes from another routine: rounding of that, no more.
    assert fit.conf_low == pytest.approx(np.atleast_1d(case["conf_low"])[0], rel=1e-10)
    assert fit.conf_high == pytest.approx(np.atleast_1d(case["conf_high"])[0], rel=1e-10)
    assert fit.std_error == pytest.approx(np.atleast_1d(case["std_error"])[0], rel=REL)


def test_the_reference_holds_what_this_file_claims():
    assert len(MEANS) == 5
    assert len(CASES) == 7
    assert REFERENCE["packages"]["clubSandwich"]
