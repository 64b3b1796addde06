"""Comparisons of frames beside R: differences in differences, compliers, interactions.

The trial JOBS II stays with those who shared it: its tests say so where it is absent.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from splw_eval.confounding.benefit.subgroups import subgroups
from splw_eval.confounding.differences.difference_in_differences import difference_in_differences
from splw_eval.confounding.received.complier import complier_effect

HERE = Path(__file__).resolve().parent
JOBS = HERE.parents[2] / "shared" / "reference" / "data" / "jobs2.csv"
CASES = {case["id"]: case for case in json.loads((HERE / "causal.json").read_text())["cases"]}
TRIAL = json.loads((HERE / "jobs2_engagement.json").read_text())["results"]

each = pytest.mark.parametrize("name", CASES)


def frame_of(name):
    frame = pd.DataFrame(CASES[name]["data"])
    return frame.assign(square=frame["x"] ** 2)


@each
def test_every_row_of_a_difference_in_differences_is_that_of_r(name):
    theirs = CASES[name]
    found = difference_in_differences(
        frame_of(name),
        outcome="y1",
        baseline="y0",
        group="arm",
        covariates=["x", "sex", "square"],
        cluster="practice",
        reference=0,
    )
    crude, left_out, summed, ancova = found.table.to_dict("records")
    for row, key in ((crude, "unadjusted"), (ancova, "ancova")):
        r = theirs[key]
        ours = [row["estimate"], row["std_error"], row["df"]]
        assert ours == pytest.approx([r["coef"][1], r["se"][1], r["df"][1]], rel=1e-8)
    r = theirs["did"]
    given = [left_out["estimate"], left_out["std_error"], summed["std_error"]]
    wanted = [r["att"], r["se_jackknife"], r["se_practice"]]
    assert given == pytest.approx(wanted, rel=1e-8)
    assert found.effective_reference == pytest.approx(r["ess"], rel=1e-8)


@each
def test_compliers_and_both_stages_by_practice_are_those_of_r(name):
    theirs = CASES[name]
    found = complier_effect(
        frame_of(name),
        outcome="y1",
        received="received",
        group="arm",
        covariates=["y0", "x", "sex"],
        cluster="practice",
        reference=0,
        randomised=True,
    )
    inside = found.table[found.table["term"].str.startswith("complier")].reset_index()
    iv = theirs["iv"]
    assert inside["estimate"].tolist() == pytest.approx([iv["coef"][1]] * 3, rel=1e-9)
    errors = [iv["jackknife"][1], iv["CR2"]["se"][1]]
    assert inside["std_error"].tolist()[:2] == pytest.approx(errors, rel=1e-8)
    limits = inside[["conf_low", "conf_high"]].to_numpy()[2].tolist()
    assert limits == pytest.approx(theirs["anderson_rubin"], rel=1e-7)
    first = theirs["first"]
    assert found.f == pytest.approx((first["coef"][1] / first["se"][1]) ** 2, rel=1e-8)


@each
def test_interactions_and_their_joint_test_are_those_of_clubsandwich(name):
    asked: dict[str, Any] = {
        "outcome": "y1",
        "group": "arm",
        "baseline": "y0",
        "cluster": "practice",
        "reference": 0,
    }
    theirs = CASES[name]["interactions"]
    found = subgroups(frame_of(name), by="group", covariates=["x"], **asked)
    at = [theirs["names"].index(f"arm:group{level}") for level in "bc"]
    for ours, r in (("estimate", "coef"), ("std_error", "se"), ("df", "df")):
        np.testing.assert_allclose(found.table[ours], np.array(theirs[r])[at], rtol=1e-8)
    test = found.tests[["statistic", "df", "df_denominator"]].to_numpy(dtype=float)[0]
    np.testing.assert_allclose(test, theirs["wald"], rtol=1e-8)
    theirs = CASES[name]["line"]
    found = subgroups(frame_of(name), by="x", **asked)
    at = theirs["names"].index("arm:x")
    row = found.table[["estimate", "std_error", "df"]].to_numpy(dtype=float)[0]
    np.testing.assert_allclose(row, [theirs[r][at] for r in ("coef", "se", "df")], rtol=1e-8)


@pytest.mark.skipif(not JOBS.is_file(), reason=f"The data are not at {JOBS}.")
def test_a_published_trial_has_the_four_contrasts_of_r():
    found = complier_effect(
        pd.read_csv(JOBS),
        outcome="depress2",
        received="comply",
        group="treat",
        covariates=["depress1", "econ_hard", "sex", "age"],
        reference=0,
        randomised=True,
    )
    rows = found.table.drop_duplicates("term").set_index("term")
    pairs = {
        "intention to treat": TRIAL["itt"]["treat"],
        "complier-average effect": TRIAL["cace_2sls"]["comply"],
        "as treated (misleading)": TRIAL["as_treated"]["comply"],
        "per protocol (misleading)": TRIAL["per_protocol"]["comply"],
    }
    for term, r in pairs.items():
        ours = rows[rows.index == term][["estimate", "std_error", "statistic", "p_value"]]
        np.testing.assert_allclose(ours.to_numpy(dtype=float)[0], list(r.values()), rtol=1e-6)
    counts = {(row["treat"], row["comply"]): row["Freq"] for row in TRIAL["table"]}
    assert found.received["received"].tolist() == [counts["0", "1"], counts["1", "1"]]
    assert found.n == TRIAL["n"]
