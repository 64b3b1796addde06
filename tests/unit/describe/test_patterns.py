"""Patterns of missing scores and their reasons, against counts done by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from splw_eval.describe import describe_monotone, describe_patterns, describe_reasons
from splw_eval.describe.patterns import COMPLETE, GAPS, NOTHING_DUE, STOPPED, kind
from splw_eval.describe.settings import MOST_PATTERNS
from tests.unit.given_study import pre_post_plan, wide
from tests.unit.loading import loaded


def waves(*months: int):
    """Give a plan with these waves after the start."""
    plan = pre_post_plan()
    names = {"baseline": "phq_0"} | {f"month_{m}": f"phq_{m}" for m in months}
    plan["waves"] = [{"name": n, "month": int(n.partition("_")[2] or 0)} for n in names]
    plan["files"][0]["scores"]["phq9"] = names
    plan["estimand"]["contrast"]["waves"] = [f"month_{months[-1]}"]
    return plan, tuple(names.values())


@pytest.fixture
def study(tmp_path):
    plan, heading = waves(3, 6)
    rows = [(9, 8, 7), (9, 8, 7), (9, 8, None), (9, None, 7), (None, None, None)]
    return loaded(tmp_path, plan, scores=wide(*rows, heading=heading))


@pytest.mark.parametrize(
    ("pattern", "word"),
    [
        ("111", COMPLETE),
        ("11-", COMPLETE),
        ("100", STOPPED),
        ("000", STOPPED),
        ("10-", STOPPED),
        ("101", GAPS),
        ("011", GAPS),
        ("1-01", GAPS),
        ("---", NOTHING_DUE),
    ],
)
def test_a_pattern_is_told_by_the_waves_that_were_due(pattern, word):
    assert kind(pattern) == word


def test_people_are_counted_by_the_waves_they_were_measured_at(study):
    found = {r.pattern: (r.measured_at, r.people) for r in describe_patterns(study).rows}
    assert found == {
        "111": ("Baseline, 3 months, 6 months", 2),
        "110": ("Baseline, 3 months", 1),
        "101": ("Baseline, 6 months", 1),
        "000": ("No wave", 1),
    }


def test_who_stopped_and_who_came_back_add_up(study):
    (row,) = describe_monotone(study).rows
    assert (row.people, row.complete, row.stopped, row.gaps) == (5, 2, 2, 1)
    assert (row.monotone, row.share_monotone) == (4, 0.8)


def test_waves_not_yet_due_are_no_gap(study):
    due = np.array([[True, False, False]] * 5)
    (row,) = describe_monotone(replace(study, due=due)).rows
    assert (row.complete, row.stopped, row.gaps) == (4, 1, 0)


def test_rare_patterns_are_counted_together_and_nobody_is_lost(tmp_path):
    plan, heading = waves(1, 2, 3, 4)
    every = [tuple(9 if (i >> w) & 1 else None for w in range(5)) for i in range(32)]
    study = loaded(tmp_path, plan, scores=wide(*every, heading=heading))
    rows = describe_patterns(study).rows
    assert len(rows) == MOST_PATTERNS + 1
    assert rows[-1].measured_at == "All other patterns"
    assert sum(row.people or 0 for row in rows) == 32


def test_patterns_are_not_ordered_by_how_many_people_have_them(study):
    assert [r.pattern for r in describe_patterns(study).rows] == ["111", "101", "110", "000"]


def test_reasons_are_counted_among_those_expected_and_not_measured(study):
    why = np.array([[0, 0, 0], [0, 0, 0], [0, 0, 3], [0, 2, 0], [1, 1, 1]], dtype=np.int16)
    names = ("", "no questionnaire", "empty", "refused")
    found = describe_reasons(replace(study, reasons={"phq9": why}, reason_names=names)).rows
    last = [(r.reason, r.people, r.missing, r.share) for r in found if r.wave == "month_6"]
    assert last == [("No questionnaire", 1, 2, 0.5), ("Refused", 1, 2, 0.5)]


def test_nobody_missing_gives_no_reasons_and_says_so(tmp_path):
    result = describe_reasons(loaded(tmp_path, pre_post_plan(), scores=wide((9, 8))))
    assert result.rows == ()
    assert "No score is missing" in result.notes[0].sentence()
