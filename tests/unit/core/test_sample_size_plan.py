"""What a plan may say of its planned size, and what is said where it cannot be so."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import pytest

from splw_eval.core.errors import PlanError
from splw_eval.core.plan import Plan, read_plan
from splw_eval.core.plan.sample_size import PlannedDesign
from splw_eval.power.kinds import HOMES
from splw_eval.report.blocks import Paragraph, ReportTable
from splw_eval.report.pages.plan_declared import declared_sections
from tests.unit.given_study import plan_of, write_plan

SD = {"value": 4.0, "source": "a paper"}


def sized(folder: Path, of: str = "cluster_trial", **size: Any) -> Plan:
    return read_plan(write_plan(folder, plan_of(of, sample_size=size))).plan


def refused(folder: Path, of: str = "cluster_trial", **size: Any) -> str:
    with pytest.raises(PlanError) as caught:
        sized(folder, of, **size)
    assert all(finding.remedy for finding in caught.value.findings)
    return "\n".join(finding.sentence() for finding in caught.value.findings)


def test_the_designs_of_a_plan_are_those_that_power_knows():
    assert set(get_args(PlannedDesign)) == set(HOMES)


def test_everything_may_be_left_out(tmp_path):
    size = sized(tmp_path).sample_size
    assert size is not None
    assert size.alpha == 0.05
    assert size.all_clusters is None


def test_clusters_of_the_arms_add_up_to_all(tmp_path):
    size = sized(tmp_path, clusters_arm=[7, 8]).sample_size
    assert size is not None
    assert size.all_clusters == 15


def test_losses_are_told_by_wave(tmp_path):
    dropout = {"shares": {"month_3": 0.25}, "source": "a paper"}
    size = sized(tmp_path, dropout=dropout).sample_size
    assert size is not None
    assert size.lost_by("month_3") == 0.25
    assert size.lost_by("baseline") is None


@pytest.mark.parametrize(
    ("size", "said"),
    [
        ({"icc": {"value": 5.0, "source": "x"}}, "icc is a share below 1, and is 5; write 0.05"),
        ({"attrition": {"value": 30.0, "source": "x"}}, "write 0.3 for 30 per cent"),
        ({"attrition": {"value": 1.0, "source": "x"}}, "attrition of 1 leaves nobody"),
        ({"sd": {"value": 0.0, "source": "x"}}, "sd must be above 0"),
        ({"target_difference": {"value": 0.0, "source": "x"}}, "which no study can find"),
        ({"correlation": {"value": -2.0, "source": "x"}}, "between -1 and 1"),
        ({"power": 0.05}, "power is no more than alpha"),
        ({"clusters": 14, "clusters_arm": [7, 8]}, "clusters_arm adds up to 15"),
        ({"clusters_arm": [7, 8, 9]}, "clusters_arm: 3 given, and there are 2 [[arms]]"),
        ({"design": "individual"}, '"parallel" is of practices'),
        ({"design": "pre-post"}, "is of one group, and there are [[arms]]"),
        ({"design": "paralel"}, 'did you mean "parallel"?'),
        ({"dropout": {"shares": {}, "source": "x"}}, "shares names no wave"),
        ({"dropout": {"shares": {"month_3": 25.0}, "source": "x"}}, "write 0.25 for 25 per cent"),
        ({"dropout": {"shares": {"month_4": 0.2}, "source": "x"}}, 'did you mean "month_3"?'),
        ({"dropout": {"shares": {"baseline": 0.2}, "source": "x"}}, "lost by the first wave"),
        ({"sd": {"value": 4.0}}, "sd.source is missing"),
    ],
)
def test_a_figure_that_cannot_be_is_named_with_its_remedy(tmp_path, size, said):
    assert said in refused(tmp_path, **size)


def test_losses_and_their_share_at_the_end_are_not_both_given(tmp_path):
    dropout = {"shares": {"month_3": 0.25}, "source": "x"}
    attrition = {"value": 0.3, "source": "x"}
    assert "say the same" in refused(tmp_path, dropout=dropout, attrition=attrition)


def test_losses_do_not_fall(tmp_path):
    plan = plan_of("cluster_trial")
    plan["waves"].append({"name": "month_6", "month": 6})
    plan["files"][0]["scores"]["phq9"]["month_6"] = "phq_6"
    plan["sample_size"] = {
        "dropout": {"shares": {"month_3": 0.3, "month_6": 0.2}, "source": "a paper"}
    }
    with pytest.raises(PlanError, match="fewer are lost by month_6 than by month_3"):
        read_plan(write_plan(tmp_path, plan))


def test_every_fault_of_the_size_is_told_at_once(tmp_path):
    said = refused(tmp_path, icc={"value": 5.0, "source": "x"}, power=0.01)
    assert "icc" in said
    assert "power" in said


def test_a_comparison_cannot_be_planned_for_one_group(tmp_path):
    assert "there are no [[arms]]" in refused(tmp_path, "pre_post", design="parallel")
    assert sized(tmp_path, "pre_post", design="pre-post").sample_size is not None


def test_the_page_of_the_plan_tells_the_planned_size(tmp_path):
    plan = sized(
        tmp_path,
        design="parallel",
        clusters_arm=[7, 8],
        size=30,
        power=0.8,
        sd=SD,
        dropout={"shares": {"month_3": 0.25}, "source": "a paper"},
    )
    (section,) = [s for s in declared_sections(plan) if s.id == "plan-size"]
    words = " ".join(b.text for b in section.blocks if isinstance(b, Paragraph))
    assert "7 and 8 clusters in the groups and 30 people in each cluster" in words
    assert "power of 80%" in words
    assert "splw-eval power audit" in words
    (table,) = [b for b in section.blocks if isinstance(b, ReportTable)]
    told = {row[0].value: row[1].value for row in table.rows}
    assert told["Standard deviation"] == 4.0
    assert told["Loss to follow-up, by month 3"] == 0.25
    assert "Loss to follow-up" not in told
    assert told["Intraclass correlation (ICC)"] is None


def test_the_page_says_where_nothing_was_planned_of_numbers(tmp_path):
    (section,) = [s for s in declared_sections(sized(tmp_path)) if s.id == "plan-size"]
    assert isinstance(section.blocks[0], Paragraph)
    assert section.blocks[0].text == "Planned: how many is not stated."
