"""Beat the Blues completed, analysed and pooled, beside R's mice."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from splw_eval.missing.filling.draw import draw
from splw_eval.missing.filling.impute import impute
from splw_eval.missing.pooling.analyse import analyse
from splw_eval.missing.pooling.pool import pool

HERE = Path(__file__).parent
MICE = json.loads((HERE / "btheb_mice.json").read_text())["results"]
DATA = HERE.parents[1] / "analyses" / "beat_the_blues" / "btheb.csv"
MONTHS = {"bdi_pre": 0, "bdi_2m": 2, "bdi_3m": 3, "bdi_5m": 5, "bdi_8m": 8}
TERMS = {
    "(Intercept)": "Intercept",
    "bdi_pre": "bdi_0",
    "treatmentBtheB": "treatment[T.BtheB]",
    "drugYes": "drug[T.Yes]",
    "length>6m": "length[T.>6m]",
}
NEAR = 0.5  # standard errors: both are drawn, from models that are not the same


@pytest.fixture(scope="module")
def pooled():
    rows = [line.strip().replace('"', "").split(",") for line in DATA.read_text().splitlines()]
    wide = pd.DataFrame(rows[1:], columns=rows[0])
    wide["treatment"] = pd.Categorical(wide["treatment"], ["TAU", "BtheB"])
    long = wide.rename(columns=MONTHS).melt(
        id_vars=["subject", "drug", "length", "treatment"],
        value_vars=list(MONTHS.values()),
        var_name="month",
        value_name="bdi",
    )
    long["bdi"] = pd.to_numeric(long["bdi"], errors="coerce")
    long["month"] = long["month"].astype(int)
    draws = draw(
        long,
        outcome="bdi",
        person="subject",
        wave="month",
        arm="treatment",
        covariates=["drug", "length"],
        practices="none",
        imputations=50,
        seed=1,
    )
    return pool(analyse(impute(draws), wave=8, fixed="bdi_0 + treatment + drug + length"))


@pytest.mark.parametrize("term", TERMS)
def test_each_coefficient_lies_within_half_a_standard_error_of_mice(pooled, term):
    there, here = MICE["pooled"][term], pooled.table.set_index("term").loc[TERMS[term]]
    assert abs(here.estimate - there["estimate"]) < NEAR * there["std.error"]
    assert here.std_error == pytest.approx(there["std.error"], rel=0.25)


def test_everybody_counts_and_the_complete_data_df_are_those_of_mice(pooled):
    assert pooled.n == 100
    assert (pooled.table["df_complete"] == MICE["dfcom"]).all()
