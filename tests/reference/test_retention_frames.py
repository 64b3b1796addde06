"""The public functions of retention on data frames against R's survival and cmprsk.

Some of the data stay with those who shared them: those tests say so where they are absent.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from splw_eval import (
    compare_retention,
    cumulative_incidence,
    extrapolate_retention,
    fit_cox,
    retention_curve,
)

HERE = Path(__file__).resolve().parent
DATA = HERE.parents[2] / "shared" / "reference" / "data"
absent = pytest.mark.skipif(not DATA.is_dir(), reason=f"The data are not at {DATA}.")
CLOSE = {"rtol": 1e-6, "atol": 1e-9}
EXACT = {"rtol": 1e-9, "atol": 1e-12}


def close(ours: Any, theirs: Any, *, rtol: float = 1e-7, atol: float = 0.0) -> None:
    assert_allclose(np.asarray(ours, dtype=float), theirs, rtol=rtol, atol=atol)


def told(name: str) -> dict[str, Any]:
    return json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))


def results(name: str) -> Any:
    return told(name)["results"]


def column(table: dict[str, Any], name: str) -> list[Any]:
    return [row[name] for row in table.values()]


@pytest.fixture(scope="module")
def made() -> pd.DataFrame:
    """300 people whose days, endings and practices plain arithmetic makes."""
    i = np.arange(300)
    return pd.DataFrame(
        {
            "id": i,
            "day": 1 + (37 * i) % 97,
            "ending": (i**2 + i // 7) % 3,
            "practice": i % 15,
            "arm": (i % 15 < 7).astype(int),
            "x": ((53 * i) % 101) / 101,
            "weight": 0.5 + ((11 * i) % 7) / 7,
        }
    )


# Curves.


def test_the_curve_of_made_people_is_that_of_survfit_with_both_errors(made: pd.DataFrame) -> None:
    right = told("day_counts")
    days = right["days"]
    found = retention_curve(made, time="day", event="ending", cluster="practice", horizon=80)
    at = found.at(days)
    close(at["estimate"], right["survival"], **EXACT)
    close(at["std_error"], right["greenwood"], **EXACT)
    close(at["robust_std_error"], right["survival_practice"], **EXACT)
    close([at["conf_low"][0], at["conf_high"][0]], right["limits_day_20"], **EXACT)
    row = found.summary.iloc[0]
    mean = [row["restricted_mean"], row["restricted_mean_std_error"]]
    close(mean, right["restricted_mean_80"], **EXACT)
    robust = row["restricted_mean_robust_std_error"]
    close(robust, right["restricted_mean_80_practice"], **EXACT)


def test_weights_give_the_curve_and_practice_error_of_survfit(made: pd.DataFrame) -> None:
    right = told("day_counts")
    found = retention_curve(
        made, time="day", event="ending", cluster="practice", weights="weight"
    ).at(right["days"])
    close(found["estimate"], right["weighted_survival"], **EXACT)
    close(found["robust_std_error"], right["weighted_practice"], **EXACT)


@pytest.mark.parametrize("scale", ["log-log", "log", "plain"])
def test_limits_on_every_scale_are_those_of_survfit(made: pd.DataFrame, scale: Any) -> None:
    right = told("day_counts")
    found = retention_curve(made, time="day", event="ending", conf_type=scale).at(right["days"])
    close(found["conf_low"], right["limits"][scale]["low"], **EXACT)
    close(found["conf_high"], right["limits"][scale]["high"], **EXACT)


def test_each_cause_has_the_curve_and_errors_of_survfit_and_of_cmprsk(made: pd.DataFrame) -> None:
    right = told("day_counts")
    days = right["days"]
    found = cumulative_incidence(made, time="day", event="ending", cluster="practice", horizon=80)
    at = found.at(days)
    shape = (2, len(days))
    close(at["estimate"].to_numpy().reshape(shape), right["incidence"], **EXACT)
    close(at["std_error"].to_numpy().reshape(shape), right["incidence_error"], **EXACT)
    robust = at["robust_std_error"].to_numpy().reshape(shape)
    close(robust, right["incidence_practice"], **EXACT)
    close(found.summary["time_lost"], right["time_lost_80"], **EXACT)
    lost = found.summary["time_lost_robust_std_error"]
    close(lost, right["time_lost_80_practice"], **EXACT)
    other = cumulative_incidence(made, time="day", event="ending", variance="cmprsk").at(days)
    variance = other["std_error"].to_numpy().reshape(shape) ** 2
    close(variance, right["cmprsk_variance"], **EXACT)


def test_leavings_on_day_0_are_counted_for_their_cause() -> None:
    right = told("day_counts")["day_0"]
    frame = pd.DataFrame({"day": right["time"], "ending": right["cause"]})
    found = cumulative_incidence(frame, time="day", event="ending").table
    close(found["estimate"].to_numpy().reshape(2, 5), right["incidence"], **EXACT)


def test_real_times_give_the_mean_of_survfit_to_the_horizon(made: pd.DataFrame) -> None:
    right = told("day_counts")
    assert len(right["real_restricted_mean_60"]) == 2
    halves = retention_curve(
        made.assign(half=made["day"] / 2), time="half", event="ending", horizon=40
    ).summary.iloc[0]
    whole = retention_curve(made, time="day", event="ending", horizon=80).summary.iloc[0]
    close(halves["restricted_mean"], whole["restricted_mean"] / 2, **EXACT)
    error = "restricted_mean_std_error"
    close(halves[error], whole[error] / 2, **EXACT)
    close(halves["median_low"], whole["median_low"] / 2, **EXACT)


def test_pharmacosmoking_with_12_relapses_on_day_0_gives_the_curves_of_survfit() -> None:
    right = results("pharmacosmoking")
    frame = _kept("pharmacosmoking")
    frame["grp"] = pd.Categorical(frame["grp"], categories=["patchOnly", "combination"])
    assert (frame["ttr"].eq(0) & frame["relapse"].eq(1)).sum() == right["zero_times"]
    found = retention_curve(frame, time="ttr", event="relapse", by="grp", conf_type="log")
    km = pd.DataFrame(right["km"])
    at = found.at(sorted(km["time"].unique()))
    close(at["estimate"], km["surv"], **EXACT)
    close(at["at_risk"], km["n_risk"], **EXACT)
    close(at["conf_low"], km["lower"], **EXACT)
    close(at["conf_high"], km["upper"], **EXACT)
    test = compare_retention(
        frame, time="ttr", event="relapse", by="grp", horizon=180, reference="patchOnly"
    )
    rank = test.table[test.table["method"].str.startswith("log-rank")].iloc[0]
    close(rank["statistic"], right["logrank"], **CLOSE)
    cox = fit_cox(frame, time="ttr", event="relapse", covariates="grp + age + employment")
    close(cox.coefficients["estimate"], column(right["cox"], "coef"), **CLOSE)
    close(cox.coefficients["std_error"], column(right["cox"], "se(coef)"), **CLOSE)


def _kept(name: str) -> pd.DataFrame:
    """Data that may be shipped, from wherever they stand."""
    found = sorted((HERE.parents[1] / "analyses").glob(f"*/{name}.csv"))
    return pd.read_csv(found[0]) if found else _shared(name)


def _shared(name: str) -> pd.DataFrame:
    if not DATA.is_dir():
        pytest.skip(f"The data are not at {DATA}.")
    return pd.read_csv(DATA / f"{name}.csv")


@absent
def test_addicts_give_the_curves_means_and_tests_of_survival() -> None:
    right, frame = results("addicts_retention"), _shared("addicts")
    found = retention_curve(
        frame, time="survt", event="status", by="clinic", conf_type="log", horizon=730
    )
    km = pd.DataFrame(right["km"])
    at = found.at(sorted(km["time"].unique()))
    for ours, theirs in {
        "estimate": "surv",
        "std_error": "se",
        "conf_low": "lower",
        "conf_high": "upper",
        "at_risk": "n_risk",
    }.items():
        close(at[ours], km[theirs], **EXACT)
    means = right["rmst_730"]
    close(found.summary["restricted_mean"], column(means, "rmean"), **CLOSE)
    error = found.summary["restricted_mean_std_error"]
    close(error, column(means, "se(rmean)"), **CLOSE)
    limits = [["median", "median"], ["median_low", "0.95LCL"], ["median_high", "0.95UCL"]]
    for ours, theirs in limits:
        expected = [np.nan if v is None else v for v in column(means, theirs)]
        close(found.summary[ours], expected)
    assert "not reached" in str(found)
    test = compare_retention(
        frame, time="survt", event="status", by="clinic", horizon=730, reference=1
    ).table
    rank = test[test["method"].str.startswith("log-rank")].iloc[0]
    close(rank["statistic"], right["logrank"]["chisq"], **CLOSE)


@absent
def test_addicts_give_the_hazard_ratios_and_tests_of_coxph() -> None:
    right, frame = results("addicts_retention"), _shared("addicts")
    asked: dict[str, Any] = {"time": "survt", "event": "status"}
    for ties in ("efron", "breslow"):
        fit = fit_cox(frame, covariates=["clinic", "prison", "dose"], ties=ties, **asked)
        table = right[f"cox_{ties}"]
        close(fit.coefficients["estimate"], column(table, "coef"), **CLOSE)
        close(fit.coefficients["std_error"], column(table, "se(coef)"), **CLOSE)
        close(fit.coefficients["hazard_ratio"], column(table, "exp(coef)"), **CLOSE)
        close(fit.coefficients["p_value"], column(table, "Pr(>|z|)"), rtol=1e-5)
    fit = fit_cox(frame, covariates="clinic + prison + dose", **asked)
    close(fit.log_likelihood, right["loglik"][1], **CLOSE)
    test = fit.proportional_hazards
    close(test["statistic"], column(right["zph"], "chisq"), **CLOSE)
    close(test["p_value"], column(right["zph"], "p"), rtol=1e-5)
    by = fit_cox(frame, covariates=["prison", "dose"], strata="clinic", **asked).coefficients
    close(by["estimate"], column(right["stratified"], "coef"), **CLOSE)
    close(by["std_error"], column(right["stratified"], "se(coef)"), **CLOSE)


@absent
def test_a_hazard_ratio_that_changes_after_a_year_is_that_of_coxph_on_cut_rows() -> None:
    right, frame = results("addicts_retention"), _shared("addicts")
    early = frame.assign(start=0, stop=frame["survt"].clip(upper=365), phase="early")
    early["left"] = frame["status"].where(frame["survt"] <= 365, 0)
    late = frame[frame["survt"] > 365].assign(start=365, phase="late")
    late["stop"], late["left"] = late["survt"], late["status"]
    rows = pd.concat([early, late], ignore_index=True)
    for phase in ("early", "late"):
        rows[f"second_{phase}"] = ((rows["clinic"] == 2) & (rows["phase"] == phase)).astype(int)
    fit = fit_cox(
        rows,
        time="stop",
        start="start",
        event="left",
        id="id",
        covariates=["prison", "dose", "second_early", "second_late"],
    )
    close(fit.coefficients["estimate"], column(right["piecewise_clinic2"], "coef"), **CLOSE)
    error = column(right["piecewise_clinic2"], "se(coef)")
    close(fit.coefficients["std_error"], error, **CLOSE)
    assert fit.n == len(frame)


@absent
def test_judges_leave_for_two_causes_as_in_cmprsk_and_coxph() -> None:
    right, frame = results("judges_competing_risks"), _shared("judges")
    frame["cause"] = np.where(frame["dead"] == 1, 1, np.where(frame["retired"] == 1, 2, 0))
    asked: dict[str, Any] = {"time": "tenure", "event": "cause"}
    names = {1: "died", 2: "retired"}
    found = cumulative_incidence(frame, **asked, causes=names, variance="cmprsk")
    at = found.at(right["times"])
    shape = (2, len(right["times"]))
    close(at["estimate"].to_numpy().reshape(shape), right["cif"]["est"], **CLOSE)
    close(at["std_error"].to_numpy().reshape(shape) ** 2, right["cif"]["var"], **CLOSE)
    naive = np.array(right["one_minus_km_retired"])
    assert (at.loc[at["cause"] == "retired", "estimate"].to_numpy() < naive).all()
    covariates = ["appointment_age", "appointment_year"]
    for cause, name in ((1, "cox_dead"), ("retired", "cox_retired")):
        fit = fit_cox(frame, **asked, covariates=covariates, cause=cause, causes=names)
        close(fit.coefficients["estimate"], column(right[name], "coef"), **CLOSE)
        close(fit.coefficients["std_error"], column(right[name], "se(coef)"), **CLOSE)
    fit = fit_cox(frame, **asked, covariates=covariates, cause=2, kind="subdistribution")
    for ours, theirs in (("estimate", "coef"), ("std_error", "se")):
        expected = list(right["fine_gray_retired"][theirs].values())
        close(fit.coefficients[ours], expected, rtol=2e-6)


@absent
def test_time_to_a_missed_visit_has_the_curves_and_the_test_of_survival() -> None:
    right, wide = results("btheb_dropout"), _shared("btheb")
    visits = ["bdi_2m", "bdi_3m", "bdi_5m", "bdi_8m"]
    months = np.array([2, 3, 5, 8])
    seen = wide[visits].notna().sum(axis=1).to_numpy()
    wide["month"] = months[np.minimum(seen, 3)]
    wide["missed"] = (seen < len(visits)).astype(int)
    wide["treatment"] = pd.Categorical(wide["treatment"], categories=["TAU", "BtheB"])
    asked: dict[str, Any] = {"time": "month", "event": "missed", "by": "treatment"}
    km = pd.DataFrame(right["km"])
    at = retention_curve(wide, **asked, conf_type="log").at(months.tolist())
    close(at["estimate"], km["surv"], **EXACT)
    close(at["std_error"], km["se"], **EXACT)
    test = compare_retention(wide, **asked, horizon=8, reference="TAU").table
    rank = test[test["method"].str.startswith("log-rank")].iloc[0]
    close(rank["statistic"], right["logrank_chisq"], rtol=1e-6)
    close(rank["p_value"], right["logrank_p"], rtol=1e-6)


# Hazard ratios.


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_hazard_ratios_of_made_people_are_those_of_coxph_with_practice_errors(
    made: pd.DataFrame, ties: Any
) -> None:
    right = told("cox")[ties]
    fit = fit_cox(
        made,
        time="day",
        event="ending",
        cause=2,
        covariates=["arm", "x"],
        cluster="practice",
        ties=ties,
    )
    close(fit.coefficients["estimate"], right["coef"], **EXACT)
    close(fit.coefficients["model_std_error"], right["se"], **EXACT)
    close(fit.errors["sandwich"], right["practice_se"], **EXACT)
    assert fit.coefficients["df"].eq(13).all()


def test_the_default_error_is_that_of_refits_without_each_practice(made: pd.DataFrame) -> None:
    right = told("cox")["jackknife"]["efron"]
    fit = fit_cox(
        made, time="day", event="ending", cause=2, covariates="arm + x", cluster="practice"
    )
    assert fit.vcov == "jackknife"
    apart = np.array(right["left_out"]) - told("cox")["efron"]["coef"]
    variance = len(apart) - 1
    error = np.sqrt(variance / len(apart) * (apart**2).sum(axis=0))
    close(fit.coefficients["std_error"], error, **CLOSE)


def test_weighted_hazard_ratios_are_those_of_coxph(made: pd.DataFrame) -> None:
    right = told("cox")["weighted"]
    fit = fit_cox(
        made,
        time="day",
        event="ending",
        cause=2,
        covariates=["arm", "x"],
        cluster="practice",
        weights="weight",
        vcov="sandwich",
    )
    close(fit.coefficients["estimate"], right["coef"], **EXACT)
    close(fit.coefficients["std_error"], right["practice_se"], **EXACT)


def test_cut_rows_with_a_covariate_that_changes_are_those_of_coxph(made: pd.DataFrame) -> None:
    right = told("cox")["split"]
    first = made.assign(start=0, stop=made["day"].clip(upper=30))
    first["left"] = ((made["ending"] == 2) & (made["day"] <= 30)).astype(int)
    later = made[made["day"] > 30].assign(start=30)
    later["stop"], later["left"] = later["day"], (later["ending"] == 2).astype(int)
    rows = pd.concat([first, later], ignore_index=True)
    rows["z"] = rows["x"] * (rows["start"] >= 30)
    fit = fit_cox(
        rows,
        time="stop",
        start="start",
        event="left",
        covariates=["arm", "x", "z"],
        cluster="practice",
        id="id",
    )
    close(fit.coefficients["estimate"], right["coef"], **CLOSE)
    close(fit.coefficients["model_std_error"], right["se"], **CLOSE)
    close(fit.coefficients["robust_std_error"], right["practice_se"], **CLOSE)
    assert fit.n == 300


@absent
def test_smoking_onset_in_28_schools_has_the_ratios_and_errors_of_coxph() -> None:
    right = results("tvsfp_smoke_onset")
    frame = _shared("tvsfp_smoke_onset")
    fit = fit_cox(
        frame, time="smkonset", event="event", covariates="SexMale + cc * tv", cluster="school"
    )
    cox = right["cox_cluster"]
    close(fit.coefficients["estimate"], column(cox, "coef"), **CLOSE)
    close(fit.coefficients["model_std_error"], column(cox, "se(coef)"), **CLOSE)
    close(fit.coefficients["robust_std_error"], column(cox, "robust se"), **CLOSE)
    curve = retention_curve(frame, time="smkonset", event="event").table
    life = pd.DataFrame(right["life_table"])
    close(curve["estimate"], life["surv"], **EXACT)
    close(curve["std_error"], life["se"], **EXACT)


def weekly(rossi: pd.DataFrame) -> pd.DataFrame:
    """One row for each person and week."""
    wide = [name for name in rossi.columns if name.startswith("emp")]
    rows = rossi.melt(id_vars=[c for c in rossi.columns if c not in wide], value_vars=wide)
    rows["stop"] = rows["variable"].str[3:].astype(int)
    rows = rows[rows["stop"] <= rows["week"]].sort_values(["id", "stop"])
    rows["start"] = rows["stop"] - 1
    rows["event"] = ((rows["stop"] == rows["week"]) & (rows["arrest"] == 1)).astype(int)
    rows["employed"] = (rows["value"] == "yes").astype(int)
    rows["lag"] = rows.groupby("id")["employed"].shift()
    for name, first in {"race": "other", "mar": "not married"}.items():
        others = [level for level in rows[name].unique() if level != first]
        rows[name] = pd.Categorical(rows[name], categories=[first, *others])
    return rows


def test_employment_week_by_week_gives_the_ratios_of_coxph_and_of_fox_and_weisberg() -> None:
    right = results("rossi_time_varying")
    rows = weekly(_kept("rossi"))
    assert len(rows) == right["person_weeks"]
    base = "fin + age + race + wexp + mar + paro + prio"
    asked: dict[str, Any] = {"time": "stop", "start": "start", "event": "event", "id": "id"}
    for name, column_name in (("employed", "employed"), ("lagged", "lag")):
        fit = fit_cox(rows, covariates=f"{base} + {column_name}", **asked)
        close(fit.coefficients["estimate"], column(right[name], "coef"), **CLOSE)
        close(fit.coefficients["std_error"], column(right[name], "se(coef)"), **CLOSE)
        # One person was arrested in the first week, which has no week before it.
        assert fit.n == right["n"] - (name == "lagged")
    assert fit.left_out == right["n"]


# Parametric curves.


@absent
def test_the_weibull_curve_of_addicts_is_that_of_survreg() -> None:
    right = results("addicts_retention")["weibull"]
    fit = extrapolate_retention(
        _shared("addicts"), time="survt", event="status", covariates=["clinic", "prison", "dose"]
    )
    close(fit.coefficients["estimate"][:-1], list(right["coef"].values()), rtol=1e-4)
    close(fit.scale, right["scale"], rtol=1e-4)
    close(fit.log_likelihood, right["logLik"], rtol=1e-8)


@pytest.mark.parametrize("family", ["weibull", "lognormal", "loglogistic"])
def test_each_family_has_the_coefficients_errors_and_curve_of_survreg(
    made: pd.DataFrame, family: Any
) -> None:
    right = told("time_families")[family]
    fit = extrapolate_retention(
        made, time="day", event="ending", covariates=["arm", "x"], family=family
    )
    expected = [*right["coef"], right["log_scale"]]
    close(fit.coefficients["estimate"], expected, rtol=1e-4, atol=1e-5)
    close(fit.coefficients["std_error"], right["se"], rtol=1e-4)
    close(fit.log_likelihood, right["loglik"], rtol=1e-8)
    found = fit.predict(right["days"], pd.DataFrame({"arm": [1], "x": [0.5]}))
    close(found["estimate"], right["engaged"], rtol=1e-4)
    assert found["extrapolated"].tolist() == [False, False, True]
