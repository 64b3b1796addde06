"""Completeness, days, link workers and precision, against sums done by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from splw_eval.appraisal import disclose
from splw_eval.core.filled import ABOUT, BELOW, ENOUGH
from splw_eval.data.checks.workers import count_pairs
from splw_eval.data.codebook import codebook
from splw_eval.describe import (
    describe_change,
    describe_days,
    describe_precision,
    describe_records,
    describe_workers,
)
from splw_eval.describe.records import MAY_BE_EMPTY, NOT_KEPT
from tests.unit.describe.given_tables import days, table, with_people, with_tables
from tests.unit.given_study import edited, long_plan, pre_post_plan, wide
from tests.unit.loading import loaded

PLAN = pre_post_plan()


@pytest.fixture
def study(tmp_path):
    """Give eight people with two scores each and no tables."""
    return loaded(tmp_path, PLAN, scores=wide(*[(20 - i, 12 - i % 3) for i in range(8)]))


def test_every_column_that_must_or_should_be_kept_has_a_row(study):
    log = table("contacts", contact=["a", "b"], minutes=[None, 20])
    rows = {r.column: r for r in describe_records(with_tables(study, log)).rows}
    assert set(rows) == {c.name for c in codebook()["contacts"].values() if c.level != "may"}
    assert (rows["minutes"].filled, rows["minutes"].share_filled) == (1, 0.5)
    assert rows["minutes"].verdict == BELOW
    assert rows["contact"].verdict == ENOUGH


def test_a_column_that_is_not_there_counts_as_empty(study):
    rows = describe_records(with_tables(study, table("contacts", contact=["a", "b"]))).rows
    mode = next(r for r in rows if r.column == "mode")
    assert (mode.records, mode.filled, mode.share_filled, mode.verdict) == (2, 0, 0.0, NOT_KEPT)


def test_an_open_episode_is_not_taken_for_a_badly_kept_one(study):
    episodes = table("episodes", episode=["a", "b"], close_date=days(None, None))
    rows = describe_records(with_tables(study, episodes)).rows
    assert next(r for r in rows if r.column == "close_date").verdict == MAY_BE_EMPTY


@pytest.mark.parametrize(("filled", "words"), [(7, BELOW), (8, ENOUGH)])
def test_the_line_is_at_eighty_in_a_hundred(study, filled, words):
    log = table("contacts", minutes=[20] * filled + [None] * (10 - filled))
    rows = describe_records(with_tables(study, log)).rows
    assert next(r for r in rows if r.column == "minutes").verdict == words


def masked_verdict(study, records, filled):
    minutes = [20] * filled + [None] * (records - filled)
    given = with_tables(study, table("contacts", minutes=minutes))
    shown = disclose({"records": describe_records(given)}, study.plan)["records"].rows
    return next(r for r in shown if r.column == "minutes")


@pytest.mark.parametrize(
    ("records", "filled", "words"),
    [(100, 50, BELOW), (100, 100, ENOUGH), (100, 80, ABOUT), (100, 79, ABOUT), (100, 4, BELOW)],
)
def test_the_word_is_judged_from_the_counts_that_are_shown(study, records, filled, words):
    assert masked_verdict(study, records, filled).verdict == words


def test_of_a_few_records_no_word_is_told_and_what_is_not_kept_still_is(study):
    row = masked_verdict(study, 5, 3)
    assert (row.records, row.verdict) == (None, None)
    given = with_tables(study, table("contacts", contact=["a", "b"]))
    shown = disclose({"records": describe_records(given)}, study.plan)["records"].rows
    assert next(r for r in shown if r.column == "mode").verdict == NOT_KEPT


@pytest.mark.parametrize("filled", [79, 80])
def test_one_record_on_either_side_of_the_line_is_told_alike(study, filled):
    assert masked_verdict(study, 100, filled) == masked_verdict(study, 100, 80)


def test_a_table_that_is_not_there_is_said_to_be_absent(study):
    result = describe_records(with_tables(study, table("contacts", contact=["a"])))
    assert {row.table for row in result.rows} == {"contacts"}
    assert any("support, episodes, link workers" in n.sentence() for n in result.notes)


def test_days_are_counted_from_time_zero(tmp_path):
    people = [["person", "referred"], ["p1", "2025-10-01"], ["p2", "2025-10-11"]]
    measures = [["person", "wave", "date", "phq"], ["p1", "baseline", "2025-10-05", 9]]
    measures += [["p2", "baseline", "2025-10-11", 8], ["p1", "month_3", "2026-01-02", 5]]
    study = loaded(tmp_path, long_plan(dated=True), people=people, measures=measures)
    episodes = table(
        "episodes",
        person=["p2", "p1", "p1"],
        first_contact_date=days("2025-10-31", "2025-10-15", "2025-10-11"),
    )
    rows = {r.event: r for r in describe_days(with_tables(study, episodes)).rows}
    assert (rows["First contact"].known, rows["First contact"].median) == (2, 15.0)
    assert (rows["Baseline"].lower, rows["Baseline"].upper) == (1.0, 3.0)
    assert (rows["3 months"].known, rows["3 months"].median) == (1, 93.0)
    assert rows["3 months"].planned == "Day 91 (61 to 121)"


def test_without_dates_there_are_no_days_and_it_is_said(study):
    result = describe_days(study)
    assert result.rows == ()
    assert "time zero" in result.notes[0].sentence()


def served(study, workers, practices):
    worker, cluster = np.array(workers), np.array(practices)
    person = np.flatnonzero(worker >= 0)
    found = count_pairs(cluster, person, worker[person], by_contacts=False)
    return describe_workers(replace(study, worker_practices=found))


def shown(rows):
    return [(r.group, r.workers, r.practices, r.people) for r in rows]


def said(result):
    return " ".join(note.sentence() for note in result.notes)


ALL = "All link workers and their practices"


def test_link_workers_are_those_of_the_contacts(study):
    cluster, person = np.repeat([0, 1], 4), np.array([0, 0, 1, 2, 3, 4, 4, 5])
    found = count_pairs(cluster, person, np.array([0, 1, 0, 2, 1, 0, 1, 2]), by_contacts=True)
    result = describe_workers(replace(study, worker_practices=found))
    assert shown(result.rows) == [
        (ALL, 3, 2, 8),
        ("Link workers of two practices", 3, None, 8),
        ("Practices with three or more link workers", None, 2, 8),
    ]
    assert "every link worker who saw them" in said(result)


def crossed(study, *served_by):
    """Give each link worker one person in each of their practices."""
    pairs = [(worker, practice) for worker, where in enumerate(served_by) for practice in where]
    return served(study, [w for w, _ in pairs], [p for _, p in pairs])


def test_link_workers_are_counted_by_how_many_practices_they_serve(study):
    result = crossed(study, [0], [1], [2], [0, 1], [1, 2], [2, 3], [0, 1, 2], [0, 1, 3], [1, 2, 3])
    assert shown(result.rows) == [
        (ALL, 9, 4, 18),
        ("Link workers of one practice", 3, None, 3),
        ("Link workers of two practices", 3, None, 6),
        ("Link workers of three or more practices", 3, None, 9),
        ("Practices with three or more link workers", None, 4, 18),
    ]
    assert "Neither is part of the other" in said(result)


def test_kinds_with_too_few_link_workers_are_put_together(study):
    result = crossed(study, [0], [1], [2], [0, 1], [1, 2], [0, 1, 2])
    assert shown(result.rows)[1:3] == [
        ("Link workers of one practice", 3, None, 3),
        ("Link workers of several practices", 3, None, 7),
    ]


def test_where_kinds_are_too_small_all_are_shown_together_and_nesting_is_still_said(study):
    """Two link workers of four serve two practices: neither two can be shown."""
    result = crossed(study, [0, 1], [0, 2], [2], [3])
    assert shown(result.rows) == [(ALL, 4, 4, 6)]
    words = said(result)
    assert "Some link workers serve several practices, and some practices have several" in words
    assert "Neither is part of the other" in words
    assert "How many link workers serve one practice and how many several is not shown" in words
    assert "How many practices have one link worker and how many several is not shown" in words


@pytest.mark.parametrize(
    ("served_by", "words"),
    [
        ([[0, 1], [2], [3]], "each practice has one link worker. No link worker is taken for part"),
        ([[0], [0], [1]], "each link worker serves one practice, and some practices have several"),
        ([[0], [1], [2]], "cannot be told apart"),
    ],
)
def test_nesting_is_said_in_words_whatever_it_is(study, served_by, words):
    assert words in said(crossed(study, *served_by))


@pytest.mark.parametrize("seed", range(40))
def test_no_kind_of_link_worker_is_shown_that_holds_fewer_than_three(study, seed):
    rng = np.random.default_rng(seed)
    many = int(rng.integers(3, 9))
    where = [rng.choice(5, size=rng.integers(1, 4), replace=False).tolist() for _ in range(many)]
    rows = {r.group: r for r in crossed(study, *where).rows}
    assert rows[ALL].workers == many
    practices = range(5)
    for name, row in rows.items():
        if name.startswith("Practices with one"):
            alone = [
                w for p in practices if len(w := [i for i, x in enumerate(where) if p in x]) == 1
            ]
            assert len({worker for workers in alone for worker in workers}) >= 3
            assert row.practices == len(alone)
        assert row.workers is None or row.workers >= 3
        assert name == ALL or row.workers is None or row.practices is None


@pytest.mark.parametrize("workers", [[0, 0, 0, 0, 1, 1, 1, 1], [0] * 8, [-1] * 8])
def test_fewer_than_three_link_workers_are_in_no_row(study, workers):
    result = served(study, workers, [0, 1, 0, 1, 0, 1, 0, 1])
    assert result.rows == ()
    assert "too few link workers" in said(result)
    assert "Do not take link workers for part of one practice" in said(result)


def test_people_without_link_worker_or_practice_are_left_out(study):
    rows = served(study, [0, 1, 2, -1, 0, 1, 2, 3], [0, 0, 0, 0, 0, 0, 0, -1]).rows
    assert [(r.workers, r.people) for r in rows if r.workers] == [(3, 6), (3, 6)]


def test_precision_is_half_of_the_interval_of_the_change(study):
    (row,), (change,) = describe_precision(study).rows, describe_change(study).rows
    assert change.conf_high is not None
    assert change.estimate is not None
    half = change.conf_high - change.estimate
    assert row.half_width == pytest.approx(half, rel=0.01)  # the expansion of t in 1/df
    assert (row.n, row.clusters, row.enough) == (8, None, "No MID is given")


def test_precision_allows_for_practices_as_the_change_does(study):
    clustered = with_people(study, cluster=np.array([0, 0, 1, 1, 2, 2, 3, 3]))
    (row,), (change,) = describe_precision(clustered).rows, describe_change(clustered).rows
    assert change.conf_high is not None
    assert change.estimate is not None
    half = change.conf_high - change.estimate
    assert (row.clusters, change.clusters) == (4, 4)
    assert row.half_width == pytest.approx(half, rel=0.01)


@pytest.mark.parametrize(("mid", "words"), [(0.5, "No"), (20, "Yes")])
def test_precision_is_told_against_the_mid(tmp_path, mid, words):
    plan = edited(PLAN, "outcomes.0.mid", {"value": mid, "source": "by hand"})
    rows = wide(*[(20 - i, 12 - i % 3) for i in range(8)])
    assert describe_precision(loaded(tmp_path, plan, scores=rows)).rows[0].enough == words


def test_where_no_interval_can_be_given_there_is_no_precision(study):
    few = with_people(study, cluster=np.array([0, 0, 0, 0, 1, 1, 2, 2]))
    (row,) = describe_precision(few).rows
    assert row.half_width is None


def test_practices_of_one_mean_change_leave_a_precision_of_no_width(tmp_path):
    study = loaded(tmp_path, PLAN, scores=wide(*[(20, 12 - 2 * (i % 2)) for i in range(8)]))
    alike = with_people(study, cluster=np.array([0, 0, 1, 1, 2, 2, 3, 3]))
    (row,) = describe_precision(alike).rows
    assert row.half_width == pytest.approx(0, abs=1e-12)
