"""Clusters that have effects in one arm alone, against lme4 and pbkrtest (r/partial_nesting.R)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from splw_eval import fit_mixed_model

HERE = Path(__file__).parent
REFERENCE = json.loads((HERE / "partial_nesting.json").read_text(encoding="utf-8"))
ROWS = pd.read_csv(HERE / "partial_nesting.csv")
NAMES = (  # in the order of R
    *("Intercept", "arm[T.b]", "C(w)[T.1]", "C(w)[T.2]", "age"),
    *("arm[T.b]:C(w)[T.1]", "arm[T.b]:C(w)[T.2]"),
)
ESTIMATE, DF = 1e-5, 1e-3


def fitted(effect, *, reml=True, codes=True):
    rows = ROWS if codes else ROWS.assign(pr=ROWS["pr"].where(ROWS["arm"] == "b"))
    return fit_mixed_model(
        rows,
        outcome="y",
        fixed="arm * C(w) + age",
        person="id",
        wave="w",
        cluster="pr",
        arm="arm",
        covariance="compound_symmetry",
        cluster_effect=effect,
        cluster_effect_in=["b"],
        reml=reml,
    )


@pytest.mark.parametrize("effect", ["wave", "intercept"])
@pytest.mark.parametrize("codes", [True, False])
def test_estimates_errors_and_df_are_those_of_lme4_and_pbkrtest(effect, codes):
    made, truth = fitted(effect, codes=codes), REFERENCE[effect]
    found = made.coefficients
    assert tuple(found["term"]) == NAMES
    assert len(truth["names"]) == len(NAMES)
    assert -2 * made.log_likelihood == pytest.approx(truth["deviance"], rel=1e-8)
    size = np.maximum(np.abs(truth["estimate"]), truth["std_error"])
    assert (np.abs(found["estimate"] - truth["estimate"]) / size < ESTIMATE).all()
    np.testing.assert_allclose(found["std_error"], truth["std_error"], rtol=ESTIMATE)
    np.testing.assert_allclose(found["df"], truth["df"], rtol=DF)
    assert (made.icc["clusters"] == 6).all()


@pytest.mark.parametrize("effect", ["wave", "intercept"])
def test_variances_and_the_likelihood_are_those_of_lme4(effect):
    truth = REFERENCE[effect]
    v = fitted(effect).variance_parameters.set_index("parameter")["estimate"]
    named = {
        "id": "covariance of person",
        "Residual": "variance of residual",
        "pr": "variance of cluster",
        "pr:w": "variance of cluster by wave",
    }
    assert len(v) == len(truth["variances"])
    for name, size in truth["variances"].items():
        assert v[named[name]] == pytest.approx(size, rel=1e-4)
    by_ml = fitted(effect, reml=False).log_likelihood
    assert -2 * by_ml == pytest.approx(truth["deviance_ml"], rel=1e-8)
