"""Retention in measurement: Beat the Blues, and small studies worked out by hand."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from splw_eval.core.errors import DataError
from splw_eval.data import load_study
from splw_eval.retention.service.measurement import measurement_retention
from splw_eval.retention.staying.curves import retention_curve
from tests.unit.given_study import edited, outcome, pre_post_plan, wide
from tests.unit.loading import loaded
from tests.unit.retention.given_service import episode, table

ROOT = Path(__file__).resolve().parents[3]
REFERENCE = json.loads(
    (ROOT / "tests" / "reference" / "btheb_dropout.json").read_text(encoding="utf-8")
)["results"]
ARMS = {"TAU": "Treatment as usual", "BtheB": "Beat the Blues"}
HEADINGS = ("phq_0", "phq_3", "phq_6", "phq_9")
WAVES = ("baseline", "month_3", "month_6", "month_9")


def plan(**changes):
    held = pre_post_plan(**changes)
    held["waves"] = [{"name": w, "month": 3 * i} for i, w in enumerate(WAVES)]
    held["files"][0]["scores"]["phq9"] = dict(zip(WAVES, HEADINGS, strict=True))
    return held


def study_of(folder, *rows, **changes):
    return loaded(folder, plan(**changes), scores=wide(*rows, heading=HEADINGS))


def held(study, **options):
    frame = measurement_retention(study, **options).frame
    return frame[["month", "event"]].to_numpy().tolist()


@pytest.fixture(scope="module")
def beat_the_blues():
    return measurement_retention(load_study(ROOT / "analyses" / "beat_the_blues" / "study.toml"))


def test_beat_the_blues_has_the_people_and_the_events_of_the_reference(beat_the_blues):
    assert len(beat_the_blues) == sum(REFERENCE["pattern_counts"].values())
    lost = sum(n for pattern, n in REFERENCE["pattern_counts"].items() if "0" in pattern)
    assert beat_the_blues.counts["lost to measurement"] == lost
    assert beat_the_blues.counts["missed a wave and measured again"] == 0


def test_the_curves_of_beat_the_blues_agree_with_survfit(beat_the_blues):
    frame = beat_the_blues.frame
    for row in REFERENCE["km"]:
        arm = frame[frame["arm"] == ARMS[row["strata"].removeprefix("treatment=")]]
        assert (arm["month"] >= row["time"]).sum() == row["n_risk"]
        now = (arm["month"] == row["time"]) & (arm["event"] == 1)
        assert now.sum() == row["n_event"]
    curves = retention_curve(frame, time="month", event="event", by="arm")
    for row in REFERENCE["km"]:
        at = curves.at([row["time"]])
        arm = ARMS[row["strata"].removeprefix("treatment=")]
        found = at[at["group"] == arm].iloc[0]
        assert found["estimate"] == pytest.approx(row["surv"], rel=1e-6)
        assert found["std_error"] == pytest.approx(row["se"], rel=1e-6, abs=1e-12)


def test_lost_is_the_first_wave_missed_for_good(tmp_path):
    study = study_of(
        tmp_path, (9, 8, 7, 6), (9, "", "", ""), (9, 8, "", ""), (9, "", 7, ""), (9, "", "", 5)
    )
    assert held(study) == [[9, 0], [3, 1], [6, 1], [9, 1], [9, 0]]
    found = measurement_retention(study)
    assert found.counts["missed a wave and measured again"] == 2
    assert found.frame["waves_measured"].tolist() == [3, 0, 1, 1, 1]
    assert found.frame["day"].tolist() == [274, 91, 183, 274, 274]


def test_without_a_baseline_nobody_is_retained_and_they_are_counted_apart(tmp_path):
    study = study_of(tmp_path, (9, 8, 7, 6), ("", 8, "", ""), ("", "", "", ""))
    found = measurement_retention(study)
    assert len(found) == 1
    assert found.counts["not measured at baseline, measured later"] == 1
    assert found.counts["never measured"] == 1
    assert found.findings[0].code == "SR38"


def test_a_wave_that_was_not_due_is_not_missed(tmp_path):
    study = study_of(tmp_path, (9, 8, "", ""), (9, "", "", ""), (9, 8, 7, ""))
    due = np.array([[1, 1, 0, 0], [1, 0, 0, 0], [1, 1, 0, 0]], dtype=bool)
    study = replace(study, due=due)
    # The third was measured before the wave was due: a score that is there counts.
    assert held(study) == [[3, 0], [0, 0], [6, 0]]
    assert measurement_retention(study).counts["no follow-up due yet"] == 1


def test_one_outcome_or_any_of_them(tmp_path):
    held_plan = plan()
    held_plan["outcomes"] = [outcome(), outcome(name="gad7", label="GAD-7", role="secondary")]
    held_plan["files"][0]["scores"]["gad7"] = {"baseline": "gad_0", "month_9": "gad_9"}
    rows = wide((9, 8, "", "", 5, 4), heading=(*HEADINGS, "gad_0", "gad_9"))
    study = loaded(tmp_path, held_plan, scores=rows)
    assert held(study) == [[9, 0]]
    assert held(study, outcome="phq9") == [[6, 1]]
    assert measurement_retention(study, "gad7").outcome == "GAD-7"
    with pytest.raises(DataError, match='no outcome "phq"; did you mean "phq9"'):
        measurement_retention(study, "phq")


def test_a_reason_given_for_the_missing_score_keeps_death_apart(tmp_path):
    codes = {"-8": "died", "-9": "declined"}
    asked = edited(plan(), "files.0.missing_codes", {"*": codes})
    rows = wide((9, 8, -8, -8), (9, -9, -8, -8), (9, -9, 7, 6), heading=HEADINGS)
    study = loaded(tmp_path, asked, scores=rows)
    # The second declined first and died later.
    assert held(study) == [[6, 2], [3, 1], [9, 0]]


@pytest.mark.parametrize(("closed", "event"), [(80, 2), (91, 2), (92, 1)])
def test_an_episode_closed_as_died_keeps_death_apart_up_to_the_wave_missed(tmp_path, closed, event):
    study = study_of(tmp_path, (9, "", "", ""))
    zero = np.array(["2024-01-01"], dtype="M8[D]")
    died = episode(1, close_date=closed, close_reason="died")
    study = replace(
        study,
        people=replace(study.people, time_zero=zero),
        plan=study.plan.model_copy(update={"data_cut": dt.date(2026, 1, 1)}),
        tables={"episodes": table("episodes", [died])},
    )
    assert held(study) == [[3, event]]


def test_nobody_measured_at_baseline_is_an_error(tmp_path):
    study = study_of(tmp_path, ("", 8, "", ""))
    with pytest.raises(DataError, match="SR38 1 of 1 people have no score at baseline"):
        measurement_retention(study)


def test_the_counts_of_the_example_programme_reconcile_in_every_arm():
    study = load_study(ROOT / "analyses" / "example_programme" / "study.toml")
    for name in (None, "swemwbs"):
        found = measurement_retention(study, name)
        counts = found.counts
        apart = counts["not measured at baseline, measured later"] + counts["never measured"]
        assert counts["people"] == apart + counts["measured at baseline"] == len(study.people)
        assert len(found) == sum(counts[word] for word in found.causes.values())
        assert set(found.frame["arm"]) == set(study.plan.groups)
        assert counts["died"] > 0
