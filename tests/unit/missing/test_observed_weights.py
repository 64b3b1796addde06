"""People measured, weighted to stand for those lost."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from splw_eval.missing.checks import MissingError
from splw_eval.missing.loss.observed_weights import observed_weights
from tests.unit.missing.given_loss import GROUPED, lost_people


@pytest.fixture(scope="module")
def frame():
    return lost_people()


def test_both_unadjusted_and_adjusted_stand_at_every_wave_after_the_first(frame):
    found = observed_weights(frame, **GROUPED, covariates=["age"])
    kinds = found.table.groupby("wave")[["adjusted", "people"]].value_counts()
    assert len(kinds) == 3 * 2 * 3
    assert (kinds == 1).all()


def test_weights_mend_what_complete_cases_get_wrong():
    plain, mended = [], []
    for seed in range(12):
        frame = lost_people(seed, steepness=1.5)
        found = observed_weights(frame, **GROUPED, at=1)
        rows = found.table.query("not adjusted").set_index("people")["estimate"]
        start = frame[frame["wave"] == 0].groupby("arm")["score"].mean().diff().iloc[1]
        plain.append(rows["complete cases"] - start)
        mended.append(rows["weighted"] - start)
    assert np.mean(plain) < -0.5
    assert abs(np.mean(mended)) < 0.15


def test_weights_of_an_arm_add_up_to_about_those_measured(frame):
    found = observed_weights(frame, **GROUPED, at=1)
    sums = (
        found.weights.merge(
            frame.loc[frame["wave"] == 0, ["id", "arm"]], left_on="person", right_on="id"
        )
        .groupby("arm")["weight"]
        .sum()
    )
    measured = found.sizes.set_index("arm")["measured"]
    assert (sums / measured).to_numpy() == pytest.approx([1, 1], abs=0.05)
    assert (found.sizes["effective_size"] < found.sizes["measured"]).all()


def test_where_nobody_is_lost_weights_are_one_and_change_nothing(frame):
    whole = frame.assign(score=frame["score"].fillna(0.0) + frame["age"] / 10)
    found = observed_weights(whole, **GROUPED, at=2)
    assert (found.weights["weight"] == 1).all()
    rows = found.table.query("adjusted").set_index("people")
    assert rows.loc["weighted", "std_error"] == rows.loc["complete cases", "std_error"]


def test_scores_after_a_gap_have_no_weight_unless_the_start_alone_counts(frame):
    back = frame.copy()
    gone = back.loc[(back["wave"] == 2) & back["score"].isna(), "id"].head(7)
    back.loc[back["id"].isin(gone) & (back["wave"] == 3), "score"] = 1.0
    by_wave = observed_weights(back, **GROUPED, at=3)
    sizes = by_wave.sizes
    assert (sizes["measured"] - sizes["weighted"]).sum() == 7
    assert any(note.startswith("7 scores measured after a missed wave") for note in by_wave.notes)
    start = observed_weights(back, **GROUPED, at=3, history="baseline")
    assert (start.sizes["measured"] == start.sizes["weighted"]).all()


def test_a_column_that_tells_who_was_lost_is_refused(frame):
    lost = frame.loc[(frame["wave"] == 1) & frame["score"].isna(), "id"]
    told = frame.assign(knows=frame["id"].isin(lost).astype(float))
    with pytest.raises(MissingError) as caught:
        observed_weights(told, **GROUPED, at=1, covariates=["knows"])
    assert [one.code for one in caught.value.findings] == ["SN35"]
    assert "wave 1" in str(caught.value)


def test_unknown_words_and_levels_are_told_together(frame):
    with pytest.raises(MissingError) as caught:
        observed_weights(frame, **GROUPED, history="all", conf_level=95)
    assert len(caught.value.findings) == 2


def test_an_arm_in_which_nobody_was_measured_is_named_with_its_wave(frame):
    gone = (frame["arm"] == "programme") & (frame["wave"] == 2)
    nobody = frame.assign(score=frame["score"].mask(gone))
    with pytest.raises(MissingError, match=r"nobody of the arm programme .* at wave 2") as caught:
        observed_weights(nobody, **GROUPED)
    assert [one.code for one in caught.value.findings] == ["SN35"]


def test_covariates_may_be_a_formula_and_nothing_else_that_is_no_list(frame):
    written = observed_weights(frame, **GROUPED, at=1, covariates="age")
    listed = observed_weights(frame, **GROUPED, at=1, covariates=["age"])
    assert written.table.equals(listed.table)
    for wrong in (None, 5):
        given: Any = wrong
        with pytest.raises(MissingError, match="neither columns nor a formula"):
            observed_weights(frame, **GROUPED, covariates=given)
    with pytest.raises(MissingError, match="arm= names no column"):
        observed_weights(frame, **(GROUPED | {"arm": None}))


def test_the_method_tells_the_scale_of_weights_and_the_rules_of_df(frame):
    found = observed_weights(frame, **GROUPED, at=1)
    assert "Satterthwaite's df" in found.method
    assert "practices less 2" in found.method
    assert "within arms to a mean of about 1" in found.method


def test_printed_lines_fit_eighty_columns(frame):
    text = str(observed_weights(frame, **GROUPED, covariates=["age", "sex"]))
    assert max(map(len, text.splitlines())) <= 80
