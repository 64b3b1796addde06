"""Mixed models against lme4, lmerTest, pbkrtest and clubSandwich (r/mixed_models.R).

Three kinds of designs: rows in clusters; people in clusters, seen at several waves, some of
them missed; practice-by-wave effects, with variances that are zero.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from splw_eval.stats.mixed.cluster_effects import cluster_effects_of
from splw_eval.stats.mixed.covariance_model import CovarianceModel
from splw_eval.stats.mixed.model_fit import ModelFit, fit_model, infer
from splw_eval.stats.mixed.moments import gather_moments
from splw_eval.stats.mixed.robust import fit_robust
from splw_eval.stats.mixed.structures import structure_of

REFERENCE = json.loads((Path(__file__).parent / "mixed_models.json").read_text(encoding="utf-8"))
CASES = {case["id"]: case for case in REFERENCE["cases"]}
INSIDE = [name for name in CASES if not name.startswith("no variance")]
# Another optimiser ends within 1e-8 of the deviance; estimates then differ by its root.
ESTIMATE, DF = 1e-5, 1e-3


def design(case: dict[str, Any]) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Columns as R's treatment contrasts order them, and the codes of each row."""
    data = {name: np.array(cells) for name, cells in case["data"].items()}
    arm, wave, x = data["arm"].astype(float), data["wave"].astype(int), data["x"].astype(float)
    dummies = [(wave == w).astype(float) for w in range(1, wave.max() + 1)]
    columns = [np.ones(len(arm)), arm]
    if "factor(wave)" in case["formula"]:
        columns += dummies
    if " x " in case["formula"]:
        columns.append(x)
    if "arm * factor(wave)" in case["formula"]:
        columns += [arm * dummy for dummy in dummies]
    elif "arm * x" in case["formula"]:
        columns.append(arm * x)
    codes = {
        "person": data["person"].astype(int) - 1,
        "wave": wave,
        "cluster": data["cluster"].astype(int) - 1,
    }
    return np.column_stack(columns), codes


def fitted(case: dict[str, Any], *, reml: bool = True) -> ModelFit:
    x, codes = design(case)
    waves, clusters = int(codes["wave"].max()) + 1, int(codes["cluster"].max()) + 1
    moments = gather_moments(
        x, np.array(case["data"]["y"]), waves=waves, clusters=clusters, **codes
    )
    effect = "wave" if "cluster:wave" in case["formula"] else "intercept"
    model = CovarianceModel(
        structure=structure_of("compound_symmetry", waves),
        groups=1,
        clusters=cluster_effects_of(effect, waves),
        cluster_groups=(True,),
    )
    return fit_model(moments, model, reml=reml)


@pytest.mark.parametrize("name", CASES)
def test_the_optimum_is_no_worse_than_that_of_lme4(name):
    case = CASES[name]
    assert fitted(case).deviance[0] <= case["deviance"] + 1e-6
    assert fitted(case, reml=False).deviance[0] <= case["deviance_ml"] + 1e-6
    assert fitted(case).deviance[0] == pytest.approx(case["deviance"], rel=1e-7)


@pytest.mark.parametrize("name", CASES)
def test_kenward_and_roger_are_those_of_pbkrtest_also_where_a_variance_is_zero(name):
    case = CASES[name]
    fit = fitted(case)
    inference, truth = infer(fit, information="expected", boundary="keep"), case["kenward_roger"]
    for place, row in enumerate(np.eye(fit.beta.shape[1])):
        found = inference.kenward_roger(row[None])
        assert found.estimate[0, 0] == pytest.approx(truth["estimate"][place], rel=ESTIMATE)
        error = float(np.sqrt(found.covariance[0, 0, 0]))
        assert error == pytest.approx(truth["std_error"][place], rel=ESTIMATE)
        assert found.df[0] == pytest.approx(truth["df"][place], rel=DF)


@pytest.mark.parametrize("name", INSIDE)
def test_satterthwaite_df_are_those_of_lmertest(name):
    case = CASES[name]
    fit = fitted(case)
    inference, truth = infer(fit, information="observed"), case["satterthwaite"]
    for place, row in enumerate(np.eye(fit.beta.shape[1])):
        found = inference.satterthwaite(row[None])
        assert found.df[0] == pytest.approx(truth["df"][place], rel=DF)
        error = float(np.sqrt(found.covariance[0, 0, 0]))
        assert error == pytest.approx(truth["std_error"][place], rel=ESTIMATE)


@pytest.mark.parametrize("kind", ["CR2", "CR3"])
@pytest.mark.parametrize("name", [name for name in INSIDE if CASES[name]["CR2"]])
def test_robust_covariance_is_that_of_clubsandwich(name, kind):
    case = CASES[name]
    fit = fitted(case)
    x, codes = design(case)
    sigma, g = fit.model.matrices(fit.fit.theta)
    effects = fit.model.clusters.effects
    robust = fit_robust(
        x,
        np.array(case["data"]["y"]) - x @ fit.beta[0],
        covariance=sigma[0, 0],
        effects=effects @ g[0, 0] @ effects.T,
        phi=fit.phi[0],
        kind=kind,
        **codes,
    )
    truth = case[kind]
    np.testing.assert_allclose(np.sqrt(np.diag(robust.vcov)), truth["std_error"], rtol=ESTIMATE)
    df = [robust.satterthwaite_df(row) for row in np.eye(x.shape[1])]
    np.testing.assert_allclose(df, truth["df"], rtol=DF)
