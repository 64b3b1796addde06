"""Proportional hazards against survival::coxph in R: made rows, rossi and pharmacosmoking."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from splw_eval.stats.cox.cox_fit import fit_cox_model
from splw_eval.stats.cox.jackknife import leave_one_practice_out

HERE = Path(__file__).resolve().parent
ANALYSES = HERE.parents[1] / "analyses"
MADE = json.loads((HERE / "cox.json").read_text(encoding="utf-8"))
ROSSI = json.loads((HERE / "rossi_time_varying.json").read_text(encoding="utf-8"))["results"]
SMOKING = json.loads((HERE / "pharmacosmoking.json").read_text(encoding="utf-8"))["results"]

I = np.arange(300)  # noqa: E741
STOP = 1 + (37 * I) % 97
DEAD = (I**2 + I // 7) % 3 == 2
PRACTICE = I % 15
ARM = (PRACTICE < 7).astype(float)
X = ((53 * I) % 101) / 101
W = 0.5 + ((11 * I) % 7) / 7
ENTER = np.where(I % 2 == 0, STOP // 3, 0)
PAIR = np.column_stack([ARM, X])
OPTIONS: dict[str, dict[str, Any]] = {
    "efron": {},
    "breslow": {"ties": "breslow"},
    "weighted": {"weights": W},
    "weighted_breslow": {"weights": W, "ties": "breslow"},
    "strata": {"weights": W, "strata": I % 4},
    "delayed": {"weights": W, "start": ENTER},
}


def agrees(fit, expected):
    np.testing.assert_allclose(fit.beta, expected["coef"], rtol=1e-8)
    np.testing.assert_allclose(np.sqrt(np.diag(fit.covariance)), expected["se"], rtol=1e-8)
    np.testing.assert_allclose(fit.information, expected["information"], rtol=1e-8, atol=1e-8)
    robust = np.sqrt(np.diag(fit.robust_covariance))
    np.testing.assert_allclose(robust, expected["practice_se"], rtol=1e-8)
    found = [fit.null_log_likelihood, fit.log_likelihood]
    np.testing.assert_allclose(found, expected["loglik"], rtol=1e-10)


def split_at(day):
    """Each row that passes the day as two, with x a second time after it."""
    late = day < STOP
    rows = np.concatenate([I, I[late]])
    after = np.arange(len(rows)) >= len(I)
    start = np.where(after, day, 0)
    stop = np.where(after, STOP[rows], np.minimum(STOP, day)[rows])
    dead = DEAD[rows] & (stop == STOP[rows])
    columns = np.column_stack([ARM[rows], X[rows], X[rows] * after])
    return start, stop, dead, columns, PRACTICE[rows]


@pytest.mark.parametrize("name", sorted(OPTIONS))
def test_made_rows_agree_with_coxph(name):
    options = dict(OPTIONS[name])
    start = options.pop("start", None)
    agrees(fit_cox_model(start, STOP, DEAD, PAIR, cluster=PRACTICE, **options), MADE[name])


def test_rows_split_at_day_30_agree_with_coxph():
    start, stop, dead, columns, practice = split_at(30)
    agrees(fit_cox_model(start, stop, dead, columns, cluster=practice), MADE["split"])


@pytest.mark.parametrize("name", sorted(MADE["jackknife"]))
def test_fits_that_leave_one_practice_out_agree_with_coxph(name):
    options = dict(OPTIONS[name])
    start = options.pop("start", None)
    found = leave_one_practice_out(start, STOP, DEAD, PAIR, PRACTICE, **options)
    expected = MADE["jackknife"][name]
    np.testing.assert_allclose(found.left_out, expected["left_out"], rtol=1e-8)
    np.testing.assert_allclose(found.covariance, expected["covariance"], rtol=1e-8)


def rossi_weeks():
    """One row for each person and week at risk."""
    people = pd.read_csv(ANALYSES / "recidivism" / "rossi.csv")
    people = people.loc[people.index.repeat(people["week"])]
    week = people.groupby("id").cumcount().to_numpy()
    jobs = people[[f"emp{k}" for k in range(1, 53)]].to_numpy() == "yes"
    rows = np.arange(len(people))
    people["stop"] = week + 1
    people["event"] = people["arrest"].eq(1) & people["stop"].eq(people["week"])
    people["employed"] = jobs[rows, week]
    people["lag"] = jobs[rows, np.maximum(week - 1, 0)]
    return people


def rossi_columns(people, *more):
    yes = {"race": "black", "mar": "married"}
    columns = [
        people[name] if name in ("age", "prio") else people[name].eq(yes.get(name, "yes"))
        for name in ("fin", "age", "race", "wexp", "mar", "paro", "prio")
    ]
    return np.column_stack([*columns, *(people[name] for name in more)]).astype(float)


def same_table(fit, table):
    coef = [row["coef"] for row in table.values()]
    np.testing.assert_allclose(fit.beta, coef, rtol=1e-6)
    std_error = [row["se(coef)"] for row in table.values()]
    np.testing.assert_allclose(np.sqrt(np.diag(fit.covariance)), std_error, rtol=1e-6)


def test_rossi_with_fixed_columns_agrees_with_coxph():
    people = pd.read_csv(ANALYSES / "recidivism" / "rossi.csv")
    fit = fit_cox_model(None, people["week"], people["arrest"], rossi_columns(people))
    assert (fit.n, fit.events) == (ROSSI["n"], ROSSI["events"])
    same_table(fit, ROSSI["baseline"])


@pytest.mark.parametrize(("result", "column"), [("employed", "employed"), ("lagged", "lag")])
def test_rossi_with_weekly_employment_agrees_with_coxph(result, column):
    weeks = rossi_weeks()
    assert len(weeks) == ROSSI["person_weeks"]
    if column == "lag":
        weeks = weeks[weeks["stop"] > 1]
    columns = rossi_columns(weeks, column)
    same_table(
        fit_cox_model(weeks["stop"] - 1, weeks["stop"], weeks["event"], columns), ROSSI[result]
    )


def test_pharmacosmoking_with_events_on_day_0_agrees_with_coxph():
    people = pd.read_csv(ANALYSES / "smoking_relapse" / "pharmacosmoking.csv")
    columns = np.column_stack(
        [
            people["grp"].eq("combination"),
            people["age"],
            people["employment"].eq("other"),
            people["employment"].eq("pt"),
        ]
    )
    fit = fit_cox_model(None, people["ttr"], people["relapse"], columns)
    assert fit.events == SMOKING["events"]
    same_table(fit, SMOKING["cox"])
