"""Filled scores: identities between strategies, who follows them, frames of completed data."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from splw_eval.core.errors import FitError
from splw_eval.missing.checks import MissingError
from splw_eval.missing.filling.draw import draw
from splw_eval.missing.filling.impute import impute
from tests.unit.missing.given_loss import GROUPED, lost_people

FRAME = lost_people()
DRAWS = draw(FRAME, **GROUPED, covariates=["age", "sex"], imputations=5)
DATA = DRAWS.data
PROGRAMME = DATA.arm == 1
MAR = impute(DRAWS)
LOST = ~DATA.observed
J2R: dict[str, Any] = {"strategy": "J2R", "reference": "comparison"}


def refused(**other: Any) -> dict[str, Any]:
    with pytest.raises(MissingError) as error:
        impute(DRAWS, **other)
    return {found.code: found for found in error.value.findings}


def test_scores_that_were_seen_are_kept_and_all_others_filled():
    assert np.isfinite(MAR.scores).all()
    for scores in MAR.scores:
        assert (scores[~LOST] == DATA.y[~LOST]).all()
    assert (MAR.scores[0][LOST] != MAR.scores[1][LOST]).all()


def test_the_same_seed_gives_the_same_bits():
    again = impute(draw(FRAME, **GROUPED, covariates=["age", "sex"], imputations=5))
    assert (again.scores == MAR.scores).all()


@pytest.mark.parametrize("delta", [0, 0.0, {"programme": 0}, lambda since, arm: 0.0 * since])
def test_no_points_change_no_bit(delta):
    assert (impute(DRAWS, delta=delta).scores == MAR.scores).all()


@pytest.mark.parametrize("strategy", ["J2R", "CIR", "CR"])
def test_in_the_reference_arm_every_strategy_is_missing_at_random_bit_for_bit(strategy):
    other = impute(DRAWS, strategy=strategy, reference="comparison")
    assert (other.scores[:, ~PROGRAMME] == MAR.scores[:, ~PROGRAMME]).all()
    later = LOST & (np.arange(4) >= DATA.last_seen[:, None]) & PROGRAMME[:, None]
    assert (other.scores[:, later] != MAR.scores[:, later]).all()


@pytest.mark.parametrize("growing", [False, True])
def test_points_are_added_once_or_for_each_wave_since_the_person_left(growing: bool):
    filled = impute(DRAWS, delta={"programme": -2.0}, growing=growing)
    moved = filled.scores - MAR.scores
    since = np.clip(np.arange(4) - DATA.last_seen[:, None] + 1, 0, None)
    times = since if growing else since > 0
    expected = -2.0 * times * LOST * PROGRAMME[:, None]
    assert any(f"growing={growing}" in note for note in filled.notes)
    assert (impute(DRAWS, delta={"programme": -2.0}).scores == filled.scores).all() == (not growing)
    np.testing.assert_allclose(moved, np.broadcast_to(expected, moved.shape), atol=1e-12)


def test_a_function_of_waves_and_arm_gives_points_of_its_own():
    moved = impute(DRAWS, delta=lambda since, arm: (since > 0) * (1.0 + arm[:, None])).scores
    later = LOST & (np.arange(4) >= DATA.last_seen[:, None])
    np.testing.assert_allclose(
        (moved - MAR.scores)[:, later], np.tile((later * (1.0 + DATA.arm[:, None]))[later], (5, 1))
    )


def test_with_one_follow_up_jump_to_reference_shrinks_the_difference_by_the_share_missing():
    rng = np.random.default_rng(1)
    n = 4000
    arm = np.arange(n) % 2
    score = rng.normal(size=n) + 0.8 * arm
    score[(rng.random(n) < 0.3) & (arm == 1)] = np.nan
    frame = pd.DataFrame({"id": range(n), "wave": 12, "arm": arm, "score": score})
    named: dict[str, Any] = {"outcome": "score", "person": "id", "wave": "wave", "arm": "arm"}
    draws = draw(frame, **named, imputations=100)
    share = np.isnan(score[arm == 1]).mean()

    def difference(**other: Any) -> float:
        scores = impute(draws, **other).scores[:, :, 0]
        return float(scores[:, arm == 1].mean() - scores[:, arm == 0].mean())

    jumped = difference(strategy="J2R", reference=0)
    error = np.sqrt(share / (n / 2) / 100 * 4)
    assert jumped == pytest.approx((1 - share) * difference(), abs=5 * error)


def test_arms_may_have_strategies_of_their_own():
    both = impute(DRAWS, strategy={"programme": "J2R"}, reference="comparison")
    assert (both.scores == impute(DRAWS, **J2R).scores).all()
    assert both.strategy == {"comparison": "MAR", "programme": "J2R"}
    named = impute(DRAWS, **J2R, arms=["programme"])
    assert (named.scores == both.scores).all()
    held = impute(DRAWS, strategy="LMCF")
    assert held.strategy == {"comparison": "LMCF", "programme": "LMCF"}
    assert (held.scores[:, ~PROGRAMME] != MAR.scores[:, ~PROGRAMME]).any()


def test_a_strategy_of_ones_own_moves_the_means_that_it_says():
    def three_lower(own: Any, reference: Any, after: Any) -> Any:
        return own - 3.0 * (np.arange(own.shape[1]) >= after[:, None])

    moved = impute(DRAWS, strategy=three_lower, arms=["programme"]).scores - MAR.scores
    later = LOST & (np.arange(4) >= DATA.last_seen[:, None]) & PROGRAMME[:, None]
    np.testing.assert_allclose(moved[:, later], -3.0)
    assert (moved[:, ~later] == 0).all()


def test_only_scores_after_the_end_follow_the_strategy_where_ends_are_known():
    stayed = FRAME.assign(ended=np.nan)
    draws = draw(stayed, **GROUPED, covariates=["age", "sex"], imputations=5)
    assert (impute(draws, **J2R, ended="ended").scores == MAR.scores).all()
    person = int(np.flatnonzero(PROGRAMME & LOST[:, 1:].all(axis=1))[0])
    who = DRAWS.inputs.persons[person]
    left = FRAME.assign(ended=np.where(FRAME["id"] == who, 40.0, np.nan))
    draws = draw(left, **GROUPED, covariates=["age", "sex"], imputations=5)
    days = {0: 0, 1: 90, 2: 365, 3: 540}
    scores = impute(draws, **J2R, ended="ended", times=days).scores
    moved = (scores != MAR.scores).any(axis=0)
    assert moved[person].tolist() == [False, True, True, True]
    assert moved.sum() == 3


def test_completed_frames_have_every_person_at_every_wave_once():
    whole = MAR.frame(2)
    assert len(whole) == DATA.people * 4
    assert not whole[["id", "wave"]].duplicated().any()
    assert not whole[list(GROUPED.values())].isna().any().any()
    assert (whole["score"].to_numpy() == MAR.scores[2].ravel()).all()
    given = FRAME.dropna(subset="score").merge(whole, on=["id", "wave"])
    assert (given["score_x"] == given["score_y"]).all()
    assert (given["arm_x"] == given["arm_y"]).all()
    assert (given["age_x"] == given["age_y"]).all()
    assert len(list(MAR)) == len(MAR) == 5


def test_a_completed_frame_is_a_copy():
    whole = MAR.frame(0)
    whole["score"] = 0.0
    whole.loc[:, "age"] = 0.0
    assert (MAR.frame(0)["score"].to_numpy() == MAR.scores[0].ravel()).all()
    assert (MAR.frame(0)["age"] != 0).all()


def test_wide_frames_have_a_column_for_each_wave():
    wide = MAR.wide(1)
    assert wide.columns.tolist() == [
        "id", "arm", "practice", "age", "sex", "score_0", "score_1", "score_2", "score_3"
    ]  # fmt: skip
    assert (wide.filter(like="score_").to_numpy() == MAR.scores[1]).all()
    with pytest.raises(MissingError, match="counted from 0 to 4"):
        MAR.wide(5)


def test_a_baseline_column_is_completed_in_every_row_of_a_person():
    first = FRAME[FRAME["wave"] == 0].set_index("id")["score"]
    first.iloc[:7] = np.nan
    later = FRAME[FRAME["wave"] > 0].assign(before=lambda rows: rows["id"].map(first))
    draws = draw(later, **GROUPED, baseline="before", imputations=2, burn_in=5)
    made = impute(draws)
    whole = made.frame(0)
    assert len(whole) == DATA.people * 3
    assert (whole["before"].to_numpy() == np.repeat(made.scores[0][:, 0], 3)).all()
    assert whole["before"].notna().all()


def test_the_table_sets_filled_beside_seen_scores():
    row = MAR.table.query("arm == 'programme' and wave == '3'").iloc[0]
    own, lost = MAR.scores[:, PROGRAMME, 3], LOST[PROGRAMME, 3]
    assert row["n"] == PROGRAMME.sum()
    assert row["missing"] == lost.sum()
    assert row["mean_filled"] == pytest.approx(own[:, lost].mean())
    assert row["mean_seen"] == pytest.approx(own[:, ~lost].mean())
    assert max(len(line) for line in str(impute(DRAWS, **J2R)).splitlines()) <= 80


def test_scores_outside_the_instrument_are_counted_and_left_there():
    told = impute(DRAWS, limits=(-1.0, 1.0))
    assert (told.scores == MAR.scores).all()
    filled = MAR.scores[:, LOST]
    share = ((filled < -1) | (filled > 1)).mean()
    assert any(note.startswith(f"{share:.1%} of the filled") for note in told.notes)


@pytest.mark.parametrize(
    ("other", "codes"),
    [
        ({"strategy": "J2R"}, {"SN14"}),
        ({"strategy": "J2R", "reference": "usual"}, {"SN14"}),
        ({"strategy": "LOCF"}, {"SN16"}),
        ({"strategy": {"link": "MAR"}}, {"SN15"}),
        ({"arms": ["link"]}, {"SN15"}),
        ({"ended": "day"}, {"SN02"}),
        ({"ended": "sex"}, {"SN20"}),
        ({"times": {0: 1}}, {"SN01"}),
        ({"delta": "much"}, {"SN21"}),
        ({"delta": np.inf}, {"SN21"}),
        ({"delta": lambda since, _: np.ones(3)}, {"SN21"}),
        ({"delta": True}, {"SN21"}),
        ({"delta": {"programme": True}}, {"SN21"}),
        ({"delta": -1.0, "growing": "x"}, {"SN01"}),
        ({"delta": lambda since, _: 1.0 * since, "growing": True}, {"SN01"}),
        ({"limits": (3, 1)}, {"SN01"}),
        (
            {"strategy": "LOCF", "reference": "usual", "delta": {"link": 1}},
            {"SN14", "SN15", "SN16"},
        ),
    ],
)
def test_what_cannot_be_assumed_is_refused(other, codes):
    assert set(refused(**other)) == codes


def test_something_else_than_draws_is_refused():
    wrong: Any = FRAME
    with pytest.raises(MissingError, match="no result of draw"):
        impute(wrong)


def test_a_gap_before_somebody_left_is_missing_at_random_under_every_strategy():
    rows = FRAME.copy()
    gaps = (rows["wave"] == sorted(rows["wave"].unique())[1]) & (rows.index % 5 == 0)
    rows.loc[gaps, GROUPED["outcome"]] = np.nan
    draws = draw(rows, **GROUPED, covariates=["age", "sex"], imputations=3)
    before = ~draws.data.observed & (np.arange(4) < draws.data.last_seen[:, None])
    assert before[draws.data.arm == 1].any()
    at_random = impute(draws).scores
    for name in ("J2R", "CIR", "CR", "LMCF"):
        found = impute(draws, strategy=name, reference="comparison").scores
        np.testing.assert_allclose(found[:, before], at_random[:, before], rtol=0, atol=1e-9)


@pytest.mark.parametrize("strategy", ["J2R", "CIR", "CR", "LMCF"])
def test_a_gap_before_the_end_is_at_random_where_scores_were_seen_after_the_end(strategy):
    number = FRAME["id"].astype("category").cat.codes
    rows = FRAME.assign(ended=np.where(number % 4 == 0, 2.0, np.nan))
    rows.loc[(rows["wave"] == 1) & (number % 8 == 0), "score"] = np.nan
    draws = draw(rows, **GROUPED, imputations=3)
    at_random = impute(draws, ended="ended").scores
    filled = impute(draws, strategy=strategy, reference="comparison", ended="ended")
    known = draws.data.observed
    before = ~known & (np.arange(4) < filled.assumed.after[:, None])
    seen_later = np.any(known & (np.arange(4) >= filled.assumed.after[:, None]), axis=1)
    assert (before & seen_later[:, None])[draws.data.arm == 1].any()
    np.testing.assert_allclose(filled.scores[:, before], at_random[:, before], rtol=0, atol=1e-9)
    other = draws.data.arm == 0
    assert (filled.scores[:, other] == at_random[:, other]).all()


def _stops(*_given: Any) -> Any:
    raise KeyError("a name of somebody")


def test_a_function_of_ones_own_that_stops_is_named_and_what_it_said_is_not():
    with pytest.raises(FitError, match='strategy "_stops" stopped with KeyError') as told:
        impute(DRAWS, strategy=_stops, reference="comparison")
    assert "somebody" not in str(told.value)
    assert "the function delta= stopped with KeyError" in refused(delta=_stops)["SN21"].problem
