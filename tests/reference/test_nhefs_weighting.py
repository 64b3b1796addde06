"""Stopping smoking and weight gain: every adjusted difference beside R's, on the NHEFS subset.

The data stay with those who shared them: the tests say so where they are absent.
"""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from splw_eval.confounding.differences.adjusted import adjusted_difference
from splw_eval.confounding.likeness.balance import balance
from splw_eval.confounding.likeness.weights import weights

HERE = Path(__file__).resolve().parent
DATA = HERE.parents[2] / "shared" / "reference" / "data"
GIVEN = json.loads((HERE / "nhefs_weighting.json").read_text())["results"]
AGREE = 1e-6
FIRST = (("education", 1), ("exercise", 0), ("active", 0))  # levels that R's list leaves out
PLAIN = (
    "sex + race + age + C(education) + smokeintensity + smokeyrs + C(exercise) + C(active) + wt71"
)
COVARIATES = (
    "sex + race + age + I(age^2) + C(education) + smokeintensity + I(smokeintensity^2) + smokeyrs"
    " + I(smokeyrs^2) + C(exercise) + C(active) + wt71 + I(wt71^2)"
)

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"The data are not at {DATA}.")


@pytest.fixture(scope="module")
def nhefs():
    frame = pd.read_csv(DATA / "nhefs.csv").dropna(subset=["wt82"])
    assert len(frame) == GIVEN["n_complete"]
    return frame


@pytest.fixture(scope="module")
def table(nhefs):
    found = adjusted_difference(
        nhefs,
        outcome="wt82_71",
        group="qsmk",
        covariates=COVARIATES,
        target="everybody",
        method="all",
        interact=["smokeintensity"],
        reference=0,
    )
    return found.table.set_index("method")


def test_unadjusted_and_regression_agree_with_lm(table):
    for method, given in (("unadjusted", GIVEN["naive"]), ("regression", GIVEN["regression"])):
        own = table.loc[method, ["estimate", "std_error", "statistic", "p_value"]].tolist()
        assert own == pytest.approx(list(given["qsmk"].values()), rel=AGREE)


def test_the_weighted_difference_and_its_robust_error_agree_with_geeglm(table):
    own = table.loc["weighting", ["estimate", "std_error", "statistic", "p_value"]].tolist()
    own[2] **= 2  # geeglm gives Wald's
    assert own == pytest.approx(list(GIVEN["ipw"]["qsmk"].values()), rel=AGREE)
    own[2] = GIVEN["sipw"]["qsmk"]["Wald"]
    assert own == pytest.approx(list(GIVEN["sipw"]["qsmk"].values()), rel=AGREE)


def test_the_standardised_and_the_doubly_robust_difference_agree_with_r(table):
    own = table.loc["standardisation", "estimate"]
    assert own == pytest.approx(GIVEN["standardised"], rel=AGREE)
    own = table.loc["doubly_robust", ["estimate", "std_error"]].tolist()
    assert own == pytest.approx([GIVEN["aipw"]["est"], GIVEN["aipw"]["se"]], rel=AGREE)


def test_weights_plain_and_stabilised_agree_with_r(nhefs):
    plain, stabilised = (
        weights(
            nhefs,
            group="qsmk",
            covariates=COVARIATES,
            target="everybody",
            reference=0,
            stabilised=chosen,
        )
        for chosen in (False, True)
    )
    for found, given in ((plain, GIVEN["w"]), (stabilised, GIVEN["sw"])):
        own = found.weights
        said = {"mean": own.mean(), "min": own.min(), "max": own.max()}
        assert said == pytest.approx(given, rel=AGREE)
        sizes = [found.effective_size[label] for label in ("1", "0")]
        given_sizes = [GIVEN["ess"]["treated"], GIVEN["ess"]["control"]]
        assert sizes == pytest.approx(given_sizes, rel=AGREE)


def test_balance_before_and_after_weighting_agrees_with_r(nhefs):
    made = weights(nhefs, group="qsmk", covariates=COVARIATES, target="everybody", reference=0)
    found = balance(nhefs, group="qsmk", covariates=PLAIN, weights=made, reference=0).table
    terms = found["term"].str.replace(r"C\((\w+)\)\[T\.(\d)\]", r"\1\2", regex=True)
    for column, given in (("before", GIVEN["smd_before"]), ("after", GIVEN["smd_after"])):
        own = dict(zip(terms, found[f"std_difference_{column}"], strict=True))
        assert {term: own[term] for term in given} == pytest.approx(given, abs=AGREE)
        assert set(own) - set(given) == {f"C({name})[{k}]" for name, k in FIRST}
