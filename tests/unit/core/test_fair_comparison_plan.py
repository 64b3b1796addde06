"""What a plan says of confounders, weights, contacts, subgroups and missing scores."""

from __future__ import annotations

import pytest

from splw_eval.core.errors import PlanError
from splw_eval.core.plan import read_plan
from tests.unit.given_study import PlanTable, edited, plan_of, pre_post_plan, write_plan

COHORT = plan_of("controlled_cohort")
TRIAL = plan_of("cluster_trial")
MISSING = {"assumption": "At random", "method": "Mixed model"}
CONFOUNDER = {"name": "Deprivation", "reason": "Moves both", "column": "imd_decile"}
SUBGROUP = {"name": "Deprivation", "reason": "Larger needs", "column": "imd_decile"}
CONTACTS = [*COHORT["files"], {"table": "contacts", "path": "contacts.csv"}]
STRATIFIED = {"randomised": True, "method": "stratified", "strata": ["list size"]}


def read(folder, plan: PlanTable):
    return read_plan(write_plan(folder, plan)).plan


def said_of(folder, plan: PlanTable) -> list[str]:
    with pytest.raises(PlanError) as caught:
        read(folder, plan)
    assert all(finding.remedy for finding in caught.value.findings)
    return [finding.problem for finding in caught.value.findings]


def test_what_is_left_out_has_the_usual_value(tmp_path):
    plan = read(tmp_path, COHORT | {"missing": MISSING})
    assert (plan.adjustment.target, plan.adjustment.method) == ("treated", "propensity")
    assert plan.engagement.contacts_at_least == 1
    assert plan.subgroups == ()
    missing = plan.missing
    assert (missing.imputations, missing.deltas, missing.auxiliary) == (20, (), ())
    assert not missing.only_disengaged
    assert plan.strategies == ("J2R", "CIR")


def test_people_lost_refer_to_nobody_where_there_is_one_group(tmp_path):
    assert read(tmp_path, pre_post_plan(missing=MISSING)).strategies == ()
    kept = pre_post_plan(missing=MISSING | {"strategies": ["LMCF"]})
    assert read(tmp_path, kept).strategies == ("LMCF",)
    assert read(tmp_path, COHORT).strategies == ()


def test_everything_may_be_said_at_once(tmp_path):
    plan = read(
        tmp_path,
        TRIAL
        | {
            "files": CONTACTS,
            "allocation": STRATIFIED | {"strata_columns": {"list_size": [5000, 9000.5]}},
            "confounders": [CONFOUNDER | {"kind": "number"}, {"name": "Help", "reason": "Other"}],
            "adjustment": {"target": "overlap", "method": "propensity"},
            "engagement": {"contacts_at_least": 3},
            "subgroups": [SUBGROUP | {"cuts": [4, 8]}],
            "missing": MISSING
            | {
                "imputations": 50,
                "strategies": ["CR", "LMCF"],
                "deltas": [0, 0.5, 2],
                "auxiliary": ["age_band"],
            },
        },
    )
    assert plan.allocation.strata_columns == {"list_size": (5000.0, 9000.5)}
    assert plan.confounders[0].kind == "number"
    assert plan.subgroups[0].cuts == (4.0, 8.0)
    assert plan.strategies == ("CR", "LMCF")


FAULTS = [
    (
        TRIAL | {"allocation": STRATIFIED | {"strata_columns": {"list_size": [9, 9]}}},
        "strata_columns list_size: cut points must rise",
    ),
    (
        TRIAL | {"allocation": STRATIFIED | {"strata_columns": {"a": [], "b": []}}},
        "strata names 1 and strata_columns 2; name one column for each",
    ),
    (
        edited(TRIAL, "allocation.strata_columns", {"list_size": []}),
        'strata_columns hold the strata of method = "stratified"',
    ),
    (
        COHORT | {"confounders": [CONFOUNDER, CONFOUNDER | {"name": "Poverty"}]},
        '[[confounders]] column: "imd_decile" stands 2 times',
    ),
    (
        COHORT | {"confounders": [CONFOUNDER, {"name": "Deprivation", "reason": "Other"}]},
        '[[confounders]] name: "Deprivation" stands 2 times',
    ),
    (
        COHORT | {"confounders": [{"name": "Help", "reason": "Other", "kind": "number"}]},
        "kind is that of a column; name the column",
    ),
    (
        COHORT | {"subgroups": [SUBGROUP, SUBGROUP | {"name": "Poverty"}]},
        '[[subgroups]] column: "imd_decile" stands 2 times',
    ),
    (COHORT | {"subgroups": [SUBGROUP | {"cuts": [5, 3]}]}, "cuts must rise"),
    (
        COHORT | {"confounders": [CONFOUNDER], "adjustment": {"target": "both"}},
        "\"both\" is not one of 'treated', 'overlap' or 'everybody'",
    ),
    (
        COHORT
        | {
            "confounders": [CONFOUNDER],
            "adjustment": {"target": "overlap", "method": "entropy"},
        },
        'its target is "treated"; change one of them',
    ),
    (COHORT | {"adjustment": {}}, "no [[confounders]] names its column"),
    (pre_post_plan(adjustment={}), "[adjustment]: there are no [[arms]]"),
    (pre_post_plan(engagement={}), "[engagement]: there are no [[arms]]"),
    (pre_post_plan(subgroups=[SUBGROUP]), "[[subgroups]]: there are no [[arms]]"),
    (
        pre_post_plan(missing=MISSING | {"strategies": ["J2R", "LMCF"]}),
        "[missing] strategies: J2R refer to a comparison group",
    ),
    (COHORT | {"engagement": {}}, "[engagement] contacts_at_least: no file holds the table"),
    (
        COHORT | {"files": CONTACTS, "engagement": {"contacts_at_least": 0}},
        "[engagement], contacts_at_least must be greater than or equal to 1",
    ),
    (
        COHORT | {"missing": MISSING | {"only_disengaged": True}},
        "[missing] only_disengaged: the day on which somebody stopped",
    ),
    (COHORT | {"missing": MISSING | {"strategies": ["J2"]}}, 'did you mean "J2R"?'),
    (
        COHORT | {"missing": MISSING | {"strategies": ["J2R", "J2R"]}},
        'strategies: "J2R" stands more than once',
    ),
    (COHORT | {"missing": MISSING | {"deltas": [2, 1]}}, "deltas must rise"),
    (COHORT | {"missing": MISSING | {"deltas": [-1]}}, "deltas.0 must be greater than or equal"),
    (
        COHORT | {"missing": MISSING | {"deltas": [1, 28]}},
        "[missing] deltas: 28 points are more than the whole range of phq9, 0 to 27",
    ),
    (COHORT | {"missing": MISSING | {"imputations": 1}}, "imputations must be greater"),
    (COHORT | {"missing": MISSING | {"delta": [1]}}, 'unknown key "delta"; did you mean "deltas"?'),
]


@pytest.mark.parametrize(("plan", "words"), FAULTS, ids=[words for _, words in FAULTS])
def test_what_does_not_agree_is_said(tmp_path, plan, words):
    assert any(words in problem for problem in said_of(tmp_path, plan))


def test_more_than_ten_subgroups_are_too_many(tmp_path):
    many = [SUBGROUP | {"name": f"By {i}", "column": f"c{i}"} for i in range(11)]
    assert len(read(tmp_path, COHORT | {"subgroups": many[:10]}).subgroups) == 10
    (problem,) = said_of(tmp_path, COHORT | {"subgroups": many})
    assert problem.startswith("subgroups")
    assert "10" in problem


def test_matched_sets_may_be_held_by_a_column(tmp_path):
    matched = {"randomised": True, "method": "matched", "strata_columns": {"pair": []}}
    assert read(tmp_path, TRIAL | {"allocation": matched}).allocation.strata_columns == {"pair": ()}


def test_all_faults_of_these_sections_are_told_at_once(tmp_path):
    plan = COHORT | {
        "adjustment": {},
        "engagement": {},
        "subgroups": [SUBGROUP, SUBGROUP],
        "missing": MISSING | {"only_disengaged": True, "deltas": [100]},
    }
    assert len(said_of(tmp_path, plan)) == 6
