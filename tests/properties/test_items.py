"""Answers to items: nobody's answer is repeated, and order and layout change no score."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from splw_eval.core.errors import FindingsError
from splw_eval.core.findings import Finding
from splw_eval.data import Study
from tests.unit.data.given_items import answers, items_plan, wellbeing, wide_plan
from tests.unit.loading import loaded

# Nothing of a finding's own words looks like one of these.
CANARIES = ("777000777", "-31415926", "4.777", "quillcanary", "Quill Canary", "q@canary.example")
ANSWER = st.integers(1, 5)
ROW = st.tuples(*[ANSWER] * 7)
PARTIAL = st.tuples(*[ANSWER | st.just("")] * 7)


def found(plan: Any, **files: Any) -> list[Finding]:
    """Every finding of a study, whether it can be used or not."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            return list(loaded(Path(folder), plan, **files).findings)
        except FindingsError as error:
            return list(error.findings)


def study(plan: Any, **files: Any) -> Study:
    with tempfile.TemporaryDirectory() as folder:
        return loaded(Path(folder), plan, **files)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(ROW, min_size=2, max_size=5),
    canary=st.sampled_from(CANARIES),
    place=st.integers(0, 7),
    out_of_range=st.sampled_from(["error", "missing"]),
)
def test_no_answer_and_no_total_stands_in_a_finding(rows, canary, place, out_of_range):
    cells = [[*row, 21.54] for row in rows]
    cells[0][place] = canary
    plan = items_plan(wellbeing(out_of_range=out_of_range), scores={"wellbeing": "total"})
    findings = found(plan, measures=answers(*map(tuple, cells), also=("total",)))
    assert findings
    told = [f"{f.sentence()} {f.column} {f.file}".casefold() for f in findings]
    assert [words for words in told if canary.casefold() in words] == []


@settings(max_examples=30, deadline=None)
@given(rows=st.lists(PARTIAL, min_size=1, max_size=6), order=st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nobodys_score(rows, order):
    table = answers(*rows)
    shuffled = [table[0], *order.sample(table[1:], len(rows))]
    scores = []
    for each in (table, shuffled):
        held = study(items_plan(), measures=each)
        pairs = zip(held.people.ids, held.scores["wellbeing"][:, 0], strict=True)
        scores.append({person: None if np.isnan(score) else score for person, score in pairs})
    assert scores[0] == scores[1]


@settings(max_examples=30, deadline=None)
@given(rows=st.lists(st.tuples(PARTIAL, PARTIAL), min_size=1, max_size=5))
def test_a_wide_file_and_a_long_one_give_the_same_scores_and_answers(rows):
    head = [f"{wave}{i}" for wave in "bm" for i in range(1, 8)]
    wide = [["person", *head], *([f"p{i}", *a, *b] for i, (a, b) in enumerate(rows))]
    long = [["person", "wave", *(f"q{i}" for i in range(1, 8))]]
    for i, pair in enumerate(rows):
        assume(any(any(row) for row in pair))  # a long file does not know of such a person
        for wave, row in zip(("baseline", "month_3"), pair, strict=True):
            if any(row):  # blank and undated, a wide file says that there was no questionnaire
                long.append([f"p{i}", wave, *row])
    plan = wide_plan(swemwbs={"baseline": "b{item}", "month_3": "m{item}"})
    one, other = study(plan, scores=wide), study(items_plan(), measures=long)
    np.testing.assert_array_equal(one.scores["wellbeing"], other.scores["wellbeing"])
    np.testing.assert_array_equal(one.items["wellbeing"], other.items["wellbeing"])
    np.testing.assert_array_equal(one.reasons["wellbeing"], other.reasons["wellbeing"])


@settings(max_examples=30, deadline=None)
@given(rows=st.lists(ROW, min_size=1, max_size=6))
def test_ready_made_scores_and_their_items_give_the_same_study(rows):
    made = study(items_plan(), measures=answers(*rows))
    totals = made.scores["wellbeing"][:, 0].tolist()
    plan = items_plan(scores={"wellbeing": "q1"}, items={})
    given_ready = study(plan, measures=answers(*[(total,) for total in totals]))
    np.testing.assert_array_equal(made.scores["wellbeing"], given_ready.scores["wellbeing"])
