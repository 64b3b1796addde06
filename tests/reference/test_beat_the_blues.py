"""Beat the Blues, from its files to its figures, against R."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

import splw_eval

HERE = Path(__file__).parent
ANALYSIS = HERE.parents[1] / "analyses" / "beat_the_blues"
R = json.loads((HERE / "beat_the_blues.json").read_text())
COMPLETE_CASE = json.loads((HERE / "btheb_complete_case.json").read_text())["results"]
DROPOUT = json.loads((HERE / "btheb_dropout.json").read_text())["results"]
LABEL = {"BtheB": "Beat the Blues", "TAU": "Treatment as usual"}
# The same closed formulas on both sides, so only rounding may differ.
REL = 1e-12
BY_R = pytest.mark.parametrize("row", R["rows"], ids=lambda row: f"{row['arm']} {row['month']}")


@pytest.fixture(scope="module")
def evaluation():
    return splw_eval.evaluate_study(ANALYSIS / "study.toml")


def found(evaluation, key, arm, month):
    (row,) = [
        row for row in evaluation.results[key].rows if (row.arm, row.month) == (LABEL[arm], month)
    ]
    return row


def test_the_data_are_those_that_r_read():
    md5 = hashlib.md5((ANALYSIS / "btheb.csv").read_bytes(), usedforsecurity=False)
    assert md5.hexdigest() == R["data_md5"]


@BY_R
def test_every_figure_of_change_agrees_with_r(evaluation, row):
    ours = found(evaluation, "change", row["arm"], row["month"])
    names = "mean_baseline sd_baseline mean_wave sd_wave estimate sd_change std_error df conf_low"
    for name in [*names.split(), "conf_high", "effect_size"]:
        assert getattr(ours, name) == pytest.approx(row[name], rel=REL), name
    assert ours.n == row["n"]


@BY_R
def test_scores_and_counts_agree_with_r(evaluation, row):
    flow = found(evaluation, "flow", row["arm"], row["month"])
    score = found(evaluation, "scores", row["arm"], row["month"])
    better = found(evaluation, "responders", row["arm"], row["month"])
    assert (flow.enrolled, flow.measured) == (row["enrolled"], row["measured"])
    assert flow.missing == row["enrolled"] - row["measured"]
    assert (better.n_better, better.n_worse) == (row["n_better"], row["n_worse"])
    assert score.mean == pytest.approx(row["score_mean"], rel=REL)
    assert score.conf_low == pytest.approx(row["score_low"], rel=REL)
    assert score.conf_high == pytest.approx(row["score_high"], rel=REL)


@pytest.mark.parametrize("arm", ["BtheB", "TAU"])
@pytest.mark.parametrize("month", [2, 8])
def test_change_agrees_with_the_published_style_pre_post_analysis(evaluation, arm, month):
    theirs = COMPLETE_CASE["prepost"][arm][f"{month}m"]
    ours = found(evaluation, "change", arm, month)
    assert (ours.n, ours.df) == (theirs["n"], theirs["df"])
    assert ours.estimate == pytest.approx(theirs["mean_change"], rel=REL)
    assert ours.sd_change == pytest.approx(theirs["sd_change"], rel=REL)
    assert [ours.conf_low, ours.conf_high] == pytest.approx(theirs["ci"], rel=REL)


def test_97_73_58_and_52_were_seen(evaluation):
    months = [2, 3, 5, 8]
    seen = [sum(found(evaluation, "flow", arm, m).measured for arm in LABEL) for m in months]
    assert seen == [97, 73, 58, 52]
    ancova_n = [COMPLETE_CASE["ancova"][f"{m}m"]["n"] for m in months]
    assert seen == ancova_n


@pytest.mark.parametrize("arm", ["BtheB", "TAU"])
def test_those_missing_agree_with_the_time_to_drop_out(evaluation, arm):
    steps = [s for s in DROPOUT["km"] if s["strata"] == f"treatment={arm}"]
    lost = 0
    for step in steps:
        lost += step["n_event"]
        assert found(evaluation, "flow", arm, step["time"]).missing == lost
    assert len(steps) == 4


def test_totals_of_both_groups_stand_in_a_note(evaluation):
    notes = " ".join(note.sentence() for note in evaluation.results["flow"].notes)
    assert "Baseline 100, 2 months 97, 3 months 73, 5 months 58, 8 months 52" in notes
