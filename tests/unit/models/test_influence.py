"""Estimates without one practice against a model that is fitted without it."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval import fit_mixed_model
from splw_eval.core.errors import FitError
from tests.unit.models.made import TRIAL
from tests.unit.models.whole import OPTIONS, fit_of, frame_of

WITH_PRACTICES = (
    "practices",
    "variance of zero",
    "compound symmetry",
    "by arm",
    "in one arm",
    "in one arm, by arm",
    "one mean at the start",
    "one wave",
    "waves of text",
    "practices of one person",
)
# The search ends within 1e-10 of its criterion; estimates then agree to its root.
CLOSE = 2e-5


@pytest.mark.parametrize("name", WITH_PRACTICES)
def test_a_practice_left_out_is_a_practice_that_was_never_there(name):
    fitted, frame = fit_of(name), frame_of(name)
    assert fitted.design.cluster is not None
    found = fitted.influence()
    assert list(found["left_out"].unique()) == list(fitted.design.cluster.levels)
    whole = fitted.contrast()
    for practice in (fitted.design.cluster.levels[1], fitted.design.cluster.levels[-1]):
        less = frame[frame["practice"] != practice]
        expected = fit_mixed_model(less, **{**TRIAL, **OPTIONS.get(name, {})}).contrast()
        rows = found[found["left_out"] == practice].reset_index(drop=True)
        assert list(rows["term"]) == list(expected["term"])
        size = expected["std_error"]
        assert (np.abs(rows["estimate"] - expected["estimate"]) < CLOSE * size).all()
        np.testing.assert_allclose(rows["std_error"], expected["std_error"], rtol=CLOSE)
        np.testing.assert_allclose(rows["df"], expected["df"], rtol=1e-3)
        np.testing.assert_allclose(rows["conf_low"], expected["conf_low"], rtol=1e-3, atol=1e-3)
        change = (rows["estimate"] - whole["estimate"]) / whole["std_error"]
        np.testing.assert_allclose(rows["change"], change, atol=1e-10)
        people = frame[(frame["practice"] == practice) & frame["score"].notna()]["person"]
        assert (rows["people"] == people.nunique()).all()


@pytest.mark.parametrize("rule", ["satterthwaite", "between-within", "z"])
def test_the_rule_of_the_model_is_kept(rule):
    fitted, frame = fit_of("practices", df=rule), frame_of("practices")
    less = frame[frame["practice"] != "practice 2"]
    options = {**TRIAL, **OPTIONS["practices"], "df": rule}
    expected = fit_mixed_model(less, **options).contrast("difference in change")
    found = fitted.influence("difference in change")
    rows = found[found["left_out"] == "practice 2"]
    np.testing.assert_allclose(rows["df"], expected["df"], rtol=1e-3)


def test_a_practice_that_a_term_rests_on_gives_a_note_and_no_number():
    frame = frame_of("practices")
    frame = frame.assign(pilot=(frame["practice"] == "practice 3").astype(float))
    fitted = fit_mixed_model(frame, **{**TRIAL, "fixed": "arm * C(month) + pilot"})
    found = fitted.influence({"pilot": 1.0})
    lost = found["left_out"] == "practice 3"
    assert found.loc[lost, "estimate"].isna().all()
    assert found.loc[lost, "note"].str.contains("cannot be estimated without it").all()
    assert found.loc[~lost, "estimate"].notna().all()
    assert (found.loc[~lost, "note"] == "").all()


def test_models_without_practices_are_refused():
    with pytest.raises(FitError, match="names no practices") as caught:
        fit_of("people alone").influence()
    assert "cluster=" in caught.value.remedy


def test_a_model_without_arms_has_its_changes_looked_at():
    found = fit_of("no arm").influence("change")
    assert found["left_out"].nunique() == 6
    assert found["change"].abs().max() > 0
