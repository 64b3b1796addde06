"""Which plans hold together, and what is said of those that do not."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from splw_eval.core.errors import PlanError
from splw_eval.core.plan import FromColumn, planned_day, read_plan, suggestion, window
from tests.unit.given_study import (
    ARMS,
    edited,
    long_plan,
    outcome,
    plan_of,
    pre_post_plan,
    write_plan,
)

PLAN = pre_post_plan()
LONG = long_plan()
DATED = long_plan(dated=True)
COHORT = plan_of("controlled_cohort")
DESIGNS = (
    "pre_post",
    "controlled_cohort",
    "cluster_trial",
    "cluster_trial_unlike_recruitment",
    "individual_trial",
)


def said_of(folder: Path, plan: dict) -> str:
    """Every finding of a plan that cannot be used, a line each."""
    with pytest.raises(PlanError) as caught:
        read_plan(write_plan(folder, plan))
    assert caught.value.findings
    assert all(f.file == "study.toml" and f.remedy for f in caught.value.findings)
    return "\n".join(finding.sentence() for finding in caught.value.findings)


@pytest.mark.parametrize("design", DESIGNS)
def test_the_smallest_plan_of_each_design_holds(tmp_path, design):
    plan = read_plan(write_plan(tmp_path, plan_of(design))).plan
    assert plan.design == design
    assert plan.groups == (("Everyone",) if design == "pre_post" else ("Link worker", "Usual care"))


UNNAMED = edited(LONG, "files.1.columns.wave")


@pytest.mark.parametrize("plan", [LONG, DATED, UNNAMED], ids=["long", "dated", "unnamed"])
def test_long_plans_hold(tmp_path, plan):
    assert read_plan(write_plan(tmp_path, plan)).plan.primary.name == "phq9"


def test_dates_and_unicode_survive_the_reading(tmp_path):
    plan = {**DATED, "title": "Gwynedd – lles", "data_cut": dt.date(2026, 3, 1)}
    held = read_plan(write_plan(tmp_path, plan)).plan
    assert (held.title, held.data_cut) == ("Gwynedd – lles", dt.date(2026, 3, 1))


# Each rule of agreement.py: a plan that breaks it alone, and the words of its fault.
DISAGREEMENTS = [
    ({**COHORT, "arms": [*ARMS, ARMS[1]]}, '[[arms]] value: "usual" stands 2 times'),
    (edited(COHORT, "arms.1.label", "Link worker"), '[[arms]] label: "Link worker" stands 2'),
    ({**PLAN, "arms": [*ARMS]}, "[[arms]]: a pre_post design has one group"),
    ({**COHORT, "arms": [ARMS[0]]}, "[[arms]]: design controlled_cohort needs at least one arm"),
    (edited(plan_of("individual_trial"), "allocation"), "[allocation]: design individual_trial"),
    (
        edited(plan_of("individual_trial"), "allocation.randomised", False),
        "[allocation]: individual_trial is randomised; otherwise use controlled_cohort",
    ),
    (
        {**COHORT, "allocation": {"randomised": True, "method": "simple"}},
        "[allocation]: design controlled_cohort cannot be randomised",
    ),
    (
        edited(plan_of("cluster_trial_unlike_recruitment"), "comparison"),
        "[comparison]: say how the people compared were found",
    ),
    (
        edited(LONG, "waves.1.name", "baseline"),
        '[[waves]] name or written: "baseline" stands 2 times',
    ),
    (edited(LONG, "waves.1.label", "Baseline"), '[[waves]] label: "Baseline" stands 2 times'),
    (edited(PLAN, "waves.0.month", 1), "the first wave must be baseline, month 0"),
    (edited(PLAN, "waves.1.month", 0), "months must rise from wave to wave"),
    (edited(DATED, "pick"), "pick: dates are given; say which one in a window counts"),
    (edited(DATED, "time_zero.0.column"), "[[time_zero]] column: dates of measurement are given"),
    ({**PLAN, "data_cut": dt.date(2026, 3, 1)}, "data_cut: no [[time_zero]] names a column"),
    (edited(DATED, "waves.1.window_days"), "[[waves]] month_3: dates are given, so it needs"),
    (edited(DATED, "waves.1.window_days", [-61, 0]), "windows of baseline and month_3 overlap"),
    ({**LONG, "outcomes": [outcome(), outcome(role="secondary")]}, '"phq9" stands 2 times'),
    (
        {**LONG, "outcomes": [outcome(), outcome(name="gad7", role="secondary")]},
        '[[outcomes]] label: "Depression (PHQ-9)" stands 2 times',
    ),
    (edited(PLAN, "outcomes.0.role", "secondary"), 'exactly one has role "primary"; here 0 have'),
    (
        {**PLAN, "outcomes": [outcome(), outcome(name="gad7", role="secondary")]},
        "[[outcomes]] gad7: no file names its column in [files.scores], nor the items",
    ),
    (edited(PLAN, "estimand.outcome", "phq"), 'no outcome "phq"; did you mean "phq9"?'),
    (
        {
            **edited(LONG, "files.1.scores.gad7", "gad"),
            "outcomes": [outcome(role="secondary"), outcome(name="gad7")],
        },
        "[estimand] outcome: must be the primary outcome",
    ),
    (edited(PLAN, "estimand.contrast.waves", ["month_4"]), 'no follow-up wave "month_4"'),
    (edited(PLAN, "estimand.contrast.waves", ["baseline"]), 'no follow-up wave "baseline"'),
    ({**LONG, "files": [LONG["files"][0]]}, 'one must have table = "measures"'),
    ({**LONG, "files": [LONG["files"][0], *LONG["files"]]}, "at most one may have table"),
    (edited(PLAN, "files.0.scores.phq", {"baseline": "x"}), 'no outcome "phq"; did you mean'),
    (edited(PLAN, "files.0.scores.phq9.month_4", "x"), 'no wave "month_4"; did you mean "month_3"'),
    (edited(PLAN, "files.0.dates", {"month_4": "x"}), "[files.dates] of scores.csv: no wave"),
    ({**PLAN, "time_zero": [{"event": "referral"}] * 2}, '"every arm" stands 2 times'),
    (edited(COHORT, "time_zero.0.arm", "lnk"), '[[time_zero]]: no arm "lnk"; did you mean "link"'),
    (
        {**COHORT, "time_zero": [{"event": "referral"}, {"event": "consent", "arm": "usual"}]},
        "either one for every arm, or one for each arm by name",
    ),
    (edited(COHORT, "time_zero.0.arm", "link"), "[[time_zero]]: arm usual has none"),
]


@pytest.mark.parametrize(("plan", "words"), DISAGREEMENTS, ids=[w for _, w in DISAGREEMENTS])
def test_each_disagreement_is_said(tmp_path, plan, words):
    assert words in said_of(tmp_path, plan)


SECTIONS = [
    (edited(PLAN, "files.0.layout", "long"), "[[files]] 1: scores of a long file are written phq9"),
    (edited(LONG, "files.1.layout", "wide"), "scores of a wide file are written phq9.WAVE"),
    (edited(PLAN, "files.0.columns.wave", "w"), "a wide file has no wave or date column"),
    (edited(DATED, "files.1.dates", {"baseline": "d"}), "a long file has one date column"),
    (edited(LONG, "files.0.scores", {"phq9": {"baseline": "x"}}), "a people file has no scores"),
    (edited(PLAN, "files.0.scores", {}), "a measures file needs [files.scores]"),
    (edited(PLAN, "files.0.row_is_person", True), "row_is_person is for a wide file"),
    (edited(LONG, "files.0.row_is_person", True), "row_is_person is for a wide file"),
    (edited(PLAN, "files.0.scores.phq9.month_3", "phq_0"), 'the column "phq_0" for 2 waves'),
    (edited(PLAN, "files.0.delimiter", '"'), "delimiter cannot be a quotation mark"),
    (edited(PLAN, "files.0.date_format", "dd/mm/yyyy"), 'date_format "dd/mm/yyyy" is not one'),
    (edited(PLAN, "files.0.date_format", "%d/%d/%Y"), 'date_format "%d/%d/%Y" is not one'),
    (edited(PLAN, "files.0.date_format", "%m/%Y"), 'date_format "%m/%Y" is not one'),
    (edited(PLAN, "waves.1.window_days", [30, -30]), "[[waves]] 2: window_days runs backwards"),
    (edited(PLAN, "waves.1.window_days", [-(10**400), 0]), "[[waves]] 2, window_days.0 must be"),
    (
        edited(PLAN, "files.0.items", {"phq9": "phq_{item}"}),
        'items of a wide file are written phq9.WAVE = "heading_{item}"',
    ),
    (
        edited(LONG, "files.1.items", {"PHQ-9": {"baseline": {"1": "a"}}}),
        'items of a long file are written PHQ-9 = "heading_{item}"',
    ),
    (edited(LONG, "files.1.items", {"PHQ-9": "phq_"}), '"phq_" must hold {item}, once'),
    (
        edited(LONG, "files.1.items", {"PHQ-9": {"1": "a", "2": "a"}}),
        'items.PHQ-9 has the column "a" 2 times',
    ),
    (
        edited(PLAN, "files.0.items", {"PHQ-9": {"baseline": "a{item}", "month_3": "a{item}"}}),
        'items.PHQ-9 has the column "a{item}" 2 times',
    ),
    (
        edited(LONG, "files.1.items", {"phq_8": "a{item}"}),
        'no outcome has the instrument "phq_8"',
    ),
    (
        edited(PLAN, "files.0.items", {"PHQ-9": {"month_6": "a{item}"}}),
        'no wave "month_6"; did you mean "month_3"?',
    ),
    (
        {**LONG, "files": [LONG["files"][0] | {"items": {"PHQ-9": "a{item}"}}, LONG["files"][1]]},
        "a people file has no scores",
    ),
    (edited(PLAN, "outcomes.0.range", [27, 0]), "[[outcomes]] 1: range runs backwards"),
    (edited(PLAN, "outcomes.0.mid", {"value": 28, "source": "s"}), "larger than the whole range"),
    (edited(PLAN, "outcomes.0.mid", {"value": 0, "source": "s"}), "mid.value must be greater"),
    (edited(PLAN, "outcomes.0.mid", {"value": 5}), "[[outcomes]] 1, mid.source is missing"),
    (edited(PLAN, "estimand.contrast.waves", []), "a contrast at a wave names exactly one wave"),
    (edited(PLAN, "estimand.contrast", {"kind": "mean", "waves": ["month_3"]}), "at least two"),
    (edited(PLAN, "estimand.contrast.kind", "slope"), "a slope runs over all waves"),
    (edited(plan_of("individual_trial"), "allocation.method"), "needs its method"),
    (edited(plan_of("individual_trial"), "allocation.method", "stratified"), "needs its strata"),
    ({**PLAN, "disclosure": {"profile": "public_data"}}, "shows exact counts and needs a reason"),
    ({**PLAN, "seed": -1}, "seed must be greater than or equal to 0"),
]


@pytest.mark.parametrize(("plan", "words"), SECTIONS, ids=[w for _, w in SECTIONS])
def test_each_section_says_what_does_not_fit(tmp_path, plan, words):
    assert words in said_of(tmp_path, plan)


def test_all_disagreements_come_at_once(tmp_path):
    plan = edited(edited(edited(DATED, "pick"), "waves.1.window_days"), "estimand.outcome", "x")
    with pytest.raises(PlanError) as caught:
        read_plan(write_plan(tmp_path, plan))
    assert len(caught.value.findings) == 3
    assert {f.code for f in caught.value.findings} == {"SP04"}


def test_faults_of_form_in_several_sections_come_at_once(tmp_path):
    plan = edited(edited(edited(PLAN, "titel", "x"), "waves.1.month", "3"), "design", "rct")
    said = said_of(tmp_path, plan)
    assert len(said.splitlines()) == 3
    for words in ('did you mean "title"', "[[waves]] 2, month", '"rct" is not one of'):
        assert words in said


def test_windows_count_from_the_planned_day(tmp_path):
    wave = read_plan(write_plan(tmp_path, DATED)).plan.waves[1]
    assert planned_day(wave) == 91
    assert window(wave) == (61, 121)


def test_windows_that_touch_on_one_day_overlap_and_a_day_apart_do_not(tmp_path):
    assert "overlap" in said_of(tmp_path, edited(DATED, "waves.1.window_days", [-61, 0]))
    plan = edited(DATED, "waves.1.window_days", [-60, 0])
    assert window(read_plan(write_plan(tmp_path, plan)).plan.waves[1]) == (31, 91)


def test_a_suggestion_is_near_or_lists_few_names():
    assert suggestion("phq", ["phq9", "gad7"]) == '; did you mean "phq9"?'
    assert suggestion("zzz", ["phq9", "gad7"]) == " (known: gad7, phq9)"
    assert suggestion("zzz", [f"name{i}" for i in range(9)]) == ""


def test_an_outcome_may_rest_on_items_alone(tmp_path):
    plan = edited(LONG, "outcomes.0.instrument", "PHQ-9")
    plan = edited(edited(plan, "files.1.scores"), "files.1.items", {"phq_9": "phq_{item}"})
    (_, measures) = read_plan(write_plan(tmp_path, plan)).plan.files
    assert list(measures.item_columns()) == [("phq_9", None, "phq_{item}")]


def test_a_measures_file_without_scores_or_items_is_a_fault(tmp_path):
    assert "needs [files.scores] or [files.items]" in said_of(
        tmp_path, edited(LONG, "files.1.scores")
    )


def test_items_of_a_wide_file_are_told_wave_by_wave(tmp_path):
    items = {"PHQ-9": {"baseline": "a{item}", "month_3": {"1": "x", "2": "y"}}}
    named = edited(edited(PLAN, "outcomes.0.instrument", "PHQ-9"), "files.0.items", items)
    plan = read_plan(write_plan(tmp_path, named)).plan
    assert list(plan.files[0].item_columns()) == [
        ("PHQ-9", "baseline", "a{item}"),
        ("PHQ-9", "month_3", {"1": "x", "2": "y"}),
    ]


def test_options_keep_their_kind(tmp_path):
    given = {"word": "scored", "yes": True, "codes": [8, 9], "of": {"column": "age"}}
    held = read_plan(write_plan(tmp_path, edited(PLAN, "outcomes.0.options", given))).plan
    options = held.primary.options
    assert (options["word"], options["yes"], options["codes"]) == ("scored", True, (8, 9))
    assert options["of"] == FromColumn(column="age")


def test_people_are_real_unless_the_plan_says_otherwise(tmp_path):
    assert read_plan(write_plan(tmp_path, PLAN)).plan.synthetic is False
    assert read_plan(write_plan(tmp_path, PLAN | {"synthetic": True})).plan.synthetic is True
