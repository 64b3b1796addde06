"""What the page of the plan tells of confounders, weights, subgroups and missing scores."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from splw_eval.core.plan import Engagement, Plan, read_plan
from splw_eval.report.blocks import ListBlock, ReportTable
from splw_eval.report.pages.plan_adjusting import METHODS, STRATEGIES, TARGETS, in_levels
from splw_eval.report.pages.plan_declared import declared_sections
from splw_eval.report.pages.plan_groups import groups_section
from tests.unit.given_study import plan_of, pre_post_plan

EXAMPLE = Path(__file__).parents[3] / "analyses" / "example_programme" / "study.toml"


def cells(plan: Plan, name: str) -> list[tuple[Any, ...]]:
    """Rows of a table of the plan."""
    blocks = (b for s in (*declared_sections(plan), groups_section(plan)) for b in s.blocks)
    tables = {b.id: b for b in blocks if isinstance(b, ReportTable)}
    return [tuple(cell.value for cell in row) for row in tables[f"plan-{name}-table"].rows]


@pytest.fixture(scope="module")
def example() -> Plan:
    return read_plan(EXAMPLE).plan


def test_missing_scores_are_told_in_words(example):
    told = dict(cells(example, "missing"))
    assert told["Times that missing scores are filled in"] == "20"
    assert told["Worse than expected by (points)"] == "0.5, 1, 1.5, 2, 3, 4, 5"
    assert "Depression (PHQ-9), at the start" in told["Also taken into account then"]
    strategies = told["People lost from the programme group, in turn"]
    assert strategies.startswith("From then on as the comparison group")
    assert all(f"{name})" in strategies for name in STRATEGIES)
    assert told["Only for those who had stopped seeing the link worker"] == "No"


def test_confounders_say_where_and_how_they_were_measured(example):
    told = {name: measured for name, _, measured in cells(example, "confounders")}
    assert told["Deprivation"] == "Yes, in the column imd_decile, as a number"
    assert told["Depression at the start"] == "Yes, as the score at the start of Depression (PHQ-9)"
    assert told["Help from elsewhere"] == "Not measured"


def test_the_population_of_the_adjusted_difference_is_named(example):
    told = dict(cells(example, "adjustment"))
    assert told["The adjusted difference holds for"] == TARGETS["treated"]
    assert told["Weights"] == METHODS["propensity"]


def test_subgroups_are_listed_with_their_levels(example):
    (section,) = [s for s in declared_sections(example) if s.id == "plan-subgroups"]
    (held,) = [b for b in section.blocks if isinstance(b, ListBlock)]
    told = {item.term: item.text for item in held.items}
    assert len(told) == len(example.subgroups) == 6
    assert told["Deprivation: "].endswith(
        "(column imd_decile: below 3, 3 to below 6, 6 and above)."
    )
    assert told["Sex: "] == (
        "More women than men take up the offer (column sex: each level or step)."
    )


def test_who_received_the_programme_is_told_where_contacts_are_kept(example):
    told = dict(cells(example, "adjustment"))
    assert told["Received the programme"] == "One attended contact or more"
    three = example.model_copy(
        update={"engagement": Engagement(contacts_at_least=3), "confounders": ()}
    )
    assert cells(three, "adjustment") == [("Received the programme", "3 attended contacts or more")]


def test_strata_are_told_with_their_cut_points():
    allocation = {
        "randomised": True,
        "method": "stratified",
        "strata": ["size", "setting"],
        "strata_columns": {"list_size": [9000], "urban_rural": []},
    }
    held = plan_of("cluster_trial", allocation=allocation)
    told = dict(cells(Plan.model_validate(held, strict=False), "allocation"))
    assert "list_size: below 9,000, 9,000 and above" in told["Columns of the strata"]


def test_a_study_of_one_group_is_not_asked_for_what_only_two_have():
    plan = Plan.model_validate(pre_post_plan(), strict=False)
    (absent,) = [s for s in declared_sections(plan) if s.id == "plan-absent"]
    (items,) = [b for b in absent.blocks if isinstance(b, ListBlock)]
    said = [item.text for item in items.items]
    assert "Missing data" in said
    assert not any("subgroup" in words.lower() or "alike" in words for words in said)


@pytest.mark.parametrize(
    ("cuts", "words"),
    [
        ((), "each value"),
        ((65.0,), "below 65, 65 and above"),
        ((1.5, 3.0, 8.0), "below 1.5, 1.5 to below 3, 3 to below 8, 8 and above"),
    ],
)
def test_cut_points_make_levels(cuts, words):
    assert in_levels(cuts) == words
