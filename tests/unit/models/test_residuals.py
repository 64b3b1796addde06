"""Residuals against whole matrices, and of outcomes drawn from the model itself."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval import fit_mixed_model
from splw_eval.core.errors import FitError
from tests.unit.models.made import TRIAL, made_trial
from tests.unit.models.whole import DESIGNS, fit_of, frame_of, matrices

REL = 1e-8


@pytest.mark.parametrize("name", DESIGNS)
def test_residuals_are_what_the_predictions_leave(name):
    fitted = fit_of(name)
    y = fitted.design.y
    for kind, include in (("marginal", "fixed"), ("conditional", "clusters")):
        expected = y - fitted.predict(include=include)["estimate"].to_numpy()
        found = fitted.residuals(kind)
        np.testing.assert_allclose(found["value"], expected, atol=1e-9)


@pytest.mark.parametrize("name", DESIGNS)
def test_scaled_residuals_undo_the_covariance_of_each_person(name):
    fitted = fit_of(name)
    design = fitted.design
    sigma, _ = matrices(fitted)
    values = fitted.residuals("conditional")["value"].to_numpy()
    expected = np.zeros(len(values))
    for person in range(design.person.count):
        rows = np.flatnonzero(design.person.codes == person)
        rows = rows[np.argsort(design.wave_codes[rows])]
        group = design.arm.codes[rows[0]] if fitted.spec.by_arm and design.arm else 0
        at = design.wave_codes[rows]
        lower = np.linalg.cholesky(sigma[group][np.ix_(at, at)])
        expected[rows] = np.linalg.solve(lower, values[rows])
    found = fitted.residuals()
    np.testing.assert_allclose(found["value"], expected, rtol=REL, atol=1e-10)


def test_scaled_residuals_of_a_right_model_are_like_independent_draws():
    fitted = fit_mixed_model(made_trial(practices=24, size=40, seed=5), **TRIAL)
    found = fitted.residuals()
    by_wave = found.groupby("wave")["value"]
    # 1,000 and 2,700 values; four standard errors of a variance and of a correlation.
    assert by_wave.var().between(0.85, 1.15).all()
    first = found[found["wave"] == 0]["value"].to_numpy()
    person = fitted.design.person.codes
    at = dict(zip(person[fitted.design.wave_codes == 0], first, strict=True))
    later = found["wave"].to_numpy() == 18
    pairs = np.array(
        [
            (at[p], v)
            for p, v in zip(person[later], found["value"].to_numpy()[later], strict=True)
            if p in at
        ]
    )
    assert abs(np.corrcoef(pairs.T)[0, 1]) < 0.13


def test_rows_are_named_by_their_place_and_nobody_by_name():
    frame = frame_of("practices").reset_index(drop=True)
    found = fit_of("practices").residuals("marginal")
    assert list(found.columns) == ["row", "wave", "value"]
    np.testing.assert_array_equal(frame["month"].iloc[found["row"]], found["wave"])
    assert not frame["score"].iloc[found["row"]].isna().any()
    assert "wave" not in fit_of("one wave").residuals()
    assert fit_of("waves of text").residuals()["wave"].iloc[0] == "month 00"


def test_unknown_kinds_are_refused():
    with pytest.raises(FitError, match="deviance"):
        fit_of("practices").residuals("deviance")
