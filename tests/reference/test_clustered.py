"""Regressions, bootstrap and permutation by practice, from data frames, against R."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from splw_eval.confounding.practices.clustered import fit_clustered
from splw_eval.confounding.practices.permutation import permutation_test
from splw_eval.confounding.practices.wild import wild_bootstrap
from splw_eval.stats.few_clusters.cluster_fit import KINDS

HERE = Path(__file__).resolve().parent
DATA = HERE.parents[2] / "shared" / "reference" / "data" / "tvsfp.csv"
REFERENCE = json.loads((HERE / "clustered.json").read_text(encoding="utf-8"))
FRAMES = {name: pd.DataFrame(columns) for name, columns in REFERENCE["frames"].items()}
FITS = {fit["id"]: fit for fit in REFERENCE["fits"]}


def our_name(term: str) -> str:
    """R's name of a coefficient as ours."""
    parts = []
    for part in term.split(":"):
        column = next((c for c in ("arm", "site", "smoking") if part.startswith(c)), None)
        parts.append(f"{column}[T.{part.removeprefix(column)}]" if column else part)
    return ":".join(parts).replace("(Intercept)", "Intercept")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", FITS)
def test_regressions_with_factors_powers_and_weights_agree_with_clubsandwich(name, kind):
    asked = FITS[name]
    theirs = asked["kinds"][kind]
    fit = fit_clustered(
        FRAMES[asked["frame"]],
        outcome="score",
        fixed=asked["fixed"].removeprefix("score ~ "),
        cluster="practice",
        weights="w" if asked["weights"] else None,
        vcov=kind,
    )
    names = [our_name(term) for term in asked["terms"]]
    ours = fit.coefficients.set_index("term").loc[names]
    np.testing.assert_allclose(ours["estimate"], asked["coef"], rtol=1e-8)
    for column in ("std_error", "df", "p_value", "conf_low", "conf_high"):
        np.testing.assert_allclose(ours[column], theirs[column], rtol=1e-7)
    vcov = np.array(theirs["vcov"])
    size = np.sqrt(np.outer(np.diag(vcov), np.diag(vcov)))
    np.testing.assert_allclose(fit.covariance.loc[names, names] / size, vcov / size, atol=1e-7)
    test = fit.wald(asked["wald"]).iloc[0]
    found = [test["statistic"], test["df1"], test["df2"], test["p_value"]]
    np.testing.assert_allclose(found, theirs["wald"], rtol=1e-7)


def test_the_wild_bootstrap_with_weights_is_that_of_going_through_all_signs_in_r():
    theirs = REFERENCE["wild"]
    found = wild_bootstrap(
        FRAMES[theirs["frame"]],
        outcome="score",
        fixed=theirs["fixed"],
        cluster="practice",
        term=theirs["term"],
        weights="w",
    )
    assert (found.p_value, found.signs) == (theirs["p_value"], theirs["signs"])


@pytest.mark.parametrize("theirs", REFERENCE["permuted"])
def test_permuting_residual_means_is_that_of_going_through_all_allocations_in_r(theirs):
    found = permutation_test(
        FRAMES["eleven"],
        outcome="score",
        group="arm",
        reference="usual",
        cluster="practice",
        covariates=theirs["covariates"],
        stratum="site" if theirs["stratum"] else None,
    )
    assert found.p_value == pytest.approx(theirs["p_value"], rel=1e-10)
    assert found.allocations == theirs["allocations"]
    assert found.estimate * found.left == pytest.approx(theirs["plain_difference"], rel=1e-10)


@pytest.mark.parametrize("theirs", REFERENCE["two_stage"])
def test_the_two_stage_t_test_of_means_is_that_of_r(theirs):
    found = permutation_test(
        FRAMES["eleven"],
        outcome="score",
        group="arm",
        reference="usual",
        cluster="practice",
        stratum="site" if theirs["stratum"] else None,
    )
    row = found.table.iloc[1]
    columns = ["estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high"]
    np.testing.assert_allclose(row[columns].astype(float), theirs["row"], rtol=1e-10)
    assert row["df"] == theirs["df"]


@pytest.mark.skipif(not DATA.is_file(), reason=f"The data are not at {DATA}.")
@pytest.mark.parametrize("kind", KINDS)
def test_a_published_trial_in_28_schools_read_from_its_frame_is_that_of_clubsandwich(kind):
    text = (HERE / "tvsfp_cluster_trial.json").read_text(encoding="utf-8")
    theirs: dict[str, Any] = json.loads(text)["results"][kind]
    fit = fit_clustered(
        pd.read_csv(DATA),
        outcome="thksord",
        fixed="thkspre + cc * tv",
        cluster="school",
        vcov=kind,
        arm="cc",
    )
    ours = fit.coefficients.set_index("term")
    for term in ("(Intercept)", "thkspre", "cc", "tv", "cc:tv"):
        row = ours.loc[our_name(term)]
        found = [row["estimate"], row["std_error"], row["df"]]
        expected = [theirs[term][name] for name in ("beta", "SE", "df_Satt")]
        np.testing.assert_allclose(found, expected, rtol=1e-10)
    assert list(fit.practices["practices"]) == [14, 14]
