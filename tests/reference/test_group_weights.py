"""Weights, balance and adjusted differences of groups of practices against R."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from splw_eval.confounding.differences.adjusted import adjusted_difference
from splw_eval.confounding.likeness.balance import balance
from splw_eval.confounding.likeness.weights import weights
from splw_eval.stats.tails import t_critical

HERE = Path(__file__).resolve().parent
CASES = {
    case["id"]: case
    for case in json.loads((HERE / "group_weights.json").read_text(encoding="utf-8"))["cases"]
}
COVARIATES = ["age", "sex", "base", "band"]
TARGETS = ("treated", "overlap", "everybody")
BOTH = [(name, target) for name in CASES for target in TARGETS]
REL = 1e-8
FAR = 1e-6  # R stops before it is there: the errors of glm and geeglm are a step behind


def frame(name):
    return pd.DataFrame(CASES[name]["data"])


def made(name, target, method="propensity"):
    return weights(
        frame(name),
        group="arm",
        covariates=COVARIATES,
        target=target,
        method=method,
        reference=0,
        cluster="practice",
    )


def row(found, method, starts):
    table = found.table
    chosen = table[(table["method"] == method) & table["inference"].str.startswith(starts)]
    assert len(chosen) == 1
    return chosen[["estimate", "std_error", "df"]].iloc[0].tolist()


def compared(name, target, **more):
    return adjusted_difference(
        frame(name),
        outcome="y",
        group="arm",
        covariates=COVARIATES,
        target=target,
        cluster="practice",
        reference=0,
        **more,
    )


def first_levels(table):
    """Terms of levels that have no column in R's matrix."""
    return [term for term in table["term"] if "[" in term and "[T." not in term]


@pytest.mark.parametrize("name", CASES)
def test_logits_and_chances_agree_with_glm(name):
    found = made(name, "treated")
    assert found.coefficients["estimate"].tolist() == pytest.approx(CASES[name]["logit"], rel=REL)
    error = found.coefficients["std_error"].tolist()
    assert error == pytest.approx(CASES[name]["logit_se"], rel=FAR)
    assert found.propensity.tolist() == pytest.approx(CASES[name]["chance"], rel=REL)


@pytest.mark.parametrize(("name", "target"), BOTH)
def test_weights_sizes_and_balance_after_agree_with_r(name, target):
    theirs, found = CASES[name]["targets"][target], made(name, target)
    assert found.weights.tolist() == pytest.approx(theirs["weights"], rel=REL)
    assert list(found.effective_size.values()) == pytest.approx(theirs["ess"], rel=REL)
    table = balance(frame(name), group="arm", covariates=COVARIATES, weights=found).table
    table = table[~table["term"].isin(first_levels(table))]
    after = table["std_difference_after"].tolist()
    assert after == pytest.approx(theirs["smd"], rel=REL, abs=1e-10)
    assert table["variance_ratio_after"].tolist() == pytest.approx(theirs["ratio"], rel=REL)


@pytest.mark.parametrize("name", CASES)
def test_balance_before_and_the_scale_of_chance_agree_with_r(name):
    case = CASES[name]
    table = balance(
        frame(name), group="arm", covariates=COVARIATES, cluster="practice", reference=0
    ).table
    table = table[~table["term"].isin(first_levels(table))]
    assert table["std_difference_before"].tolist() == pytest.approx(case["smd_before"], rel=REL)
    assert table["intraclass"].tolist() == pytest.approx(case["rho"], rel=REL, abs=1e-12)
    df = frame(name)["practice"].nunique() - 2
    limit = t_critical(df, 0.95) * np.array(case["chance_se"])
    assert table["chance_limit"].to_numpy() == pytest.approx(limit, rel=REL)
    practices = table["practice_difference_before"].tolist()
    assert practices == pytest.approx(case["practice_smd"], rel=REL)


@pytest.mark.parametrize(("name", "target"), [(n, t) for n, t in BOTH if t != "overlap"])
def test_entropy_weights_agree_with_the_dual_solved_by_optim(name, target):
    found = made(name, target, "entropy").weights.to_numpy()
    theirs = np.array(CASES[name]["targets"][target]["entropy"])
    assert found == pytest.approx(theirs, rel=1e-4)


@pytest.mark.parametrize("name", CASES)
def test_unadjusted_and_regression_agree_with_clubsandwich(name):
    found = compared(name, "treated", method="regression")
    assert row(found, "unadjusted", "CR2") == pytest.approx(CASES[name]["unadjusted"], rel=REL)
    assert row(found, "regression", "CR2") == pytest.approx(CASES[name]["regression"], rel=REL)


@pytest.mark.parametrize(("name", "target"), BOTH)
def test_weighted_differences_agree_with_clubsandwich_and_a_jackknife_in_r(name, target):
    theirs, found = CASES[name]["targets"][target], compared(name, target)
    assert row(found, "weighting", "CR2") == pytest.approx(theirs["cr2"], rel=REL)
    assert row(found, "weighting", "jackknife") == pytest.approx(theirs["jackknife"], rel=REL)


@pytest.mark.parametrize(("name", "target"), BOTH)
def test_without_practices_the_error_of_weighted_differences_is_that_of_geeglm(name, target):
    found = adjusted_difference(
        frame(name), outcome="y", group="arm", covariates=COVARIATES, target=target, reference=0
    )
    theirs = CASES[name]["targets"][target]["robust_people"]
    assert row(found, "weighting", "robust")[:2] == pytest.approx(theirs, rel=FAR)


@pytest.mark.parametrize(("name", "target"), BOTH)
def test_standardised_and_doubly_robust_differences_agree_with_r(name, target):
    theirs = CASES[name]["targets"][target]
    ways = {"standardisation": "standardised", "doubly_robust": "doubly_robust"}
    found = compared(name, target, method=list(ways), interact=True)
    for way, key in ways.items():
        assert row(found, way, "jackknife") == pytest.approx(theirs[key], rel=REL)
    summed = row(found, "doubly_robust", "influences")[1]
    assert summed == pytest.approx(theirs["doubly_robust_summed"], rel=REL)
    plain = compared(name, target, method="standardisation")
    told = row(plain, "standardisation", "jackknife")
    assert told == pytest.approx(theirs["standardised_plain"], rel=REL)
