"""Weights of people who were measured, and who was lost, beside R's glm and clubSandwich."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from splw_eval.missing.loss.loss_models import fit_loss
from splw_eval.missing.loss.observed_weights import observed_weights as weighted_check
from splw_eval.missing.loss.predictors import predictors_of_loss
from splw_eval.stats.weighting.observed import (
    jackknife_weighted,
    observed_weights,
    weighted_difference,
)

HELD = json.loads((Path(__file__).parent / "observed_weights.json").read_text())
GIVEN, DATA = HELD["results"], HELD["data"]
SCORES = np.array(DATA["scores"], dtype=float)
X = np.array(DATA["x"])[:, None]
SECOND, PRACTICE = np.array(DATA["second"]) == 1, np.array(DATA["practice"])
BESIDE = np.column_stack([SCORES[:, 0], X])
CLOSE = 1e-8


@pytest.mark.parametrize("history", ["waves", "baseline"])
def test_chances_and_weights_agree_with_r(history):
    found = observed_weights(SCORES, X, SECOND, 3, history=history)
    chance = np.array(GIVEN[history]["chance"], dtype=float)
    np.testing.assert_allclose(found.chance, chance, rtol=CLOSE)
    np.testing.assert_allclose(found.weights, GIVEN[history]["weights"], rtol=CLOSE)
    effective = [found.effective(~SECOND), found.effective(SECOND)]
    assert effective == pytest.approx(GIVEN[history]["effective"], rel=CLOSE)


@pytest.mark.parametrize("history", ["waves", "baseline"])
def test_weighted_differences_agree_with_club_sandwich_and_a_loop_over_practices(history):
    made = observed_weights(SCORES, X, SECOND, 3, history=history)
    found = weighted_difference(SCORES[:, 3], SECOND, BESIDE, PRACTICE, made.weights)
    said = GIVEN[history]["weighted"]
    for name in ("estimate", "std_error", "df", "n"):
        assert getattr(found, name) == pytest.approx(said[name], rel=CLOSE)
    again = jackknife_weighted(SCORES, X, SECOND, BESIDE, PRACTICE, 3, history=history)
    assert again.estimate == pytest.approx(found.estimate, rel=1e-12)
    assert again.std_error == pytest.approx(GIVEN[history]["jackknife"]["std_error"], rel=CLOSE)
    assert again.df == 13


def test_complete_cases_agree_with_club_sandwich():
    found = weighted_difference(SCORES[:, 3], SECOND, BESIDE, PRACTICE)
    said = GIVEN["complete"]
    given = [found.estimate, found.std_error, found.df, found.n]
    assert given == pytest.approx(
        [said[k] for k in ("estimate", "std_error", "df", "n")], rel=CLOSE
    )


@pytest.fixture(scope="module")
def frame():
    n, waves = SCORES.shape
    return pd.DataFrame(
        {
            "person": np.repeat(np.arange(n), waves),
            "wave": np.tile(np.arange(waves), n),
            "score": SCORES.ravel(),
            "arm": np.repeat(np.where(SECOND, "programme", "comparison"), waves),
            "practice": np.repeat(PRACTICE, waves),
            "x": np.repeat(X[:, 0], waves),
        }
    )


def test_the_frame_gives_what_the_arrays_give(frame):
    found = weighted_check(
        frame,
        outcome="score",
        person="person",
        wave="wave",
        arm="arm",
        cluster="practice",
        covariates=["x"],
        at=3,
    )
    row = found.table.query("adjusted and people == 'weighted'").iloc[0]
    said = GIVEN["waves"]["weighted"]
    assert row["estimate"] == pytest.approx(said["estimate"], rel=CLOSE)
    assert row["df"] == pytest.approx(said["df"], rel=CLOSE)
    weights = found.weights["weight"].to_numpy()
    np.testing.assert_allclose(weights, GIVEN["waves"]["weights"], rtol=CLOSE)


def test_differences_in_share_lost_by_arm_agree_with_club_sandwich(frame):
    # Two waves only, so that the last score before the wave is the first.
    found = predictors_of_loss(
        frame[frame["wave"].isin([0, 3])],
        outcome="score",
        person="person",
        wave="wave",
        at=3,
        arm="arm",
        cluster="practice",
        covariates=["x"],
    )
    joint = found.joint.query("model == 'by arm'").iloc[0]
    for name, value in GIVEN["loss"]["joint"].items():
        assert joint[name] == pytest.approx(value, rel=1e-7)


def test_shares_lost_agree_with_club_sandwich():
    lost, ones = np.isnan(SCORES[:, 3]).astype(float), np.ones((len(X), 1))
    a, b = SECOND.astype(float)[:, None], SCORES[:, :1]
    fit = fit_loss(lost, np.hstack([ones, a, X, b, a * X, a * b]), PRACTICE, "share")
    said = GIVEN["loss"]["share"]
    assert said["term"] == ["(Intercept)", "a", "x", "b", "a:x", "a:b"]
    rows = [fit.row(place, 0.95) for place in range(6)]
    for name in ("estimate", "std_error", "df"):
        assert [row[name] for row in rows] == pytest.approx(said[name], rel=CLOSE)


def test_odds_ratios_of_being_lost_agree_with_glm(frame):
    found = predictors_of_loss(
        frame[frame["wave"].isin([0, 3])],
        outcome="score",
        person="person",
        wave="wave",
        at=3,
        arm="arm",
        cluster="practice",
        covariates=["x"],
        scale="odds",
    )
    rows = found.table.query("model == 'together'").set_index("term")["estimate"]
    said = GIVEN["loss"]["odds"]
    assert np.log(rows["arm[T.programme]"]) == pytest.approx(said["a"], rel=1e-7)
    per_sd = {"x": X[:, 0].std(ddof=1), "b": SCORES[:, 0].std(ddof=1)}
    assert np.log(rows["x"]) == pytest.approx(said["x"] * per_sd["x"], rel=1e-7)
    assert np.log(rows["score at 0"]) == pytest.approx(said["b"] * per_sd["b"], rel=1e-7)
