"""Reliable change and every listed difference, against counts done by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from splw_eval.appraisal import mask
from splw_eval.core.quality_rows import ReliableChangeRow
from splw_eval.core.result import Result
from splw_eval.describe import (
    SuppliedReliability,
    describe_reliability,
    describe_reliable_change,
    describe_responders,
)
from splw_eval.describe.reliable_change import FROM_ALPHA, NO_CUTOFF
from splw_eval.describe.yardsticks import IN_THE_PLAN
from splw_eval.instruments import instrument
from tests.unit.describe.given_items import answers, given, study_of

RETEST = {"phq9": SuppliedReliability(value=0.84, source="by hand, test-retest")}
# SD at the start: the root of 60 / 5, so 3.4641; the error 3.4641 x 0.4 = 1.3856; beyond 3.8406.
SCORES = [(10, 4), (12, 12), (14, 18), (16, 20), (18, 2), (20, None)]


def test_reliable_change_with_a_reliability_from_elsewhere(tmp_path):
    study = study_of(tmp_path, "phq9", SCORES)
    result = describe_reliable_change(study, reliability=RETEST)
    (row,) = result.rows
    sd = float(np.std([10, 12, 14, 16, 18, 20], ddof=1))
    assert row.threshold == pytest.approx(1.959964 * 2**0.5 * sd * 0.4, rel=1e-6)
    assert (row.n_start, row.n, row.reliability) == (6, 5, 0.84)
    assert (row.n_improved, row.n_unchanged, row.n_deteriorated) == (2, 3, 0)
    assert (row.n_recovered, row.share_recovered, row.cutoff) == (None, None, None)
    assert row.cutoff_from == NO_CUTOFF
    assert row.share_improved == 2 / 5
    assert any("test-retest" in source for source in result.sources)


def test_the_threshold_is_that_of_the_alpha_at_the_start(tmp_path):
    items = answers(60, 9, 4)
    items[0, 0, 0] = np.nan
    scores = np.nansum(items, axis=2)
    study = study_of(tmp_path, "phq9", scores, items)
    result = describe_reliable_change(study)
    (row,), first = result.rows, describe_reliability(study).rows[0]
    assert (row.reliability, row.threshold) == (first.alpha, first.smallest_change)
    assert (row.n_start, row.n) == (59, 60)
    assert row.reliability_from == FROM_ALPHA
    assert any("week to week" in note.sentence() for note in result.notes)
    gain = scores[:, 0] - scores[:, 1]
    assert row.n_improved == (gain > row.threshold).sum()
    assert row.n_deteriorated == (gain < -given(row.threshold)).sum()
    parts = (row.n_improved, row.n_unchanged, row.n_deteriorated)
    assert sum(map(given, parts)) == 60


def test_people_at_large_of_the_catalogue_give_the_cutoff_for_recovery(tmp_path):
    scores = [(24, 6), (22, 16), (20, 21), (18, 30), (16, 3), (8, 2), (26, 4), (30, 9)]
    study = study_of(tmp_path, "core10", scores)
    (row,) = describe_reliable_change(study, reliability=RETEST).rows
    start = np.array([pair[0] for pair in scores], dtype=float)
    mean, sd = start.mean(), start.std(ddof=1)
    assert row.cutoff == pytest.approx((4.8 * mean + sd * 4.7) / (4.8 + sd), rel=1e-12)
    assert "UK general population" in row.cutoff_from
    # Beyond 7.6 and across 11.8; the sixth started on the better side of it.
    assert (row.n_recovered, row.n_improved) == (4, 0)
    assert (row.n_unchanged, row.n_deteriorated) == (3, 1)
    assert row.share_recovered == 4 / 8


def test_figures_of_people_in_need_give_no_cutoff(tmp_path):
    found = instrument("core10")
    clinical = [n for n in found.scores[0].norms if "counselling" in n.group]
    assert clinical
    assert all(not norm.at_large for norm in clinical)
    study = study_of(tmp_path, "core10", SCORES)
    score = replace(found.scores[0], norms=tuple(clinical))
    other = replace(study, instruments={"phq9": replace(found, scores=(score,))})
    (row,) = describe_reliable_change(other, reliability=RETEST).rows
    assert row.n_recovered is None


@pytest.mark.parametrize(
    ("scores", "items", "reliability", "said"),
    [
        (SCORES, None, None, "no items and no reliability"),
        ([(5, 4), (5, 9)], None, RETEST, "do not vary"),
        ([(5, 4), (6, 9)], np.zeros((2, 2, 9)), None, "alpha at the start cannot be given"),
    ],
)
def test_where_nobody_can_be_counted_it_is_said(tmp_path, scores, items, reliability, said):
    study = study_of(tmp_path, "phq9", scores, items)
    result = describe_reliable_change(study, reliability=reliability)
    assert result.rows == ()
    assert said in result.notes[0].sentence()


def test_each_arm_is_held_against_the_same_threshold(tmp_path):
    study = study_of(tmp_path, "phq9", SCORES, arms=["link", "usual"] * 3)
    rows = describe_reliable_change(study, reliability=RETEST).rows
    assert [row.arm for row in rows] == ["Link worker", "Usual care"]
    assert rows[0].threshold == rows[1].threshold
    assert [row.n for row in rows] == [3, 2]


def test_few_people_show_no_threshold_and_no_share(tmp_path):
    study = study_of(tmp_path, "phq9", SCORES)
    row = mask(describe_reliable_change(study, reliability=RETEST), study.plan).rows[0]
    assert (row.n, row.n_start, row.threshold, row.reliability) == (None,) * 4
    assert (row.share_improved, row.share_unchanged, row.share_deteriorated) == (None,) * 3


def change_row(n_start, recovered, improved, unchanged, deteriorated) -> ReliableChangeRow:
    n = recovered + improved + unchanged + deteriorated
    return ReliableChangeRow(
        outcome="phq9",
        arm="Everyone",
        wave="month_3",
        month=3.0,
        reliability_from="by hand",
        cutoff_from="by hand",
        n_start=n_start,
        reliability=0.8437,
        threshold=5.13,
        cutoff=9.876,
        n=n,
        n_recovered=recovered,
        n_improved=improved,
        n_unchanged=unchanged,
        n_deteriorated=deteriorated,
        share_recovered=recovered / n,
        share_improved=improved / n,
        share_unchanged=unchanged / n,
        share_deteriorated=deteriorated / n,
    )


def masked(tmp_path, row) -> ReliableChangeRow:
    plan = study_of(tmp_path, "phq9", SCORES).plan
    result = Result(key="k", title="t", unit="u", row_type=ReliableChangeRow, rows=(row,))
    found: ReliableChangeRow = mask(result, plan).rows[0]
    return found


def test_shares_never_claim_everybody_beside_a_hidden_group(tmp_path):
    row = masked(tmp_path, change_row(60, 20, 12, 9, 1))
    shares = (row.share_recovered, row.share_improved, row.share_unchanged, row.share_deteriorated)
    assert row.n_deteriorated is None
    assert shares[3] is None
    assert sum(share or 0 for share in shares) < 1


@pytest.mark.parametrize(
    ("n_start", "threshold", "cutoff"), [(12, None, None), (40, 5.0, 10.0), (400, 5.1, 9.9)]
)
def test_a_threshold_has_only_the_digits_that_leave_n_open(tmp_path, n_start, threshold, cutoff):
    row = masked(tmp_path, change_row(n_start, 20, 12, 9, 0))
    assert (row.threshold, row.reliability, row.cutoff) == (threshold, 0.84, cutoff)


def test_every_listed_difference_is_counted_after_the_mid_of_the_plan(tmp_path):
    mid = {"value": 3, "source": "by hand"}
    scores = [(20, 15), (10, 8), (10, 10), (5, 11), (0, 4), (4, None)]
    result = describe_responders(study_of(tmp_path, "phq9", scores, mid=mid))
    listed = [(row.mid, row.unit, row.kind) for row in result.rows]
    assert listed[0] == (3, "points", IN_THE_PLAN)
    catalogue = instrument("phq9").scores[0].differences
    assert listed[1:] == [(d.value, d.unit, d.kind) for d in catalogue]
    found = {(r.mid, r.unit): (r.n, r.n_better, r.n_same, r.n_worse) for r in result.rows}
    assert found[3, "points"] == (5, 1, 2, 2)
    assert found[1.7, "points"] == (5, 2, 1, 2)
    assert found[6, "points"] == (5, 0, 4, 1)
    assert len(result.sources) == len(listed)
    assert any("none is the true one" in note.sentence() for note in result.notes)


def test_a_difference_in_per_cent_leaves_out_those_who_started_at_nothing(tmp_path):
    scores = [(20, 15), (10, 8), (10, 7), (5, 7), (0, 4)]
    result = describe_responders(study_of(tmp_path, "phq9", scores))
    (row,) = [row for row in result.rows if row.unit == "percent"]
    # Changes of -25, -20, -30 and +40 per cent, against 21.
    assert (row.mid, row.n, row.n_better, row.n_same, row.n_worse) == (21, 4, 2, 1, 1)
    assert any("started at 0" in note.sentence() for note in result.notes)


def test_a_change_of_exactly_the_percentage_on_paper_reaches_it(tmp_path):
    study = study_of(tmp_path, "phq9", [(0.3, 0.237)], step=0.001)  # 0.3 - 0.237 < 0.063
    (row,) = [row for row in describe_responders(study).rows if row.unit == "percent"]
    assert row.n_better == 1


def test_without_a_mid_the_differences_of_the_catalogue_are_counted_and_it_is_said(tmp_path):
    result = describe_responders(study_of(tmp_path, "phq9", SCORES))
    assert result.rows
    assert all(row.kind != IN_THE_PLAN for row in result.rows)
    assert any("no MID is given." in note.sentence() for note in result.notes)


def test_where_none_is_established_nobody_is_counted(tmp_path):
    result = describe_responders(study_of(tmp_path, "ucla3", [(3, 4), (5, 6)]))
    assert result.rows == ()
    assert any("so nobody is counted" in note.sentence() for note in result.notes)


def test_the_catalogue_does_not_repeat_the_mid_of_the_plan(tmp_path):
    mid = {"value": 6, "source": "IAPT manual, quoted in a secondary source"}
    rows = describe_responders(study_of(tmp_path, "phq9", SCORES, mid=mid)).rows
    assert [row.kind for row in rows if row.mid == 6] == [IN_THE_PLAN]
