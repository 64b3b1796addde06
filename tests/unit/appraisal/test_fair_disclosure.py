"""What masked tables of a fair comparison give away to somebody who adds, subtracts and fits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from splw_eval.appraisal import mask
from splw_eval.appraisal.digits import moved_places, told_coarsely, told_outwards
from splw_eval.core.confounding_rows import AdjustedRow, BalanceRow
from splw_eval.core.missing_rows import LossPredictorRow, SensitivityRow, TippingRow
from splw_eval.core.plan import Plan
from splw_eval.core.result import Result
from tests.unit.appraisal.given_fair_service import fair_service
from tests.unit.appraisal.reckoning_fair import FairReckoning, asked
from tests.unit.appraisal.test_fair_rows import masked, row_of
from tests.unit.given_study import pre_post_plan

TOLD_ONCE = (98, 114, 123)  # gave a number back before totals were hidden with the few lost


@pytest.mark.parametrize("seed", [201, *TOLD_ONCE])
def test_the_tables_of_a_fair_comparison_tell_no_hidden_number(seed, tmp_path):
    exact, shown = asked(fair_service(tmp_path, seed))
    before = FairReckoning(exact, shown, "nhs", old=True).told()
    reckoning = FairReckoning(exact, shown, "nhs")
    assert len(reckoning.small) > 3
    assert {same(cell) for cell in reckoning.told()} <= set(before)


def same(cell: Any) -> Any:
    """The place in the flow of a count that two tables hold."""
    return ("flow", *cell[1:]) if cell[0] == "loss_practices" else cell


def test_the_profile_of_ten_hides_as_much(tmp_path):
    exact, shown = asked(fair_service(tmp_path, 98, "n10"))
    before = FairReckoning(exact, shown, "n10", old=True).told()
    told = FairReckoning(exact, shown, "n10").told()
    assert {same(cell) for cell in told} <= set(before)


def test_the_reckoning_finds_the_four_counts_behind_a_ratio_that_is_told_exactly(tmp_path):
    exact, shown = asked(fair_service(tmp_path, 59))
    assert exact["loss_predictors"].rows[0].clusters is None
    fitted = FairReckoning(exact, shown, "nhs")
    fitted.told()
    assert ("flow", 5, "missing") not in fitted.pinned()
    ratio = exact["loss_predictors"].rows[0]
    told = replace(ratio, n=100, n_fewest=100)  # as it would be among many
    rows = (told, *shown["loss_predictors"].rows[1:])
    bare = {**shown, "loss_predictors": replace(shown["loss_predictors"], rows=rows)}
    rounded = {
        name: round(getattr(told, name), 2) for name in ("odds_ratio", "conf_low", "conf_high")
    }
    bare["loss_predictors"] = replace(
        bare["loss_predictors"], rows=(replace(told, **rounded), *rows[1:])
    )
    fitted = FairReckoning(exact, bare, "nhs")
    fitted.told()
    assert ("flow", 5, "missing") in fitted.pinned()


def test_the_reckoning_finds_the_share_lost_in_a_difference_that_keeps_its_digits(tmp_path):
    exact, shown = asked(fair_service(tmp_path, 59))
    tipping = exact["tipping"]
    rows = tuple(replace(row, estimate=round(row.estimate, 2)) for row in tipping.rows)
    bare = {**shown, "tipping": replace(tipping, rows=rows, decimals={})}
    fitted, guarded = FairReckoning(exact, bare, "nhs"), FairReckoning(exact, shown, "nhs")
    fitted.digits = 2
    fitted.told()
    guarded.told()
    width = [one.bounds["flow", 2, "missing"] for one in (fitted, guarded)]
    assert width[0][1] - width[0][0] < width[1][1] - width[1][0]


def test_points_added_to_few_are_told_with_fewer_decimals():
    few = masked(row_of(TippingRow, n_fewest=12, delta_programme=0.0, delta_comparison=0.0))
    assert few.estimate == 1.2
    few = masked(row_of(TippingRow, n_fewest=12, delta_programme=5.0, delta_comparison=0.0))
    assert (few.estimate, few.conf_low) == (1.0, 1.0)
    assert moved_places(1, 5.0, 400) == 1


def test_fewer_decimals_are_named_for_whoever_prints_them():
    row = row_of(TippingRow, n_fewest=12, delta_programme=5.0, delta_comparison=0.0)
    result = Result(key="k", title="t", unit="u", row_type=TippingRow, rows=(row,))
    plan = Plan.model_validate(pre_post_plan(), strict=False)
    assert mask(result, plan).decimals[0, "estimate"] == 0


def test_a_ratio_of_few_people_is_told_coarsely_and_its_interval_outwards():
    held = row_of(LossPredictorRow, n_fewest=20, odds_ratio=1.4152, conf_low=0.57, conf_high=3.51)
    shown = masked(held)
    assert (shown.odds_ratio, shown.conf_low, shown.conf_high) == (1.4, 0.5, 4.0)
    many = masked(replace(held, n_fewest=100))
    assert (many.odds_ratio, many.conf_low, many.conf_high) == (1.42, 0.57, 3.51)


@pytest.mark.parametrize(("value", "told"), [(0.98, 0.95), (1.02, 1.05), (1.0, 1.0), (3.33, 3.3)])
def test_a_ratio_is_told_as_none_only_where_it_is(value, told):
    assert told_coarsely(value, 0.05, 20) == pytest.approx(told)


@pytest.mark.parametrize(("value", "low", "high"), [(0.17, 0.16, 0.2), (1.0, 1.0, 1.0), (9, 8, 10)])
def test_ends_go_to_the_next_round_number_and_no_further(value, low, high):
    assert told_outwards(value, -1, 20) == pytest.approx(low)
    assert told_outwards(value, 1, 20) == pytest.approx(high)
    assert told_outwards(value, 0, 20) == value


def test_levels_of_few_people_are_told_to_a_twentieth_of_an_sd():
    shown = masked(row_of(BalanceRow, n_fewest=20, before=0.23, chance_limit=0.81))
    assert (shown.before, shown.chance_limit) == (0.25, 0.8)


def test_degrees_of_freedom_of_people_are_never_shown():
    held = row_of(AdjustedRow, n_smaller=100, df=40.0)
    assert masked(held).df == 40.0
    assert masked(replace(held, clusters=None)).df is None


def test_p_values_have_four_digits_and_none_for_few_people():
    held = row_of(AdjustedRow, n_smaller=20, p_value=0.123456789)
    assert masked(held).p_value == 0.1235
    assert masked(replace(held, p_value=0.0000123)).p_value == 0.00001
    assert masked(replace(held, n_smaller=7)).p_value is None


def test_totals_are_hidden_with_the_few_who_were_lost():
    shown = masked(row_of(SensitivityRow, n=51, filled_in=8, n_fewest=1))
    assert (shown.n, shown.filled_in) == (None, None)
    assert masked(row_of(SensitivityRow, n=51, filled_in=18, n_fewest=8)).filled_in == 20


def test_published_data_keep_every_digit():
    open_ = {"profile": "public_data", "reason": "Made up"}
    plan = Plan.model_validate(pre_post_plan(disclosure=open_), strict=False)
    row = row_of(LossPredictorRow, n_fewest=12, odds_ratio=1.4152, n=31)
    result = Result(key="k", title="t", unit="u", row_type=LossPredictorRow, rows=(row,))
    assert mask(result, plan).rows == (row,)
