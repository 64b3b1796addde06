"""Robust methods of fitted models, from a data frame, against clubSandwich (r/mixed_designs.R)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from splw_eval import fit_mixed_model

HERE = Path(__file__).parent
CASES = json.loads((HERE / "mixed_designs.json").read_text(encoding="utf-8"))["cases"]
ROWS = pd.read_csv(HERE / "mixed_designs.csv")
# Another optimiser ends within 1e-8 of the deviance; estimates then differ by its root. nlme's
# optimum, on which clubSandwich's errors stand, is not polished further.
ERROR = {"lme4": 1e-5, "nlme": 1e-4}
DF = 1e-3


@pytest.mark.parametrize("place", range(len(CASES)), ids=[case["id"] for case in CASES])
def test_cr2_and_cr3_of_coefficients_are_those_of_clubsandwich(place):
    case = CASES[place]
    rows = ROWS[ROWS["design"] == place + 1]
    one = case["structure"] == "one"
    fitted = fit_mixed_model(
        rows,
        outcome="y",
        fixed=case["fixed"].replace("factor(wave)", "C(time)"),
        person="person",
        wave=None if one else "time",
        cluster="practice",
        arm="arm",
        covariance="unstructured" if one else case["structure"],
        cluster_effect=case["effect"],
    )
    for place_of, name in enumerate(fitted.design.names):
        found = fitted.side_by_side({name: 1.0}).set_index("method")
        for kind in ("CR2", "CR3"):
            row, truth = found.loc[f"{kind} by cluster"], case["robust"][kind]
            expected = truth["std_error"][place_of], truth["df"][place_of]
            assert row["std_error"] == pytest.approx(expected[0], rel=ERROR[case["by"]])
            assert row["df"] == pytest.approx(expected[1], rel=DF)
            assert np.isfinite(row["conf_low"])
