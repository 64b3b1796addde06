"""Who was measured, and how scores changed, against sums done by hand."""

from __future__ import annotations

import datetime as dt
import math

import pytest
from scipy import stats

from splw_eval.describe import (
    describe_change,
    describe_flow,
    describe_responders,
    describe_scores,
)
from tests.unit.given_study import Rows, edited, long_plan, outcome, plan_of, pre_post_plan, wide
from tests.unit.loading import loaded

PLAN = pre_post_plan()
WITH_MID = edited(PLAN, "outcomes.0.mid", {"value": 5, "source": "by hand"})
BEFORE, AFTER = (20, 14, 9, 17, 11), (12, 13, 9, 10, 11)


def clustered(folder, practices, **changes):
    """Study with a practice for each person, scores as above."""
    plan = edited(PLAN, "files.0.columns.cluster", "practice") | changes
    rows: Rows = [["person", "practice", "phq_0", "phq_3"]]
    rows += [
        [f"p{i}", practice, *pair]
        for i, (practice, *pair) in enumerate(zip(practices, BEFORE, AFTER, strict=True))
    ]
    return loaded(folder, plan, scores=rows)


def test_change_is_the_sum_done_by_hand(tmp_path):
    lost = [(27, None), (None, 3)]
    study = loaded(tmp_path, PLAN, scores=wide(*zip(BEFORE, AFTER, strict=True), *lost))
    (row,) = describe_change(study).rows
    # Changes -8, -1, 0, -7, 0: mean -3.2, sum of squared deviations 62.8.
    sd = math.sqrt(62.8 / 4)
    half = float(stats.t.ppf(0.975, 4)) * sd / math.sqrt(5)
    assert (row.n, row.clusters, row.method) == (5, None, "t")
    assert row.estimate == pytest.approx(-3.2, rel=1e-12)
    assert row.sd_change == pytest.approx(sd, rel=1e-12)
    assert row.std_error == pytest.approx(sd / math.sqrt(5), rel=1e-12)
    assert row.df == 4
    assert row.conf_low == pytest.approx(-3.2 - half, rel=1e-12)
    assert row.conf_high == pytest.approx(-3.2 + half, rel=1e-12)
    assert row.mean_baseline == pytest.approx(14.2, rel=1e-12)
    assert row.mean_wave == pytest.approx(11.0, rel=1e-12)
    # Baseline: sum of squared deviations 78.8.
    assert row.effect_size == pytest.approx(-3.2 / math.sqrt(78.8 / 4), rel=1e-12)


def test_scores_use_all_who_were_measured_then(tmp_path):
    study = loaded(tmp_path, PLAN, scores=wide((10, 5), (20, None), (None, 9)))
    first, second = describe_scores(study).rows
    assert (first.n, first.mean) == (2, 15.0)
    assert (second.n, second.mean) == (2, 7.0)


def test_flow_counts_everybody(tmp_path):
    plan = edited(long_plan(dated=True), "data_cut", dt.date(2026, 3, 1))
    people = [["person", "referred"], ["p1", "2025-10-01"], ["p2", "2026-02-01"]]
    people += [["p3", "2025-10-01"]]
    measures = [["person", "wave", "date", "phq"], ["p1", "baseline", "2025-10-02", 9]]
    measures += [["p1", "month_3", "2026-01-02", 5], ["p2", "baseline", "2026-02-01", 7]]
    first, second = describe_flow(loaded(tmp_path, plan, people=people, measures=measures)).rows
    # p2's baseline window runs to 3 March: counting only those who answered early would bias.
    assert (first.enrolled, first.not_yet_due, first.expected) == (3, 1, 2)
    assert (first.measured, first.missing) == (1, 1)
    assert (second.enrolled, second.not_yet_due, second.expected) == (3, 1, 2)
    assert (second.measured, second.missing, second.share_measured) == (1, 1, 0.5)


def test_one_person_has_a_change_and_no_interval(tmp_path):
    (row,) = describe_change(loaded(tmp_path, PLAN, scores=wide((10, 5)))).rows
    assert (row.n, row.estimate, row.sd_change, row.conf_low) == (1, -5.0, None, None)
    assert row.effect_size is None
    assert row.method == "none: fewer than 2 values"


def test_nobody_measured_gives_rows_without_numbers(tmp_path):
    study = loaded(tmp_path, WITH_MID, scores=wide((None, None), (None, None)))
    (row,) = describe_change(study).rows
    assert (row.n, row.estimate, row.mean_baseline) == (0, None, None)
    assert [r.mean for r in describe_scores(study).rows] == [None, None]
    assert [r.share_measured for r in describe_flow(study).rows] == [0.0, 0.0]
    (responders,) = describe_responders(study).rows
    assert (responders.n, responders.share_better) == (0, None)


def test_equal_changes_give_no_interval_and_say_why(tmp_path):
    (row,) = describe_change(loaded(tmp_path, PLAN, scores=wide((10, 5), (12, 7), (9, 4)))).rows
    assert (row.estimate, row.sd_change, row.conf_low) == (-5.0, 0.0, None)
    assert row.method == "none: all values are the same"


def test_a_baseline_that_does_not_vary_gives_no_effect_size(tmp_path):
    (row,) = describe_change(loaded(tmp_path, PLAN, scores=wide((10, 5), (10, 7)))).rows
    assert row.sd_baseline == 0.0
    assert row.effect_size is None
    assert row.conf_low is not None


def test_fewer_than_four_practices_give_no_interval_and_a_note(tmp_path):
    result = describe_change(clustered(tmp_path, "aabbc"))
    assert result.rows[0].clusters == 3
    assert result.rows[0].conf_low is None
    assert any("fewer than 4" in note.sentence() for note in result.notes)


def test_four_practices_give_a_clustered_interval(tmp_path):
    result = describe_change(clustered(tmp_path, "aabcd"))
    assert result.rows[0].clusters == 4
    assert result.rows[0].method == "CR2, Satterthwaite df"
    assert any("practice" in note.sentence() for note in result.notes)


def test_clusters_of_one_give_the_interval_of_independent_people(tmp_path):
    alone = describe_change(clustered(tmp_path, "abcde")).rows[0]
    study = loaded(tmp_path, PLAN, scores=wide(*zip(BEFORE, AFTER, strict=True)))
    plain = describe_change(study).rows[0]
    for name in ("estimate", "std_error", "df", "conf_low", "conf_high"):
        assert getattr(alone, name) == pytest.approx(getattr(plain, name), rel=1e-10)


def test_people_without_a_link_worker_are_not_taken_to_share_one(tmp_path):
    plan = edited(PLAN, "files.0.columns.link_worker", "worker")
    rows: Rows = [["person", "worker", "phq_0", "phq_3"]]
    rows += [
        [f"p{i}", worker, *pair]
        for i, (worker, *pair) in enumerate(zip("aab  ", BEFORE, AFTER, strict=True))
    ]
    (row,) = describe_change(loaded(tmp_path, plan, scores=rows)).rows
    # Two link workers are too few, however many people stand alone.
    assert (row.n, row.clusters, row.conf_low) == (5, 2, None)
    rows = [rows[0], *([name, "", *pair] for name, _, *pair in rows[1:])]
    (tmp_path / "alone").mkdir()
    (alone,) = describe_change(loaded(tmp_path / "alone", plan, scores=rows)).rows
    assert (alone.clusters, alone.method) == (0, "CR2, Satterthwaite df")


MID = [
    ("higher_is_better", (1, 0, 0)),
    ("lower_is_better", (0, 0, 1)),
]


@pytest.mark.parametrize(("direction", "counts"), MID)
def test_a_change_that_equals_the_mid_on_paper_reaches_it(tmp_path, direction, counts):
    section = outcome(direction=direction, mid={"value": 0.2, "source": "by hand"})
    plan = {**PLAN, "outcomes": [section]}
    study = loaded(tmp_path, plan, scores=wide(("0.1", "0.3")))  # 0.3 - 0.1 < 0.2 in binary
    (row,) = describe_responders(study).rows
    assert (row.n_better, row.n_same, row.n_worse) == counts


def test_better_and_worse_are_told_by_the_direction(tmp_path):
    study = loaded(tmp_path, WITH_MID, scores=wide((20, 10), (10, 15), (10, 6), (8, 3), (9, None)))
    (row,) = describe_responders(study).rows
    assert (row.n, row.n_better, row.n_same, row.n_worse) == (4, 2, 1, 1)
    assert (row.share_better, row.share_same, row.share_worse) == (0.5, 0.25, 0.25)


def test_without_a_mid_nobody_is_counted_and_it_is_said(tmp_path):
    result = describe_responders(loaded(tmp_path, PLAN, scores=wide((20, 10))))
    assert result.rows == ()
    assert any("no MID is given" in note.sentence() for note in result.notes)


def test_braces_of_a_label_are_printed_as_they_stand(tmp_path):
    plan = edited(PLAN, "outcomes.0.label", "Mood {0 to 27}")
    study = loaded(tmp_path, plan, scores=wide((20, 10)))
    said = [n.sentence() for d in (describe_responders, describe_flow) for n in d(study).notes]
    assert "Mood {0 to 27}: no MID is given, so nobody is counted." in " ".join(said)
    assert not any("{{" in sentence for sentence in said)


def test_each_arm_has_its_rows(tmp_path):
    rows = [["person", "arm", "phq_0", "phq_3"], ["a", "link", 10, 5], ["b", "usual", 9, 9]]
    study = loaded(tmp_path, plan_of("controlled_cohort"), scores=rows)
    assert [(r.arm, r.estimate) for r in describe_change(study).rows] == [
        ("Link worker", -5.0),
        ("Usual care", 0.0),
    ]


@pytest.mark.parametrize(
    ("rules", "given"),
    [({"profile": "nhs"}, False), ({"profile": "public_data", "reason": "Published"}, True)],
)
def test_a_total_over_all_groups_is_given_only_where_counts_are_exact(rules, given, tmp_path):
    rows = [["person", "arm", "phq_0", "phq_3"], ["a", "link", 10, 5], ["b", "usual", 9, 9]]
    plan = plan_of("controlled_cohort") | {"disclosure": rules}
    notes = describe_flow(loaded(tmp_path, plan, scores=rows)).notes
    assert any("all groups together" in note.sentence() for note in notes) is given


def test_what_belongs_to_no_wave_is_counted_in_measurements_and_in_scores(tmp_path):
    second = outcome(name="gad7", label="Anxiety", role="secondary", range=[0, 21])
    plan = edited(long_plan(dated=True), "outcomes", [outcome(), second])
    plan = edited(plan, "files.1.scores", {"phq9": "phq", "gad7": "gad"})
    people: Rows = [["person", "referred"], *([f"p{i}", "2025-01-10"] for i in range(12))]
    rows: Rows = [["person", "wave", "date", "phq", "gad"]]
    rows += [[f"p{i}", "baseline", "2025-01-10", 9, 4] for i in range(12)]
    rows += [[f"p{i}", "month_3", "2029-01-10", 9, 4 if i else None] for i in range(12)]
    study = loaded(tmp_path, plan, people=people, measures=rows)
    (note,) = (n for n in describe_flow(study).notes if "outside every window" in n.text)
    assert note.counts == {"measurements": 12, "scores": 23}
    assert "They hold 23 scores, counted over all outcomes." in note.sentence()
