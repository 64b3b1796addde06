"""Arms compared by conditional means from a data frame: table, words, refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from splw_eval.missing.assumptions.conditional_mean import ConditionalMean, conditional_mean
from splw_eval.missing.checks import MissingError
from splw_eval.missing.filling.draw import draw
from splw_eval.missing.filling.impute import impute
from tests.unit.missing.given_waves import NAMES, waves_frame

HOUSE = [
    "term",
    "estimate",
    "std_error",
    "df",
    "statistic",
    "p_value",
    "conf_low",
    "conf_high",
    "n",
]


def made(frame: pd.DataFrame | None = None, **options: Any) -> ConditionalMean:
    given = {**NAMES, "at": 18, "covariates": ["age"], "reference": "comparison", **options}
    return conditional_mean(waves_frame() if frame is None else frame, **given)


def test_missing_at_random_and_the_strategy_stand_side_by_side_in_the_houses_columns():
    found = made(strategy="jump to reference")
    assert found.table.columns.tolist() == ["strategy", *HOUSE]
    assert found.table["strategy"].tolist() == ["MAR", "J2R"]
    assert found.table["term"].unique().tolist() == ["programme - comparison"]
    assert (found.n, found.table["df"].unique().tolist()) == (160, [8.0])
    assert 0 < found.table["estimate"][1] < found.table["estimate"][0]
    low, high = found.table["conf_low"], found.table["conf_high"]
    assert ((low + high) / 2).to_numpy() == pytest.approx(found.table["estimate"].to_numpy())


def test_missing_at_random_alone_is_one_row():
    found = made()
    assert found.table["strategy"].tolist() == ["MAR"]
    assert not any("Rubin" in note for note in found.notes)


def test_several_strategies_give_each_alone_gives_and_the_reference_arm_stays():
    both = made(strategy=["J2R", "LMCF"]).table.set_index("strategy")
    alone = made(strategy="LMCF")
    assert both.loc["LMCF", "estimate"] == alone.table["estimate"][1]
    assert both.loc["LMCF", "std_error"] == alone.table["std_error"][1]
    of_reference = alone.means.query("arm == 'comparison'")["mean"]
    assert of_reference.nunique() == 1


def test_the_order_of_rows_and_the_reference_change_nothing_but_the_sign():
    frame = waves_frame()
    shuffled = frame.sample(frac=1, random_state=3)
    assert made(shuffled).table["estimate"][0] == pytest.approx(
        made(frame).table["estimate"][0], abs=1e-9
    )
    other = made(frame, reference="programme").table
    assert other["estimate"][0] == pytest.approx(-made(frame).table["estimate"][0], abs=1e-9)
    assert other["term"][0] == "comparison - programme"


def test_only_scores_missing_after_the_end_follow_the_strategy_where_the_end_is_known():
    everywhere, after_end = made(strategy="J2R"), made(strategy="J2R", ended="left")
    frame = waves_frame()
    at = frame[frame["month"] == 18]
    wanted = (at["score"].isna() & at["left"].notna() & (at["arm"] == "programme")).sum()
    assert after_end.means.query("arm == 'programme'")["lost"].unique().tolist() == [wanted]
    estimates = [r.table["estimate"] for r in (everywhere, after_end)]
    assert estimates[0][0] == estimates[1][0]
    assert estimates[0][1] < estimates[1][1] < estimates[1][0]
    assert 'the end in the column "left"' in " ".join(after_end.notes)


def test_a_strategy_of_ones_own_may_be_given():
    def reference_throughout(
        own: np.ndarray, reference: np.ndarray, after: np.ndarray
    ) -> np.ndarray:
        return np.where(np.arange(own.shape[1]) >= after[:, None], reference, own)

    reference_throughout.covariance = "reference"  # type: ignore[attr-defined]
    own = made(strategy=reference_throughout).table
    known = made(strategy="J2R").table
    assert own["strategy"][1] == "reference_throughout"
    assert own["estimate"][1] == pytest.approx(known["estimate"][1], abs=1e-12)


def test_a_first_wave_after_the_start_is_no_baseline_unless_it_is_named():
    frame = waves_frame()
    frame = frame[frame["month"] > 0]
    assert any("not said to be before" in note for note in made(frame).notes)
    assert "adjusted for age" in made(frame).method
    assert 'adjusted for the score at "3", age' in made(frame, baseline=3).method


def test_it_prints_within_eighty_columns():
    text = str(made(strategy=["J2R", "CIR", "CR", "LMCF"]))
    assert max(map(len, text.splitlines())) <= 80
    assert "jackknife leaving out each practice (10), t with 8" in " ".join(text.split())


def test_without_a_reference_a_note_tells_which_arm_it_is():
    assert any("No reference arm was named" in note for note in made(reference=None).notes)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"at": 6}, "at= is no wave"),
        ({"at": 0}, "at= is no wave"),
        ({"strategy": "LOCF"}, "no such strategy"),
        ({"reference": "none"}, "reference="),
        ({"conf_level": 95}, "conf_level"),
        ({"practices": "some"}, "practices="),
        ({"ended": "absent"}, "no such column"),
        ({"covariates": ["absent"]}, "no such column"),
        ({"covariates": ["age"], "measured_after": ["age"]}, "after the start"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(options: dict[str, Any], words: str):
    with pytest.raises(MissingError, match=words):
        made(**options)


def test_options_that_cannot_be_used_are_told_together():
    with pytest.raises(MissingError) as told:
        made(strategy="LOCF", conf_level=0, practices="some")
    assert len(told.value.findings) == 3


def test_three_arms_are_refused():
    frame = waves_frame()
    frame.loc[frame["gp"] == "gp9", "arm"] = "third"
    with pytest.raises(MissingError, match="3 arms"):
        made(frame)


def test_missing_at_random_is_told_and_so_is_the_order_of_waves():
    found = made()
    assert any("missing at random" in note and "cannot tell" in note for note in found.notes)
    assert "waves 0, 3, 12, 18" in found.method


def test_arms_have_a_covariance_of_their_own_by_the_rule_of_the_draws():
    few = waves_frame(80)
    draws = draw(few, **NAMES, covariates=["age"], imputations=2, burn_in=1, thin=1)
    assert not draws.inputs.by_arm
    by_rule, shared = made(few), made(few, by_arm=False)
    assert by_rule.table["estimate"][0] == shared.table["estimate"][0]
    assert by_rule.table["estimate"][0] != made(few, by_arm=True).table["estimate"][0]
    assert any("Arms share one covariance" in note for note in by_rule.notes)
    assert not any("Arms share one covariance" in note for note in shared.notes)
    assert "covariance common to the arms" in by_rule.method
    with pytest.raises(MissingError, match="by_arm="):
        made(few, by_arm="yes")


def test_a_gap_before_the_end_is_filled_as_imputing_fills_it():
    frame = waves_frame()
    people = frame["id"].str[1:].astype(int)
    frame["ended"] = np.where(people % 4 == 1, 12.0, np.nan)
    draws = draw(frame, **NAMES, imputations=200, burn_in=50, thin=2)
    drawn_means = impute(draws, strategy="J2R", reference="comparison", ended="ended").scores
    expected = drawn_means[:, draws.data.arm == 1, 3].mean()
    found = made(frame, covariates=(), strategy="J2R", ended="ended").means
    mean = found.query("strategy == 'J2R' and arm == 'programme'")["mean"].item()
    assert mean == pytest.approx(expected, abs=0.03)
