"""Prices and rules of service use in a plan, and what is told of faulty ones."""

from __future__ import annotations

import pytest

from splw_eval.core.errors import PlanError
from splw_eval.core.plan import horizon_of, read_plan
from tests.unit.given_study import edited, pre_post_plan, write_plan

FILES = [
    {"table": "service_use", "path": "use.csv"},
    {"table": "contacts", "path": "contacts.csv"},
    {"table": "episodes", "path": "episodes.csv"},
]
PRICE = {"value": 11, "source": "Made up for this test"}
COSTS = {
    "currency": "crowns",
    "price_year": 2025,
    "perspective": "the health service",
    "unit": {"gp_contact": PRICE},
}


def plan(**costs):
    made = pre_post_plan()
    made["files"] = [*made["files"], *FILES]
    return made | {"costs": COSTS | costs}


def problems(tmp_path, given):
    with pytest.raises(PlanError) as refused:
        read_plan(write_plan(tmp_path, given))
    return [finding.problem for finding in refused.value.findings]


def test_prices_are_read_with_their_sources(tmp_path):
    costs = read_plan(write_plan(tmp_path, plan(value_per_qaly=[10, 20.5]))).plan.costs
    assert costs is not None
    assert [(name, price.value) for name, price in costs.unit_prices()] == [("gp_contact", 11)]
    assert costs.value_per_qaly == (10, 20.5)
    assert list(costs.programme_parts()) == []


def test_a_plan_without_prices_has_none(tmp_path):
    assert read_plan(write_plan(tmp_path, pre_post_plan())).plan.costs is None


def test_every_fault_of_the_prices_is_told_at_once_with_its_key(tmp_path):
    faulty = {
        "price_year": 2025,
        "perspective": "the health service",
        "curency": "crowns",
        "overhead_ratio": 2,
        "value_per_qaly": [20, 10],
        "unit": {
            "gp_contact": {"value": -1},
            "emergncy": PRICE,
            "admission": PRICE | {"price_year": 2019},
        },
    }
    told = "\n".join(problems(tmp_path, plan() | {"costs": faulty}))
    for words in (
        "[costs], currency is missing",
        "unit.gp_contact.value must be greater than or equal to 0",
        "unit.gp_contact.source is missing",
        'unknown key "emergncy"; did you mean "emergency"?',
        'unknown key "curency"; did you mean "currency"?',
        "[costs.unit.admission] price_year: 2019, and [costs] has 2025",
        "overhead_ratio: goes with link_worker_hour",
        "value_per_qaly: must rise",
    ):
        assert words in told


def test_a_price_without_a_number_is_a_fault(tmp_path):
    told = problems(tmp_path, plan(unit={"gp_contact": {"source": "a list"}}))
    assert told == ["[costs], unit.gp_contact.value is missing"]


def test_salaries_do_not_count_twice(tmp_path):
    both = plan(unit={"link_worker_hour": PRICE}, programme={"salary": PRICE}, overhead_ratio=1.5)
    assert "salaries would count twice" in problems(tmp_path, both)[0]


def test_an_hour_needs_the_work_that_goes_with_it(tmp_path):
    told = problems(tmp_path, plan(unit={"link_worker_hour": PRICE}))
    assert "[costs] overhead_ratio: is missing" in told[0]


def test_a_section_without_any_price_is_a_fault(tmp_path):
    assert "no price is given" in problems(tmp_path, plan(unit={}))[0]


def test_prices_need_the_tables_that_they_are_counted_from(tmp_path):
    alone = pre_post_plan() | {"costs": COSTS, "service_use": {"absent_rows": "zero"}}
    told = "\n".join(problems(tmp_path, alone))
    assert "[costs.unit.gp_contact]: no file holds the table service_use" in told
    assert "[service_use]: no file holds the table service_use" in told


def test_names_of_waves_and_outcomes_are_checked_with_the_nearest(tmp_path):
    told = "\n".join(problems(tmp_path, plan(horizon="month_4", qaly_outcome="phq")))
    assert 'horizon: no follow-up wave "month_4"; did you mean "month_3"?' in told
    assert 'qaly_outcome: no outcome "phq"' in told


def test_a_horizon_of_more_than_a_year_needs_a_discount_rate(tmp_path):
    late = edited(plan(horizon="month_3"), "waves.1.month", 18)
    assert "discount_rate: is missing" in problems(tmp_path, late)[0]
    agreed = edited(late, "costs.discount_rate", 0.0)
    read = read_plan(write_plan(tmp_path, agreed)).plan
    found = horizon_of(read)
    assert found is not None
    assert found.month == 18


def test_without_a_horizon_it_is_the_last_wave_within_a_year(tmp_path):
    found = horizon_of(read_plan(write_plan(tmp_path, plan())).plan)
    assert found is not None
    assert found.name == "month_3"
    late = read_plan(write_plan(tmp_path, edited(plan(), "waves.1.month", 18))).plan
    assert horizon_of(late) is None


def test_one_group_may_say_who_counts_as_engaged_where_costs_are_counted(tmp_path):
    made = plan() | {"engagement": {"contacts_at_least": 3}}
    assert read_plan(write_plan(tmp_path, made)).plan.engagement.contacts_at_least == 3
    del made["costs"]
    assert "[engagement]" in problems(tmp_path, made)[0]
