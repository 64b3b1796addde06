"""Curves that show no step of few people, and no share that gives a number of people back."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from splw_eval.appraisal import mask
from splw_eval.core.plan import Plan
from splw_eval.core.result import Result
from splw_eval.core.retention_rows import STAYED, CurveRow
from tests.unit.given_study import pre_post_plan

FEWEST = 8


def plan(profile: str = "nhs") -> Plan:
    reason = "Published" if profile == "public_data" else None
    return Plan.model_validate(
        pre_post_plan(disclosure={"profile": profile, "reason": reason}), strict=False
    )


def curve(events: list[int], n: int, cause: str = STAYED, grid: int = 1) -> Result[CurveRow]:
    rows, left = [], 0
    for day, here in enumerate(events):
        left += here
        value = 1 - left / n
        rows.append(
            CurveRow(
                what="w", group="g", cause=cause, day=float(day), n=n,
                round_day=float(-(-day // grid) * grid),
                events=here, estimate=value, conf_low=max(value - 0.1, 0.0),
                conf_high=min(value + 0.1, 1.0), clusters=5, method="m",
            )
        )  # fmt: skip
    return Result(key="k", title="t", unit="u", row_type=CurveRow, rows=tuple(rows))


@given(st.lists(st.integers(0, 12), min_size=1, max_size=60), st.integers(1, 200))
def test_no_shown_step_is_of_few_people_and_only_the_last_few_are_in_none(events, stayers):
    n = sum(events) + stayers
    shown = mask(curve(events, n), plan()).rows
    exact = sum(events)
    if 0 < exact < FEWEST:
        assert [row.estimate for row in shown] == [None]
        assert shown[0].events is None
        assert shown[0].day is None
    elif exact:
        assert all(row.events is not None and row.events >= 5 for row in shown)
        assert len(shown) <= exact // FEWEST
        after = sum(here for day, here in enumerate(events) if day > (shown[-1].day or 0.0))
        assert after < FEWEST
        assert abs(sum(row.events or 0 for row in shown) + after - exact) <= 2.5 * len(shown)


def test_a_step_of_few_people_is_joined_to_what_follows_and_the_last_few_are_in_no_step():
    shown = mask(curve([3, 4, 5, 0, 20, 2], 100), plan()).rows
    assert [row.day for row in shown] == [2, 4]
    assert [row.events for row in shown] == [10, 20]
    assert [row.estimate for row in shown] == [0.9, 0.7]


def test_a_joined_step_stands_at_a_round_day_and_not_at_that_of_a_person():
    shown = mask(curve([4, 4, 9, 9, 0, 9, 9, 9], 100, grid=5), plan()).rows
    assert [row.day for row in shown] == [5, 10]
    assert [row.events for row in shown] == [35, 20]


def test_shares_are_no_finer_than_counts_are_rounded():
    exact = curve([9] * 10, 215)
    shown = mask(exact, plan()).rows
    for row, was in zip(shown, exact.rows, strict=True):
        assert row.estimate is not None
        assert row.conf_low is not None
        assert row.conf_high is not None
        assert was.estimate is not None
        assert was.conf_low is not None
        assert was.conf_high is not None
        steps = row.estimate / math.ceil(500 / 215) * 100
        assert steps == pytest.approx(round(steps), abs=1e-9)
        assert abs(row.estimate - was.estimate) <= 0.5 * math.ceil(500 / 215) / 100 + 1e-9
        assert row.conf_low <= was.conf_low
        assert row.conf_high >= was.conf_high


def test_published_data_keep_every_step_as_it_is():
    exact = curve([1, 2, 0, 3], 40)
    assert mask(exact, plan("public_data")).rows == exact.rows


def test_curves_of_several_causes_and_groups_are_joined_each_by_itself():
    first, second = curve([4, 9], 50, "completed"), curve([9, 1], 50, "dropped out")
    both = replace(first, rows=(*first.rows, *second.rows))
    assert [(row.cause, row.day) for row in mask(both, plan()).rows] == [
        ("completed", 1),
        ("dropped out", 0),
    ]


def test_a_curve_without_leavings_is_kept():
    shown = mask(curve([0, 0], 30), plan()).rows
    assert [row.estimate for row in shown] == [1.0, 1.0]
    assert [row.events for row in shown] == [0, 0]
