"""What masking leaves of a fair comparison's rows, where few people stand behind them."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, get_args

import pytest

from splw_eval.appraisal import mask
from splw_eval.core.columns import Role, columns_of
from splw_eval.core.confounding_rows import (
    BalanceRow,
    EngagementRow,
    SubgroupRow,
    WeightRow,
)
from splw_eval.core.missing_rows import FairRow, SensitivityRow, TippingRow
from splw_eval.core.plan import Plan
from splw_eval.core.result import Result
from splw_eval.core.rows import Row
from tests.unit.given_study import pre_post_plan

PLAN = Plan.model_validate(pre_post_plan(), strict=False)
TYPES = get_args(FairRow)


def row_of(row_type: type, **changes: Any) -> Any:
    """Return a row whose every count is 100 and every other number 1.234."""
    filled: dict[Role, Any] = {Role.LABEL: "x", Role.COUNT: 100, Role.UNITS: 15, Role.SHARE: 1.0}
    values = {name: filled.get(c.role, 1.234) for name, c in columns_of(row_type).items()}
    if "outcome" in values:
        values["outcome"] = "phq9"
    return row_type(**values | changes)


def masked(row: Any) -> Any:
    result = Result(key="k", title="t", unit="u", row_type=type(row), rows=(row,))
    return mask(result, PLAN).rows[0]


def test_every_type_is_a_row_of_results():
    assert len(TYPES) == 14
    assert set(TYPES) <= set(get_args(Row))


@pytest.mark.parametrize("row_type", TYPES, ids=lambda one: one.__name__)
def test_no_estimate_of_few_people_is_left_whatever_else_the_row_holds(row_type):
    columns = columns_of(row_type)
    bases = {c.base for c in columns.values() if c.role in {Role.MEAN, Role.SPREAD, Role.DF}}
    assert bases or row_type.__name__ == "LossPatternRow"
    for base in bases:
        shown = masked(row_of(row_type, **{base: 7}))
        resting = [n for n, c in columns.items() if c.base == base]
        assert [name for name in resting if getattr(shown, name) is not None] == []


@pytest.mark.parametrize("row_type", TYPES, ids=lambda one: one.__name__)
def test_only_p_values_and_numbers_of_trials_are_left_as_they_are(row_type):
    roles = {f.name: columns_of(row_type)[f.name].role for f in fields(row_type)}
    exempt = {name for name, role in roles.items() if role in {Role.ESTIMATE, Role.MODEL_N}}
    assert exempt <= {"p_value", "smallest_p"}


def test_levels_of_a_characteristic_are_hidden_together():
    shown = masked(row_of(BalanceRow, n=217, n_fewest=3))
    assert (shown.n, shown.before, shown.after, shown.chance_limit) == (215, None, None, None)


def test_equal_weights_do_not_tell_how_many_people_there_are():
    shown = masked(row_of(WeightRow, n=217, effective=217, heaviest=22))
    assert (shown.n, shown.effective) == (215, 215)
    assert masked(row_of(WeightRow, heaviest=6)).share_heaviest is None


def test_the_complier_effect_of_nearly_all_is_hidden_with_those_who_did_not_come():
    shown = masked(row_of(EngagementRow, offered=100, received=97, not_received=3, n_fewest=3))
    assert (shown.not_received, shown.share_received, shown.estimate) == (None, None, None)
    assert shown.first_stage_f is None


def test_a_small_level_hides_its_difference_and_how_others_stand_to_it():
    small = masked(row_of(SubgroupRow, n_programme=5, n_smaller=5, n_fewest=5))
    assert (small.n_programme, small.difference, small.interaction) == (None, None, None)
    other = masked(row_of(SubgroupRow, n_fewest=5))
    assert other.difference == pytest.approx(1.2)
    assert other.interaction is None


def test_few_who_were_lost_hide_the_answers_that_would_tell_how_many():
    for row_type in (SensitivityRow, TippingRow):
        shown = masked(row_of(row_type, n_fewest=4))
        assert (shown.estimate, shown.conf_low, shown.conf_high) == (None, None, None)
    assert masked(row_of(TippingRow, n_fewest=4)).conclusion is None
