"""What masked results of staying and delivery give away to somebody who adds and subtracts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from splw_eval.appraisal import hide_alike, mask
from splw_eval.core.delivery_rows import CaseloadRow, LevelRow, StageRow
from splw_eval.core.plan import Plan
from splw_eval.core.result import Result
from splw_eval.core.retention_rows import EndingRow, StandingRow
from tests.unit.given_study import pre_post_plan
from tests.unit.retention.given_reported import measured, served
from tests.unit.retention.reckoning import Reckoning, asked

PLAN = Plan.model_validate(pre_post_plan(), strict=False)
AT: dict[str, Any] = {"what": "w", "group": "g", "day": 90.0}
TOLD_ONCE = (10, 34, 47)  # gave a number back before parts of a flow were guarded


def drawn(folder, seed: int):
    """A service of 15 to 160 people whose other numbers come from the seed too."""
    rng = np.random.default_rng(seed)
    n, others = int(rng.integers(15, 160)), int(rng.integers(0, 2)) * 40
    rest: dict[str, Any] = {"left": float(rng.uniform(0.2, 0.95))}
    rest |= {"workers": int(rng.integers(3, 8)), "mean": int(rng.integers(40, 200))}
    return served(measured(folder, n, others, seed=seed), n, seed=seed, **rest)


@pytest.mark.parametrize("seed", [*range(100, 112), *TOLD_ONCE])
def test_no_hidden_small_number_can_be_reckoned_from_everything_shown(seed, tmp_path):
    reckoning = Reckoning(*asked(drawn(tmp_path, seed)))
    assert len(reckoning.small) > 10
    assert reckoning.told() == {}


def test_the_reckoning_finds_a_number_that_nothing_guards(tmp_path):
    exact, shown = asked(drawn(tmp_path, 10))
    row = standing(there=13, completed=13, dropped_out=1)
    held = replace(exact["standing"], rows=(row,))
    unguarded = replace(row, n=25, there=15, completed=15, dropped_out=None)
    told = Reckoning.__new__(Reckoning)
    told.bounds, told.small = {}, {}
    told.shown = {key: replace(r, rows=()) for key, r in shown.items()}
    told.shown = {**told.shown, "standing": replace(held, rows=(unguarded,))}
    for name in ("n", "there", "completed", "dropped_out", "ended_otherwise", "not_seen"):
        told._take(("standing", 0, name), getattr(unguarded, name), getattr(row, name))
    assert told.told() == {("standing", 0, "dropped_out"): 1}


def standing(**parts: int) -> StandingRow:
    held: dict[str, Any] = dict.fromkeys(
        ("there", "completed", "dropped_out", "ended_otherwise", "not_seen"), 0
    )
    held |= parts
    return StandingRow(**AT, n=sum(held.values()), **held)


def shown(*rows: Any) -> tuple[Any, ...]:
    return mask(Result(key="k", title="t", unit="u", row_type=type(rows[0]), rows=rows), PLAN).rows


def test_where_people_stood_hides_a_second_part_where_the_others_would_tell_the_first():
    (row,) = shown(standing(there=13, completed=13, dropped_out=1))
    assert (row.n, row.dropped_out) == (25, None)
    assert None in (row.there, row.completed)


def test_where_people_stood_keeps_what_tells_nothing():
    (row,) = shown(standing(there=40, completed=30, dropped_out=20, ended_otherwise=4))
    assert (row.there, row.completed, row.dropped_out, row.ended_otherwise) == (40, 30, 20, None)


def stage(passed: int, still_open: int) -> StageRow:
    return StageRow(
        group="g", stage="contacted", source="s", referred=passed + still_open, passed=passed,
        implied=0, not_reached=0, skipped=0, still_open=still_open, not_known=0,
        others=still_open, share_passed=passed / (passed + still_open), reason="",
    )  # fmt: skip


def test_a_hidden_part_of_a_stage_takes_the_sum_of_the_others_with_it():
    (row,) = shown(stage(96, 4))
    assert (row.still_open, row.others) == (None, None)
    (row,) = shown(stage(80, 20))
    assert (row.still_open, row.others, row.share_passed) == (20, 20, 0.8)


def test_a_share_is_never_worked_out_as_if_hidden_others_were_nobody():
    held = replace(stage(60, 40), not_reached=35, still_open=5)
    (row,) = shown(held)
    assert (row.still_open, row.others) == (None, None)
    assert row.share_passed == 0.6


def reasons(*counts: int) -> list[EndingRow]:
    of = sum(counts)
    return [
        EndingRow(group="g", kind="k", reason=str(i), ended=of, n=n, others=of - n, share=n / of)
        for i, n in enumerate(counts)
    ]


def test_a_hidden_reason_takes_all_numbers_of_other_reasons_with_it():
    rows = shown(*reasons(40, 30, 4))
    assert [row.n for row in rows] == [40, 30, None]
    assert [row.others for row in rows] == [None] * 3


def test_a_second_reason_is_hidden_where_all_the_others_would_tell_the_first():
    rows = shown(*reasons(13, 13, 1))
    assert [row.n for row in rows].count(None) == 2


def test_reasons_are_all_shown_where_none_is_small():
    rows = shown(*reasons(40, 30, 10))
    assert [row.others for row in rows] == [40, 50, 70]


def test_how_many_have_contacts_known_is_hidden_with_the_level():
    rows = [
        LevelRow(group="g", kind="derived", level=str(n), of=60, n=n, others=60 - n, share=n / 60,
                 known=n, median=2.0) for n in (55, 5)
    ]  # fmt: skip
    assert [row.known for row in shown(*rows)] == [None, None]


def test_cases_of_a_link_worker_are_masked_like_any_number_of_people():
    (row,) = shown(
        CaseloadRow(month="2025-01", workers=3, cases=48, waiting=3, lower=11, median=17, upper=6,
                    per_fte=16)
    )  # fmt: skip
    assert (row.cases, row.lower, row.median, row.upper, row.per_fte) == (50, 10, 15, None, 15)


def test_who_was_watched_is_hidden_where_those_still_there_are(tmp_path):
    exact, masked = asked(drawn(tmp_path, 10))
    (row,) = (replace(r, there=None) for r in masked["standing"].rows if r.day == 90)
    hidden = replace(masked["standing"], rows=(row,), masked=frozenset({(0, "there")}))
    found = hide_alike({**masked, "standing": hidden})["watched"]
    here = [i for i, r in enumerate(found.rows) if (r.what, r.day) == (row.what, row.day)]
    assert here
    assert all(found.rows[i].at_risk is None and (i, "at_risk") in found.masked for i in here)
    assert exact["watched"].rows[here[0]].at_risk
    others = [r.at_risk for i, r in enumerate(found.rows) if i not in here]
    assert any(n is not None for n in others)


def test_published_data_keep_every_number(tmp_path):
    study = drawn(tmp_path, 10)
    open_ = {"profile": "public_data", "reason": "Made up"}
    plan = Plan.model_validate(pre_post_plan(disclosure=open_), strict=False)
    exact, shown_ = asked(replace(study, plan=study.plan.model_copy(
        update={"disclosure": plan.disclosure})))  # fmt: skip
    assert {key: held.rows for key, held in shown_.items()} == {
        key: held.rows for key, held in exact.items()
    }


def test_no_masked_result_shows_a_count_that_is_not_rounded(tmp_path):
    exact, masked = asked(served(measured(tmp_path, 137, 211), 137))
    told = {
        value
        for result in masked.values()
        for row in result.rows
        for name in row.__slots__
        if isinstance(value := getattr(row, name), int) and not isinstance(value, bool)
    }
    assert {137, 211, 348} & told == set()
    assert 137 in {row.n for row in exact["standing"].rows}
    assert 135 in told
