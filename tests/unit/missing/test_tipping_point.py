"""The tipping point from draws: grid, contour, sentence, refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from splw_eval.missing.assumptions.tipping_point import TippingPoint, tipping_point
from splw_eval.missing.checks import MissingError
from splw_eval.missing.filling.draw import draw
from splw_eval.missing.filling.impute import impute
from splw_eval.missing.pooling.analyse import analyse
from splw_eval.missing.pooling.pool import pool
from tests.unit.missing.given_waves import NAMES, drawn, waves_frame

FIXED = "arm + score_0 + age"
ROUNDING = 1e-9


def made(gain: float = 0.8, **options: Any) -> TippingPoint:
    return tipping_point(drawn(gain), **{"wave": 18, "reference": "comparison", **options})


def test_the_grid_holds_each_pair_of_points_and_none_at_all():
    found = made(deltas={"programme": [-2, -1], "comparison": [1]})
    assert found.table[["delta", "delta_reference"]].to_numpy().tolist() == [
        [-2, 0], [-1, 0], [0, 0], [-2, 1], [-1, 1], [0, 1],
    ]  # fmt: skip
    assert found.table.columns.tolist()[2:11] == [
        "term", "estimate", "std_error", "df", "statistic", "p_value", "conf_low", "conf_high", "n",
    ]  # fmt: skip
    assert len(made().table) == 81


@pytest.mark.parametrize("growing", [False, True])
@pytest.mark.parametrize("points", [0.0, -1.5])
def test_each_row_is_what_imputing_analysing_and_pooling_with_those_points_gives(
    points: float, growing: bool
):
    found = made(deltas={"programme": [points]}, growing=growing).table
    row = found[found["delta"] == points].iloc[0]
    delta = {"programme": points}
    completed = impute(drawn(), delta=delta, growing=growing)
    pooled = pool(analyse(completed, wave=18, fixed=FIXED, cluster="gp")).table
    wanted = pooled[pooled["term"].str.startswith("arm")].iloc[0]
    for name in ("estimate", "std_error", "df", "p_value", "conf_low", "conf_high"):
        assert row[name] == pytest.approx(wanted[name], rel=ROUNDING), name


def test_a_formula_gives_what_the_default_gives_where_they_say_the_same():
    assert made(fixed=FIXED).tipping == pytest.approx(made().tipping, rel=1e-7)


def test_estimates_are_straight_lines_in_the_points():
    found = made(deltas=[-2, -1, 0, 1]).table
    grid = found.pivot(index="delta", columns="delta_reference", values="estimate").to_numpy()
    assert np.diff(grid, 2, axis=0) == pytest.approx(0, abs=1e-12)
    assert np.diff(grid, 2, axis=1) == pytest.approx(0, abs=1e-12)
    assert (np.diff(grid, axis=0) > 0).all()
    assert (np.diff(grid, axis=1) < 0).all()


def test_the_conclusion_changes_at_the_tipping_point_and_the_sentence_says_so():
    found = made(1.5)
    assert found.tipping is not None
    assert found.tipping < 0
    assert found.sentence == (
        "The conclusion would change if people lost from programme did "
        f"{-found.tipping:.3g} points worse than those seen."
    )
    at = made(1.5, deltas={"programme": [found.tipping]}).table.iloc[0]
    assert at["conf_low"] == pytest.approx(0, abs=1e-9)
    contour = found.contour.set_index("delta_reference")["delta"]
    assert contour[0] == pytest.approx(found.tipping, rel=1e-12)
    assert (np.diff(contour.to_numpy()) > 0).all()


def test_where_lower_is_better_lower_is_not_worse():
    found = made(1.5, direction="lower is better")
    assert "points better than those seen" in found.sentence


def test_an_interval_that_includes_no_difference_is_said_to():
    found = made(0.0)
    assert found.sentence.startswith("The interval includes no difference as it stands. It would")
    nothing = made(0.0, reach=0.01)
    assert nothing.tipping is None
    assert "nothing to tip" in nothing.sentence


def test_a_conclusion_that_stands_within_reach_is_said_to_stand():
    found = made(1.5, reach=0.05)
    assert found.tipping is None
    assert "would not change even if people lost from programme did 0.05 points" in found.sentence


def test_with_nobody_lost_there_is_nothing_to_tip():
    found = made(wave=0)
    assert found.tipping is None
    assert (
        found.sentence == "Nobody was lost from programme at this wave, so there is nothing to tip."
    )
    assert found.contour["delta"].isna().all()
    assert found.lost == {"comparison": 0, "programme": 0}


def test_points_are_added_to_the_disengaged_alone_where_the_end_is_known():
    frame = waves_frame(gain=1.5)
    at = frame[frame["month"] == 18]
    wanted = at[at["score"].isna() & at["left"].notna()].groupby("arm").size().to_dict()
    found = made(1.5, ended="left")
    assert found.lost == wanted
    assert any("other scores missing at this wave" in note for note in found.notes)
    everybody = made(1.5)
    assert found.tipping is None or found.tipping < (everybody.tipping or 0)


def test_the_arm_moved_may_be_the_other():
    found = made(1.5, arm="comparison", reference=None)
    assert (found.arm, found.reference) == ("comparison", "programme")
    assert found.tipping is not None
    assert found.tipping > 0


def test_it_prints_within_eighty_columns():
    text = str(made(1.5))
    assert max(map(len, text.splitlines())) <= 80
    assert "The conclusion would change" in text


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"wave": 6}, "wave= is none"),
        ({"arm": "third"}, "arm= is none"),
        ({"arm": "comparison"}, "are the same"),
        ({"cluster": "age"}, "cluster= is not the column"),
        ({"fixed": "arm * age"}, "not once by itself"),
        ({"fixed": "age"}, "not once by itself"),
        ({"fixed": "arm +"}, "cannot be understood"),
        ({"direction": "up"}, "direction="),
        ({"deltas": ["a"]}, "deltas="),
        ({"deltas": {"third": [1]}}, "deltas= names an arm"),
        ({"reach": 0}, "reach="),
        ({"conf_level": 2}, "conf_level"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(options: dict[str, Any], words: str):
    with pytest.raises(MissingError, match=words):
        made(**options)


def test_draws_without_arms_and_what_are_no_draws_are_refused():
    alone = draw(
        waves_frame(), outcome="score", person="id", wave="month", imputations=2, burn_in=5, thin=1
    )
    with pytest.raises(MissingError, match="no two arms"):
        tipping_point(alone, wave=18)
    with pytest.raises(MissingError, match="no result of draw"):
        tipping_point(waves_frame(), wave=18)  # type: ignore[arg-type]


def test_people_whom_the_fixed_part_cannot_take_are_left_out_and_counted():
    frame = waves_frame(gain=1.5)
    frame["size"] = np.where(frame["id"] == "p0003", np.nan, 1.0 * frame["age"] % 7)
    draws = draw(
        frame,
        outcome="score",
        person="id",
        wave="month",
        arm="arm",
        imputations=2,
        burn_in=5,
        thin=1,
    )
    found = tipping_point(draws, wave=18, fixed="C(arm) + size")
    assert found.n == 159
    assert "1 of 160 people were left out: without a covariate of fixed=." in found.notes
    assert any("no practices were named" in note for note in found.notes)


def test_scores_that_are_all_alike_at_the_wave_give_no_share_of_their_spread():
    frame = waves_frame()
    frame.loc[frame["month"] == 18, "score"] *= 0
    draws = draw(frame, **NAMES, imputations=3, burn_in=20, thin=1)
    told = " ".join(tipping_point(draws, wave=18, reference="comparison").notes)
    assert "standard deviations of the scores seen" not in told


def test_the_notes_say_whether_points_are_added_once():
    assert any("growing=False" in note for note in made().notes)
    assert any("growing=True" in note for note in made(growing=True).notes)


@pytest.mark.parametrize("options", [{"growing": "x"}, {"deltas": [True]}, {"deltas": True}])
def test_words_and_yes_and_no_are_no_points(options: dict[str, Any]):
    with pytest.raises(MissingError):
        made(**options)
