"""Chained equations within arms, beside R's mice and statsmodels' MICE on the same drawn data."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from splw_eval.missing.filling.chained import impute_chained
from splw_eval.missing.pooling.analyse import analyse
from splw_eval.missing.pooling.pool import pool

HERE = Path(__file__).parent
MICE = json.loads((HERE / "chained_equations.json").read_text())
FITS = {
    "score": ("score1", "arm + score0 + employed"),
    "employed": ("employed", "arm + score1"),
    "health": ("health", "arm + score1 + employed"),
}
# Chance on both sides: 200 data sets there and 60 here; estimates came within 0.2 of a standard
# error, and errors within 8 %.
NEAR, ALIKE = 0.5, 0.15


@pytest.fixture(scope="module")
def data():
    with (HERE / "chained_equations.csv").open() as lines:
        names = next(lines).strip().split(",")
        rows = [[float(cell) if cell else np.nan for cell in line.strip("\n").split(",")]
                for line in lines]  # fmt: skip
    return pd.DataFrame(rows, columns=names)


def pooled(data, kind, fit):
    outcome, fixed = FITS[fit]
    return pool(analyse(data[kind], outcome=outcome, fixed=fixed)).table.set_index("term")


@pytest.fixture(scope="module")
def completed(data):
    return {
        kind: impute_chained(
            data,
            columns={"score1": kind, "employed": "binary", "health": "ordinal"},
            covariates=["age", "score0"],
            group="arm",
            imputations=60,
            seed=2,
        )
        for kind in ("number", "matched")
    }


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize("kind", ["number", "matched"])
def test_estimates_and_errors_agree_with_mice(completed, kind, fit):
    found = pooled(completed, kind, fit)
    for term, there in MICE[kind][fit].items():
        here = found.loc["Intercept" if term == "(Intercept)" else term]
        assert abs(here.estimate - there["estimate"]) < NEAR * there["std_error"], term
        assert here.std_error == pytest.approx(there["std_error"], rel=ALIKE), term


def test_matched_numbers_agree_with_statsmodels(data):
    # Its MICE has neither arms by themselves nor ordered answers: one incomplete number.
    from statsmodels.imputation.mice import MICEData

    given = data[["arm", "age", "score0", "score1"]]
    theirs = MICEData(given, k_pmm=5, rng=np.random.default_rng(1))
    made = []
    for _ in range(40):
        theirs.update_all(1)
        made.append(theirs.data.copy())
    there = pool(analyse(made, outcome="score1", fixed="arm + score0")).table
    ours = impute_chained(
        given,
        columns={"score1": "matched"},
        covariates=["arm", "age", "score0"],
        imputations=40,
        sweeps=1,
    )
    here = pool(analyse(ours, outcome="score1", fixed="arm + score0")).table
    assert (abs(here["estimate"] - there["estimate"]) < NEAR * there["std_error"]).all()
    np.testing.assert_allclose(here["std_error"], there["std_error"], rtol=ALIKE)
