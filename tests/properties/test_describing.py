"""What must hold of every description and of every masked result."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from splw_eval.appraisal import hide_pooled, mask
from splw_eval.appraisal.disclosure import PROFILES, mask_count
from splw_eval.core.columns import Role, columns_of
from splw_eval.core.result import Result
from splw_eval.data import Study, load_study
from splw_eval.describe import describe_change, describe_flow, describe_responders
from splw_eval.evaluate.questions import QUESTIONS
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


# Models that end, but whose variances so few people do not tell apart.
SINGULAR = [
    ("link", "a", None, 6),
    ("link", "b", 13, None),
    ("link", "b", 15, 16),
    ("usual", "d", None, 6),
    ("usual", "e", 12, None),
    ("usual", "e", 5, 5),
]
NOT_POSITIVE = [
    ("link", "a", None, None),
    ("link", "c", 15, 16),
    ("link", "c", None, None),
    ("link", "a", None, 7),
    ("link", "c", 13, None),
    ("usual", "d", None, 7),
    ("usual", "f", 12, None),
    ("usual", "f", 5, 5),
]
# Nobody of one group has both scores, so there is no analysis of covariance.
NEVER_BOTH = [
    *[("usual", "de"[i % 2], 8 + 5 * i % 11, 6 + 7 * i % 13) for i in range(16)],
    ("link", "b", None, 16),
    ("link", "a", 10, None),
]
# Seven of one group, and enough of the other for a model.
UNEVEN = [
    *[("link", "abc"[i % 3], 8 + 5 * i % 7, 9 + 3 * i % 8) for i in range(7)],
    *[("usual", "def"[i % 3], 7 + 5 * i % 11, 6 + 7 * i % 13) for i in range(33)],
]


# Of all tables, each worked out once: those of models are slow where people are few.
@settings(max_examples=30, deadline=None)
@given(PEOPLE)
@example(SINGULAR)
@example(NOT_POSITIVE)
@example(NEVER_BOTH)
@example(UNEVEN)
def test_no_small_count_and_nothing_that_rests_on_one_survives(people):
    study = study_of(people)
    exact: dict[str, Result] = {question.key: question.ask(study) for question in QUESTIONS}
    masked_each = {key: mask(result, study.plan) for key, result in exact.items()}
    for key, result in hide_pooled(masked_each, study.plan.waves[0].name).items():
        frame = result.to_frame()
        for name, column in columns_of(result.row_type).items():
            shown = [v for v in frame[name].tolist() if v == v and v is not None]  # noqa: PLR0124
            if column.role is Role.COUNT:
                assert all(v == 0 or (v >= 10 and v % 5 == 0) for v in shown), (key, name)
            if column.base:
                for masked, row in zip(result.rows, exact[key].rows, strict=True):
                    few = 1 <= (getattr(row, column.base) or 0) <= 7
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
