"""Weights of people who were measured."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.weighting.observed import (
    jackknife_weighted,
    observed_weights,
    weighted_difference,
)


@pytest.fixture
def people():
    rng = np.random.default_rng(8)
    scores = rng.normal(size=(240, 3))
    scores[rng.random(240) < 0.3, 2] = np.nan
    return scores, np.repeat([0, 1], 120), np.arange(240) % 12


def test_without_columns_loss_at_chance_weighs_nearly_alike(people):
    scores, arm, _ = people
    found = observed_weights(scores, scores[:, :0], arm, 2)
    assert (found.used == ~np.isnan(scores[:, 2])).all()
    assert found.weights[found.used] == pytest.approx(1, abs=0.35)
    assert found.effective(arm == 1) <= found.used[arm == 1].sum()


def test_chances_over_those_measured_give_back_everybody(people):
    # The score equations of the logistic model: sum of chances is the number measured.
    scores, arm, _ = people
    found = observed_weights(scores, scores[:, :0], arm, 2, history="baseline")
    for code in (0, 1):
        mine = arm == code
        assert found.chance[mine].sum() == pytest.approx(found.measured[mine].sum(), rel=1e-9)


def test_weights_of_arms_do_not_hang_on_each_other(people):
    scores, arm, _ = people
    both = observed_weights(scores, scores[:, :0], arm, 2).weights[arm == 1]
    alone = observed_weights(scores[arm == 1], scores[arm == 1, :0], arm[arm == 1], 2).weights
    np.testing.assert_array_equal(both, alone)


def test_the_jackknife_and_cr2_are_near_each_other_where_weights_matter_little(people):
    scores, _, practice = people
    second = practice >= 6
    weights = observed_weights(scores, scores[:, :0], second, 2).weights
    beside = scores[:, :1]
    plain = weighted_difference(scores[:, 2], second, beside, practice, weights)
    again = jackknife_weighted(scores, scores[:, :0], second, beside, practice, 2)
    assert again.estimate == pytest.approx(plain.estimate, rel=1e-12)
    assert again.std_error == pytest.approx(plain.std_error, rel=0.25)
    assert again.df == 10


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"wave": 0}, "place from 1 to 2"),
        ({"wave": 3}, "place from 1 to 2"),
        ({"history": "all"}, "waves, baseline"),
        ({"columns": np.full((240, 1), np.nan)}, "first score and all columns"),
        ({"columns": np.zeros((239, 1))}, "same rows"),
    ],
)
def test_what_cannot_be_weighed_is_refused(people, change, says):
    scores, arm, _ = people
    asked = {"scores": scores, "columns": scores[:, :0], "arm": arm, "wave": 2} | change
    with pytest.raises(FitError, match=says):
        observed_weights(**asked)


def test_an_arm_of_whom_nobody_was_measured_is_refused(people):
    scores, arm, _ = people
    scores[arm == 1, 2] = np.nan
    with pytest.raises(FitError, match="Nobody of arm 1 was measured at wave 2"):
        observed_weights(scores, scores[:, :0], arm, 2)


def test_two_practices_cannot_be_left_out(people):
    scores, arm, _ = people
    with pytest.raises(FitError, match="three of them"):
        jackknife_weighted(scores, scores[:, :0], arm == 1, scores[:, :0], arm, 2)
