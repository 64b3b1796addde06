"""Estimating equations against geepack, clubSandwich, ordinal and dense matrices in R."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from splw_eval.models.gee import fit_gee
from splw_eval.stats.gee_corrections import (
    CORRECTIONS,
    correct_sandwich,
    exchangeable_pieces,
)
from splw_eval.stats.proportional_odds import proportional_odds_pieces

HERE = Path(__file__).resolve().parent
DATA = HERE.parents[2] / "shared" / "reference" / "data"
REFERENCE = json.loads((HERE / "gee.json").read_text(encoding="utf-8"))
CASES = {case["id"]: case for case in REFERENCE["cases"]}
BANDS = {case["id"]: case for case in REFERENCE["bands"]}
FAMILY = {"binomial": "binary", "poisson": "count", "gaussian": "gaussian"}
# The same formula at the same estimate, p by p here and rows by rows there: rounding only.
REL = 1e-10
# The same equations, solved by two programs until their own rules were met.
SOLVED = 1e-6
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"The data are not at {DATA}.")


def close(found, expected, rel):
    expected = np.asarray(expected, dtype=float)
    np.testing.assert_allclose(found, expected, rtol=rel, atol=rel * np.abs(expected).max())


def fitted(case, **options):
    frame = pd.DataFrame(case["data"])
    waves = "wave" in case.get("formula", "") or "three waves" in case["id"]
    if not waves:
        frame["person"] = range(len(frame))
    fixed = case["formula"].split("~")[1] if "formula" in case else "arm + x"
    family = FAMILY[case["family"]] if "family" in case else "ordinal"
    return fit_gee(
        frame,
        outcome="y",
        fixed=fixed,
        person="person",
        cluster="cluster",
        wave="wave" if waves else None,
        family=family,
        working=case.get("working"),
        **options,
    )


def pieces_of(case):
    """Pieces at geepack's own estimate and correlation."""
    d = {name: np.array(values, dtype=float) for name, values in case["data"].items()}
    columns = [np.ones(len(d["y"])), d["arm"]]
    if "wave" in case["formula"]:
        columns += [d["wave"], d["x"], d["arm"] * d["wave"]]
    else:
        columns += [d["x"]]
    x = np.column_stack(columns)
    eta = x @ np.array(case["estimate"])
    mean = {"binary": 1 / (1 + np.exp(-eta)), "count": np.exp(eta), "gaussian": eta}
    mu = mean[FAMILY[case["family"]]]
    variance = {"binary": mu * (1 - mu), "count": mu, "gaussian": np.ones_like(mu)}
    v = variance[FAMILY[case["family"]]]
    codes = np.unique(d["cluster"], return_inverse=True)[1]
    return exchangeable_pieces(x * v[:, None], d["y"] - mu, v, codes, case["correlation"])


@pytest.mark.parametrize("kind", CORRECTIONS)
@pytest.mark.parametrize("name", CASES)
def test_each_correction_is_that_of_dense_matrices(name, kind):
    close(correct_sandwich(pieces_of(CASES[name]), kind).vcov, CASES[name]["vcov"][kind], REL)


@pytest.mark.parametrize("name", CASES)
def test_the_plain_sandwich_is_that_of_geepack(name):
    plain = correct_sandwich(pieces_of(CASES[name]), "none").vcov
    close(plain, CASES[name]["geepack_vcov"], REL)


@pytest.mark.parametrize(
    ("kind", "type_"), [("none", "CR0"), ("kauermann-carroll", "CR2"), ("mancl-derouen", "CR3")]
)
def test_covariance_and_satterthwaite_df_of_means_are_those_of_clubsandwich(kind, type_):
    case = CASES["means, independence"]
    fit = correct_sandwich(pieces_of(case), kind)
    close(fit.vcov, case["club"][type_]["vcov"], REL)
    close([fit.satterthwaite_df(row) for row in np.eye(3)], case["club"][type_]["df"], REL)


@pytest.mark.parametrize("name", CASES)
def test_estimates_correlation_and_scale_are_those_of_geepack(name):
    case, fit = CASES[name], fitted(CASES[name])
    assert list(fit.coefficients["term"][1:]) == case["terms"][1:]
    close(fit.coefficients["estimate"], case["estimate"], SOLVED)
    close(fit.working_correlation or 0.0, case["correlation"], SOLVED)
    close(fit.fit.scale, case["scale"], SOLVED)


@pytest.mark.parametrize("name", CASES)
def test_standardised_risks_are_those_of_r(name):
    case = CASES[name]
    fit = fitted(case, correction="kauermann-carroll")
    table = fit.risks("arm", at={}).set_index("term")
    quantity, expected = fit.family.quantity, case["standardised"]
    close(table.loc[quantity, "estimate"], expected["risk"], SOLVED)
    close(table.loc[quantity, "std_error"], expected["risk_se"], SOLVED)
    difference = table.loc[f"{quantity} difference"]
    close(difference["estimate"], expected["difference"], SOLVED)
    close(difference["std_error"], expected["difference_se"], SOLVED)
    if case["family"] == "gaussian":
        assert f"{quantity} ratio" not in table.index
        return
    ratio = table.loc[f"{quantity} ratio"]
    close(ratio["estimate"], expected["ratio"], SOLVED)
    close(ratio["std_error"] / ratio["estimate"], expected["log_ratio_se"], SOLVED)


@pytest.mark.parametrize("name", BANDS)
def test_proportional_odds_are_those_of_ordinal_clm(name):
    fit = fitted(BANDS[name])
    # clm stops by its own rule; its digits beyond these are not told.
    close(fit.coefficients["estimate"], BANDS[name]["clm"], 1e-8)
    close(fit.coefficients["estimate"], BANDS[name]["estimate"], REL)


@pytest.mark.parametrize("name", BANDS)
def test_scores_of_bands_sum_to_the_meat_of_sandwich(name):
    case = BANDS[name]
    d = {key: np.array(values) for key, values in case["data"].items()}
    x = np.column_stack([d["arm"], d["x"]]).astype(float)
    codes = np.unique(d["cluster"], return_inverse=True)[1]
    pieces = proportional_odds_pieces(np.array(case["clm"]), d["y"], x, codes)
    close(pieces.scores.T @ pieces.scores, case["meat"], 1e-8)


@pytest.mark.parametrize("kind", CORRECTIONS)
@pytest.mark.parametrize("name", BANDS)
def test_each_correction_of_bands_is_that_of_dense_matrices(name, kind):
    close(fitted(BANDS[name]).corrected(kind).vcov, BANDS[name]["vcov"][kind], 1e-8)


@pytest.mark.parametrize("name", BANDS)
def test_standardised_bands_are_those_of_r(name):
    case = BANDS[name]
    table = fitted(case, correction="mancl-derouen").risks("arm", at={})
    bands = table[table["term"] == "probability"]
    for arm in ("0", "1"):
        one = bands[bands["arm"] == arm]
        close(one["estimate"], case["bands"][arm], SOLVED)
        close(one["std_error"], case["band_se"][arm], SOLVED)
    difference = table[table["term"] == "probability difference"]
    close(difference["std_error"], case["difference_se"], SOLVED)


@needs_data
@pytest.mark.parametrize("working", ["independence", "exchangeable"])
def test_beat_the_blues_is_that_of_geepack(working):
    results = json.loads((HERE / "btheb_gee.json").read_text(encoding="utf-8"))["results"]
    expected = results[working]
    wide = pd.read_csv(DATA / "btheb.csv")
    waves = ["bdi_2m", "bdi_3m", "bdi_5m", "bdi_8m"]
    long = wide.melt([c for c in wide if c not in waves], waves, "month", "bdi")
    long["treated"] = (long["treatment"] == "BtheB").astype(int)
    long["long"] = (long["length"] == ">6m").astype(int)
    long["drugged"] = (long["drug"] == "Yes").astype(int)
    fit = fit_gee(
        long,
        outcome="bdi",
        fixed="bdi_pre + treated + long + drugged",
        person="subject",
        wave="month",
        family="gaussian",
        working=working,
        correction="none",
        df="z",
    )
    table = expected.get("coef", expected)
    close(fit.coefficients["estimate"], [row["Estimate"] for row in table.values()], SOLVED)
    close(fit.coefficients["std_error"], [row["Std.err"] for row in table.values()], SOLVED)
    close(fit.coefficients["p_value"], [row["Pr(>|W|)"] for row in table.values()], SOLVED)
    if working == "exchangeable":
        close(fit.working_correlation, expected["alpha"], SOLVED)
    assert "120 rows" in " ".join(fit.notes)


@needs_data
def test_the_trial_in_schools_is_that_of_geepack():
    results = json.loads((HERE / "tvsfp_cluster_trial.json").read_text(encoding="utf-8"))
    expected = results["results"]["gee_exchangeable"]
    frame = pd.read_csv(DATA / "tvsfp.csv")
    frame["pupil"] = range(len(frame))
    fit = fit_gee(
        frame,
        outcome="thksord",
        fixed="thkspre + cc * tv",
        person="pupil",
        cluster="school",
        family="gaussian",
        correction="none",
        df="clusters-parameters",
    )
    close(fit.coefficients["estimate"], [r["Estimate"] for r in expected["coef"].values()], SOLVED)
    close(fit.coefficients["std_error"], [r["Std.err"] for r in expected["coef"].values()], SOLVED)
    close(fit.working_correlation, expected["alpha"], SOLVED)
    # 28 schools less the intercept, two arms and their product.
    assert set(fit.coefficients["df"]) == {24.0}


def test_the_reference_holds_what_this_file_claims():
    assert len(CASES) == 7
    assert len(BANDS) == 2
    assert {"geepack", "ordinal", "clubSandwich", "sandwich"} <= set(REFERENCE["packages"])
