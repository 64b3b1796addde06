"""The answer under other assumptions, its tipping point and its check, as rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from splw_eval.appraisal import mask
from splw_eval.core.result import Result
from splw_eval.missing import reported
from splw_eval.missing.reported.compared import LITTLE, compared_in, under
from splw_eval.missing.reported.sensitivity import strategies_of
from splw_eval.missing.reported.tipping import AGAINST, FAVOUR, OPEN, steps_of
from splw_eval.missing.reported.turning import turning_of
from splw_eval.missing.reported.weights import AGAIN, UNWEIGHTED, WEIGHTED
from tests.unit.given_study import edited
from tests.unit.missing.reported.given_lost import MISSING, drawn, lost_plan, lost_study


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return lost_study(tmp_path_factory.mktemp("lost"))


@pytest.fixture(scope="module")
def by_name(study):
    return {row.strategy: row for row in reported.describe_sensitivity(study).rows}


def test_the_main_answer_stands_first_and_every_assumption_of_the_plan_after_it(study, by_name):
    assert list(by_name) == ["Main answer", "Complete cases", "MAR", *strategies_of(study)]
    assert [row.default for row in by_name.values()] == ["yes", *["no"] * (len(by_name) - 1)]


def test_people_are_said_to_be_alike_only_in_what_is_known_of_them(tmp_path, by_name):
    assert (
        by_name["MAR"].assumption == "as people alike in group, practice and scores at other waves"
    )
    alone = lost_study(tmp_path, design="individual_trial", practices=0)
    row = next(r for r in reported.describe_sensitivity(alone).rows if r.strategy == "MAR")
    assert row.assumption == "as people alike in group and scores at other waves"


def test_assumptions_that_people_lost_were_like_the_comparison_draw_the_answer_to_none(by_name):
    assert by_name["MAR"].estimate < by_name["J2R"].estimate < 0


def test_filled_in_answers_tell_of_all_people_and_others_of_those_measured(study, by_name):
    (compared,) = compared_in(drawn(study))
    assert by_name["MAR"].n == 160
    assert by_name["MAR"].filled_in == sum(compared.lost())
    assert by_name["Complete cases"].n == 160 - sum(compared.lost())
    assert by_name["Complete cases"].filled_in is None


def test_an_answer_rests_on_the_fewest_who_were_lost(study, by_name):
    (compared,) = compared_in(drawn(study))
    assert by_name["J2R"].n_fewest == min(*compared.lost(), compared.smaller())


def test_without_a_plan_for_missing_scores_assumptions_are_said_to_be_chosen_here(tmp_path):
    plan = lost_plan()
    del plan["missing"]
    result = reported.describe_sensitivity(lost_study(tmp_path, plan=plan))
    assert [row.strategy for row in result.rows][-2:] == ["J2R", "CIR"]
    assert "were not chosen beforehand" in result.notes[0].text


def test_where_nobody_was_lost_there_is_a_sentence_and_no_row(tmp_path):
    study = lost_study(tmp_path, lost=(0.0, 0.0))
    for describe in (
        reported.describe_sensitivity,
        reported.describe_tipping,
        reported.describe_observed_weights,
    ):
        result = describe(study)
        assert result.rows == ()
        assert any("nobody was lost" in note.text for note in result.notes)


def test_two_practices_in_each_group_give_figures_without_intervals(tmp_path):
    study = lost_study(tmp_path, practices=4)
    row = next(r for r in reported.describe_sensitivity(study).rows if r.strategy == "MAR")
    assert row.estimate is not None
    assert (row.conf_low, row.df, row.interval) == (None, None, LITTLE)
    tipping = reported.describe_tipping(study)
    assert tipping.rows == ()
    assert "no conclusion that could tip" in tipping.notes[0].text


@pytest.mark.parametrize("gain", [-2.5, 0.0, 2.5])
def test_the_conclusion_changes_where_the_interval_meets_no_difference(tmp_path, gain):
    study = lost_study(tmp_path, "individual_trial", practices=0, gain=gain, people=300)
    filled = drawn(study)
    (compared,) = compared_in(filled)
    shifted = compared.shifted(under(filled, "MAR"))
    found = turning_of(shifted, 0.0, worse=1.0, reach=27.0)
    first = reported.describe_tipping(study).rows[0]
    assert first.conclusion == {-2.5: AGAINST, 0.0: OPEN, 2.5: FAVOUR}[gain]
    assert found.better_until is not None
    pooled = shifted.pooled([[found.better_until, 0.0]])
    assert float(pooled.conf_high[0]) == pytest.approx(0.0, abs=1e-3)  # lower scores are better
    assert (found.better_until > 0) is (gain > 0)
    assert first.better_until == found.better_until


def test_the_figure_moves_by_the_share_that_is_missing(study):
    rows = {
        (row.delta_programme, row.delta_comparison): row.estimate or 0.0
        for row in reported.describe_tipping(study).rows
    }
    steps = sorted({mine for mine, _ in rows})
    fall = [(rows[mine, 0.0] - rows[0.0, 0.0]) / mine for mine in steps[1:]]
    assert fall == pytest.approx([fall[0]] * len(fall))
    assert 0.2 < fall[0] < 0.8


def test_steps_are_those_of_the_plan_or_go_by_the_scores(tmp_path):
    plan = edited(lost_plan(), "missing", MISSING | {"deltas": [1.0, 2.5]})
    assert steps_of(lost_study(tmp_path, plan=plan), 4.0) == (0.0, 1.0, 2.5)
    (tmp_path / "free").mkdir()
    assert steps_of(lost_study(tmp_path / "free"), 4.0)[1:3] == (0.4, 0.8)


def test_weights_are_set_beside_everybody_alike_and_made_anew_by_practice(study):
    rows = reported.describe_observed_weights(study).rows
    assert [row.method for row in rows] == [UNWEIGHTED, WEIGHTED, AGAIN]
    assert (rows[1].effective or 0) <= (rows[1].n or 0) <= (rows[0].n or 0)
    assert rows[1].estimate == pytest.approx(rows[2].estimate)


def test_few_who_were_lost_take_every_figure_with_them(tmp_path):
    study = lost_study(tmp_path, people=120, lost=(0.04, 0.3), seed=8)
    (compared,) = compared_in(drawn(study))
    assert 0 < compared.lost()[0] < 8
    results: list[Result[Any]] = [
        reported.describe_sensitivity(study),
        reported.describe_tipping(study),
    ]
    for result in results:
        shown = mask(result, study.plan)
        hidden = [row for row in shown.rows if getattr(row, "default", "no") == "no"]
        assert hidden
        assert {row.estimate for row in hidden} == {None}
        assert {getattr(row, "better_until", None) for row in hidden} == {None}


def test_no_sentence_counts_people(study):
    counts = {str(n) for n in (160, 80, *next(compared_in(drawn(study))).lost())}
    for describe in (reported.describe_sensitivity, reported.describe_tipping):
        for note in describe(study).notes:
            assert not counts & set(note.text.replace(",", " ").replace(".", " ").split())


def test_shares_missing_are_counted_by_group_and_wave_and_ranged_by_practice(study):
    rows = {(r.arm, r.wave): r for r in reported.describe_loss_by_practice(study).rows}
    row = rows["Link worker", "month_6"]
    mine = study.people.arm == 0
    lost = np.isnan(study.scores["phq9"][mine, 2])
    assert (row.expected, row.missing) == (int(mine.sum()), int(lost.sum()))
    shares = [
        100 * lost[study.people.cluster[mine] == code].mean()
        for code in np.unique(study.people.cluster[mine])
    ]
    assert row.median == pytest.approx(np.median(shares))
    assert row.clusters == len(shares) == 4


def test_three_practices_have_no_quarters(tmp_path):
    study = lost_study(tmp_path, practices=6)
    row = reported.describe_loss_by_practice(study).rows[0]
    assert (row.lower, row.clusters) == (None, 3)


def test_the_group_that_was_lost_more_has_a_ratio_above_one(tmp_path):
    study = lost_study(tmp_path, people=400, lost=(0.5, 0.15))
    first = reported.describe_loss_predictors(study).rows[0]
    assert first.level == "Link worker, against Usual care"
    assert first.conf_low is not None
    assert first.conf_low > 1
    assert first.clusters == 8


def test_an_odds_ratio_without_practices_is_that_of_the_table(tmp_path):
    study = lost_study(tmp_path, "individual_trial", practices=0, people=300)
    first = reported.describe_loss_predictors(study).rows[0]
    lost = np.isnan(study.scores["phq9"][:, -1])
    mine = study.people.arm == 0
    odds = [lost[who].sum() / (~lost[who]).sum() for who in (mine, ~mine)]
    assert first.odds_ratio == pytest.approx(odds[0] / odds[1])
    assert (first.clusters, first.df) == (None, None)


def test_what_went_with_being_lost_is_told_without_a_comparison_too(tmp_path):
    result = reported.describe_loss_predictors(lost_study(tmp_path, "pre_post", practices=0))
    assert [row.level for row in result.rows] == ["One standard deviation more"]
    assert result.notes[0].text.startswith("These are associations")


def test_everybody_lost_is_told_in_words(study):
    nobody = dict(study.scores)
    nobody["phq9"] = study.scores["phq9"].copy()
    nobody["phq9"][:, 2] = np.nan
    result = reported.describe_loss_predictors(replace(study, scores=nobody))
    assert result.rows == ()
    assert result.notes
