"""A group of which nearly everybody is of one practice is named, unless that tells of the few."""

from __future__ import annotations

from typing import Any

import pytest

from splw_eval.appraisal import disclose
from splw_eval.core.columns import Contributors
from splw_eval.core.plan import Plan
from splw_eval.core.power_rows import ReachedRow
from splw_eval.core.result import Result
from tests.unit.given_study import pre_post_plan


def said(sizes: list[int], *, group: str = "Usual care", **disclosure: str) -> list[str]:
    """Sentences of the log on a group of practices of such sizes."""
    plan = Plan.model_validate(pre_post_plan(disclosure=disclosure), strict=False)
    row = ReachedRow(
        arm=group,
        people=sum(sizes),
        made_of=Contributors.of(sizes) if sizes[0] else None,
        measured=sum(sizes),
        clusters=len(sizes),
        clusters_measured=len(sizes),
        grouped_by="practices",
    )
    result: Result[Any] = Result(
        key="reached", title="Size", unit="people", row_type=ReachedRow, rows=(row,)
    )
    told = disclose({"reached": result}, plan)
    assert told["reached"].rows[0].made_of is None
    return [note.sentence() for note in told["masking"].notes if "nearly what could" in note.text]


def test_a_group_of_one_large_practice_is_named():
    (words,) = said([60, 5, 4])
    assert words.startswith("Usual care: more than 80% of the people are of one of the practices.")


@pytest.mark.parametrize("sizes", [[30, 30, 30], [80, 20], [40, 11]])
def test_a_group_of_several_practices_is_not(sizes):
    assert said(sizes) == []


def test_a_group_of_one_practice_alone_is_named():
    assert len(said([40])) == 1


def test_nothing_is_said_where_it_would_tell_of_few_others():
    assert said([40, 7]) == []
    assert len(said([40, 5, 4])) == 1
    assert said([40, 5, 4], profile="n10") == []


def test_nothing_is_said_of_a_group_that_is_small_itself():
    assert said([7]) == []


def test_a_name_with_braces_is_printed_as_it_is():
    assert said([60, 5, 4], group="{Usual}")[0].startswith("{Usual}: more")


def test_nothing_is_said_where_all_is_shown():
    assert said([60, 5, 4], profile="public_data", reason="Made up") == []
