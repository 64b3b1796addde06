"""How far a model can be trusted: methods, influence, residuals, ratios, and what is masked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from splw_eval.appraisal import mask
from splw_eval.core.model_rows import PRIMARY
from splw_eval.core.result import Result
from splw_eval.describe import (
    describe_contrasts,
    describe_influence,
    describe_methods,
    describe_model_means,
    describe_ratios,
    describe_residuals,
)
from splw_eval.describe.comparison.fits import fits_of
from splw_eval.describe.comparison.methods import in_words
from splw_eval.describe.comparison.told import rounded
from tests.unit.describe.comparison.given_models import contrast, rows_of, study


def test_the_method_of_the_report_stands_among_the_others_with_the_same_numbers():
    of = study(effect=1.0)
    (row,) = [r for r in rows_of(describe_contrasts(of)) if r.part == PRIMARY]
    held = {r.method: r for r in rows_of(describe_methods(of))}
    fit: Any = next(fits_of(of))
    own = held[in_words(f"Kenward-Roger ({fit.model.spec.boundary})", fit)]
    assert own.conf_low == pytest.approx(row.conf_low)
    assert {"Between-within", "CR2 by cluster"} <= set(held)


def test_a_variance_of_zero_is_named_and_both_rules_are_shown():
    of = study(spread=0.0, seed=4)
    fit: Any = next(fits_of(of))
    assert fit.model.convergence.on_boundary
    result = describe_methods(of)
    held = {r.method: r.df for r in rows_of(result)}
    kept = held["Kenward-Roger with a zero variance kept"]
    left = held["Kenward-Roger with a zero variance left out"]
    assert kept <= left
    assert held["Between-within"] == 10
    assert "estimated as zero: variance of cluster" in result.notes[0].sentence()


def test_a_slope_is_told_for_twelve_months_by_every_method():
    of = study(estimand=contrast("slope"))
    (row,) = [r for r in rows_of(describe_contrasts(of)) if r.part == PRIMARY]
    for other in rows_of(describe_methods(of)):
        if not other.method.startswith("T test"):
            assert other.estimate == pytest.approx(row.estimate)


def test_influence_is_in_order_and_names_no_practice():
    of = study(effect=1.0)
    rows = rows_of(describe_influence(of))
    assert len(rows) == 12
    assert [r.place for r in rows] == list(range(1, 13))
    assert [r.estimate for r in rows] == sorted(r.estimate for r in rows)
    assert {r.n for r in rows} == {20}


def test_the_answer_without_a_small_practice_is_hidden():
    of = study(people=60, practices=12)  # five people each
    masked = mask(describe_influence(of), of.plan)
    assert masked.rows
    assert {(r.n, r.estimate, r.conf_low) for r in masked.rows} == {(None, None, None)}


def test_too_few_practices_to_leave_one_out_is_said():
    result = describe_influence(study("pre_post", practices=4))
    assert result.rows == ()
    assert "too few" in result.notes[0].sentence()


def test_quantiles_of_few_people_are_hidden_and_the_middle_is_shown():
    of = study(people=120)
    rows = mask(describe_residuals(of), of.plan).rows
    shown = {r.below: r.observed for r in rows if r.wave == "w0"}
    assert shown["2.5%"] is None
    assert shown["50%"] is not None
    assert shown["25%"] == pytest.approx(-0.7, abs=0.35)


def test_the_outermost_quantile_rests_on_somebody_however_few_there_are():
    of = study(people=30)
    rows = [r for r in mask(describe_residuals(of), of.plan).rows if r.wave == "w0"]
    assert {r.below for r in rows if r.observed is not None} == {"50%"}


def test_a_group_of_few_people_hides_the_answer_without_each_practice_too():
    of = study("individual_trial", people=200, programme_share=0.03)
    rows = mask(describe_influence(of), of.plan).rows
    assert rows
    assert any(r.n for r in rows)
    assert {(r.estimate, r.conf_low, r.conf_high) for r in rows} == {(None, None, None)}


def test_df_of_people_are_hidden_and_those_of_practices_are_shown():
    people, practices = study("individual_trial", practices=None), study(effect=1.0)
    for describe in (describe_contrasts, describe_methods):
        found: Result[Any] = describe(people)
        rows = mask(found, people.plan).rows
        assert {r.df for r in rows} == {None}
        assert any(r.estimate is not None for r in rows)
    shown = {r.method: r.df for r in mask(describe_methods(practices), practices.plan).rows}
    assert shown["Between-within"] == 10
    assert shown["Kenward-Roger with a zero variance left out"] is None  # then they are of people


def test_a_group_of_few_people_hides_the_difference_too():
    """With the mean of the other group, a difference would give its mean back."""
    of = study("individual_trial", people=200, programme_share=0.03)
    assert 1 <= int((of.people.arm == 0).sum()) <= 7
    contrasts = mask(describe_contrasts(of), of.plan)
    assert contrasts.rows
    for row in contrasts.rows:
        assert (row.estimate, row.std_error, row.conf_low, row.interval_and_mid) == (None,) * 4
    means = mask(describe_model_means(of), of.plan)
    assert all((r.mean is None) == (r.arm == "Link worker programme") for r in means.rows)


def test_ratios_hold_what_a_sample_size_needs():
    of = study(people=480, spread=1.5)
    rows = {r.measure: r for r in rows_of(describe_ratios(of))}
    icc = rows["ICC at 6 months"]
    assert 0 <= icc.conf_low <= icc.estimate <= icc.conf_high <= 1
    assert icc.clusters == 12
    assert "cluster autocorrelation" in rows
    assert rows["correlation of the start with 6 months"].estimate == pytest.approx(0.64, abs=0.1)
    assert rows["variation of size of practices (CV)"].estimate == pytest.approx(0.0, abs=0.05)


def test_practices_of_one_group_that_are_larger_than_those_of_the_other_do_not_vary_in_size():
    """Arms of 8 practices of 70 and 7 of 31 would else seem far from equal sizes."""
    of = study(people=480, lost=0.0)
    scores = {name: held.copy() for name, held in of.scores.items()}
    half = (of.people.arm == 0) & (np.arange(480) // 12 % 2 == 1)
    for held in scores.values():
        held[half] = np.nan
    rows = {r.measure: r for r in rows_of(describe_ratios(replace(of, scores=scores)))}
    assert rows["variation of size of practices (CV)"].estimate == pytest.approx(0.0, abs=1e-9)


def test_a_model_without_practices_has_no_icc():
    rows = rows_of(describe_ratios(study("individual_trial", practices=None)))
    assert {r.measure for r in rows} == {
        "correlation of the start with 3 months",
        "correlation of the start with 6 months",
    }


@pytest.mark.parametrize(
    ("df", "told"), [(None, None), (np.inf, None), (12.34, 12.34), (347.2, 350.0), (100.0, 100.0)]
)
def test_degrees_of_freedom_count_nobody(df, told):
    assert rounded(df) == told
