"""What is drawn for a study, and why there is nothing where nothing can be drawn."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from splw_eval.missing.reported.compared import compared_in, under
from splw_eval.missing.reported.disengaged import left_of
from splw_eval.missing.reported.filled import filled_of
from splw_eval.missing.reported.known import REST, joined
from tests.unit.given_study import edited
from tests.unit.missing.reported.given_lost import MISSING, drawn, lost_plan, lost_study
from tests.unit.retention.given_delivery import delivery


def why(study) -> str:
    found = filled_of(study)
    assert isinstance(found, tuple)
    return found[0].text


def test_scores_are_drawn_once_for_a_study(tmp_path):
    study = lost_study(tmp_path)
    assert filled_of(study) is filled_of(study)
    assert drawn(study).draws.imputations == MISSING["imputations"]
    assert drawn(study).draws.seed == study.plan.seed


def test_a_study_of_one_group_says_that_there_is_nothing_to_hold_it_against(tmp_path):
    assert "There is one group" in why(lost_study(tmp_path, "pre_post", practices=0))


def test_a_group_of_one_practice_is_refused_in_words(tmp_path):
    assert "of one practice" in why(lost_study(tmp_path, practices=3))


def test_a_wave_at_which_nobody_of_a_group_was_measured_is_refused_in_words(tmp_path):
    assert "Nobody of some group" in why(lost_study(tmp_path, lost=(1.0, 0.1)))


def test_people_whose_wave_is_not_due_are_not_lost(tmp_path):
    study = lost_study(tmp_path)
    due = study.due.copy()
    unseen = np.isnan(study.scores["phq9"][:, -1])
    due[unseen, -1] = False
    early = drawn(replace(study, due=due))
    assert len(early.rows) == int((~unseen).sum())
    assert any(note.counts.get("n") == int(unseen.sum()) for note in early.notes)


def test_groups_that_chance_formed_are_adjusted_for_the_start_and_others_compared_by_change(
    tmp_path,
):
    trial = drawn(lost_study(tmp_path))
    (tmp_path / "cohort").mkdir()
    cohort = drawn(lost_study(tmp_path / "cohort", "controlled_cohort"))
    scores = np.arange(len(trial.rows) * 3, dtype=float).reshape(-1, 3) ** 1.1
    (one,), (other,) = tuple(compared_in(trial)), tuple(compared_in(cohort))
    assert one.design(scores[:, 0]).shape[1] == 3
    assert other.design(scores[:, 0]).shape[1] == 2
    assert other.outcome(scores) == pytest.approx(scores[:, 2] - scores[:, 0])


def test_complete_cases_are_the_least_squares_of_those_measured(tmp_path):
    filled = drawn(lost_study(tmp_path, "individual_trial", practices=0))
    (compared,) = compared_in(filled)
    y, kept = filled.draws.data.y, compared.complete
    x = np.column_stack([np.ones(kept.sum()), compared.programme[kept], y[kept, 0]])
    coef, rest, *_ = np.linalg.lstsq(x, y[kept, 2], rcond=None)
    error = np.sqrt(rest[0] / (kept.sum() - 3) * np.linalg.inv(x.T @ x)[1, 1])
    told = compared.of_complete()
    assert told.estimate == pytest.approx(coef[1])
    assert told.std_error == pytest.approx(error)
    assert told.df == kept.sum() - 3


def test_a_mean_of_waves_moves_by_the_share_of_waves_that_are_missing(tmp_path):
    plan = edited(lost_plan(), "estimand.contrast.kind", "mean")
    plan = edited(plan, "estimand.contrast.waves", ["month_3", "month_6"])
    filled = drawn(lost_study(tmp_path, plan=plan))
    (compared,) = compared_in(filled)
    moved = compared.moved(under(filled, "MAR"))
    missing = np.isnan(filled.draws.data.y)[:, 1:]
    later = missing & (missing[:, ::-1].cumprod(axis=1)[:, ::-1] > 0)
    assert moved.sum(axis=0) == pytest.approx(later.mean(axis=1))
    assert set(np.unique(moved)) == {0.0, 0.5, 1.0}


def test_only_people_who_had_dropped_out_are_moved_where_the_plan_asks(tmp_path):
    base = lost_study(tmp_path)
    days = [20, None] * 10
    episodes: dict[str, list[Any]] = {
        "episode": [f"e{i}" for i in range(20)],
        "person": [f"p{2 * i}" for i in range(20)],
        "referral_date": [0] * 20,
        "first_contact_date": [5] * 20,
        "close_date": days,
        "close_reason": ["declined" if day else "" for day in days],
    }
    missing = base.plan.missing
    assert missing is not None
    asked = base.plan.model_copy(
        update={"missing": missing.model_copy(update={"only_disengaged": True})}
    )
    study = replace(delivery(base, episodes=episodes, cut=400), plan=asked)
    filled = drawn(study)
    assert filled.left is not None
    assert filled.left.days is not None
    gone = ~np.isnan(filled.left.days)
    assert gone.sum() == 10
    (compared,) = compared_in(filled)
    lost = np.isnan(filled.draws.data.y[:, 2])
    moved = compared.moved(under(filled, "J2R"))
    assert (moved[0] > 0).tolist() == (lost & gone).tolist()
    assert not moved[1].any()


def test_without_records_of_the_service_the_assumptions_hold_for_everybody_and_that_is_said(
    tmp_path,
):
    study = lost_study(tmp_path)
    missing = study.plan.missing
    assert missing is not None
    plan = study.plan.model_copy(
        update={"missing": missing.model_copy(update={"only_disengaged": True})}
    )
    left = left_of(replace(study, plan=plan), np.arange(3))
    assert left is not None
    assert left.days is None
    assert "do not tell" in left.note.text


def test_levels_of_few_people_are_taken_together_until_none_is_small():
    values = np.array(["a"] * 40 + ["b"] * 30 + ["c"] * 4 + [""] * 3, dtype=object)
    words, changed = joined(values)
    assert changed
    assert {word: int((words == word).sum()) for word in set(words)} == {"a": 40, REST: 37}
