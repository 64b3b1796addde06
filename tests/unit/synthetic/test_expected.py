"""Means, SDs and reliabilities that are worked out, against what is drawn and what is met."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.instruments import score_responses
from splw_eval.synthetic.expected import coarse, expected, shift_for
from splw_eval.synthetic.questionnaires import QUESTIONNAIRES
from splw_eval.synthetic.stream import Stream

N = 60_000
# People referred to link workers: mean and SD of each score, as studies found them.
MET = {
    "swemwbs": ((19, 20), (3.9, 4.9)),
    "eq5d_5l": ((0.6, 0.7), (0.19, 0.30)),
    "eq_vas": ((55, 65), (17, 22)),
    "phq9": ((11, 12), (5.5, 6.5)),
    "ons4_satisfaction": ((5.5, 6), (2.2, 2.8)),
    "ons4_worthwhile": ((5.5, 6), (2.2, 2.8)),
    "ons4_happy": ((5.5, 6), (2.2, 2.8)),
    "ons4_anxiety": ((5, 5.5), (2.2, 2.9)),
    "ucla3": ((5.8, 6.3), (1.6, 2.0)),
}


def drawn(outcome: str, shift: float = 0.0) -> np.ndarray:
    """Scores of many people whose trait is normal."""
    form, stream = QUESTIONNAIRES[outcome], Stream(5, outcome)
    trait = (-1 if form.worse else 1) * (stream.normal(N) + shift)
    answers = np.stack(
        [
            item.lowest
            + item.step
            * np.searchsorted(
                item.limits,
                item.loading * trait + np.sqrt(1 - item.loading**2) * stream.normal(N),
            ).astype(float)
            for item in form.items.values()
        ],
        axis=1,
    )
    if len(form.items) == 1:
        return answers[:, 0]
    return score_responses(answers, form.instrument)[form.score].values


@pytest.mark.parametrize("outcome", QUESTIONNAIRES)
def test_what_is_worked_out_is_what_is_drawn(outcome):
    scores, worked_out = drawn(outcome), expected(outcome)
    # Four standard errors, and what a sum of 12 uniform numbers lacks in its tails.
    assert scores.mean() == pytest.approx(worked_out.mean, abs=4 * worked_out.sd / np.sqrt(N))
    assert scores.std() == pytest.approx(worked_out.sd, rel=0.015)


@pytest.mark.parametrize("outcome", QUESTIONNAIRES)
def test_scores_are_like_those_of_people_referred(outcome):
    mean, sd = MET[outcome]
    assert mean[0] < expected(outcome).mean < mean[1]
    assert sd[0] < expected(outcome).sd < sd[1]


@pytest.mark.parametrize("outcome", ["swemwbs", "phq9", "ucla3"])
def test_items_agree_as_those_of_real_questionnaires(outcome):
    assert 0.8 < expected(outcome).reliability < 0.9


@pytest.mark.parametrize("effect", [-0.4, 0.05, 0.2, 0.8])
@pytest.mark.parametrize("outcome", ["swemwbs", "phq9", "eq5d_5l", "ons4_anxiety"])
def test_an_effect_on_the_score_is_reached_through_the_trait(outcome, effect):
    shift = shift_for(outcome, effect, 0.3)
    moved = expected(outcome, 0.3 + shift).mean - expected(outcome, 0.3).mean
    side = -1 if outcome in ("phq9", "ons4_anxiety") else 1
    # Shifts are kept to one part in 4,096 of an SD.
    assert side * moved / expected(outcome).sd == pytest.approx(effect, abs=1 / 4096)


def test_no_effect_is_no_shift():
    assert shift_for("swemwbs", 0.0, 0.3) == 0.0


def test_coarse_numbers_are_whole_parts_of_4096():
    assert coarse(1 / 3) * 4096 == 1365
