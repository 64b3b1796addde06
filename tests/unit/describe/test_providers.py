"""Link workers together: never fewer than three, and no plain text of the files."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from splw_eval.appraisal import mask
from splw_eval.core.columns import Role, columns_of
from splw_eval.describe.posts import describe_turnover, describe_year, posts_of
from splw_eval.describe.provider_icc import describe_worker_icc
from splw_eval.describe.providers import (
    ALL_OTHERS,
    describe_provider_fields,
    describe_provider_numbers,
    describe_providers,
    pooled,
)
from tests.unit.describe.given_tables import days, table
from tests.unit.retention.given_reported import measured, served

SECRET = "Trained with Quillcanary"


def workers(study, n=8, **columns):
    """Give a study a table of so many link workers."""
    held: dict[str, Any] = {
        "link_worker": [f"w{i}" for i in range(n)],
        "role_title": [SECRET] * n,
        "fte": [0.5 + 0.1 * (i % 5) for i in range(n)],
        "training": [SECRET if i % 2 else "" for i in range(n)],
        "sex": ["female" if i % 2 else "male" for i in range(n)],
        "supervision_hours": [1.0 + i for i in range(n)],
    } | columns
    return replace(study, tables={**study.tables, "link_workers": table("link_workers", **held)})


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return served(measured(tmp_path_factory.mktemp("made"), 120), 120, seed=5)


def span(study):
    """First day of a referral and the data cut."""
    posts = posts_of(workers(study, start_date=days(*["2020-01-01"] * 8)))
    return posts.since, posts.until


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 9), max_size=6))
def test_no_row_is_about_fewer_than_three_and_all_rows_are_everybody(counts):
    found = pooled(counts)
    assert all(n >= 3 for n in found.values())
    assert not found or sum(found.values()) == sum(counts.values())
    small = {name for name, n in counts.items() if 0 < n < 3}
    assert not small & set(found)


def test_small_categories_stand_together(base):
    sex = ["female"] * 5 + ["male", "other", ""]
    rows = describe_providers(workers(base, sex=sex)).rows
    assert [(r.category, r.workers, r.known) for r in rows] == [
        ("Female", 5, 8),
        (ALL_OTHERS, 3, 8),
    ]


def test_one_who_stands_apart_takes_the_whole_characteristic_away(base):
    rows = describe_providers(workers(base, sex=["female"] * 7 + ["male"])).rows
    assert rows == ()


def test_two_link_workers_are_told_nothing_of(base):
    two = workers(base, 2)
    for describe in (describe_providers, describe_provider_numbers, describe_provider_fields):
        assert describe(two).rows == ()
        assert "fewer than 3 link workers" in describe(two).notes[0].sentence()


def test_plain_text_is_counted_and_never_told(base):
    made = describe_provider_fields(workers(base))
    rows = {row.column: row for row in made.rows}
    assert (rows["Title of the post"].entries, rows["Training for the post"].filled) == (1, 4)
    assert rows["Training for the post"].judged == "Filled below 80%"
    assert rows["Work before the post"].judged == "Not kept"
    for describe in (describe_providers, describe_provider_numbers, describe_provider_fields):
        assert "Quillcanary" not in repr(describe(workers(base)))


def test_numbers_of_link_workers_have_the_role_of_staff():
    from splw_eval.core import provider_rows

    for kind in (
        provider_rows.ProviderRow,
        provider_rows.ProviderNumberRow,
        provider_rows.TurnoverRow,
        provider_rows.ProviderFieldRow,
        provider_rows.WorkerIccRow,
        provider_rows.YearRow,
    ):
        roles = {name: column.role for name, column in columns_of(kind).items()}
        assert Role.UNITS not in roles.values()
        assert Role.STAFF in roles.values()


def test_posts_are_summed_and_quarters_need_six(base):
    (posts, supervision) = describe_provider_numbers(workers(base)).rows
    assert posts.in_all == pytest.approx(sum(0.5 + 0.1 * (i % 5) for i in range(8)))
    assert (supervision.median, supervision.lower) == (4.5, 2.75)
    few = describe_provider_numbers(workers(base, 5)).rows
    assert {row.lower for row in few} == {None}
    assert {row.median is None for row in few} == {False}


def test_who_left_within_the_study_is_counted(base):
    since, until = span(base)
    inside, before = str(since + np.timedelta64(20, "D")), str(since - np.timedelta64(20, "D"))
    after = str(until + np.timedelta64(20, "D"))
    start = days(*["2010-01-01"] * 8)
    end = days(inside, inside, inside, before, after, None, None, None)
    (row,) = describe_turnover(workers(base, start_date=start, end_date=end)).rows
    assert (row.ever, row.left, row.in_post) == (7, 3, 4)
    assert row.share_left == pytest.approx(3 / 7)


def test_where_one_left_figures_are_of_all_in_post_so_that_nobody_can_count_them(base):
    since, _ = span(base)
    gone = str(since + np.timedelta64(20, "D"))
    start = days(*["2010-01-01"] * 8)
    made = workers(base, start_date=start, end_date=days(gone, *[None] * 7))
    rows = describe_provider_numbers(made).rows
    assert {row.of for row in rows} == {8}
    assert all("of all in post during the study" in row.measure for row in rows)


def test_one_or_two_who_left_are_masked_with_what_would_give_them_back(base):
    since, _ = span(base)
    gone = str(since + np.timedelta64(20, "D"))
    start = days(*["2010-01-01"] * 8)
    made = workers(base, start_date=start, end_date=days(gone, gone, *[None] * 6))
    (row,) = mask(describe_turnover(made), base.plan).rows
    assert (row.ever, row.in_post, row.left, row.share_left) == (8, None, None, None)
    told = mask(describe_providers(made), base.plan).rows
    assert [(r.workers, r.share) for r in told] == [(4, 0.5), (4, 0.5)]


def test_people_a_year_are_those_met_over_the_years_of_full_posts(base):
    since, until = span(base)
    start = days(*[str(since)] * 8)
    (row,) = describe_year(workers(base, fte=[1.0] * 8, start_date=start)).rows
    years = 8 * (until - since).astype(int) / 365.25
    assert row.post_years == pytest.approx(years)
    assert row.per_year == int(row.people / years + 0.5)
    assert row.guide == "200 to 250"


def test_people_whom_only_link_workers_without_a_known_post_met_are_not_counted(base):
    """They would count over the posts of others, who would seem to see many more."""
    since, _ = span(base)
    start = days(*[str(since)] * 6)
    every = workers(base, 6, fte=[1.0] * 6, start_date=start)
    some = workers(base, 6, fte=[1.0] * 3 + [float("nan")] * 3, start_date=start)
    whole: Any
    part: Any
    (whole,), (part,) = describe_year(every).rows, describe_year(some).rows
    contacts, counted = base.tables["contacts"], {"w0", "w1", "w2"}
    named = np.array([w in counted for w in contacts.text("link_worker")])
    met = named & (contacts.number("attended") == 1)
    assert part.workers == 3
    assert part.people == len(set(contacts.text("episode")[met].tolist())) < whole.people


def test_people_of_one_link_worker_who_are_alike_have_an_icc(tmp_path):
    study = measured(tmp_path, 200, lost=0.0)
    rng = np.random.default_rng(4)
    worker = np.arange(200) % 10
    scores = study.scores["phq9"].copy()
    scores[:, 0] = rng.normal(12, 3, 200)
    scores[:, 1] = scores[:, 0] + 3 * rng.normal(size=10)[worker] + rng.normal(0, 3, 200)
    made = replace(
        study,
        scores={"phq9": scores},
        people=replace(study.people, link_worker=worker.astype(np.int64)),
    )
    row: Any
    (row,) = describe_worker_icc(made, 1).rows
    assert (row.n, row.workers) == (200, 10)
    assert row.conf_low < row.estimate < row.conf_high
    assert 0.2 < row.estimate < 0.8  # made with one half


def test_too_few_link_workers_have_no_icc(base):
    four = replace(
        base, people=replace(base.people, link_worker=np.arange(120, dtype=np.int64) % 4)
    )
    assert describe_worker_icc(four, 1).rows == ()
