"""Hazard ratios from data frames: covariates, units, causes, and what a fit says of itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from splw_eval import extrapolate_retention, fit_cox
from splw_eval.core.errors import FitError
from splw_eval.retention.checks import RetentionError

ASKED: dict[str, Any] = {"time": "day", "event": "ending"}


@pytest.fixture
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(11)
    n = 300
    return pd.DataFrame(
        {
            "id": np.arange(n),
            "day": rng.integers(1, 90, n),
            "ending": rng.integers(0, 3, n),
            "practice": rng.integers(0, 9, n),
            "mode": np.array(["face to face", "phone", "video"])[rng.integers(0, 3, n)],
            "age": rng.normal(50, 10, n),
        }
    )


def numbers(values: Any) -> Any:
    return np.asarray(values, dtype=float)


def test_a_list_of_columns_and_a_formula_say_the_same(frame):
    listed = fit_cox(frame, **ASKED, covariates=["age", "mode"]).coefficients
    written = fit_cox(frame, **ASKED, covariates="age + mode").coefficients
    pd.testing.assert_frame_equal(listed, written)
    assert list(listed["term"]) == ["age", "mode[T.phone]", "mode[T.video]"]
    assert_allclose(numbers(np.log(listed["hazard_ratio_low"])), numbers(listed["conf_low"]))
    crossed = fit_cox(frame, **ASKED, covariates=["age", "age:mode"])
    assert len(crossed.coefficients) == 4 - 1


def test_a_name_of_a_column_is_never_read_as_a_formula(frame):
    odd = frame.rename(columns={"age": "age + 1"})
    fit = fit_cox(odd, **ASKED, covariates=["age + 1"])
    assert list(fit.coefficients["term"]) == ["age + 1"]


def test_the_house_s_columns_stand_first(frame):
    table = fit_cox(frame, **ASKED, covariates="age", cluster="practice").coefficients
    assert list(table.columns[:9]) == [
        "term", "estimate", "std_error", "df", "statistic", "p_value", "conf_low", "conf_high", "n"
    ]  # fmt: skip
    assert table["df"].tolist() == [7.0]


@pytest.mark.parametrize("vcov", ["jackknife", "sandwich", "kc", "md", "model"])
def test_the_error_asked_for_is_the_one_of_that_name_in_the_table_of_errors(frame, vcov):
    fit = fit_cox(frame, **ASKED, covariates="age + mode", cluster="practice", vcov=vcov)
    assert_allclose(numbers(fit.coefficients["std_error"]), numbers(fit.errors[vcov]))
    assert_allclose(np.sqrt(np.diag(fit.covariance)), numbers(fit.errors[vcov]))
    assert np.isinf(fit.df) == (vcov == "model")
    if vcov == "model":
        assert any("ignore the practices" in note for note in fit.notes)


def test_cutting_rows_in_two_changes_nothing(frame):
    fit = fit_cox(frame, **ASKED, covariates="age", cluster="practice")
    first = frame.assign(start=0, day=frame["day"].clip(upper=40))
    first["ending"] = frame["ending"].where(frame["day"] <= 40, 0)
    rows = pd.concat([first, frame[frame["day"] > 40].assign(start=40)])
    again = fit_cox(rows, **ASKED, start="start", id="id", covariates="age", cluster="practice")
    for name in ("estimate", "std_error", "model_std_error", "n", "events"):
        assert_allclose(
            numbers(again.coefficients[name]), numbers(fit.coefficients[name]), rtol=1e-9
        )


def test_a_weight_of_2_equals_a_second_row_with_breslow_s_ties(frame):
    weighted = fit_cox(frame.assign(w=2), **ASKED, covariates="age", weights="w", ties="breslow")
    doubled = fit_cox(pd.concat([frame, frame]), **ASKED, covariates="age", ties="breslow")
    for name in ("estimate", "std_error"):
        ours, theirs = weighted.coefficients[name], doubled.coefficients[name]
        assert_allclose(numbers(ours), numbers(theirs), rtol=1e-9)


def test_parts_as_weights_take_the_sandwich_by_person(frame):
    frame["w"] = 0.5 + frame["age"] / 100
    fit = fit_cox(frame, **ASKED, covariates="age", weights="w")
    assert (fit.vcov, fit.by, fit.clusters) == ("sandwich", "person", None)
    assert fit.df == 298


def test_one_cause_censors_the_others_and_says_so(frame):
    fit = fit_cox(frame, **ASKED, covariates="age", cause=2)
    alone = fit_cox(frame.assign(ending=frame["ending"] == 2), **ASKED, covariates="age")
    assert_allclose(numbers(fit.coefficients["estimate"]), numbers(alone.coefficients["estimate"]))
    assert fit.events == (frame["ending"] == 2).sum()
    assert any("cause-specific hazards" in note for note in fit.notes)
    pooled = fit_cox(frame, **ASKED, covariates="age", cause="any")
    assert pooled.events == (frame["ending"] > 0).sum()
    both = fit_cox(frame, **ASKED, covariates="age", cause=[1, 2])
    assert both.log_likelihood == pooled.log_likelihood


def test_rows_without_a_covariate_are_left_out_and_counted(frame):
    gaps = frame.assign(age=frame["age"].where(frame["id"] > 9))
    fit = fit_cox(gaps, **ASKED, covariates="age", cluster="practice")
    kept = fit_cox(frame[frame["id"] > 9], **ASKED, covariates="age", cluster="practice")
    assert fit.left_out == 10
    assert any(note.startswith("10 rows are left out") for note in fit.notes)
    assert_allclose(numbers(fit.coefficients["std_error"]), numbers(kept.coefficients["std_error"]))


def test_a_covariate_that_one_practice_alone_tells_of_is_refused_with_its_remedy(frame):
    frame["odd"] = (frame["practice"] == 3) * 1.0
    with pytest.raises(RetentionError, match="vcov="):
        fit_cox(frame, **ASKED, covariates=["age", "odd"], cluster="practice")
    fit = fit_cox(frame, **ASKED, covariates=["age", "odd"], cluster="practice", vcov="sandwich")
    assert fit.errors["jackknife"].isna().all()
    assert fit.errors["sandwich"].notna().all()


def test_what_is_foretold_begins_at_1_falls_and_ends_with_the_follow_up(frame):
    fit = fit_cox(frame, **ASKED, covariates="age + mode", cause="any")
    found = fit.predict_retention(frame.head(2), [0, 30, 60, 500])
    assert found["row"].tolist() == [1] * 4 + [2] * 4
    assert found["estimate"].iloc[0] == 1
    assert found["estimate"].iloc[1] > found["estimate"].iloc[2] > 0
    assert np.isnan(found["estimate"].iloc[3])
    base = fit.baseline
    assert base["survival"].is_monotonic_decreasing
    with pytest.raises(FitError, match="lack the covariates mode"):
        fit.predict_retention(frame[["age"]])
    with pytest.raises(FitError, match="has not seen"):
        fit.predict_retention(frame.head(1).assign(mode="letter"))


def test_the_hazard_of_one_cause_foretells_no_share_but_fine_and_gray_do(frame):
    with pytest.raises(FitError, match="foretells no share"):
        fit_cox(frame, **ASKED, covariates="age").predict_retention(frame.head(1))
    fit = fit_cox(frame, **ASKED, covariates="age", kind="subdistribution", cluster="practice")
    found = fit.predict_retention(frame.head(1), [0, 30])
    assert found["what"].eq("share who left for the cause").all()
    assert found["estimate"].iloc[0] == 0 < found["estimate"].iloc[1]
    assert fit.vcov == "jackknife"
    with pytest.raises(FitError, match="cause-specific hazards only"):
        _ = fit.proportional_hazards


def test_the_test_of_proportional_hazards_goes_by_term_and_together(frame):
    fit = fit_cox(frame, **ASKED, covariates="age + mode")
    table = fit.proportional_hazards
    assert list(table["term"]) == ["age", "mode", "all terms together"]
    assert list(table["df"]) == [1, 2, 3]
    assert not table.equals(fit.test_proportional_hazards("rank"))
    with pytest.raises(RetentionError, match="There are: km"):
        fit.test_proportional_hazards("square")


def test_a_fit_says_that_ratios_are_associations_and_when_leavings_are_few(frame):
    fit = fit_cox(frame.head(60), **ASKED, covariates="age + mode", cluster="practice")
    text = str(fit)
    assert "associations, not effects" in text
    assert "leavings for each coefficient" in text
    assert "t with practices less 2 degrees of freedom" in text
    assert repr(fit).startswith("<FittedCox: 60 rows in 9 practices")


def test_extrapolation_is_labelled_and_day_0_is_shifted_only_when_asked(frame):
    fit = extrapolate_retention(frame, **ASKED)
    found = fit.predict([0, 30, 400])
    assert found["extrapolated"].tolist() == [False, False, True]
    assert "extrapolated" in found["note"].iloc[2]
    assert found["estimate"].iloc[0] == 1
    assert (found["conf_low"] <= found["estimate"])[1:].all()
    zero = frame.assign(day=frame["day"].where(frame["id"] > 3, 0))
    shifted = extrapolate_retention(zero, **ASKED, shift=0.5, family="lognormal")
    assert any("shifted by 0.5" in note for note in shifted.notes)
    assert any("Beyond day 89" in note for note in shifted.notes)
    with pytest.raises(FitError, match="depends on covariates"):
        extrapolate_retention(frame, **ASKED, covariates="age").predict(30)
