"""Columns that a plan adjusts for, parts people by or stratifies by."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.data.planned_columns import check_planned_columns, planned_columns, planned_scores
from tests.unit.data.given_tables import valid
from tests.unit.given_study import ARMS, PlanTable, long_plan, outcome, plan_of, wide
from tests.unit.loading import faults, loaded, only_fault

PEOPLE = [
    ["person", "arm", "cluster", "IMD", "sex"],
    ["p1", "link", "a", "3", "female"],
    ["p2", "usual", "b", "", "male"],
]
MEASURES = [
    ["person", "wave", "phq"],
    ["p1", "baseline", "10"],
    ["p1", "month_3", "5"],
    ["p2", "baseline", "12"],
    ["p2", "month_3", "11"],
]
CLUSTERS = [["cluster", "list_size"], ["a", "8000"], ["b", "9500"]]


def plan(*columns: str, **changes) -> PlanTable:
    """A cohort of a people file, whose confounders stand in the columns."""
    held = long_plan(design="controlled_cohort", arms=[dict(arm) for arm in ARMS])
    held["files"][0]["columns"] |= {"arm": "arm", "cluster": "cluster", "imd_decile": "IMD"}
    held["confounders"] = [
        {"name": name, "reason": "Moves both", "column": name} for name in columns
    ]
    return held | changes


def told(plan: PlanTable) -> list[str]:
    found = check_planned_columns(valid(plan))
    assert {finding.code for finding in found} <= {"SW140"}
    return [finding.problem for finding in found]


@pytest.mark.parametrize(
    ("column", "why"),
    [
        ("close_reason", "of the table episodes"),
        ("first_contact_date", "of the table episodes"),
        ("minutes", "of the table contacts"),
        ("sessions_attended", "of the table support"),
        ("completed_by", "of the table measures"),
        ("fte", "of the table link_workers"),
        ("gp_contacts", "of the table service_use"),
        ("link_worker", "decided after time zero"),
        ("arm", "it is what is compared"),
        ("cluster", "takes the practice in already"),
        ("referral_date", "it holds days"),
        ("allocation_date", "it holds days"),
        ("phq", "for a wave after the start"),
    ],
)
def test_what_comes_after_time_zero_or_tells_of_no_person_is_refused(column, why):
    (problem,) = told(plan(column))
    assert problem.startswith(f'[[confounders]] 1: the column "{column}" cannot be used: ')
    assert why in problem


@pytest.mark.parametrize("column", ["imd_decile", "sex", "list_size", "urban_rural", "drug"])
def test_what_was_known_before_may_be_named(column):
    assert told(plan(column)) == []


def test_a_later_score_of_a_wide_file_is_refused_and_the_first_is_not():
    held = plan_of("controlled_cohort")
    named = [{"name": c, "reason": "x", "column": c} for c in ("phq_0", "phq_3")]
    (problem,) = told(held | {"confounders": named})
    assert "phq_3" in problem
    assert "after the start" in problem


def test_every_section_that_names_columns_is_looked_at():
    named = [{"name": "a", "reason": "x", "column": "close_reason"}]
    held = plan(
        design="cluster_trial",
        subgroups=named,
        missing={"assumption": "x", "method": "x", "auxiliary": ["minutes"]},
        allocation={
            "randomised": True,
            "method": "stratified",
            "strata": ["x"],
            "strata_columns": {"ods_code": []},
        },
    )
    places = ["[[subgroups]] 1", "[allocation] strata_columns", "[missing] auxiliary"]
    assert [problem.partition(":")[0] for problem in told(held)] == places


def test_an_outcome_stands_for_its_score_at_the_start(tmp_path):
    study = loaded(tmp_path, plan("phq9", "sex"), people=PEOPLE, measures=MEASURES)
    assert planned_scores(study.plan) == ("phq9",)
    np.testing.assert_array_equal(study.planned["phq9"], [10.0, 12.0])
    assert study.planned["sex"].tolist() == ["female", "male"]


def test_a_column_may_be_named_as_the_codebook_or_as_the_file_does(tmp_path):
    for name in ("imd_decile", "IMD"):
        study = loaded(tmp_path, plan(name), people=PEOPLE, measures=MEASURES)
        np.testing.assert_array_equal(study.planned[name], [3.0, np.nan])


def test_a_column_that_no_file_holds_is_named_with_the_nearest(tmp_path):
    fault = only_fault(tmp_path, plan("sexx"), people=PEOPLE, measures=MEASURES)
    assert fault.code == "SW02"
    assert "[[confounders]] 1: no file of people or practices (clusters) has the column" in (
        fault.problem
    )
    assert 'did you mean "sex"?' in fault.problem


def test_all_columns_that_are_absent_are_told_at_once(tmp_path):
    found = faults(tmp_path, plan("abc", "xyz"), people=PEOPLE, measures=MEASURES)
    assert [fault.problem[:17] for fault in found] == ["[[confounders]] 1", "[[confounders]] 2"]


def strata(column: str) -> PlanTable:
    held = plan(
        design="cluster_trial",
        allocation={
            "randomised": True,
            "method": "stratified",
            "strata": ["size"],
            "strata_columns": {column: [9000]},
        },
    )
    held["files"].append({"table": "clusters", "path": "clusters.csv"})
    return held


def test_strata_of_practices_stand_in_the_table_of_practices(tmp_path):
    files = {"people": PEOPLE, "measures": MEASURES, "clusters": CLUSTERS}
    study = loaded(tmp_path, strata("list_size"), **files)
    np.testing.assert_array_equal(study.planned["list_size"], [8000.0, 9500.0])
    fault = only_fault(tmp_path, strata("sex"), **files)
    assert "no file of practices (clusters) has" in fault.problem


def test_a_heading_of_a_wide_file_is_one_of_people(tmp_path):
    named = [{"name": "Drug", "reason": "x", "column": "drug"}]
    held = plan_of("controlled_cohort", confounders=named)
    rows = wide(("link", "yes", 9, 4), ("usual", "no", 8, 8), heading=("arm", "drug", *PHQ))
    assert loaded(tmp_path, held, scores=rows).planned["drug"].tolist() == ["yes", "no"]


PHQ = ("phq_0", "phq_3")


def test_every_column_is_told_with_its_place():
    held = valid(plan("sex", outcomes=[outcome()]))
    assert list(planned_columns(held)) == [("[[confounders]] 1", "sex")]


def test_columns_refused_and_columns_absent_are_told_at_once(tmp_path):
    missing = {"assumption": "x", "method": "x", "auxiliary": ["minutes", "sexx"]}
    found = faults(tmp_path, plan(missing=missing), people=PEOPLE, measures=MEASURES)
    assert [fault.code for fault in found] == ["SW140", "SW02"]
    assert '"minutes"' in found[0].problem
    assert '"sexx"' in found[1].problem
