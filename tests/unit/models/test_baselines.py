"""One mean of the arms at the first wave: when it is the default, and what it does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from splw_eval import fit_mixed_model
from splw_eval.models.checks import ModelError
from tests.unit.models.made import TRIAL, made_trial

FAIR: dict[str, Any] = {"allocation": "randomised", "recruited": "before allocation"}
LINES: dict[str, Any] = {"fixed": "arm * month + age", "covariance": "compound_symmetry"}


def moved(by: float) -> pd.DataFrame:
    frame = made_trial()
    return frame.assign(month=frame["month"] + by)


def test_the_origin_of_time_does_not_matter_to_lines_that_begin_together():
    one = fit_mixed_model(moved(0), **{**TRIAL, **LINES, **FAIR})
    other = fit_mixed_model(moved(5), **{**TRIAL, **LINES, **FAIR}, baseline_wave=5)
    assert other.log_likelihood == pytest.approx(one.log_likelihood, abs=1e-7)
    for what in ("difference", "difference in change"):
        a, b = one.contrast(what), other.contrast(what)
        np.testing.assert_allclose(a[["estimate", "std_error"]], b[["estimate", "std_error"]])
    at = one.contrast("difference")["estimate"].to_numpy()
    np.testing.assert_allclose(at / at[0], [1, 12 / 3, 18 / 3])


def test_follow_up_alone_keeps_its_own_means_by_default():
    frame = made_trial()
    start = frame[frame["month"] == 0].set_index("person")["score"]
    later = frame[frame["month"] > 0].assign(start=lambda f: f["person"].map(start))
    later["score"] += 3 * (later["arm"] == "usual")
    asked = {**TRIAL, "fixed": "arm * C(month) + start", **FAIR}
    fitted = fit_mixed_model(later, **asked)
    assert fitted.spec.baseline == "unconstrained"
    assert (fitted.contrast("difference")["estimate"] > 1.5).all()
    assert any("baseline_wave=" in note for note in fitted.notes)
    with pytest.raises(ModelError, match="before the programme"):
        fit_mixed_model(later, **asked, baseline="constrained")


def test_a_single_wave_is_no_baseline():
    frame = made_trial().query("month == 0")
    alone = {**TRIAL, **FAIR, "fixed": "arm", "wave": None}
    fitted = fit_mixed_model(frame, **alone)
    assert "arm[T.usual]" in fitted.coefficients["term"].tolist()
    fitted = fit_mixed_model(frame, **{**TRIAL, "fixed": "arm + age", **FAIR})
    assert "arm[T.usual]" in fitted.coefficients["term"].tolist()


def test_a_wave_called_baseline_needs_no_more_words():
    names = {0: "baseline", 3: "month 3", 12: "month 12", 18: "month 18"}
    frame = made_trial()
    order = list(names.values())
    frame["month"] = pd.Categorical(frame["month"].map(names), categories=order)
    assert fit_mixed_model(frame, **TRIAL, **FAIR).spec.baseline == "constrained"
    frame["month"] = frame["month"].cat.rename_categories({"baseline": "T0"})
    assert fit_mixed_model(frame, **TRIAL, **FAIR).spec.baseline == "unconstrained"
    named = fit_mixed_model(frame, **TRIAL, **FAIR, baseline_wave="T0")
    assert named.spec.baseline == "constrained"
    with pytest.raises(ModelError, match="not the first wave"):
        fit_mixed_model(frame, **TRIAL, **FAIR, baseline_wave="month 3")
