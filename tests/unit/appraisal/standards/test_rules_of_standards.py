"""Each rule of a reporting standard: where it is met, and where it is not."""

from __future__ import annotations

import pytest

from splw_eval.appraisal.checklists import profiles
from splw_eval.appraisal.checklists.facts import Facts
from splw_eval.appraisal.checklists.rules import RULES
from splw_eval.core.check_rows import Kind, Status
from splw_eval.core.findings import Finding, Severity
from splw_eval.core.plan import EVERYONE
from tests.unit.appraisal.standards.given_facts import ESTIMATE, SCORED, a_plan, a_result, facts
from tests.unit.given_study import plan_of

SIZED = {
    "target_difference": {"value": 1.0, "source": "a paper"},
    "sd": {"value": 4.0, "source": "a paper"},
    "power": 0.8,
    "people": 300,
    "attrition": {"value": 0.3, "source": "a paper"},
}
OF_CLUSTERS = SIZED | {
    "clusters": 12,
    "icc": {"value": 0.03, "source": "a paper"},
    "cluster_size_cv": {"value": 0.5, "source": "a paper"},
}
CONFOUNDER = {"name": "Deprivation", "reason": "Moves both", "column": "imd_decile"}
SUBGROUP = {"name": "Age", "reason": "May differ", "column": "age_band", "cuts": [65]}
ABOUT = ("role_title", "training", "qualification", "prior_background")
FULL = [
    {"table": "link_workers", "column": column, "verdict": "Filled 80% or more"} for column in ABOUT
]
WITH_EPISODES = [
    *plan_of("cluster_trial")["files"],
    {"table": "people", "path": "people.csv"},
    {"table": "episodes", "path": "episodes.csv"},
]
WAVE = SCORED | {"arm": "Link worker", "wave": "baseline"}
COUNTED = WAVE | {"expected": 40, "measured": 30, "missing": 10}


def simple(key, **row):
    """Facts with one row of one result."""
    return facts(None, a_result(key, row))


MET = {
    "numbers_at_each_wave": simple("flow", **COUNTED),
    "flow_is_drawn": simple("flow", **COUNTED),
    "numbers_at_each_stage": simple("uptake", stage="referred", referred=40, passed=40),
    "reasons_for_losses": facts(
        None,
        a_result("endings", {"group": "Link worker", "reason": "ill-health", "n": 10}),
        a_result("reasons", SCORED | {"arm": "Usual care", "reason": "Moved away", "people": 10}),
    ),
    "people_in_each_analysis": simple("contrasts", **SCORED, n=60),
    "practices_at_each_wave": simple("loss_practices", arm="Usual care", clusters=7),
    "losses_by_practice": simple("loss_practices", lower=5.0, median=5.0, upper=10.0),
    "time_followed": simple("days", event="3 months", known=30, median=91.0),
    "months_of_the_study": simple("setting", first_month="May 2024", last_month="June 2025"),
    "practices_of_the_study": simple("setting", practices=12),
    "lost_beside_kept": simple("lost_scores", **SCORED, mean_retained=9.0, mean_lost=11.0),
    "staying_drawn": simple("staying", estimate=0.9),
    "who_took_part": facts(
        None,
        a_result(
            "characteristics",
            {"characteristic": "Age", "category": "65-74", "people": 20},
            {"characteristic": "Sex", "category": "Female", "people": 20},
        ),
    ),
    "illness_of_people": simple("quantities", mean=2.1),
    "scores_at_start": simple("baseline", **SCORED, mean=12.0, sd=5.0),
    "missing_in_each_variable": facts(
        None,
        a_result("characteristics", {"characteristic": "Age", "known": 40}),
        a_result("baseline", SCORED | {"known": 35}),
    ),
    "groups_at_start": facts(
        a_plan(confounders=[CONFOUNDER]),
        a_result("balance", {"characteristic": "Deprivation", "before": 0.16, "after": 0.01}),
    ),
    "answer_with_interval": simple("contrasts", **SCORED, **ESTIMATE),
    "each_outcome_answered": simple("contrasts", **SCORED, **ESTIMATE),
    "unadjusted_and_adjusted": facts(
        None,
        a_result(
            "adjusted",
            SCORED | ESTIMATE | {"method": "Unadjusted"},
            SCORED | ESTIMATE | {"method": "Weighting"},
        ),
    ),
    "practices_allowed_for": simple(
        "contrasts", **SCORED, **ESTIMATE, clusters=12, grouped_by="practices", method="mixed model"
    ),
    "icc_of_primary": simple("ratios", **SCORED, **ESTIMATE, measure="ICC at 3 months"),
    "sensitivity_to_losses": simple("sensitivity", **SCORED, **ESTIMATE, strategy="J2R"),
    "subgroups_by_interaction": facts(
        a_plan(subgroups=[SUBGROUP]),
        a_result(
            "subgroups",
            {"by": "Age", "interaction": 0.5, "interaction_low": -1.0, "interaction_high": 2.0},
        ),
    ),
    "levels_of_subgroups": facts(a_plan(subgroups=[SUBGROUP])),
    "scores_over_time": simple("scores", **SCORED, mean=12.0, sd=5.0),
    "better_and_worse": simple("responders", **SCORED, n_better=20, n_worse=10),
    "worse_counted": simple("responders", **SCORED, n_worse=10),
    "contacts_of_each": simple("dose", measure="contacts attended", median=5.0),
    "minutes_of_each": simple("dose", measure="minutes logged", median=120.0),
    "ways_of_contact": simple("modes", mode="in person", contacts=100, share=0.5),
    "background_of_workers": facts(None, a_result("records", *FULL)),
    "planned_beside_done": facts(
        None, a_result("levels", {"kind": "declared"}, {"kind": "derived"})
    ),
    "places_filled": simple(
        "records", table="contacts", column="place", verdict="Filled 80% or more"
    ),
    "records_filled": simple(
        "records", table="contacts", column="mode", verdict="Filled below 80%"
    ),
    "how_long_supported": simple("stay", what="Engagement with the service", mean_days=145.0),
    "parts_of_support": simple("components", component="discovering what matters", n=30),
    "answer_by_receipt": simple("engagement", offered=50, received=40, estimate=1.0),
    "questionnaires_described": simple("instruments", **SCORED, sources="A paper"),
    "reliability_of_primary": simple("reliability", **SCORED, alpha=0.86),
    "questionnaire_limits": simple("floor_ceiling", **SCORED, n_lowest=0, n_highest=10),
    "sizes_that_matter": simple("important_differences", **SCORED, kind="anchor"),
    "size_explained": facts(a_plan(sample_size=SIZED)),
    "size_of_clusters_explained": facts(a_plan(sample_size=OF_CLUSTERS)),
    "planned_before_data": facts(a_plan(dated="2025-01-31", data_seen="2025-06-30")),
    "way_of_allocating": facts(a_plan()),
    "restrictions_of_allocating": facts(a_plan()),
    "confounders_stated": facts(a_plan(confounders=[CONFOUNDER])),
    "words_versioned": facts(a_plan(files=WITH_EPISODES, vocabulary={"version": "2026-01-31"})),
    "cleaning_told": simple("findings", code="SW15", place="measures.csv"),
    "title_says_random": facts(a_plan(title="A randomised trial of link workers")),
    "title_says_practices": facts(a_plan(title="A cluster randomised trial of link workers")),
    "unit_of_allocation": facts(a_plan()),
}

# Where a rule is not met by what it finds; elsewhere, as nothing is known of what it asks for.
UNMET = {
    "reasons_for_losses": facts(
        None,
        a_result("endings", {"group": "Link worker", "reason": "ill-health", "n": 10}),
        a_result("reasons", SCORED | {"arm": "Usual care", "reason": "Empty", "people": 10}),
    ),
    "who_took_part": simple("characteristics", characteristic="Age", people=20),
    "each_outcome_answered": simple("contrasts", **SCORED, estimate=1.0),
    "unadjusted_and_adjusted": simple("adjusted", **SCORED, **ESTIMATE, method="Unadjusted"),
    "practices_allowed_for": simple("contrasts", **SCORED, **ESTIMATE, method="mixed model"),
    "icc_of_primary": simple("ratios", **SCORED, **ESTIMATE, measure="cluster autocorrelation"),
    "sensitivity_to_losses": simple("sensitivity", **SCORED, **ESTIMATE, strategy="MAR"),
    "subgroups_by_interaction": facts(a_plan(subgroups=[SUBGROUP])),
    "background_of_workers": facts(None, a_result("records", *FULL[:3])),
    "planned_beside_done": simple("levels", kind="declared"),
    "places_filled": simple(
        "records", table="contacts", column="place", verdict="Filled below 80%"
    ),
    "questionnaires_described": simple("instruments", **SCORED, sources=""),
    "size_explained": facts(a_plan(sample_size=SIZED | {"power": None})),
    "size_of_clusters_explained": facts(a_plan(sample_size=SIZED)),
    "planned_before_data": facts(a_plan(dated="2025-07-31", data_seen="2025-06-30")),
    "way_of_allocating": facts(a_plan(allocation={"randomised": True, "method": "not_stated"})),
    "restrictions_of_allocating": facts(
        a_plan(allocation={"randomised": True, "method": "minimised"})
    ),
    "words_versioned": facts(a_plan(files=WITH_EPISODES)),
}
ALWAYS_MET = {"levels_of_subgroups", "cleaning_told", "unit_of_allocation"}  # or not asked
BY_AUTHOR = {"title_says_random", "title_says_practices"}


def rules_of_standards() -> set[str]:
    """Rules that a reporting standard asks, but for the packs of facts about bias."""
    held = (
        check.rule for n, p in profiles().items() if n != "crosswalk" for _, check in p.checks()
    )
    return {rule for rule in held if rule and not rule.startswith("bias_")}


def test_each_rule_of_a_standard_is_tested_here():
    assert rules_of_standards() <= set(MET)


@pytest.mark.parametrize("rule", sorted(MET))
def test_a_rule_is_met_where_the_thing_is_there(rule):
    verdict = RULES[rule].judge(MET[rule])
    assert verdict.status is Status.REPORTED
    assert verdict.evidence
    assert not verdict.remedy


@pytest.mark.parametrize("rule", sorted(set(MET) - ALWAYS_MET - BY_AUTHOR))
def test_a_rule_is_not_met_where_the_thing_is_not_there(rule):
    verdict = RULES[rule].judge(UNMET.get(rule, facts()))
    assert verdict.status is Status.NOT_REPORTED
    assert verdict.evidence.endswith(".")
    assert verdict.remedy.endswith(".")


@pytest.mark.parametrize("rule", sorted(BY_AUTHOR))
def test_a_title_that_does_not_say_it_is_left_to_the_author(rule):
    assert RULES[rule].judge(facts()).status is Status.NEEDS_AUTHOR


def test_cut_points_are_not_asked_of_a_plan_that_cuts_nothing():
    assert RULES["levels_of_subgroups"].judge(facts()).status is Status.NOT_APPLICABLE


def test_one_group_was_not_allocated_and_groups_without_chance_need_the_author():
    judge = RULES["unit_of_allocation"].judge
    assert judge(facts(a_plan("pre_post"))).status is Status.NOT_APPLICABLE
    assert judge(facts(a_plan("controlled_cohort"))).status is Status.NEEDS_AUTHOR


def test_words_need_no_version_where_no_record_has_coded_words():
    assert RULES["words_versioned"].judge(facts()).status is Status.NOT_APPLICABLE


def test_subgroups_that_nobody_named_are_not_asked_for():
    assert RULES["subgroups_by_interaction"].judge(facts()).status is Status.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("key", "fields", "rule"),
    [
        ("flow", ("expected", "measured"), "numbers_at_each_wave"),
        ("contrasts", ("estimate", "conf_low", "conf_high"), "answer_with_interval"),
        ("uptake", ("referred", "passed"), "numbers_at_each_stage"),
        ("setting", ("practices",), "practices_of_the_study"),
    ],
)
def test_figures_that_are_all_hidden_are_not_reported_and_are_not_told(key, fields, rule):
    row = (SCORED if key in {"flow", "contrasts"} else {}) | dict.fromkeys(fields)
    given = facts(None, a_result(key, row, masked=tuple((0, name) for name in fields)))
    verdict = RULES[rule].judge(given)
    assert verdict.status is Status.NOT_REPORTED
    assert "hidden" in verdict.evidence
    assert "together" in verdict.remedy


def test_a_figure_that_is_not_known_is_not_called_hidden():
    verdict = RULES["practices_of_the_study"].judge(simple("setting", practices=None))
    assert "hidden" not in verdict.evidence
    assert "cluster in people" in verdict.remedy


def test_a_wave_whose_numbers_are_hidden_is_named():
    late = WAVE | {"wave": "month_3", "expected": None, "measured": None}
    given = facts(None, a_result("flow", COUNTED, late, masked=((1, "measured"),)))
    verdict = RULES["numbers_at_each_wave"].judge(given)
    assert verdict.status is Status.REPORTED
    assert "hidden in a group at: 3 months" in verdict.evidence


def test_the_group_whose_losses_nobody_explains_is_named():
    verdict = RULES["reasons_for_losses"].judge(UNMET["reasons_for_losses"])
    assert "of Usual care" in verdict.evidence
    assert "Link worker" not in verdict.evidence
    assert "[files.missing_codes]" in verdict.remedy


def test_the_reasons_of_one_group_are_those_of_everyone():
    given = facts(a_plan("pre_post"), a_result("endings", {"group": EVERYONE, "n": 10}))
    assert RULES["reasons_for_losses"].judge(given).status is Status.REPORTED


def test_minutes_that_are_seldom_logged_are_said_to_be():
    given = facts(
        None,
        a_result("dose", {"measure": "minutes logged", "median": 120.0}),
        a_result(
            "records", {"table": "contacts", "column": "minutes", "verdict": "Filled below 80%"}
        ),
    )
    assert "fewer than 80%" in RULES["minutes_of_each"].judge(given).evidence


def test_a_share_that_the_counts_leave_open_is_not_taken_for_full():
    rows = [*FULL[:3], FULL[3] | {"verdict": "Filled about 80%"}]
    verdict = RULES["background_of_workers"].judge(facts(None, a_result("records", *rows)))
    assert verdict.status is Status.NOT_REPORTED
    assert "prior_background" in verdict.evidence


def test_the_answer_of_one_group_is_its_change():
    given = facts(a_plan("pre_post"), a_result("change", SCORED | ESTIMATE))
    verdict = RULES["answer_with_interval"].judge(given)
    assert verdict.status is Status.REPORTED
    assert verdict.results == ("change",)


def test_the_tipping_point_counts_as_another_assumption():
    given = simple("tipping", **SCORED, estimate=0.4)
    assert RULES["sensitivity_to_losses"].judge(given).status is Status.REPORTED


def test_a_dated_plan_is_enough_before_data():
    planned = Facts(plan=a_plan(dated="2025-01-31"), results={})
    assert RULES["planned_before_data"].judge(planned).status is Status.REPORTED
    read = facts(a_plan(dated="2025-01-31"))
    assert RULES["planned_before_data"].judge(read).status is Status.NOT_REPORTED


def test_what_rests_on_subgroups_waits_for_files_that_are_refused():
    fault = Finding(code="SW13", severity=Severity.ERROR, problem="", remedy="", file="m.csv")
    plan = a_plan(subgroups=[SUBGROUP], confounders=[CONFOUNDER])
    refused = Facts(plan=plan, results={}, findings=(fault,))
    for rule in ("subgroups_by_interaction", "groups_at_start"):
        assert "cannot be read yet" in RULES[rule].judge(refused).evidence
        assert "collected yet" in RULES[rule].judge(Facts(plan=plan, results={})).evidence


def test_every_computed_check_of_a_standard_can_be_asked_of_a_study_of_which_nothing_is_known():
    for design in ("pre_post", "controlled_cohort", "cluster_trial", "individual_trial"):
        given = facts(a_plan(design))
        for name, profile in profiles().items():
            if name == "crosswalk":
                continue
            for _, check in profile.checks():
                if check.kind is Kind.COMPUTED:
                    assert RULES[check.rule].judge(given).status in Status
