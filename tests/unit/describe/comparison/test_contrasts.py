"""The model that a plan asks for: which contrast, from which start, by whose likeness."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from splw_eval import fit_mixed_model
from splw_eval.core.model_rows import ANCOVA, EACH_WAVE, PRIMARY
from splw_eval.describe import describe_contrasts, describe_model_means, describe_model_people
from splw_eval.describe.comparison.fits import fits_of
from tests.reports import given
from tests.unit.describe.comparison.given_models import ALIKE, contrast, rows_of, study, with_scores

SAME = 1e-9  # the same model, fitted to the same rows in another order


def primary(of):
    (row,) = [r for r in rows_of(describe_contrasts(of)) if r.part == PRIMARY]
    return row


def parts(of):
    return [r.part for r in rows_of(describe_contrasts(of))]


def sentences(of):
    return " ".join(note.sentence() for note in describe_contrasts(of).notes)


def long(of, name="swemwbs"):
    scores, months = of.scores[name], [wave.month for wave in of.plan.waves]
    n, waves = scores.shape
    made = {
        "y": scores.ravel(),
        "person": np.repeat(np.arange(n), waves),
        "month": np.tile(months, n),
        "arm": np.repeat(1 - of.people.arm, waves),
    }
    if of.people.cluster is not None:
        made["practice"] = np.repeat(of.people.cluster, waves)
    return pd.DataFrame(made)


def fitted(of, **options):
    asked = {"outcome": "y", "fixed": "C(arm) * C(month)", "person": "person", "wave": "month"}
    return fit_mixed_model(long(of), **(asked | {"arm": "arm", "cluster": "practice"} | options))


def test_a_fair_trial_gives_the_groups_one_mean_at_the_start():
    of = study(effect=2.0)
    model = fitted(of, allocation="randomised", recruited="before allocation")
    (wanted,) = model.contrast("difference", waves=[6.0]).to_dict("records")
    row = primary(of)
    assert row.estimate == pytest.approx(wanted["estimate"], rel=SAME)
    assert (row.conf_low, row.conf_high) == pytest.approx(
        (wanted["conf_low"], wanted["conf_high"]), rel=SAME
    )
    assert row.compared == "Link worker programme compared with Usual care"
    assert (row.clusters, row.grouped_by) == (12, "practices")
    assert parts(of) == [EACH_WAVE, PRIMARY]
    assert "one mean at the start" in sentences(of)


@pytest.mark.parametrize("design", ["controlled_cohort", "cluster_trial_unlike_recruitment"])
def test_other_designs_keep_each_start_and_show_ancova_beside(design):
    of = study(design, effect=2.0)
    (wanted,) = fitted(of).contrast("difference in change", waves=[6.0]).to_dict("records")
    assert primary(of).estimate == pytest.approx(wanted["estimate"], rel=SAME)
    assert parts(of) == [EACH_WAVE, PRIMARY, ANCOVA]
    beside = fitted(of).ancova().contrast("difference", waves=[6.0])
    (row,) = [r for r in rows_of(describe_contrasts(of)) if r.part == ANCOVA]
    assert row.estimate == pytest.approx(beside["estimate"].iloc[0], rel=SAME)
    assert row.n < primary(of).n or np.isnan(of.scores["swemwbs"][:, 0]).sum() == 0


def test_one_group_has_its_change_and_no_arm():
    of = study("pre_post")
    row = primary(of)
    model = fit_mixed_model(
        long(of),
        outcome="y",
        fixed="C(month)",
        person="person",
        wave="month",
        cluster="practice",
    )
    (wanted,) = model.contrast("change", waves=[6.0]).to_dict("records")
    assert row.estimate == pytest.approx(wanted["estimate"], rel=SAME)
    assert row.compared == "Everyone"
    assert row.n == row.n_smaller
    assert parts(of) == [EACH_WAVE, PRIMARY]


def test_programme_less_comparison_whichever_the_plan_names_first():
    arms = given.arms()
    arms[0]["role"], arms[1]["role"] = "comparison", "programme"
    turned = study(effect=3.0, arms=arms, comparison=ALIKE)
    assert primary(study(effect=3.0)).estimate > 1
    assert primary(turned).estimate == pytest.approx(-primary(study(effect=3.0)).estimate)
    assert primary(turned).compared.startswith("Usual care compared with")


def test_a_second_comparison_group_is_in_the_model_and_no_main_question():
    of = study(practices=15, arms=given.arms(3))
    practice = np.array(of.people.cluster)
    arm = np.where(practice >= 10, 2, np.where(practice >= 5, 1, 0))
    of = replace(of, people=replace(of.people, arm=arm))
    assert {r.compared for r in rows_of(describe_contrasts(of))} == {
        "Link worker programme compared with Usual care"
    }
    assert {r.arm for r in rows_of(describe_model_means(of))} == set(of.plan.groups)


def test_a_mean_of_waves_is_the_mean_of_their_differences():
    of = study(effect=2.0, estimand=contrast("mean", "w1", "w2"))
    rows = rows_of(describe_contrasts(of))
    assert [r.part for r in rows] == [PRIMARY, EACH_WAVE, EACH_WAVE]
    assert rows[0].estimate == pytest.approx((rows[1].estimate + rows[2].estimate) / 2)
    assert rows[0].when == "mean of 3 months and 6 months"


@pytest.mark.parametrize("design", ["cluster_trial", "controlled_cohort", "pre_post"])
def test_every_design_answers_every_kind_of_contrast(design):
    for asked in (("wave", "w1"), ("mean", "w1", "w2"), ("slope",)):
        row = primary(study(design, estimand=contrast(*asked)))
        assert row.conf_low < row.estimate < row.conf_high


def test_a_slope_is_told_for_twelve_months_and_held_against_no_mid():
    of = study(effect=0.0, estimand=contrast("slope"), comparison=ALIKE)
    scores = of.scores["swemwbs"]
    months = np.array([wave.month for wave in of.plan.waves])
    steeper = with_scores(of, scores + 0.5 * months * (of.people.arm == 0)[:, None])
    rise = primary(steeper).estimate - primary(of).estimate
    assert rise == pytest.approx(6.0, abs=0.05)  # 0.5 points a month
    assert primary(of).interval_and_mid is None


def test_link_workers_are_the_clusters_of_the_programme_where_the_plan_asks():
    of = study("individual_trial", workers=8, interval_by="link_worker", comparison=ALIKE)
    row = primary(of)
    assert row.grouped_by == "link workers"
    assert row.clusters == 8
    assert "in the programme only" in sentences(of)


def test_a_trial_of_practices_stays_with_practices_though_the_plan_asks_for_link_workers():
    of = study(workers=8, interval_by="link_worker")
    assert primary(of).grouped_by == "practices"
    assert "Practices were allocated and not people" in sentences(of)


def test_a_trial_of_people_uses_practices_that_hold_both_groups():
    row = primary(study("individual_trial"))
    assert (row.grouped_by, row.clusters) == ("practices", 12)


def test_people_alone_are_compared_as_independent_and_that_is_said():
    of = study("individual_trial", practices=None)
    assert primary(of).grouped_by is None
    assert "treats people as independent" in sentences(of)


REFUSED = [
    (lambda: study(practices=None), "practices were allocated, and no file names"),
    (lambda: study("controlled_cohort", practices=1), "of every group would have to be measured"),
    (lambda: study(practices=240), "each of the practices has one person only"),
    (lambda: constant(study()), "the outcome is the same in all rows"),
    (lambda: never_together(study()), "nobody has an outcome at both"),
    (lambda: empty(study()), "of every group would have to be measured at the start"),
]


def constant(of):
    return with_scores(of, np.where(np.isnan(of.scores["swemwbs"]), np.nan, 20.0))


def never_together(of):
    scores = of.scores["swemwbs"].copy()
    half = np.arange(len(scores)) % 24 < 12
    scores[half, 1], scores[~half, 2] = np.nan, np.nan
    return with_scores(of, scores)


def empty(of):
    return with_scores(of, np.full(of.scores["swemwbs"].shape, np.nan))


@pytest.mark.parametrize(("given_study", "reason"), REFUSED)
def test_what_cannot_be_fitted_is_said_with_its_reason_and_never_an_error(given_study, reason):
    found = describe_contrasts(given_study())
    assert found.rows == ()
    assert reason in " ".join(note.sentence() for note in found.notes)
    assert "no model could be fitted, as " in found.notes[0].sentence()


def test_one_practice_of_one_group_speaks_of_itself_alone():
    of = study("pre_post", practices=1)
    row = primary(of)
    assert row.clusters is None
    assert row.conf_low is not None
    assert "It speaks of this one alone." in sentences(of)


def test_fewer_than_four_practices_give_an_estimate_and_no_interval():
    row = primary(study("pre_post", practices=3))
    assert row.estimate is not None
    assert (row.std_error, row.df, row.conf_low, row.includes_none) == (None,) * 4
    assert row.method == "none: fewer than 4 clusters"


def test_a_wave_at_which_one_group_was_never_measured_is_left_out_and_named():
    of = study()
    scores = of.scores["swemwbs"].copy()
    scores[of.people.arm == 0, 1] = np.nan
    of = with_scores(of, scores)
    assert parts(of) == [PRIMARY]
    assert "3 months is left out: nobody of some group was measured then." in sentences(of)


def test_people_of_no_known_practice_are_left_out_and_counted():
    of = study()
    cluster = np.array(of.people.cluster)
    cluster[:20] = -1
    of = replace(of, people=replace(of.people, cluster=cluster))
    assert "20 people with scores are left out of the model" in sentences(of)
    assert primary(of).n < 220


def test_everybody_is_counted_once_by_what_the_model_has_of_them():
    of = study(lost=0.8)
    scores = of.scores["swemwbs"].copy()
    scores[:15, 0] = np.nan
    for row in rows_of(describe_model_people(with_scores(of, scores))):
        parts = (row.n_both, row.n_start, row.n_later, row.n_none)
        assert sum(parts) == row.people == 120
        assert min(parts[:2]) > 0


def test_the_model_is_fitted_once_for_all_tables_and_forgotten_with_the_study():
    of = study()
    assert next(fits_of(of)) is next(fits_of(of))
    assert next(fits_of(of)) is not next(fits_of(replace(of)))


def test_people_lost_after_the_start_still_count_in_the_means_of_the_model():
    of = study(lost=0.0)
    scores = of.scores["swemwbs"].copy()
    low = (scores[:, 0] < 20) & (of.people.arm == 0)
    scores[low, 2] = np.nan  # those with a low start are lost at the last wave
    of = with_scores(of, scores)
    held = {(r.arm, r.wave): r for r in rows_of(describe_model_means(of))}
    row = held["Link worker programme", "w2"]
    assert row.n == int((~low & (of.people.arm == 0)).sum())
    seen = np.nanmean(scores[of.people.arm == 0, 2])
    assert row.mean < seen - 1  # the mean of those who stayed is too high
