"""The corrected practice sandwich against its published formulas written out in R."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from splw_eval.stats.cox.corrected_sandwich import corrected_sandwich, sandwich_forms
from splw_eval.stats.cox.cox_fit import fit_cox_model
from splw_eval.stats.cox.efron import partial_likelihood
from splw_eval.stats.cox.risk_sums import place_rows

EXPECTED = json.loads(
    (Path(__file__).resolve().parent / "cox_corrected.json").read_text(encoding="utf-8")
)
ROWS = {name: np.array(values) for name, values in EXPECTED["rows"].items()}
I = np.arange(300)  # noqa: E741
MADE = {
    "time": 1 + (37 * I) % 97,
    "dead": (I**2 + I // 7) % 3 == 2,
    "x": np.column_stack([I % 15 < 7, ((53 * I) % 101) / 101]).astype(float),
    "practice": I % 15,
}
CASES = {
    "one_column": {**ROWS, "x": ROWS["x"][:, :1]},
    "two_columns": ROWS,
    "made": MADE,
}


@pytest.mark.parametrize("name", list(CASES))
def test_the_published_forms_agree_where_breslow_terms_meet_efron_coefficients(name):
    case = CASES[name]
    time, dead = case["time"].astype(float), case["dead"].astype(bool)
    x, practice = case["x"].astype(float), np.unique(case["practice"], return_inverse=True)[1]
    n = len(time)
    beta = fit_cox_model(None, time, dead, x).beta
    np.testing.assert_allclose(beta, EXPECTED[name]["coef"], rtol=1e-9)
    rows = place_rows(None, time, dead, np.ones(n), np.zeros(n, dtype=np.intp))
    at = partial_likelihood(rows, x[rows.kept], beta, "breslow")
    kept = practice[rows.kept]
    found = sandwich_forms(at, kept, int(practice.max()) + 1, "breslow", "fixed")
    for form in ("plain", "md", "kc", "fg"):
        np.testing.assert_allclose(found[form], EXPECTED[name][form], rtol=1e-8)


def test_without_ties_the_published_form_is_reached_from_the_rows():
    case = dict(CASES["two_columns"])
    apart = case["time"] + np.where(np.arange(12) == 10, 0.5, 0.0)  # the one tie, at 7
    given = (None, apart, case["dead"], case["x"], case["practice"])
    efron = corrected_sandwich(*given, hazard="fixed")
    breslow = corrected_sandwich(*given, ties="breslow", hazard="fixed")
    np.testing.assert_allclose(efron.md, breslow.md, rtol=1e-9)
    assert not np.allclose(efron.md, EXPECTED["two_columns"]["md"], rtol=1e-3)
