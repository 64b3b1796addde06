"""Chances of quitting and their weights beside R's glm, on the NHEFS subset.

The data stay with those who shared them: the tests say so where they are absent.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from splw_eval.stats.weighting.propensity import (
    effective_size,
    fit_propensity,
    propensity_weights,
)

HERE = Path(__file__).resolve().parent
DATA = HERE.parents[2] / "shared" / "reference" / "data"
GIVEN = json.loads((HERE / "nhefs_weighting.json").read_text())["results"]
AGREE = 1e-6  # R's glm stops when its deviance moves by less than 1e-8

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"The data are not at {DATA}.")


@pytest.fixture(scope="module")
def nhefs():
    frame = pd.read_csv(DATA / "nhefs.csv").dropna(subset=["wt82"])
    columns: dict[str, Any] = {"(Intercept)": np.ones(len(frame))}
    for name in ("sex", "race"):
        columns[name] = frame[name]
    columns |= {"age": frame["age"], "I(age^2)": frame["age"] ** 2}
    columns |= {f"education{level}": frame["education"] == level for level in (2, 3, 4, 5)}
    for name in ("smokeintensity", "smokeyrs"):
        columns |= {name: frame[name], f"I({name}^2)": frame[name] ** 2}
    columns |= {f"exercise{level}": frame["exercise"] == level for level in (1, 2)}
    columns |= {f"active{level}": frame["active"] == level for level in (1, 2)}
    columns |= {"wt71": frame["wt71"], "I(wt71^2)": frame["wt71"] ** 2}
    return frame["qsmk"].to_numpy() == 1, pd.DataFrame(columns).astype(float)


def test_coefficients_and_chances_agree_with_r(nhefs):
    treated, X = nhefs
    found = fit_propensity(treated, X.to_numpy())
    assert list(X) == list(GIVEN["ps_coef"])
    assert found.beta.tolist() == pytest.approx(list(GIVEN["ps_coef"].values()), rel=AGREE)
    ends = [found.chance.min(), found.chance.max()]
    assert ends == pytest.approx(GIVEN["ps_range"], rel=AGREE)


def test_weights_and_what_they_are_worth_agree_with_r(nhefs):
    treated, X = nhefs
    e = fit_propensity(treated, X.to_numpy()).chance
    w = propensity_weights(e, treated, "everybody")
    said = {"mean": w.mean(), "min": w.min(), "max": w.max()}
    assert said == pytest.approx(GIVEN["w"], rel=AGREE)
    assert effective_size(w[treated]) == pytest.approx(GIVEN["ess"]["treated"], rel=AGREE)
    assert effective_size(w[~treated]) == pytest.approx(GIVEN["ess"]["control"], rel=AGREE)


def test_overlap_weights_balance_every_column_of_the_model(nhefs):
    treated, X = nhefs
    columns = X.to_numpy()
    w = propensity_weights(fit_propensity(treated, columns).chance, treated, "overlap")
    first, second = (np.average(columns[g], axis=0, weights=w[g]) for g in (treated, ~treated))
    spread = np.where(columns.std(axis=0) > 0, columns.std(axis=0), 1.0)
    assert np.abs((first - second) / spread).max() < 1e-10
