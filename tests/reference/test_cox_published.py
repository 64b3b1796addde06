"""Proportional hazards of published data sets against survival::coxph in R.

The data stay with those who shared them: the tests say so where they are absent.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from splw_eval.stats.cox.cox_fit import fit_cox_model

HERE = Path(__file__).resolve().parent
DATA = HERE.parents[2] / "shared" / "reference" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"The data are not at {DATA}.")


def results(name):
    return json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))["results"]


def agrees(fit, table):
    """Coefficients and standard errors, in the order of the table."""
    rows = list(table.values())
    np.testing.assert_allclose(fit.beta, [row["coef"] for row in rows], rtol=1e-6)
    found = np.sqrt(np.diag(fit.covariance))
    np.testing.assert_allclose(found, [row["se(coef)"] for row in rows], rtol=1e-6)
    if "robust se" in rows[0]:
        robust = np.sqrt(np.diag(fit.robust_covariance))
        np.testing.assert_allclose(robust, [row["robust se"] for row in rows], rtol=1e-6)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_leaving_of_two_clinics_agrees_with_coxph(ties):
    people, expected = pd.read_csv(DATA / "addicts.csv"), results("addicts_retention")
    columns = people[["clinic", "prison", "dose"]]
    fit = fit_cox_model(None, people["survt"], people["status"], columns, ties=ties)
    assert (fit.n, fit.events) == (expected["n"], expected["events"])
    agrees(fit, expected[f"cox_{ties}"])
    if ties == "efron":
        found = [fit.null_log_likelihood, fit.log_likelihood]
        np.testing.assert_allclose(found, expected["loglik"], rtol=1e-10)


def test_a_baseline_for_each_clinic_agrees_with_coxph():
    people, expected = pd.read_csv(DATA / "addicts.csv"), results("addicts_retention")
    given = (None, people["survt"], people["status"])
    pair = people[["prison", "dose"]].to_numpy(float)
    agrees(fit_cox_model(*given, pair, strata=people["clinic"]), expected["stratified"])
    second = (people["clinic"] == 2).to_numpy()[:, None]
    four = np.column_stack([pair, pair * second])
    fit = fit_cox_model(*given, four, strata=people["clinic"])
    agrees(fit, expected["stratified_interaction"])


def test_a_clinic_effect_before_and_after_day_365_agrees_with_coxph():
    people, expected = pd.read_csv(DATA / "addicts.csv"), results("addicts_retention")
    early, late = people.assign(start=0), people[people["survt"] > 365].assign(start=365)
    early = early.assign(
        status=early["status"].where(early["survt"] <= 365, 0), survt=early["survt"].clip(upper=365)
    )
    rows = pd.concat([early, late])
    second = rows["clinic"] == 2
    columns = np.column_stack(
        [rows["prison"], rows["dose"], second & (rows["start"] == 0), second & (rows["start"] > 0)]
    )
    fit = fit_cox_model(rows["start"], rows["survt"], rows["status"], columns)
    agrees(fit, expected["piecewise_clinic2"])


@pytest.mark.parametrize(("cause", "table"), [(1, "cox_dead"), (2, "cox_retired")])
def test_each_cause_of_leaving_the_bench_agrees_with_coxph(cause, table):
    people, expected = pd.read_csv(DATA / "judges.csv"), results("judges_competing_risks")
    happened = people["dead" if cause == 1 else "retired"]
    columns = people[["appointment_age", "appointment_year"]]
    fit = fit_cox_model(None, people["tenure"], happened, columns)
    assert (fit.n, fit.events) == (expected["n"], expected["causes"][str(cause)])
    agrees(fit, expected[table])


def test_a_school_sandwich_with_three_tied_times_agrees_with_coxph():
    people, expected = pd.read_csv(DATA / "tvsfp_smoke_onset.csv"), results("tvsfp_smoke_onset")
    both = people["cc"] * people["tv"]
    columns = np.column_stack([people["SexMale"], people["cc"], people["tv"], both])
    fit = fit_cox_model(
        None, people["smkonset"], people["event"], columns, cluster=people["school"]
    )
    assert (fit.n, fit.events, fit.clusters) == (expected["n"], expected["events"], 28)
    agrees(fit, expected["cox_cluster"])
