"""Staying and leaving as results of the report: numbers of the functions beneath, or why not."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from splw_eval.core.result import Result
from splw_eval.core.retention_rows import STAYED
from splw_eval.data import Study
from splw_eval.retention import reported
from splw_eval.retention.hazards.cox import fit_cox
from splw_eval.retention.reported.kinds import ENGAGEMENT, MEASUREMENT
from splw_eval.retention.reported.leaving import ASSOCIATIONS
from splw_eval.retention.reported.staying import known
from splw_eval.retention.service.causes import time_varying_causes
from splw_eval.retention.service.episodes import build_episodes
from splw_eval.retention.service.measurement import measurement_retention
from splw_eval.retention.staying.compare import compare_retention
from splw_eval.retention.staying.curves import retention_curve
from splw_eval.retention.staying.incidence import cumulative_incidence
from tests.unit.given_study import plan_of
from tests.unit.loading import loaded
from tests.unit.retention.given_delivery import delivery
from tests.unit.retention.given_reported import measured, served
from tests.unit.retention.given_service import base_study, episode, service

ASKED = (
    reported.describe_uptake,
    reported.describe_staying,
    reported.describe_watched,
    reported.describe_standing,
    reported.describe_stay,
    reported.describe_stay_contrast,
    reported.describe_endings,
    reported.describe_leaving,
    reported.describe_dose,
    reported.describe_modes,
    reported.describe_levels,
    reported.describe_components,
    reported.describe_caseload,
    reported.describe_continuity,
)
ALWAYS = ("watched", "stay")  # both kinds of retention; measurement is there in every study
CANARIES = (137, 211, 348)


@pytest.fixture(scope="module")
def compared(tmp_path_factory) -> Study:
    """Two arms of which one has episodes."""
    return served(measured(tmp_path_factory.mktemp("two"), 90, 70), 90)


@pytest.fixture(scope="module")
def alone(tmp_path_factory) -> Study:
    """One arm."""
    return served(measured(tmp_path_factory.mktemp("one"), 80), 80, seed=3)


def of_kind(result: Result[Any], what: str) -> list[Any]:
    return [row for row in result.rows if row.what == what]


def numbers(result: Result[Any]) -> list[float]:
    held = (getattr(row, f.name) for row in result.rows for f in fields(row))
    return [value for value in held if isinstance(value, (int, float))]


def test_curves_are_those_of_the_functions_beneath_on_the_days_on_which_somebody_left(alone):
    found = build_episodes(alone)
    asked: dict[str, Any] = {"time": "day", "event": "event", "cluster": "cluster"}
    curve = retention_curve(found.frame, **asked).table
    curve = curve[curve["events"] > 0]
    rows = [r for r in of_kind(reported.describe_staying(alone), ENGAGEMENT) if r.cause == STAYED]
    assert [r.day for r in rows] == curve["day"].tolist()
    assert [r.estimate for r in rows] == curve["estimate"].tolist()
    assert [r.events for r in rows] == curve["events"].tolist()
    assert all(0 <= r.round_day - r.day < 15 or r.round_day == 365 for r in rows)
    assert [r.conf_low for r in rows] == [
        x if math.isfinite(x) else None for x in curve["robust_conf_low"]
    ]


def test_each_cause_has_the_curve_that_competing_causes_leave_it(alone):
    found = build_episodes(alone)
    causes = {code: word for code, word in found.causes.items() if code}
    curve = cumulative_incidence(found.frame, time="day", event="event", causes=causes).table
    rows = of_kind(reported.describe_staying(alone), ENGAGEMENT)
    for cause in ("completed as planned", "dropped out"):
        own = curve[(curve["cause"] == cause) & (curve["events"] > 0)]
        assert len(own) > 3
        assert [r.estimate for r in rows if r.cause == cause] == own["estimate"].tolist()


def test_leavings_of_all_causes_are_those_of_the_curve_of_who_stayed(compared):
    rows = of_kind(reported.describe_staying(compared), ENGAGEMENT)
    left = sum(r.events for r in rows if r.cause == STAYED)
    assert left == sum(r.events for r in rows if r.cause != STAYED) > 0


def test_where_people_stood_adds_up_and_agrees_with_the_episodes(compared):
    frame = build_episodes(compared).frame
    rows: Any = reported.describe_standing(compared).rows
    for row in rows:
        parts = (row.there, row.completed, row.dropped_out, row.ended_otherwise, row.not_seen)
        assert sum(parts) == row.n == len(frame)
        gone = (frame["day"] <= row.day) & (frame["event"] == 2)
        assert row.dropped_out == int(gone.sum())


def test_numbers_watched_start_with_everybody_and_never_rise(compared):
    for what, n in ((ENGAGEMENT, 90), (MEASUREMENT, 160)):
        rows = of_kind(reported.describe_watched(compared), what)
        assert sum(r.at_risk for r in rows if r.day == 0) == n
        for group in {r.group for r in rows}:
            seen = [r.at_risk for r in rows if r.group == group]
            assert seen == sorted(seen, reverse=True)


def test_how_long_people_stayed_is_the_summary_of_the_function_beneath(alone):
    frame = build_episodes(alone).frame
    asked = retention_curve(frame, time="day", event="event", cluster="cluster", horizon=365)
    summary = asked.summary.iloc[0]
    (row,) = of_kind(reported.describe_stay(alone), ENGAGEMENT)
    assert row.mean_days == summary["restricted_mean"]
    assert row.conf_low == summary["restricted_mean_robust_conf_low"]
    assert row.median == summary["median"]
    assert (row.n, row.events, row.clusters) == (80, int((frame["event"] > 0).sum()), 6)


def test_all_lost_at_the_only_follow_up_have_no_mean_and_no_comparison_but_a_note(compared):
    found = reported.describe_stay(compared)
    assert [r.mean_days for r in of_kind(found, MEASUREMENT)] == [None, None]
    assert any("no mean is told" in note.text for note in found.notes)
    contrast = reported.describe_stay_contrast(compared)
    assert contrast.rows == ()
    assert any("left before the horizon" in note.text for note in contrast.notes)


def three_waves(folder, n: int = 60, seed: int = 5) -> Study:
    rng = np.random.default_rng(seed)
    plan = plan_of("controlled_cohort")
    plan["waves"].append({"name": "month_6", "month": 6})
    plan["files"][0]["columns"]["cluster"] = "practice"
    plan["files"][0]["scores"]["phq9"]["month_6"] = "phq_6"
    rows: list[list[Any]] = [["person", "arm", "practice", "phq_0", "phq_3", "phq_6"]]
    for i in range(n):
        lost = rng.random() < (0.2 if i % 2 else 0.4)
        later = "" if lost else 9
        rows.append([f"p{i}", ("link", "usual")[i % 2], f"g{i % 10}", 10, later,
                     "" if lost or rng.random() < 0.2 else 8])  # fmt: skip
    return loaded(folder, plan, scores=rows)


def test_groups_are_compared_by_the_default_method_first_and_as_beneath(tmp_path):
    study = three_waves(tmp_path)
    frame = measurement_retention(study).frame
    last = int(frame["day"].max())
    found = compare_retention(
        frame, time="day", event="event", by="arm", cluster="cluster", horizon=last,
        reference="Usual care", seed=study.plan.seed,
    )  # fmt: skip
    table = found.table.sort_values("default", ascending=False, kind="stable")
    rows = reported.describe_stay_contrast(study).rows
    in_days = ~table["method"].str.contains("log(O/E)", regex=False)
    assert [r.estimate for r in rows] == [known(x) for x in table["estimate"].where(in_days)]
    assert [r.p_value for r in rows] == table["p_value"].tolist()
    assert rows[0].method == table["method"].iloc[0]
    assert rows[0].n_smaller == 30


def test_engagement_is_compared_where_both_groups_have_episodes(tmp_path):
    base = measured(tmp_path, 70, 60)
    rows = reported.describe_stay_contrast(served(base, 130, mean=60)).rows
    assert {r.what for r in rows} == {ENGAGEMENT}
    assert all(r.compared.count("Usual care") == 1 for r in rows)


def test_a_group_without_episodes_is_named_and_not_compared(compared):
    notes = [n.text for n in reported.describe_stay_contrast(compared).notes]
    assert any("nobody was referred in Usual care" in words for words in notes)
    assert {r.group for r in of_kind(reported.describe_staying(compared), ENGAGEMENT)} == {
        "Link worker"
    }


def test_one_group_is_not_compared_and_is_told_so(alone):
    found = reported.describe_stay_contrast(alone)
    assert found.rows == ()
    assert [n.text for n in found.notes] == ["There is one group, so nothing can be compared."]


def test_hazard_ratios_are_those_of_the_model_and_carry_the_sentence_on_associations(compared):
    found: Any = reported.describe_leaving(compared)
    frame = time_varying_causes(build_episodes(compared)).frame
    frame = frame.assign(days_to_first_contact=frame["days_to_first_contact"] / 14)
    fitted = fit_cox(
        frame, start="start", time="stop", event="event", cause=2, id="episode", cluster="cluster",
        covariates=["worker_changed", "share_remote", "days_to_first_contact"],
    ).coefficients  # fmt: skip
    assert [r.hazard_ratio for r in found.rows] == fitted["hazard_ratio"].tolist()
    assert [r.conf_high for r in found.rows] == fitted["hazard_ratio_high"].tolist()
    assert ASSOCIATIONS in [n.text for n in found.notes]
    assert all(r.events < r.episodes <= 90 for r in found.rows)


def test_a_study_without_episodes_has_measurement_only_and_says_why(tmp_path):
    study = measured(tmp_path, 30, 30)
    for ask in ASKED:
        found = ask(study)
        assert all(getattr(row, "what", MEASUREMENT) == MEASUREMENT for row in found.rows)
        assert found.notes
    words = [n.text for n in reported.describe_staying(study).notes]
    assert any("no file of episodes" in text for text in words)


def small(tmp_path: Path, **changes: Any) -> Study:
    """Eight people of whom some were referred, by hand; `changes` are of each episode."""
    return service(base_study(tmp_path), episodes=[episode(i, **changes) for i in range(1, 5)])


STUDIES: dict[str, Callable[[Path], Study]] = {
    "nobody left": small,
    "all left on one day": lambda p: small(p, close_date=50, close_reason="declined"),
    "all left on day 0": lambda p: small(p, close_date=0, close_reason="declined"),
    "all completed": lambda p: small(p, close_date=50, close_reason="goals met"),
    "no reason recorded": lambda p: small(p, close_date=50),
    "three people": lambda p: served(measured(p, 3), 3),
    "three people in two arms": lambda p: served(measured(p, 2, 1), 3),
    "one practice": lambda p: served(measured(p, 40, practices=1), 40),
    "one practice an arm": lambda p: served(measured(p, 40, 40, practices=1), 80),
    "no practices known": lambda p: served(measured(p, 40, 40, practices=0), 80),
    "nobody of two arms left": lambda p: served(measured(p, 20, 20, lost=0), 40, left=0),
    "everybody was lost": lambda p: measured(p, 20, 20, lost=1),
    "no contacts": lambda p: delivery(measured(p, 6), contacts=None, support=None),
    "one person with an episode": lambda p: served(measured(p, 30, 30), 1),
}


@pytest.mark.parametrize("name", STUDIES)
def test_whatever_the_study_there_are_rows_or_a_note_and_no_number_that_is_none(name, tmp_path):
    study = STUDIES[name](tmp_path)
    for ask in ASKED:
        found = ask(study)
        assert found.rows or found.notes or found.key in {"modes", "levels", "components"}
        assert all(math.isfinite(value) for value in numbers(found)), found.key
        if found.key in ALWAYS:
            assert of_kind(found, MEASUREMENT), found.key


def test_nobody_having_left_is_a_curve_at_one_and_no_cause(tmp_path):
    rows = of_kind(reported.describe_staying(small(tmp_path)), ENGAGEMENT)
    assert [(r.cause, r.estimate, r.events) for r in rows] == [(STAYED, 1.0, 0)]
    (stay,) = of_kind(reported.describe_stay(small(tmp_path)), ENGAGEMENT)
    assert (stay.median, stay.reached, stay.mean_days, stay.events) == (
        None,
        "not reached",
        None,
        0,
    )


def test_no_note_counts_people(tmp_path):
    study = served(measured(tmp_path, 137, 211), 137)

    for ask in ASKED:
        found = ask(study)
        told = {int(n) for n in numbers(found) if n == int(n) and n > 31 and n % 5}
        for note in found.notes:
            said = {int(x) for x in _figures(note.text)}
            assert not said & {*CANARIES}, note.text
            days = {int(getattr(r, "horizon", 0)) for r in found.rows} | {365, 548, 90, 91, 435}
            assert not said & (told - days), note.text


def _figures(words: str) -> list[str]:
    return re.findall(r"(?<![\d.])\d{2,}(?![\d.]*\d)", words.replace(",", ""))
