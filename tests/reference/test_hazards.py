"""What follows a hazards fit against survival and cmprsk in R: test, foretelling, Fine-Gray."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from splw_eval.stats.cox.baseline import baseline_hazard
from splw_eval.stats.cox.cox_fit import fit_cox_model
from splw_eval.stats.cox.fine_gray import fit_fine_gray
from splw_eval.stats.cox.proportional import proportional_hazards_test

HERE = Path(__file__).resolve().parent
DATA = HERE.parents[2] / "shared" / "reference" / "data"
RESULTS = DATA.parent / "results"
MADE = json.loads((HERE / "hazards.json").read_text(encoding="utf-8"))
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"The data are not at {DATA}.")

I = np.arange(300)  # noqa: E741
STOP = 1 + (37 * I) % 97
CAUSE = (I**2 + I // 7) % 3
DEAD = CAUSE == 2
PRACTICE = I % 15
ARM = (PRACTICE < 7).astype(float)
X = ((53 * I) % 101) / 101
W = 0.5 + ((11 * I) % 7) / 7
BAND = I % 4
KIND = (I // 5) % 3
WEEK = STOP // 7
ENTER = np.where(I % 2 == 0, STOP // 3, 0)
FLAT = np.where(BAND == 2, 1.0, ((29 * I) % 31) / 31)
PAIR = np.column_stack([ARM, X])
FOUR = np.column_stack([ARM, X, KIND == 1, KIND == 2]).astype(float)
TERMS = [[0], [1], [2, 3]]
THREE = [[0], [1], [2]]


def split_at(day):
    """Each row that passes the day as two, with x a second time after it."""
    late = day < STOP
    rows = np.concatenate([I, I[late]])
    after = np.arange(len(rows)) >= len(I)
    start = np.where(after, day, 0)
    stop = np.where(after, STOP[rows], np.minimum(STOP, day)[rows])
    dead = DEAD[rows] & (stop == STOP[rows])
    return start, stop, dead, np.column_stack([PAIR[rows], X[rows] * after]), rows


SPLIT = split_at(30)
# The rows, the terms and the options of each test in the R program.
TESTED: dict[str, tuple[Any, Any, dict[str, Any], str]] = {
    "km": ((None, STOP, DEAD, FOUR), TERMS, {}, "km"),
    "identity": ((None, STOP, DEAD, FOUR), TERMS, {}, "identity"),
    "rank": ((None, STOP, DEAD, FOUR), TERMS, {}, "rank"),
    "log": ((None, STOP, DEAD, FOUR), TERMS, {}, "log"),
    "breslow": ((None, STOP, DEAD, FOUR), TERMS, {"ties": "breslow"}, "km"),
    "weighted": ((None, STOP, DEAD, FOUR), TERMS, {"weights": W}, "km"),
    "weeks": ((None, WEEK, DEAD, FOUR), TERMS, {"weights": W}, "km"),
    "strata": ((None, STOP, DEAD, FOUR), TERMS, {"weights": W, "strata": BAND}, "km"),
    "flat": ((None, STOP, DEAD, np.column_stack([PAIR, FLAT])), THREE, {"strata": BAND}, "km"),
    "delayed": ((ENTER, STOP, DEAD, FOUR), TERMS, {"weights": W}, "km"),
    "delayed_rank": ((ENTER, STOP, DEAD, FOUR), TERMS, {}, "rank"),
    "split": (SPLIT[:4], THREE, {}, "km"),
    "split_strata": (SPLIT[:4], THREE, {"strata": BAND[SPLIT[4]]}, "km"),
}


def in_one_order(time, values):
    """Rows by time and then by value: tied events may stand in any order."""
    table = np.column_stack([time, np.round(values, 6)])
    order = np.lexsort(np.nan_to_num(table).T[::-1])
    return np.asarray(values)[order]


def same_test(found, expected, residuals=True):
    chi_square = [*found.chi_square, found.global_chi_square]
    np.testing.assert_allclose(chi_square, expected["chisq"], rtol=1e-8)
    p_value = [*found.p_value, found.global_p_value]
    np.testing.assert_allclose(p_value, expected["p"], rtol=1e-8)
    assert [*found.df, found.global_df] == expected["df"]
    np.testing.assert_allclose(np.sort(found.transformed), np.sort(expected["g"]), rtol=1e-10)
    np.testing.assert_allclose(found.residual_covariance, expected["var"], rtol=1e-8, atol=1e-10)
    if residuals:
        drawn = np.array([[np.nan if v in (None, "NA") else v for v in r] for r in expected["y"]])
        np.testing.assert_allclose(
            in_one_order(found.time, found.residuals),
            in_one_order(expected["time"], drawn.astype(float)),
            rtol=1e-8,
            atol=1e-8,
        )


@pytest.mark.parametrize("name", sorted(TESTED))
def test_the_test_of_proportional_hazards_agrees_with_cox_zph(name):
    (start, stop, event, x), terms, options, transform = TESTED[name]
    expected = MADE["zph"][name]
    beta = fit_cox_model(start, stop, event, x, **options).beta
    options = {**options, "transform": transform}
    np.testing.assert_allclose(beta, expected["coef"], rtol=1e-8)
    grouped = proportional_hazards_test(start, stop, event, x, beta, terms=terms, **options)
    same_test(grouped, expected["terms"])
    single = proportional_hazards_test(start, stop, event, x, beta, **options)
    same_test(single, expected["columns"])


@needs_data
def test_addicts_agree_with_the_published_test_of_proportional_hazards():
    people = pd.read_csv(DATA / "addicts.csv")
    expected = json.loads((RESULTS / "addicts_retention.json").read_text(encoding="utf-8"))
    table = expected["results"]["zph"]
    rows = (None, people["survt"], people["status"], people[["clinic", "prison", "dose"]])
    beta = fit_cox_model(*rows).beta
    found = proportional_hazards_test(*rows, beta)
    names = ["clinic", "prison", "dose", "GLOBAL"]
    chi_square = [*found.chi_square, found.global_chi_square]
    np.testing.assert_allclose(chi_square, [table[name]["chisq"] for name in names], rtol=1e-8)
    p_value = [*found.p_value, found.global_p_value]
    np.testing.assert_allclose(p_value, [table[name]["p"] for name in names], rtol=1e-8)


NEW = np.array([[0, 0], [1, 0.25], [1, 3.0]])
FORETOLD: dict[str, tuple[Any, dict[str, Any]]] = {
    "efron": ((None, STOP, DEAD, PAIR), {}),
    "breslow": ((None, STOP, DEAD, PAIR), {"ties": "breslow"}),
    "weighted": ((None, STOP, DEAD, PAIR), {"weights": W}),
    "weeks": ((None, WEEK, DEAD, PAIR), {"weights": W}),
    "delayed": ((ENTER, STOP, DEAD, PAIR), {"weights": W}),
}


def same_curve(found, k, here, expected):
    np.testing.assert_array_equal(found.time[here], expected["time"])
    told = {
        "cumhaz": found.cumulative_hazard,
        "surv": found.survival,
        "se": found.std_error,
        "lower": found.conf_low,
        "upper": found.conf_high,
    }
    for name, values in told.items():
        np.testing.assert_allclose(values[k, here], expected[name], rtol=1e-8, err_msg=name)
    np.testing.assert_allclose(found.at_risk[here], expected["risk"], rtol=1e-10)
    np.testing.assert_allclose(found.event_weight[here], expected["event"], rtol=1e-10)


@pytest.mark.parametrize("name", sorted(FORETOLD))
def test_foretold_survival_agrees_with_survfit(name):
    (start, stop, event, x), options = FORETOLD[name]
    beta = fit_cox_model(start, stop, event, x, **options).beta
    found = baseline_hazard(start, stop, event, x, beta, at=NEW, **options)
    everywhere = np.ones(len(found.time), bool)
    for k, expected in enumerate(MADE["base"][name]["rows"]):
        same_curve(found, k, everywhere, expected)
    zero = baseline_hazard(start, stop, event, x, beta, **options).cumulative_hazard[0]
    np.testing.assert_allclose(zero, MADE["base"][name]["zero"], rtol=1e-8)


def test_foretold_survival_agrees_with_survfit_in_each_stratum():
    beta = fit_cox_model(None, STOP, DEAD, PAIR, weights=W, strata=BAND).beta
    found = baseline_hazard(None, STOP, DEAD, PAIR, beta, at=NEW[1:2], weights=W, strata=BAND)
    for band, expected in enumerate(MADE["base"]["strata"]["rows"]):
        same_curve(found, 0, found.stratum == band, expected)


GRAY = {"cause_1": (STOP, 1), "cause_2": (STOP, 2), "weeks": (WEEK + 1, 2)}


@pytest.mark.parametrize("name", sorted(GRAY))
def test_fine_and_grays_model_agrees_with_crr(name):
    day, of = GRAY[name]
    expected = MADE["fine_gray"][name]
    fit = fit_fine_gray(day, CAUSE, PAIR, of=of, cluster=PRACTICE)
    np.testing.assert_allclose(fit.beta, expected["coef"], rtol=1e-9)
    assert fit.robust_covariance is not None
    for covariance, key in [
        (fit.model_covariance, "model_se"),
        (fit.covariance, "se"),
        (fit.covariance, "looped_se"),
        (fit.robust_covariance, "practice_se"),
    ]:
        np.testing.assert_allclose(np.sqrt(np.diag(covariance)), expected[key], rtol=1e-8)
    np.testing.assert_allclose(
        [fit.null_log_likelihood, fit.log_likelihood], expected["loglik"], rtol=1e-10
    )
    np.testing.assert_array_equal(fit.time, expected["time"])
    np.testing.assert_allclose(fit.hazard, expected["step"], rtol=1e-8)
    # crr stops a little before the maximum unless it is told not to.
    np.testing.assert_allclose(fit.beta, expected["default"], rtol=2e-5)
    np.testing.assert_allclose(np.sqrt(np.diag(fit.covariance)), expected["default_se"], rtol=1e-5)


def test_fine_and_grays_model_is_near_that_of_finegray_which_ties_censoring_otherwise():
    fit = fit_fine_gray(STOP, CAUSE, PAIR, of=2)
    expected = MADE["fine_gray"]["finegray"]
    np.testing.assert_allclose(fit.beta, expected["coef"], rtol=3e-3)
    assert not np.allclose(fit.beta, expected["coef"], rtol=1e-4)
    np.testing.assert_allclose(
        np.sqrt(np.diag(fit.model_covariance)), expected["model_se"], rtol=1e-4
    )


@needs_data
def test_judges_who_retire_agree_with_crr():
    people = pd.read_csv(DATA / "judges.csv")
    found = json.loads((RESULTS / "judges_competing_risks.json").read_text(encoding="utf-8"))
    expected = found["results"]["fine_gray_retired"]
    names = ["appointment_age", "appointment_year"]
    cause = np.where(people["dead"] == 1, 1, np.where(people["retired"] == 1, 2, 0))
    fit = fit_fine_gray(people["tenure"], cause, people[names], of=2)
    np.testing.assert_allclose(fit.beta, [expected["coef"][name] for name in names], rtol=1e-6)
    se = np.sqrt(np.diag(fit.covariance))
    np.testing.assert_allclose(se, [expected["se"][name] for name in names], rtol=1e-6)
