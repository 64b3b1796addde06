"""Mixed models of two published data sets against lmerTest, pbkrtest, SAS and an mmrm fit in R.

The data stay with those who shared them: the tests say so where they are absent.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from splw_eval.stats.mixed.between_within import between_within_df
from splw_eval.stats.mixed.cluster_effects import cluster_effects_of
from splw_eval.stats.mixed.covariance_model import CovarianceModel
from splw_eval.stats.mixed.model_fit import ModelFit, fit_model, infer
from splw_eval.stats.mixed.moments import gather_moments
from splw_eval.stats.mixed.structures import structure_of

HERE = Path(__file__).resolve().parent
DATA = HERE.parents[2] / "shared" / "reference" / "data"
# Other optimisers, which end where their own rule is met.
ESTIMATE, DF = 1e-4, 1e-3
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"The data are not at {DATA}.")


def results(name: str) -> dict:
    return json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))["results"]


def fitted(x, y, *, structure: str, effect: str, **codes) -> ModelFit:
    waves, clusters = int(codes["wave"].max()) + 1, int(codes["cluster"].max()) + 1
    model = CovarianceModel(
        structure=structure_of(structure, waves),
        groups=1,
        clusters=cluster_effects_of(effect, waves),
        cluster_groups=(effect != "none",),
    )
    return fit_model(gather_moments(x, y, waves=waves, clusters=clusters, **codes), model)


@pytest.mark.parametrize("levels", ["two_level", "three_level"])
def test_pupils_in_classes_in_schools_are_those_of_lmertest_and_pbkrtest(levels):
    d = pd.read_csv(DATA / "tvsfp.csv")
    cc, tv = d["cc"].to_numpy(float), d["tv"].to_numpy(float)
    x = np.column_stack([np.ones(len(d)), d["thkspre"], cc, tv, cc * tv])
    classes = pd.factorize(d["school"].astype(str) + "-" + d["class"].astype(str))[0]
    # A third level: the class stands where a person does, its pupils where waves do.
    pupil = d.groupby(classes).cumcount().to_numpy()
    alone = levels == "two_level"
    fit = fitted(
        x,
        d["thksord"].to_numpy(float),
        structure="compound_symmetry",
        effect="intercept",
        person=np.arange(len(d)) if alone else classes,
        wave=np.zeros(len(d), dtype=np.int64) if alone else pupil,
        cluster=pd.factorize(d["school"])[0],
    )
    truth = results("tvsfp_cluster_trial")[levels]
    assert fit.deviance[0] == pytest.approx(truth["reml"], abs=1e-6)
    expected, observed = infer(fit), infer(fit, information="observed")
    for row, term in zip(np.eye(5), truth["kenward_roger"], strict=True):
        kr, satterthwaite = expected.kenward_roger(row[None]), observed.satterthwaite(row[None])
        told = truth["kenward_roger"][term]
        assert kr.estimate[0, 0] == pytest.approx(told["Estimate"], rel=ESTIMATE)
        assert kr.covariance[0, 0, 0] ** 0.5 == pytest.approx(told["Std. Error"], rel=ESTIMATE)
        assert kr.df[0] == pytest.approx(told["df"], rel=DF)
        assert satterthwaite.df[0] == pytest.approx(truth["satterthwaite"][term]["df"], rel=DF)


def test_an_unstructured_covariance_is_that_of_the_mmrm_fit():
    d = pd.read_csv(DATA / "fev_data.csv").dropna(subset=["FEV1"])
    visit = d["AVISIT"].str[-1].astype(int).to_numpy() - 1
    arm = (d["ARMCD"] == "TRT").to_numpy(float)
    after = [(visit == v).astype(float) for v in (1, 2, 3)]
    black = (d["RACE"] == "Black or African American").to_numpy(float)
    white = (d["RACE"] == "White").to_numpy(float)
    female = (d["SEX"] == "Female").to_numpy(float)
    columns = [np.ones(len(d)), black, white, female, arm, *after, *(arm * a for a in after)]
    fit = fitted(
        np.column_stack(columns),
        d["FEV1"].to_numpy(float),
        structure="unstructured",
        effect="none",
        person=pd.factorize(d["USUBJID"])[0],
        wave=visit,
        cluster=np.zeros(len(d), dtype=np.int64),
    )
    truth = results("fev_mmrm_satterthwaite")
    assert fit.deviance[0] <= truth["deviance"] + 1e-6
    sigma, _ = fit.model.matrices(fit.fit.theta)
    np.testing.assert_allclose(sigma[0, 0], truth["Sigma"], rtol=1e-4, atol=1e-4)
    observed = infer(fit, information="observed")
    for row, told in zip(np.eye(11), truth["coef"].values(), strict=True):
        found = observed.satterthwaite(row[None])
        assert found.estimate[0, 0] == pytest.approx(told["estimate"], rel=ESTIMATE)
        assert found.covariance[0, 0, 0] ** 0.5 == pytest.approx(told["se"], rel=ESTIMATE)
        assert found.df[0] == pytest.approx(told["df"], rel=DF)


SAS = results("fev_sas_kenward_roger")


@pytest.mark.parametrize("structure", SAS)
def test_every_structure_has_the_errors_and_df_of_sas_with_and_without_the_second_order(structure):
    d = pd.read_csv(DATA / "fev_data.csv").dropna(subset=["FEV1"])
    fit = fitted(
        np.column_stack([np.ones(len(d)), (d["ARMCD"] == "TRT").to_numpy(float)]),
        d["FEV1"].to_numpy(float),
        structure=structure,
        effect="none",
        person=pd.factorize(d["USUBJID"])[0],
        wave=d["AVISIT"].str[-1].astype(int).to_numpy() - 1,
        cluster=np.zeros(len(d), dtype=np.int64),
    )
    told, row = SAS[structure], np.eye(2)[[1]]
    linear, full = (
        infer(fit, information="observed", second_order=asked).kenward_roger(row)
        for asked in (False, True)
    )
    # Where SAS ends its search costs the third digit of differences between df.
    assert linear.df[0] == full.df[0] == pytest.approx(told["df"], rel=DF)
    assert linear.covariance[0, 0, 0] ** 0.5 == pytest.approx(told["se_linear"], rel=2 * ESTIMATE)
    if "se_kr" in told:
        assert full.covariance[0, 0, 0] ** 0.5 == pytest.approx(told["se_kr"], rel=2 * ESTIMATE)


def test_between_within_df_are_those_that_mmrm_documents():
    d = pd.read_csv(DATA / "fev_data.csv").dropna(subset=["FEV1"])
    visit = np.array(d["AVISIT"].str[-1], dtype=np.int64) - 1
    arm = (d["ARMCD"] == "TRT").to_numpy(float)
    others = pd.get_dummies(d[["RACE", "SEX"]], drop_first=True).to_numpy(float)
    after = [(visit == v).astype(float) for v in (1, 2, 3)]
    x = np.column_stack([np.ones(len(d)), others, arm, *after, *(arm * a for a in after)])
    df = between_within_df(x, person=pd.factorize(d["USUBJID"])[0], wave=visit, rows=np.eye(11))
    # The article "Between-Within" of mmrm: 192 between people, 334 within, the intercept too.
    np.testing.assert_array_equal(df, [334, 192, 192, 192, 192, *[334] * 6])
