"""What holds for every fitted model: shift, scale, order, labels, swapped arms."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from splw_eval import fit_mixed_model
from tests.unit.models.made import TRIAL, made_trial

NUMBERS = ["estimate", "std_error", "df"]
CHANGE = "difference in change"


def contrast(frame, **options):
    return fit_mixed_model(frame, **{**TRIAL, **options}).contrast(CHANGE)


def same(one, other):
    np.testing.assert_allclose(one[NUMBERS], other[NUMBERS], rtol=1e-6, atol=1e-9)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 1000), shift=st.floats(-1e8, 1e8), scale=st.floats(1e-7, 1e7))
def test_shift_and_scale_of_the_outcome_move_the_answer_likewise(seed, shift, scale):
    frame = made_trial(seed=seed)
    moved = contrast(frame.assign(score=frame["score"] * scale + shift * scale))
    plain = contrast(frame)
    np.testing.assert_allclose(moved["estimate"] / scale, plain["estimate"], rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(moved["std_error"] / scale, plain["std_error"], rtol=1e-4)
    np.testing.assert_allclose(moved["df"], plain["df"], rtol=1e-3)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 1000))
def test_order_of_rows_and_names_of_practices_and_people_do_not_matter(seed):
    frame = made_trial(seed=seed)
    plain = contrast(frame)
    rng = np.random.default_rng(seed)
    same(contrast(frame.sample(frac=1, random_state=seed)), plain)
    names = frame["practice"].unique()
    new = dict(zip(names, rng.permutation(len(names)), strict=True))
    same(contrast(frame.assign(practice=frame["practice"].map(new))), plain)
    same(contrast(frame.assign(person=frame["person"].str[::-1])), plain)


def test_swapped_arms_flip_the_sign():
    frame = made_trial()
    other = frame.assign(arm=frame["arm"].map({"usual": "programme", "programme": "usual"}))
    one, two = contrast(frame), contrast(other)
    np.testing.assert_allclose(one["estimate"], -two["estimate"], rtol=1e-6)
    np.testing.assert_allclose(one[["std_error", "df"]], two[["std_error", "df"]], rtol=1e-5)
    np.testing.assert_allclose(one["conf_low"], -two["conf_high"], rtol=1e-5)


@pytest.mark.parametrize("kind", ["int", "bool", "category", "string"])
def test_the_arm_may_be_written_in_any_way(kind):
    frame = made_trial()
    arm = frame["arm"] == "usual"
    written: dict[str, Any] = {
        "int": arm.astype(int),
        "bool": arm,
        "category": pd.Categorical(frame["arm"], categories=["programme", "usual", "none"]),
        "string": frame["arm"].astype("string"),
    }
    same(contrast(frame.assign(arm=written[kind])), contrast(frame))


def test_the_index_of_the_frame_does_not_matter():
    frame = made_trial()
    same(contrast(frame.set_axis(np.zeros(len(frame), dtype=int))), contrast(frame))


def test_one_row_a_person_has_one_residual_variance():
    frame = made_trial().query("month == 18")
    fitted = fit_mixed_model(frame, **{**TRIAL, "wave": None, "fixed": "arm + age"})
    assert list(fitted.variance_parameters["parameter"]) == [
        "variance of residual",
        "variance of cluster",
    ]
    assert list(fitted.contrast()["term"]) == ["usual - programme"]


def test_people_of_one_arm_need_no_practice_where_only_the_other_has_link_workers():
    frame = made_trial()
    nested = frame.assign(practice=frame["practice"].where(frame["arm"] == "programme"))
    fitted = fit_mixed_model(nested, **TRIAL, cluster_effect_in=["programme"])
    inside = fit_mixed_model(frame, **TRIAL, cluster_effect_in=["programme"])
    same(fitted.contrast(CHANGE), inside.contrast(CHANGE))
    everywhere = contrast(frame)
    assert (fitted.contrast(CHANGE)["std_error"] != everywhere["std_error"]).all()


def test_rows_that_are_left_out_are_counted():
    frame = made_trial()
    frame.loc[0, "age"] = np.nan
    fitted = fit_mixed_model(frame, **{**TRIAL, "fixed": "arm * C(month) + age"})
    assert fitted.design.left_out == {
        "without an outcome": int(frame["score"].isna().sum()),
        "with an outcome but without a covariate": 1,
    }
    assert any("without an outcome were left out" in note for note in fitted.notes)


def test_a_covariance_by_arm_is_that_of_each_arm_alone():
    frame = made_trial()
    options = {"cluster": None, "covariance": "compound_symmetry"}
    both = fit_mixed_model(frame, **{**TRIAL, **options}, by_arm=True).variance_parameters
    for arm in ("programme", "usual"):
        alone = fit_mixed_model(
            frame[frame["arm"] == arm],
            **{**TRIAL, **options, "fixed": "C(month)", "arm": None},
        ).variance_parameters
        mine = both[both["parameter"].str.endswith(f"({arm})")]
        np.testing.assert_allclose(mine["estimate"], alone["estimate"], rtol=1e-6)


def test_the_gradient_is_nothing_and_the_information_tells_parameters_apart():
    ended = fit_mixed_model(made_trial(), **TRIAL).convergence
    assert ended.converged
    assert ended.gradient < 1e-4
    assert ended.condition > 1e-4


def test_information_criteria_count_all_parameters():
    fitted = fit_mixed_model(made_trial(), **TRIAL)
    table = fitted.information_criteria.set_index("criterion")["value"]
    assert fitted.information_criteria["parameters"].iloc[0] == 8 + 12
    assert table["AIC"] == pytest.approx(-2 * fitted.log_likelihood + 40)
    rows = len(fitted.design.y)
    assert table["BIC"] == pytest.approx(-2 * fitted.log_likelihood + 20 * np.log(rows))


def test_the_icc_is_the_share_of_clusters_and_lies_in_its_interval():
    fitted = fit_mixed_model(made_trial(15, 20), **TRIAL)
    parts = fitted.variance_parameters.set_index("parameter")["estimate"]
    clusters = parts["variance of cluster"] + parts["variance of cluster by wave"]
    table = fitted.icc.set_index("measure")
    own = clusters / (clusters + parts["variance[12]"])
    assert table.loc["ICC at wave 12", "estimate"] == pytest.approx(own)
    share = parts["variance of cluster"] / clusters
    assert table.loc["cluster autocorrelation", "estimate"] == pytest.approx(share)
    assert (
        (table["conf_low"] <= table["estimate"]) & (table["estimate"] <= table["conf_high"])
    ).all()
    assert (table["clusters"] == 15).all()
    assert fit_mixed_model(made_trial(), **{**TRIAL, "cluster": None}).icc.empty


def test_an_autocorrelation_stays_below_one_and_is_not_called_zero():
    said = [
        fit_mixed_model(made_trial(seed=seed), **TRIAL, cluster_effect="decay").convergence
        for seed in range(3)
    ]
    assert all(ended.converged for ended in said)
    assert "at its limit: autocorrelation of cluster" in said[0].words
