"""Arms, practices and times zero."""

from __future__ import annotations

import pytest

from splw_eval.core.findings import Severity
from splw_eval.data.checks.arms import check
from tests.unit.data.given_tables import MEASURES, added, changed, found, only, plan_with
from tests.unit.given_study import ARMS, comparison

PEOPLE = [
    ["person", "arm", "cluster", "referred"],
    ["p1", "link", "x", "2025-01-10"],
    ["p2", "usual", "y", "2025-01-10"],
]
CLUSTERS = [["cluster", "arm"], ["x", "link"], ["y", "usual"]]
TRIALS = ("cluster_trial", "cluster_trial_unlike_recruitment")


def plan_of(design, *tables, **changes):
    plan = plan_with(*tables, design=design, arms=[dict(arm) for arm in ARMS], **changes)
    plan["files"][0]["columns"] |= {"arm": "arm", "cluster": "cluster"}
    if design != "controlled_cohort":
        plan["allocation"] = {"randomised": True, "method": "simple"}
    if design == "cluster_trial_unlike_recruitment":
        plan["comparison"] = comparison(comparators="sample")
    return plan


def zeros(event):
    arms = (("link", "referral"), ("usual", event))
    return [{"event": said, "arm": arm, "column": "referred"} for arm, said in arms]


@pytest.mark.parametrize("design", [*TRIALS, "controlled_cohort"])
def test_practices_of_one_arm_each_are_no_finding(design):
    assert found(check, plan_of(design, "clusters"), PEOPLE, MEASURES, CLUSTERS) == {}


@pytest.mark.parametrize(
    ("design", "severity", "code"),
    [
        *((design, Severity.ERROR, "SW68") for design in TRIALS),
        ("controlled_cohort", Severity.WARNING, "SW69"),
    ],
)
def test_a_practice_with_people_of_two_arms_stops_a_cluster_trial_only(design, severity, code):
    finding = only(check, plan_of(design), changed(PEOPLE, 3, "cluster", "x"), MEASURES)
    assert (finding.severity, finding.code) == (severity, code)
    assert (finding.file, finding.column, finding.rows) == ("people.csv", "C (cluster)", (2, 3))


def test_a_practice_whose_own_table_has_another_arm_is_a_fault():
    clusters = changed(CLUSTERS, 3, "arm", "link")
    fault = only(check, plan_of("cluster_trial", "clusters"), PEOPLE, MEASURES, clusters)
    assert (fault.code, fault.severity, fault.rows) == ("SW81", Severity.ERROR, (3,))


def test_in_a_cohort_it_is_a_warning():
    clusters = changed(CLUSTERS, 3, "arm", "link")
    warning = only(check, plan_of("controlled_cohort", "clusters"), PEOPLE, MEASURES, clusters)
    assert (warning.code, warning.severity, warning.rows) == ("SW81", Severity.WARNING, (3,))


def test_unlike_times_zero_are_said_in_words():
    plan = plan_of("controlled_cohort", time_zero=zeros("index_date"))
    warning = only(check, plan, PEOPLE, MEASURES)
    assert (warning.code, warning.severity, warning.rows) == ("SW65", Severity.WARNING, ())
    assert "Link worker: referral; Usual care: index date" in warning.problem


def test_the_same_event_in_two_columns_is_no_finding():
    plan = plan_of("controlled_cohort", time_zero=zeros("referral"))
    plan["time_zero"][1]["column"] = "asked"
    people = added(PEOPLE, "asked", "2025-01-10", "2025-01-10")
    assert found(check, plan, people, MEASURES) == {}
