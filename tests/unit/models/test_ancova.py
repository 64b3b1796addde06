"""The analysis of covariance against one that is put together by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from splw_eval import FittedMixedModel, fit_mixed_model
from splw_eval.core.errors import FitError
from tests.unit.models.made import TRIAL, made_trial
from tests.unit.models.whole import OPTIONS, fit_of, frame_of

REL = 1e-6


def with_gaps():
    """Somebody without a baseline, somebody without follow-up, in the last practices."""
    frame = made_trial(practices=8, size=8, seed=4, spread=0.6)
    later = frame["month"] > 0
    lost = (frame["person"].isin(["p6-0", "p6-1"]) & ~later) | (frame["person"] == "p7-0") & later
    frame.loc[lost, "score"] = np.nan
    return frame


def by_hand(frame, covariate="", wave=None):
    """Follow-up rows with baselines, centred within practices."""
    first = frame[frame["month"] == 0].dropna(subset="score").set_index("person")
    mean = first.groupby("practice")["score"].mean()
    own = first["score"] - first["practice"].map(mean)
    later = frame[(frame["month"] > 0) & frame["person"].isin(own.index)].copy()
    later["own"] = later["person"].map(own)
    later["practice_mean"] = later["practice"].map(mean) - first["score"].mean()
    if wave is not None:
        later = later[later["month"] == wave]
    fixed = (
        f"arm * C(month) + (own + practice_mean) * C(month){covariate}"
        if wave is None
        else f"arm + own + practice_mean{covariate}"
    )
    options = {**TRIAL, "fixed": fixed, "wave": "month" if wave is None else None}
    return fit_mixed_model(later, **options)


def test_it_is_the_model_of_later_waves_given_both_baselines():
    frame = with_gaps()
    fitted = fit_mixed_model(frame, **{**TRIAL, "fixed": "arm * C(month) + age"})
    found, expected = fitted.ancova(), by_hand(frame, " + age")
    assert isinstance(found, FittedMixedModel)
    assert found.log_likelihood == pytest.approx(expected.log_likelihood, rel=1e-9)
    pd.testing.assert_frame_equal(found.contrast(), expected.contrast(), rtol=REL, atol=1e-8)
    names = found.coefficients.set_index("term")["estimate"]
    slope = expected.coefficients.set_index("term")["estimate"]
    assert names["baseline_of_person"] == pytest.approx(slope["own"], rel=REL)
    assert names["baseline_of_practice"] == pytest.approx(slope["practice_mean"], rel=REL)


def test_with_one_later_wave_there_is_one_row_for_each_person():
    frame = with_gaps()
    frame = frame[frame["month"].isin([0, 12])]
    found = fit_mixed_model(frame, **TRIAL).ancova()
    expected = by_hand(frame, wave=12)
    assert found.design.wave is None
    pd.testing.assert_frame_equal(found.contrast(), expected.contrast(), rtol=REL, atol=1e-8)


def test_rows_are_those_of_the_frame_and_people_left_out_are_counted():
    frame = with_gaps()
    fitted = fit_mixed_model(frame, **TRIAL)
    found = fitted.ancova()
    np.testing.assert_array_equal(frame["score"].to_numpy()[found.design.rows], found.design.y)
    counts = fitted.baseline_counts.set_index("analysis")
    everybody = frame.dropna(subset="score")["person"].nunique()
    first = set(frame[(frame["month"] == 0) & frame["score"].notna()]["person"])
    later = set(frame[(frame["month"] > 0) & frame["score"].notna()]["person"])
    assert counts.loc["this model", "people"] == everybody
    for name in ("change from baseline", "analysis of covariance"):
        assert counts.loc[name, "people"] == len(first & later)
        assert counts.loc[name, "left_out"] == everybody - len(first & later)
    assert (counts["without_baseline"] == everybody - len(first)).all()
    assert (counts["without_follow_up"] == everybody - len(later)).all()
    assert (counts["practices"] == 8).all()
    assert found.design.person.count == len(first & later)
    assert any("without a baseline" in note for note in found.notes)


@pytest.mark.parametrize(
    "name",
    [
        "compound symmetry",
        "people alone",
        "by arm",
        "one mean at the start",
        "in one arm",
        "waves of text",
        "months as numbers",
        "practices of one person",
    ],
)
def test_every_design_with_waves_has_one(name):
    fitted = fit_of(name)
    found = fitted.ancova()
    assert found.spec.covariance == fitted.spec.covariance
    assert found.spec.by_arm == fitted.spec.by_arm
    contrast = found.contrast()
    assert len(contrast) == 3
    assert contrast[["estimate", "std_error", "df"]].notna().all(axis=None)
    assert "baseline_of_person" in found.design.names
    both = name not in ("people alone", "in one arm")
    assert ("baseline_of_practice" in found.design.names) == both


def test_the_first_arm_of_an_ordered_column_stays_the_first():
    frame = frame_of("practices").assign(
        arm=lambda rows: pd.Categorical(rows["arm"], ["usual", "programme"])
    )
    fitted = fit_mixed_model(frame, **{**TRIAL, **OPTIONS["practices"]})
    assert fitted.ancova().contrast()["term"][0].startswith("programme - usual")


def test_names_that_are_taken_and_names_that_are_not_plain_are_no_hindrance():
    frame = frame_of("practices").rename(columns={"arm": "trial arm", "age": "baseline_of_person"})
    options = {**TRIAL, "arm": "trial arm", "fixed": "`trial arm` * C(month) + baseline_of_person"}
    found = fit_mixed_model(frame, **options).ancova()
    plain = fit_of("practices").ancova()
    assert "baseline_of_person_" in found.design.names
    np.testing.assert_allclose(found.contrast()["estimate"], plain.contrast()["estimate"], rtol=REL)


def test_one_wave_and_nobody_with_both_are_refused():
    with pytest.raises(FitError, match="one wave"):
        fit_of("one wave").ancova()
    with pytest.raises(FitError, match="one wave"):
        _ = fit_of("one wave").baseline_counts
    frame = made_trial(practices=6)
    half = frame["person"].str.endswith(("1", "3", "5"))
    never = frame[half == (frame["month"] == 0)]
    options = {**TRIAL, "covariance": "ar1", "cluster_effect": "intercept"}
    with pytest.raises(FitError, match="Nobody has both"):
        fit_mixed_model(never, **options).ancova()


def without_covariate_at_first(frame):
    """A covariate that was not asked of some people at the first wave, and of others only later."""
    made = frame.copy()
    lost = made["person"].str[-1].isin(["1", "4"]) & (made["month"] == 0)
    made["age_then"] = made["age"].mask(lost)
    return made


def test_a_covariate_missing_at_the_first_wave_does_not_lose_that_outcome():
    frame = without_covariate_at_first(with_gaps())
    options = {**TRIAL, "fixed": "arm * C(month) + age_then", "covariance": "ar1"}
    fitted = fit_mixed_model(frame, **options)
    first = set(frame[(frame["month"] == 0) & frame["score"].notna()]["person"])
    used = set(fitted.design.person.levels)
    later = set(frame[(frame["month"] > 0) & frame["score"].notna()]["person"])
    counts = fitted.baseline_counts.set_index("analysis")
    assert (counts["without_baseline"] == len(used - first)).all()
    assert counts.loc["analysis of covariance", "people"] == len(used & first & later)
    made = fitted.ancova()
    assert set(made.design.person.levels) == used & first & later
    # The covariate never misses later, so the analysis is that of the whole covariate.
    whole = fit_mixed_model(frame, **{**options, "fixed": "arm * C(month) + age"}).ancova()
    pd.testing.assert_frame_equal(made.contrast(), whole.contrast(), rtol=REL)
    unused = len(first & set(frame[frame["age_then"].isna()]["person"]) & used)
    (note,) = [note for note in fitted.notes if "people are in the model" in note]
    assert f"({unused:,} of these have an outcome then, in a row left out)" in note


def test_a_covariate_of_later_waves_alone_leaves_the_baseline_of_everybody():
    frame = with_gaps()
    frame["session"] = frame["age"].where(frame["month"] > 0)
    fitted = fit_mixed_model(frame, **{**TRIAL, "fixed": "arm * C(month) + session"})
    assert fitted.design.waves == 3
    made = fitted.ancova()
    expected = by_hand(frame, " + session")
    pd.testing.assert_frame_equal(made.contrast(), expected.contrast(), rtol=REL, atol=1e-8)
    assert set(made.contrast()["term"].str[-1]) == set(fitted.contrast()["term"].str[-1])


def test_the_notes_of_it_do_not_call_the_first_follow_up_the_first_wave():
    fitted = fit_mixed_model(with_gaps(), **TRIAL)
    assert any("without the first wave" in note for note in fitted.notes)
    assert not any("without the first wave" in note for note in fitted.ancova().notes)


def test_it_has_no_analysis_of_covariance_of_its_own():
    made = fit_of("practices").ancova()
    with pytest.raises(FitError, match="already"):
        made.ancova()
    with pytest.raises(FitError, match="already"):
        _ = made.baseline_counts


def test_a_model_without_arms_has_one_too():
    found = fit_of("no arm").ancova()
    assert found.contrast("change")["std_error"].notna().all()
