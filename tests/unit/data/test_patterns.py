"""Columns of items that are not there: one finding a pattern, and the plan by its own name."""

from __future__ import annotations

import pytest

from splw_eval.core.errors import DataError
from splw_eval.data import load_study
from splw_eval.data.patterns import nearest_pattern, pattern_of
from tests.unit.data.given_items import answers, items_plan, wide_plan
from tests.unit.given_study import write_plan
from tests.unit.loading import faults, only_fault


@pytest.mark.parametrize(
    ("columns", "pattern"),
    [
        ({"1": "q1", "2": "q2"}, "q{item}"),
        ({"1": "s1_1", "2": "s1_2"}, "s1_{item}"),
        ({"1": "q1", "2": "r2"}, ""),
        ({"MO": "eq_MO_0", "SC": "eq_SC_0"}, "eq_{item}_0"),
        ({"1": "one"}, ""),
        ({}, ""),
    ],
)
def test_a_pattern_is_known_again_by_its_columns(columns, pattern):
    assert pattern_of(columns) == pattern


def test_only_a_pattern_of_which_every_column_is_there_is_offered():
    columns = {"1": "phq1", "2": "phq2"}
    assert "ph_{item}" in nearest_pattern("phq{item}", columns, ["ph_1", "ph_2", "phx1"])
    assert nearest_pattern("phq{item}", columns, ["ph_1", "ph_3"]) == ""


def test_a_mistaken_pattern_is_one_finding_with_its_columns_and_the_nearest(tmp_path):
    plan = items_plan(items={"swemwbs": "w{item}"})
    fault = only_fault(tmp_path, plan, measures=answers((3,) * 7))
    assert fault.code == "SW02"
    assert fault.problem == (
        '[files.items] swemwbs = "w{item}" names 7 columns, and none of them is there; '
        'did you mean "q{item}"?'
    )


def test_of_a_pattern_that_is_mostly_there_the_absent_columns_are_named(tmp_path):
    fault = only_fault(tmp_path, items_plan(), measures=answers((3,) * 5))
    assert fault.problem.endswith("names 7 columns, and 2 of them are not there: q6, q7")


def test_a_wide_file_names_the_wave(tmp_path):
    plan = wide_plan(swemwbs={"baseline": "b{item}", "month_3": "e{item}"})
    rows = [["person", *(f"b{i}" for i in range(1, 8))], ["p1", *[3] * 7]]
    (fault,) = faults(tmp_path, plan, scores=rows)
    assert '[files.items] swemwbs.month_3 = "e{item}"' in fault.problem


def test_items_by_wave_in_a_long_file_are_said_to_be_so(tmp_path):
    plan = items_plan(items={"swemwbs": {"baseline": "q{item}"}})
    fault = only_fault(tmp_path, plan, measures=answers((3,) * 7))
    assert fault.code == "SW116"
    assert "the file is long" in fault.problem
    assert 'swemwbs = "...{item}"' in fault.remedy


def test_the_plan_is_called_by_the_name_that_was_given(tmp_path):
    plan = items_plan(items={"swemwbs": "w{item}"})
    only_fault(tmp_path, plan, measures=answers((3,) * 7))
    path = write_plan(tmp_path, plan)
    other = path.rename(path.with_name("mine.toml"))
    with pytest.raises(DataError) as refused:
        load_study(other)
    assert "in mine.toml, or the heading" in refused.value.findings[0].remedy
