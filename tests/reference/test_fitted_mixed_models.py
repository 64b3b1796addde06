"""`fit_mixed_model` on published data against lme4, lmerTest, pbkrtest, nlme, emmeans and SAS's df.

Of the four data sets one is shipped (analyses/beat_the_blues); the others stay with those who
shared them: the tests say so where they are absent.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from splw_eval import fit_mixed_model
from splw_eval.models.fitted import FittedMixedModel
from splw_eval.stats.mixed.robust import fit_robust

HERE = Path(__file__).resolve().parent
SHIPPED = HERE.parents[1] / "analyses" / "beat_the_blues" / "btheb.csv"
DATA = HERE.parents[2] / "shared" / "reference" / "data"
away = pytest.mark.skipif(not DATA.is_dir(), reason=f"The data are not at {DATA}.")
# Estimates and errors at one optimum, and where another program's search ended elsewhere.
SAME, ACROSS, DF = 1e-5, 1e-4, 1e-3
KENWARD_ROGER: dict[str, Any] = {"df": "kenward-roger", "information": "expected"}
SATTERTHWAITE: dict[str, Any] = {"df": "satterthwaite", "information": "observed"}


def results(name: str) -> dict[str, Any]:
    return json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))["results"]


def agree(
    fit: FittedMixedModel, truth: dict[str, Any], terms: dict[str, str], tolerance: float = SAME
) -> None:
    """Compare the table of coefficients with R's, whose terms have other names."""
    found = fit.coefficients.set_index("term")
    assert set(found.index) == {terms.get(name, name) for name in truth}
    for name, told in truth.items():
        row = found.loc[terms.get(name, name)]
        estimate = told.get("Estimate", told.get("Value", told.get("estimate")))
        error = told.get("Std. Error", told.get("Std.Error", told.get("se")))
        # An estimate near zero is held against its error.
        assert abs(row["estimate"] - estimate) < tolerance * max(abs(estimate), error), name
        assert row["std_error"] == pytest.approx(error, rel=tolerance), name
        if "df" in told:
            assert row["df"] == pytest.approx(told["df"], rel=DF), name


def beat_the_blues() -> pd.DataFrame:
    wide = pd.read_csv(SHIPPED)
    for name, one in (("drug", "Yes"), ("length", ">6m"), ("treatment", "BtheB")):
        wide[name] = (wide[name] == one).astype(int)
    long = wide.melt(
        ["subject", "drug", "length", "treatment", "bdi_pre"], var_name="visit", value_name="bdi"
    )
    long["time"] = long["visit"].str.extract(r"(\d+)").astype(int)
    return long


BTHEB = {
    "(Intercept)": "Intercept",
    "treatmentBtheB": "treatment",
    "drugYes": "drug",
    "length>6m": "length",
    **{f"visit{t}": f"C(time)[T.{t}]" for t in (3, 5, 8)},
    **{f"visit{t}:treatmentBtheB": f"C(time)[T.{t}]:treatment" for t in (3, 5, 8)},
}
ADDITIVE = "bdi_pre + time + treatment + drug + length"
BY_VISIT = "bdi_pre + drug + length + C(time)*treatment"


def btheb(fixed: str, **asked: Any) -> FittedMixedModel:
    return fit_mixed_model(
        beat_the_blues(),
        outcome="bdi",
        fixed=fixed,
        person="subject",
        wave="time",
        arm="treatment",
        baseline="unconstrained",
        **asked,
    )


def test_maximum_likelihood_of_beat_the_blues_is_that_of_lme4():
    truth = results("btheb_lmm_ml")
    fit = btheb(ADDITIVE, covariance="compound_symmetry", reml=False, df="z")
    agree(fit, truth["fixed"], BTHEB)
    assert fit.log_likelihood == pytest.approx(truth["logLik"], abs=1e-6)
    criteria = fit.information_criteria.set_index("criterion")["value"]
    assert criteria["AIC"] == pytest.approx(truth["AIC"], abs=1e-5)
    slopes = btheb(ADDITIVE, covariance="intercept_slope", reml=False, df="z")
    assert slopes.log_likelihood == pytest.approx(truth["random_slope"]["logLik"], abs=1e-5)


@pytest.mark.parametrize("fixed, part", [(ADDITIVE, "additive"), (BY_VISIT, "by_visit")])
def test_beat_the_blues_has_the_df_of_pbkrtest_and_lmertest(fixed, part):
    truth = results("btheb_lmm_reml_ddf")[part]
    kr = btheb(fixed, covariance="compound_symmetry", **KENWARD_ROGER)
    agree(kr, truth["kenward_roger"], BTHEB)
    agree(
        btheb(fixed, covariance="compound_symmetry", **SATTERTHWAITE), truth["satterthwaite"], BTHEB
    )
    if part == "additive":
        assert -2 * kr.log_likelihood == pytest.approx(truth["reml"], abs=1e-6)


def test_differences_by_visit_are_those_of_emmeans_and_the_f_that_of_lmertest():
    truth = results("btheb_lmm_reml_ddf")["by_visit"]
    fit = btheb(BY_VISIT, covariance="compound_symmetry", **KENWARD_ROGER)
    found = fit.contrast("difference").set_index("term")
    for visit, told in truth["contrasts_kr"].items():
        row = found.loc[f"1 - 0, at {visit}"]
        assert row["estimate"] == pytest.approx(told["estimate"], rel=SAME)
        assert row["std_error"] == pytest.approx(told["SE"], rel=SAME)
        assert row["df"] == pytest.approx(told["df"], rel=DF)
    told, row = truth["anova_type3_kr"]["visit:treatment"], fit.test("C(time):treatment").iloc[0]
    assert row["statistic"] == pytest.approx(told["F value"], rel=5 * SAME)
    assert row["df2"] == pytest.approx(told["DenDF"], rel=DF)


def test_an_unstructured_covariance_of_beat_the_blues_is_that_of_nlme_with_the_df_of_mmrm():
    plain, truth = results("btheb_mmrm"), results("btheb_mmrm_satterthwaite")
    fit = btheb(BY_VISIT, covariance="unstructured", **SATTERTHWAITE)
    agree(fit, plain["coef"], BTHEB, ACROSS)
    agree(fit, truth["coef"], BTHEB, ACROSS)
    assert fit.log_likelihood >= plain["reml_loglik"] - 5e-7
    assert fit.log_likelihood == pytest.approx(truth["reml_loglik"], abs=1e-6)
    found = fit.contrast("difference").set_index("term")
    for visit, told in truth["contrast_by_visit"].items():
        assert found.loc[f"1 - 0, at {visit}", "df"] == pytest.approx(told["df"], rel=DF)


@away
@pytest.mark.parametrize("levels", ["two_level", "three_level"])
def test_pupils_in_classes_in_schools_are_those_of_lmertest_and_pbkrtest(levels):
    d = pd.read_csv(DATA / "tvsfp.csv")
    d["class_in_school"] = d["school"].astype(str) + "-" + d["class"].astype(str)
    # A third level: the class stands where a person does, its pupils where waves do.
    d["pupil"] = d.groupby("class_in_school").cumcount()
    d["row"] = np.arange(len(d))
    roles: dict[str, Any] = (
        {"person": "row"}
        if levels == "two_level"
        else {"person": "class_in_school", "wave": "pupil", "covariance": "compound_symmetry"}
    )
    truth = results("tvsfp_cluster_trial")[levels]
    for asked, key in ((KENWARD_ROGER, "kenward_roger"), (SATTERTHWAITE, "satterthwaite")):
        fit = fit_mixed_model(
            d,
            outcome="thksord",
            fixed="thkspre + cc*tv",
            cluster="school",
            cluster_effect="intercept",
            **roles,
            **asked,
        )
        agree(fit, truth[key], {"(Intercept)": "Intercept"})
        assert -2 * fit.log_likelihood == pytest.approx(truth["reml"], abs=1e-6)


@away
@pytest.mark.parametrize("kind", ["CR0", "CR2", "CR3"])
def test_robust_errors_of_pupils_by_school_are_those_of_clubsandwich(kind):
    d = pd.read_csv(DATA / "tvsfp.csv")
    d["row"] = np.arange(len(d))
    # Working independence, as lm: effects of schools are left out of the model.
    fit = fit_mixed_model(d, outcome="thksord", fixed="thkspre + cc*tv", person="row", df="z")
    robust = fit_robust(
        fit.design.x,
        fit.design.y - fit.design.x @ fit.fit.beta[0],
        person=fit.design.person.codes,
        wave=fit.design.wave_codes,
        cluster=pd.factorize(d["school"])[0],
        covariance=fit.fit.model.matrices(fit.fit.fit.theta)[0][0, 0],
        effects=np.zeros((1, 1)),
        phi=fit.fit.phi[0],
        kind=kind,
    )
    truth = results("tvsfp_cluster_trial")[kind]
    for place, name in enumerate(fit.design.names):
        told = truth["(Intercept)" if name == "Intercept" else name]
        assert robust.vcov[place, place] ** 0.5 == pytest.approx(told["SE"], rel=SAME)
        df = robust.satterthwaite_df(np.eye(len(robust.phi))[place])
        assert df == pytest.approx(told["df_Satt"], rel=DF)


@away
def test_four_occasions_of_a_small_trial_are_those_of_lmertest_pbkrtest_and_nlme():
    d = pd.read_csv(DATA / "claus2020.csv")
    d["arm"] = (d["treatment"] == "PA").astype(int)
    terms = {
        "(Intercept)": "Intercept",
        "treatmentPA": "arm",
        **{f"tf{t}": f"C(time)[T.{t}]" for t in (2, 3, 4)},
        **{f"tf{t}:treatmentPA": f"C(time)[T.{t}]:arm" for t in (2, 3, 4)},
    }
    roles: dict[str, Any] = {"outcome": "bdi", "fixed": "C(time)*arm"}
    roles |= {"person": "id", "wave": "time"}
    truth = results("claus2020_rct")
    for asked, key in ((KENWARD_ROGER, "kenward_roger"), (SATTERTHWAITE, "satterthwaite")):
        fit = fit_mixed_model(d, **roles, covariance="compound_symmetry", **asked)
        agree(fit, truth[key], terms)
    free = fit_mixed_model(d, **roles, covariance="unstructured", df="z")
    agree(free, truth["gls"], terms, ACROSS)
    assert free.log_likelihood >= truth["gls_reml_loglik"] - 5e-7


@away
def test_an_unstructured_covariance_of_simulated_lung_function_is_that_of_mmrm():
    d = pd.read_csv(DATA / "fev_data.csv")
    d["arm"] = (d["ARMCD"] == "TRT").astype(int)
    d["female"] = (d["SEX"] == "Female").astype(int)
    fit = fit_mixed_model(
        d,
        outcome="FEV1",
        fixed="C(RACE) + female + arm*C(AVISIT)",
        person="USUBJID",
        wave="AVISIT",
        **SATTERTHWAITE,
    )
    truth = results("fev_mmrm_satterthwaite")
    terms = {
        "(Intercept)": "Intercept",
        "SEXFemale": "female",
        "ARMCDTRT": "arm",
        **{f"RACE{race}": f"C(RACE)[T.{race}]" for race in ("Black or African American", "White")},
        **{f"AVISITVIS{v}": f"C(AVISIT)[T.VIS{v}]" for v in (2, 3, 4)},
        **{f"ARMCDTRT:AVISITVIS{v}": f"arm:C(AVISIT)[T.VIS{v}]" for v in (2, 3, 4)},
    }
    agree(fit, truth["coef"], terms, ACROSS)
    assert -2 * fit.log_likelihood <= truth["deviance"] + 1e-6
