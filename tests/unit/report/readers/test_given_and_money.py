"""Contacts, records and costs, in sentences that a finance director cannot misread."""

from __future__ import annotations

from dataclasses import replace

from splw_eval.core.cost_rows import CostPerRow, UseContrastRow, UseRow
from splw_eval.core.delivery_rows import DoseRow
from splw_eval.report.blocks import Page
from splw_eval.report.evidence import gather
from splw_eval.report.readers import given_support, money
from splw_eval.report.running_text import running_text
from tests.reports import given

COSTS = {
    "currency": "GBP",
    "price_year": 2025,
    "perspective": "the health service",
    "programme": {"salary": {"value": 40000, "source": "Invented"}},
}


def text(sections) -> str:
    return "\n".join(running_text((Page(id="p", title="", sections=tuple(sections)),)))


def held_of(plan, **rows):
    held = given.results(plan)
    return held | {
        key: replace(held[key], rows=tuple(found), notes=()) for key, found in rows.items()
    }


def use(group, **changes):
    values = {
        "group": group,
        "what": "Contacts with the practice",
        "n": 200,
        "n_out": 0,
        "n_fewest": 150,
        "months_before": None,
        "before": 80.0,
        "before_low": 70.0,
        "before_high": 90.0,
        "months_after": None,
        "after": 70.0,
        "after_low": 60.0,
        "after_high": 80.0,
        "change": -10.0,
        "conf_low": -18.0,
        "conf_high": -2.0,
        "ratio": 0.9,
        "ratio_low": 0.8,
        "ratio_high": 1.0,
        "df": 9.0,
        "clusters": 12,
        "interval": "",
    }
    return UseRow(**(values | changes))


def test_without_prices_nothing_is_said_of_money_but_what_to_ask_for():
    plan = given.plan()
    said = text(money.sections(gather(plan, given.results(plan), given.PROVENANCE)))
    assert "No unit costs were given, so this report says nothing about money." in said
    assert "Ask for the full cost" in said


def test_a_fall_in_use_of_one_group_is_told_with_regression_to_the_mean_and_no_effect():
    plan = given.plan()
    held = held_of(plan, service_use=[use("Everybody")])
    said = text(money.sections(gather(plan, held, given.PROVENANCE)))
    assert (
        "80.0 before and 70.0 after (200 people; change −10.0, 95% interval −18.0 to −2.0)" in said
    )
    assert "regression to the mean" in said
    assert "no effect of the service" in said


def test_groups_that_chance_did_not_make_are_not_said_to_be_alike():
    plan = given.plan("controlled_cohort")
    contrast = UseContrastRow(
        compared="A – B",
        what="Contacts with the practice",
        method=money.FIRST,
        n=400,
        n_smaller=200,
        n_fewest=150,
        estimate=-6.0,
        conf_low=-14.0,
        conf_high=2.0,
        p_value=0.1,
        df=9.0,
        clusters=12,
    )
    held = held_of(plan, service_use=[use(g) for g in plan.groups], service_use_contrast=[contrast])
    said = text(money.sections(gather(plan, held, given.PROVENANCE)))
    assert "difference in changes −6.0 (95% interval −14.0 to +2.0, so there may be no" in said
    assert "of groups that may not be alike" in said


def test_a_cost_stands_with_its_interval_its_people_and_its_prices():
    plan = given.plan(costs=COSTS)
    row = CostPerRow(
        group="Everybody",
        per="engaged",
        of=200,
        n=150,
        cost=270.0,
        conf_low=250.0,
        conf_high=310.0,
        clusters=12,
        interval="bootstrap",
    )
    held = held_of(plan, cost_per=[row, replace(row, per="improved", cost=None)])
    said = text(money.sections(gather(plan, held, given.PROVENANCE)))
    assert "For each person engaged: GBP 270 (95% interval 250 to 310; 150 people)." in said
    assert "For each person improved: too few people to show." in said
    assert "in GBP of 2025" in said
    assert "Some people improve in any case" in said
    assert "Amounts are rounded so far that, with the prices, they do not give the number" in said
    hidden = held_of(plan, cost_per=[replace(row, cost=None, conf_low=None, conf_high=None)])
    assert "rounded" not in text(money.sections(gather(plan, hidden, given.PROVENANCE)))


def test_what_was_given_is_told_by_median_and_middle_half_and_by_a_log_with_gaps():
    plan = given.plan()
    row = DoseRow(
        group="Everybody",
        measure="minutes logged",
        unit="minutes",
        among="referrals with minutes",
        people=200,
        known=160,
        none=0,
        lower=100.0,
        median=150.0,
        upper=225.0,
    )
    held = given.results(plan)
    held["dose"] = replace(held["dose"], rows=(row,))
    said = text([given_support.section(gather(plan, held, given.PROVENANCE))])
    assert "Minutes logged: median 150, middle half of people 100 to 225 (160 people:" in said
    assert "minutes recorded for 62 in 100" in said
    assert "read figures of minutes with care" in said
    assert "this shows no cause" in said


def test_without_a_log_it_says_that_nothing_can_be_told():
    plan = given.plan()
    held = given.results(plan)
    held["records"] = replace(held["records"], rows=())
    said = text([given_support.section(gather(plan, held, given.PROVENANCE))])
    assert said.startswith("What was delivered cannot be told. No dose here.")
