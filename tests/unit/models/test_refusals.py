"""Data that a model cannot take: every reason at once, by row and column, and nobody named."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from splw_eval import fit_mixed_model
from splw_eval.core.errors import FitError
from splw_eval.models.checks import ModelError
from splw_eval.models.codes import MODEL_CODES
from tests.unit.models.made import TRIAL, made_trial

ROW = 4  # a row of the first wave, of the second person


def changed(column, value, rows=ROW):
    frame = made_trial()
    frame[column] = frame[column].astype(object)
    frame.loc[rows, column] = value
    return frame if column == "person" else frame.infer_objects()


def never_together():
    frame = made_trial()
    odd = frame["person"].str.endswith(("1", "3", "5", "7", "9"))
    return frame.assign(
        score=frame["score"].mask(((frame["month"] == 12) & odd) | ((frame["month"] == 18) & ~odd))
    )


CASES: dict[str, tuple[pd.DataFrame, dict[str, Any], str, str]] = {
    "no such column": (made_trial(), {"fixed": "arm * C(mnth)"}, "SM01", "mnth"),
    "infinite": (changed("score", np.inf), {}, "SM02", "row 5"),
    "text": (changed("score", "unwell"), {}, "SM02", "row 5"),
    "no person": (changed("person", None), {}, "SM03", "row 5"),
    "no practice": (changed("practice", None), {}, "SM03", "row 5"),
    "twice": (
        pd.concat([made_trial(), made_trial().iloc[[4, 8]]]),
        {},
        "SM04",
        "rows 5, 9, 349, 350",
    ),
    "twice without waves": (made_trial(), {"wave": None, "fixed": "arm"}, "SM04", "wave="),
    "two practices": (changed("practice", "practice 3"), {}, "SM05", "practice"),
    "two arms": (changed("arm", "usual"), {}, "SM05", "arm"),
    "one practice": (made_trial(1), {"arm": None, "fixed": "C(month)"}, "SM06", "Leave cluster="),
    "one person each": (made_trial().assign(practice=lambda f: f["person"]), {}, "SM07", "people"),
    "never together": (never_together(), {}, "SM08", '"12" and "18"'),
    "twice the same": (
        made_trial(),
        {"fixed": "arm * C(month) + C(practice)"},
        "SM09",
        "practice 7",
    ),
    "empty cell": (
        made_trial().query("not (arm == 'usual' and month == 18)"),
        {},
        "SM09",
        "C(month)[T.18]",
    ),
    "constant": (made_trial().assign(score=3.0), {}, "SM10", "same"),
    "nothing": (made_trial().iloc[:0], {}, "SM11", "no rows"),
    "no outcome": (made_trial().assign(score=np.nan), {}, "SM11", "no row"),
    "options": (made_trial(), {"df": "kr"}, "SM12", "kenward-roger"),
    "outcome twice": (made_trial(), {"fixed": "arm + score"}, "SM12", "too"),
}


@pytest.mark.parametrize("name", CASES)
def test_each_fault_has_its_code_its_place_and_its_remedy(name):
    frame, options, code, words = CASES[name]
    with pytest.raises(ModelError) as caught:
        fit_mixed_model(frame, **{**TRIAL, **options})
    found = caught.value.findings
    assert code in {finding.code for finding in found}
    assert words in str(caught.value)
    assert all(finding.remedy for finding in found)


def test_every_code_of_the_room_is_tried_here():
    assert {code for _, _, code, _ in CASES.values()} == set(MODEL_CODES)


def test_no_message_names_a_person_or_a_value():
    for frame, options, _, _ in CASES.values():
        with pytest.raises(ModelError) as caught:
            fit_mixed_model(frame, **{**TRIAL, **options})
        assert "unwell" not in str(caught.value)
        assert not any(person in str(caught.value) for person in frame["person"].dropna().unique())


def test_all_faults_are_told_at_once():
    frame = changed("practice", None)
    frame.loc[9, "score"] = np.inf
    frame.loc[0, "arm"] = "usual"
    with pytest.raises(ModelError) as caught:
        fit_mixed_model(frame, **TRIAL)
    assert {finding.code for finding in caught.value.findings} == {"SM02", "SM03", "SM05"}


def test_all_wrong_options_are_told_at_once():
    wrong = {"df": "kr", "covariance": "us", "boundary": "drop", "conf_level": 95, "by_arm": True}
    with pytest.raises(ModelError) as caught:
        fit_mixed_model(made_trial(), **{**TRIAL, **wrong, "arm": None})
    assert len(caught.value.findings) == 5


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "which is not said"),
        ({"allocation": "not randomised"}, "was not so"),
        ({"allocation": "randomised"}, "is not said"),
        ({"allocation": "randomised", "recruited": "after allocation"}, "were not"),
    ],
)
def test_one_mean_at_baseline_is_refused_where_chance_did_not_make_it(options, words):
    with pytest.raises(ModelError, match=words):
        fit_mixed_model(made_trial(), **TRIAL, baseline="constrained", **options)


def test_one_mean_at_baseline_is_the_default_where_chance_made_it():
    fair: dict[str, Any] = {"allocation": "randomised", "recruited": "before allocation"}
    held = fit_mixed_model(made_trial(), **TRIAL, **fair)
    assert held.spec.baseline == "constrained"
    assert held.marginal_means().query("month == 0")["estimate"].nunique() == 1
    free = fit_mixed_model(made_trial(), **TRIAL, **fair, baseline="unconstrained")
    assert free.marginal_means().query("month == 0")["estimate"].nunique() == 2


def test_few_practices_give_estimates_without_intervals_and_say_so():
    fitted = fit_mixed_model(made_trial(3), **TRIAL)
    table = fitted.contrast()
    assert table["estimate"].notna().all()
    assert table[["df", "p_value", "conf_low", "conf_high"]].isna().all(axis=None)
    assert any("3 clusters: too few" in note for note in fitted.notes)


def test_an_arm_of_one_practice_is_fitted_with_a_note():
    some = made_trial().query("arm == 'programme' or practice == 'practice 1'")
    fitted = fit_mixed_model(some, **TRIAL)
    assert any('"usual" has one cluster' in note for note in fitted.notes)
    assert fitted.contrast()["conf_low"].notna().all()


def test_a_model_without_practice_by_wave_warns():
    fitted = fit_mixed_model(made_trial(), **TRIAL, cluster_effect="intercept")
    assert any("far too narrow" in note for note in fitted.notes)


def test_levels_of_new_rows_must_be_known():
    fitted = fit_mixed_model(made_trial(), **TRIAL)
    with pytest.raises(FitError, match="no level"):
        fitted.marginal_means(["month"], at={"arm": "other"})
    with pytest.raises(FitError, match="no column"):
        fitted.marginal_means(["sex"])
    with pytest.raises(FitError, match="no contrast"):
        fitted.contrast("effect")
    with pytest.raises(FitError, match="names a wave"):
        fitted.contrast(waves=[6])
    with pytest.raises(FitError, match="no coefficient"):
        fitted.contrast({"arm": 1.0})
    with pytest.raises(FitError, match="no term"):
        fitted.test("sex")


@pytest.mark.parametrize("kind", ["dates", "lengths", "objects"])
def test_dates_are_refused_in_plain_words(kind):
    frame = made_trial()
    day = pd.Timestamp("2024-01-01") + pd.to_timedelta(frame["month"] * 30, unit="D")
    columns: dict[str, Any] = {
        "dates": day,
        "lengths": day - day.min(),
        "objects": day.astype(object),
    }
    with pytest.raises(ModelError, match="dates, or lengths of time"):
        fit_mixed_model(frame.assign(month=columns[kind]), **TRIAL)


def test_a_rule_that_is_not_known_is_refused_wherever_it_is_asked_for():
    fitted = fit_mixed_model(made_trial(), **TRIAL)
    with pytest.raises(FitError, match="kenward-roger"):
        fitted.contrast(df="kr")
    with pytest.raises(FitError, match="kenward-roger"):
        fitted.test(df="kr")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"by_arm": "age"}, "different columns"),
        ({"conf_level": "0.95"}, "conf_level"),
        ({"fixed": None}, "no text"),
        ({"frame": None}, "no data frame"),
        ({"fixed": "arm * 0"}, "cannot be understood"),
        ({"fixed": "arm:0"}, "cannot be understood"),
    ],
)
def test_what_makes_no_sense_is_refused(wrong, words):
    asked: dict[str, Any] = {"frame": made_trial(), **TRIAL, **wrong}
    with pytest.raises(FitError, match=words):
        fit_mixed_model(**asked)


def test_infinite_covariates_and_complex_outcomes_are_found_in_any_dtype():
    frame = made_trial()
    frame["age"] = frame["age"].astype(object)
    frame.loc[2, "age"] = np.inf
    with pytest.raises(ModelError, match="SM02 column age: infinite"):
        fit_mixed_model(frame, **{**TRIAL, "fixed": "arm * C(month) + age"})
    with pytest.raises(ModelError, match="SM02"):
        fit_mixed_model(made_trial().assign(score=lambda f: f["score"] + 1j), **TRIAL)


def test_columns_that_differ_by_next_to_nothing_are_named():
    frame = made_trial().assign(twin=lambda f: f["age"] + 1e-8 * f.index)
    with pytest.raises(ModelError, match='"twin" follows'):
        fit_mixed_model(frame, **{**TRIAL, "fixed": "arm * C(month) + age + twin"})
    far = made_trial().assign(day=lambda f: 20_000 + f["age"])
    near = fit_mixed_model(far, **{**TRIAL, "fixed": "arm * C(month) + day"})
    same = fit_mixed_model(far, **{**TRIAL, "fixed": "arm * C(month) + age"})
    np.testing.assert_allclose(near.contrast()["estimate"], same.contrast()["estimate"], rtol=1e-6)


@pytest.mark.parametrize("what", ["difference in change", "change", "mean change"])
def test_the_first_wave_alone_is_nothing_to_compare_it_with(what):
    fitted = fit_mixed_model(made_trial(), **TRIAL)
    with pytest.raises(FitError, match="first wave alone"):
        fitted.contrast(what, waves=[0])


def test_the_rule_at_a_zero_variance_depends_on_how_many_practices_there_are():
    assert fit_mixed_model(made_trial(15, 3), **TRIAL).spec.boundary == "conditional"
    assert fit_mixed_model(made_trial(8), **TRIAL).spec.boundary == "keep"
    assert fit_mixed_model(made_trial(8), **TRIAL, boundary="conditional").spec.boundary == (
        "conditional"
    )


def test_robust_errors_are_left_out_where_practices_are_too_few():
    table = fit_mixed_model(made_trial(3), **TRIAL).side_by_side()
    assert not table["method"].str.startswith("CR").any()
