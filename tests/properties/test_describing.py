"""What must hold of every description and of every masked result."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from splw_eval.appraisal.disclosure import PROFILES, mask_count
from splw_eval.core.columns import Role, columns_of
from splw_eval.core.result import Result
from splw_eval.data import Study, load_study
from splw_eval.describe import describe_change, describe_flow, describe_responders
from splw_eval.evaluate import evaluate_study
from tests.unit.given_study import edited, given_study, plan_of

SCORE = st.one_of(st.none(), st.integers(5, 20))
# In a cluster trial a practice has one arm.
PLACE = st.sampled_from([("link", c) for c in "abc"] + [("usual", c) for c in "def"])
PERSON = st.tuples(PLACE, SCORE, SCORE).map(lambda person: (*person[0], *person[1:]))
PEOPLE = st.lists(PERSON, min_size=1, max_size=40)
PLAN = edited(
    edited(plan_of("cluster_trial"), "outcomes.0.mid", {"value": 5, "source": "by hand"}),
    "outcomes.0.range",
    [0, 27],
)


def study_of(people, *, shift: int = 0, order: int | None = None) -> Study:
    """Study of people given as (arm, practice, before, after)."""
    rows = [
        [f"p{i}", arm, practice, *(None if s is None else s + shift for s in scores)]
        for i, (arm, practice, *scores) in enumerate(people)
    ]
    if order is not None:
        random.Random(order).shuffle(rows)
    with tempfile.TemporaryDirectory() as folder:
        head = ["person", "arm", "practice", "phq_0", "phq_3"]
        return load_study(given_study(Path(folder), PLAN, scores=[head, *rows]))


def assert_alike(first, second, fields=None) -> None:
    for one, other in zip(first.rows, second.rows, strict=True):
        for name in fields or columns_of(first.row_type):
            a, b = getattr(one, name), getattr(other, name)
            assert a == (pytest.approx(b, rel=1e-9, abs=1e-9) if isinstance(b, float) else b), name


@settings(deadline=None)
@given(PEOPLE)
def test_flow_reconciles_and_adds_up_to_everybody(people):
    study = study_of(people)
    rows: tuple[Any, ...] = describe_flow(study).rows
    for row in rows:
        assert row.enrolled == row.not_yet_due + row.expected
        assert row.expected == row.measured + row.missing
        assert row.share_measured is None or 0 <= row.share_measured <= 1
    for wave in ("baseline", "month_3"):
        here = [row for row in rows if row.wave == wave]
        assert sum(row.enrolled for row in here) == len(people)
    measured = sum(before is not None for _, _, before, _ in people)
    assert sum(row.measured for row in rows if row.wave == "baseline") == measured


@settings(deadline=None)
@given(PEOPLE, st.integers(0, 1000))
def test_the_order_of_the_rows_changes_nothing(people, order):
    first, second = study_of(people), study_of(people, order=order)
    for describe in (describe_flow, describe_change, describe_responders):
        assert_alike(describe(first), describe(second))


@settings(deadline=None)
@given(PEOPLE, st.integers(-5, 7))
def test_the_same_amount_on_every_score_leaves_change_as_it_is(people, shift):
    first, second = study_of(people), study_of(people, shift=shift)
    assert_alike(describe_responders(first), describe_responders(second))
    kept = ("n", "estimate", "sd_change", "std_error", "df", "conf_low", "conf_high", "sd_wave")
    assert_alike(describe_change(first), describe_change(second), kept)


@settings(deadline=None)
@given(PEOPLE)
def test_better_same_and_worse_are_everybody_with_both(people):
    rows: tuple[Any, ...] = describe_responders(study_of(people)).rows
    for row in rows:
        assert row.n == row.n_better + row.n_same + row.n_worse


@settings(deadline=None)
@given(PEOPLE)
def test_change_is_never_nan_and_lies_inside_its_interval(people):
    rows: tuple[Any, ...] = describe_change(study_of(people)).rows
    for row in rows:
        for name in columns_of(type(row)):
            value = getattr(row, name)
            assert value == value  # noqa: PLR0124 - NaN alone differs from itself
        if row.conf_low is not None:
            assert row.conf_low < row.estimate < row.conf_high


@settings(max_examples=60, deadline=None)
@given(PEOPLE)
def test_no_small_count_and_nothing_that_rests_on_one_survives(people):
    study = study_of(people)
    exact: dict[str, Result] = {"flow": describe_flow(study), "change": describe_change(study)}
    evaluation = evaluate_study(study)
    for key, result in evaluation.results.items():
        frame = result.to_frame()
        for name, column in columns_of(result.row_type).items():
            shown = [v for v in frame[name].tolist() if v == v and v is not None]  # noqa: PLR0124
            if column.role is Role.COUNT:
                assert all(v == 0 or (v >= 10 and v % 5 == 0) for v in shown), (key, name)
            if key in exact and column.base:
                for masked, row in zip(result.rows, exact[key].rows, strict=True):
                    few = 1 <= getattr(row, column.base) <= 7
                    assert not few or getattr(masked, name) is None, (key, name)
        assert result.disclosure is not None
        for note in result.notes:
            assert all(n is None or n % 5 == 0 for n in note.counts.values())


@settings(deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(["nhs", "n10"]))
def test_masked_counts_are_near_and_masking_twice_changes_nothing(n, name):
    profile = PROFILES[name]
    shown = mask_count(n, profile)
    if shown is None:
        assert 1 <= n <= profile.largest_suppressed
    else:
        assert abs(shown - n) <= 2
        assert mask_count(shown, profile) == shown
