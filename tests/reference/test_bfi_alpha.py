"""Cronbach's alpha and its interval against R's psych."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from splw_eval.stats.reliability import fit_alpha, fit_items

HERE = Path(__file__).parent
BFI = json.loads((HERE / "bfi_alpha.json").read_text())["results"]
REFERENCE = json.loads((HERE / "reliability.json").read_text())
CASES = {case["id"]: case for case in REFERENCE["alpha"]}
# The same closed formula on both sides, so only rounding may differ.
REL = 1e-12
# A quantile of F comes from another routine: rounding of that, no more.
QUANTILE = 1e-10


@pytest.fixture(scope="module")
def answers():
    with (HERE / "bfi.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {
        name: np.array([float(row[name]) if row[name] else np.nan for row in rows])
        for name in rows[0]
        if name != "id"
    }


def keyed(answers, scale):
    """Items of one scale, all from the same end: 7 less the answer where the key says so."""
    columns = [7 - answers[i[1:]] if i.startswith("-") else answers[i] for i in scale["items"]]
    return np.column_stack(columns)


@pytest.mark.parametrize("scale", BFI)
def test_alpha_agrees_with_psych_pairwise_and_over_complete_people(answers, scale):
    expected, x = BFI[scale], keyed(answers, BFI[scale])
    pairwise, complete = fit_alpha(x, missing="pairwise"), fit_alpha(x)
    assert pairwise.alpha == pytest.approx(expected["raw_alpha"], rel=REL)
    assert complete.alpha == pytest.approx(expected["complete_case"]["raw_alpha"], rel=REL)
    assert (len(x), complete.n) == (expected["n"], expected["n_complete"])
    assert complete.n_complete == pairwise.n_complete == expected["n_complete"]


@pytest.mark.parametrize("scale", BFI)
def test_the_interval_agrees_with_feldts_of_psych(answers, scale):
    expected = BFI[scale]["complete_case"]["feldt_ci"]
    fit = fit_alpha(keyed(answers, BFI[scale]))
    assert fit.conf_low == pytest.approx(expected["lower.ci.raw_alpha"], rel=QUANTILE)
    assert fit.conf_high == pytest.approx(expected["upper.ci.raw_alpha"], rel=QUANTILE)


@pytest.mark.parametrize("scale", BFI)
def test_items_agree_with_psych(answers, scale):
    items = fit_items(keyed(answers, BFI[scale]), missing="pairwise")
    expected = BFI[scale]["item"].values()
    assert [item.n for item in items] == [one["n"] for one in expected]
    for ours, theirs in (
        ("mean", "mean"),
        ("sd", "sd"),
        ("r_rest", "r_drop"),
        ("alpha_without", "alpha_if_dropped"),
    ):
        np.testing.assert_allclose(
            [getattr(item, ours) for item in items], [one[theirs] for one in expected], rtol=REL
        )


@pytest.mark.parametrize("name", CASES)
def test_small_and_awkward_sets_agree_with_psych(name):
    case = CASES[name]
    x = np.array(case["responses"], dtype=float)
    complete, pairwise = fit_alpha(x), fit_alpha(x, missing="pairwise")
    assert complete.n == case["n_complete"]
    assert complete.alpha == pytest.approx(case["complete"]["raw_alpha"], rel=REL)
    assert complete.conf_low == pytest.approx(case["complete"]["lower"], rel=QUANTILE)
    assert complete.conf_high == pytest.approx(case["complete"]["upper"], rel=QUANTILE)
    assert pairwise.alpha == pytest.approx(case["pairwise"]["raw_alpha"], rel=REL)
    for missing in ("complete", "pairwise"):
        items = fit_items(x, missing=missing)
        for ours, theirs in (("r_rest", "r_drop"), ("alpha_without", "without")):
            given = [getattr(item, ours) for item in items]
            np.testing.assert_allclose(given, case[missing][theirs], rtol=QUANTILE)


def test_pingouin_takes_those_left_out_for_complete_and_rounds_so_its_interval_is_not_used(answers):
    """If a later release mends both, ours can go."""
    import pandas as pd
    import pingouin

    x = keyed(answers, BFI["openness"])
    low, high = pingouin.cronbach_alpha(pd.DataFrame(x), nan_policy="listwise")[1]
    fit = fit_alpha(x)
    assert fit.conf_low is not None
    assert fit.conf_high is not None
    assert high - low == pytest.approx(0.046, abs=1e-9)
    assert fit.conf_high - fit.conf_low > 0.047


def test_the_reference_holds_what_this_file_claims():
    assert len(BFI) == 5
    assert len(CASES) == 5
    assert any(case["complete"]["raw_alpha"] < 0 for case in CASES.values())
    assert REFERENCE["packages"]["psych"]
