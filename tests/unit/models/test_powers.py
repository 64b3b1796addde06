"""Powers of a column in a model, beside the same numbers in a column of their own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import splw_eval
from tests.unit.models.made import made_trial

FRAME = made_trial().assign(older=lambda frame: frame["age"] ** 2)
ASKED: dict[str, Any] = {
    "outcome": "score",
    "person": "person",
    "wave": "month",
    "cluster": "practice",
}


def fitted(term):
    fixed = f"arm * C(month) + age + {term}"
    return splw_eval.fit_mixed_model(FRAME, fixed=fixed, arm="arm", **ASKED)


def test_a_mixed_model_is_the_same_with_a_power_and_with_its_column():
    power, column = fitted("I(age^2)"), fitted("older")
    assert "I(age^2)" in set(power.coefficients["term"])
    for name in ("estimate", "std_error", "df"):
        np.testing.assert_allclose(power.coefficients[name], column.coefficients[name], rtol=1e-9)


def test_marginal_means_take_the_power_of_the_value_that_is_set():
    means = fitted("I(age^2)").marginal_means(at={"age": 50})
    same = fitted("older").marginal_means(at={"age": 50, "older": 2_500})
    np.testing.assert_allclose(means["estimate"], same["estimate"], rtol=1e-9)


def test_predictions_for_other_rows_take_their_own_power():
    other = FRAME.assign(age=FRAME["age"] + 3, older=(FRAME["age"] + 3) ** 2)
    power, column = (fitted(term).predict(other) for term in ("I(age^2)", "older"))
    np.testing.assert_allclose(power["estimate"], column["estimate"], rtol=1e-9)
    assert power["estimate"].to_numpy() != pytest.approx(
        fitted("I(age^2)").predict(FRAME)["estimate"].to_numpy()
    )
