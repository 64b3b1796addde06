"""Beat the Blues: filled and pooled, beside R's mice; both are random, so they agree loosely."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from splw_eval.missing.filling.draw import draw
from splw_eval.missing.filling.impute import impute
from splw_eval.missing.pooling.analyse import analyse
from splw_eval.missing.pooling.pool import pool

HERE = Path(__file__).resolve().parent
TABLE = HERE.parents[2] / "shared" / "reference" / "data" / "btheb.csv"
pytestmark = pytest.mark.skipif(not TABLE.is_file(), reason=f"The data are not at {TABLE}.")
WAVES = ["bdi_2m", "bdi_3m", "bdi_5m", "bdi_8m"]
TERMS = {
    "(Intercept)": "Intercept",
    "bdi_pre": "bdi_pre",
    "treatmentBtheB": "treatment[T.BtheB]",
    "drugYes": "drug[T.Yes]",
    "length>6m": "length[T.>6m]",
}


def mice() -> dict:
    return json.loads((HERE / "btheb_mice.json").read_text(encoding="utf-8"))["results"]


def people_and_waves() -> pd.DataFrame:
    wide = pd.read_csv(TABLE)
    order = pd.CategoricalDtype(["TAU", "BtheB"], ordered=True)
    known = ["subject", "drug", "length", "treatment", "bdi_pre"]
    rows = wide.melt(id_vars=known, value_vars=WAVES, var_name="wave", value_name="bdi")
    return rows.assign(
        treatment=rows["treatment"].astype(order),
        wave=rows["wave"].astype(pd.CategoricalDtype(WAVES, ordered=True)),
    )


@pytest.fixture(scope="module")
def pooled() -> pd.DataFrame:
    draws = draw(
        people_and_waves(),
        outcome="bdi",
        person="subject",
        wave="wave",
        arm="treatment",
        covariates=["drug", "length"],
        baseline="bdi_pre",
        imputations=50,
    )
    fixed = "bdi_pre + treatment + drug + length"
    found = pool(analyse(impute(draws), wave="bdi_8m", fixed=fixed))
    return found.table.set_index("term")


@pytest.mark.parametrize("term", TERMS)
def test_every_estimate_lies_within_half_a_standard_error_of_mice(pooled, term):
    theirs, ours = mice()["pooled"][term], pooled.loc[TERMS[term]]
    assert abs(ours["estimate"] - theirs["estimate"]) < 0.5 * theirs["std.error"]
    assert 0.7 < ours["std_error"] / theirs["std.error"] < 1.3
