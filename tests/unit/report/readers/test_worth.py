"""Extra cost for extra health is never said as sure where the interval holds no difference."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from splw_eval.core.cost_rows import AcceptableRow, CostPerRow, PerQalyRow
from splw_eval.core.result import Note
from splw_eval.report.blocks import Page
from splw_eval.report.evidence import gather
from splw_eval.report.readers import money
from splw_eval.report.running_text import running_text
from tests.reports import given

COSTS = {
    "currency": "crowns",
    "price_year": 2025,
    "perspective": "the health service",
    "programme": {"salary": {"value": 40000, "source": "Invented"}},
}
PAIR = "Link worker programme – Usual care"


def qaly(**changes):
    values: dict[str, Any] = {
        "compared": PAIR,
        "until": "12 months",
        "n": 400,
        "n_smaller": 180,
        "n_complete": 300,
        "months_known": 98.0,
        "extra_cost": 26.0,
        "cost_low": 6.0,
        "cost_high": 54.0,
        "extra_qaly": 0.005,
        "qaly_low": -0.052,
        "qaly_high": 0.049,
        "verdict": "More was spent, and more health was had",
        "per_qaly": 5400.0,
        "sd_cost": 12.0,
        "sd_qaly": 0.026,
        "correlation": 0.1,
        "costs_gains": 0.5,
        "costs_loses": 0.4,
        "saves_gains": 0.1,
        "saves_loses": 0.0,
        "clusters": 12,
        "interval": "",
    }
    return PerQalyRow(**(values | changes))


def acceptable(value, stated, chance):
    return AcceptableRow(
        compared=PAIR,
        value=value,
        stated=stated,
        n_smaller=180,
        chance=chance,
        net_benefit=None,
        conf_low=None,
        conf_high=None,
    )


def costs_for(per):
    return CostPerRow(
        group="Link worker programme",
        per=per,
        of=200,
        n=150,
        cost=270.0,
        conf_low=250.0,
        conf_high=310.0,
        clusters=12,
        interval="bootstrap",
    )


def said_of(*rows, design="cluster_trial", notes=(), per=(), costs=COSTS):
    plan = given.plan(design, costs=costs)
    held = given.results(plan)
    chances = (acceptable(500.0, "no", 0.1), acceptable(1000.0, "yes", 0.25))
    found = {"cost_per_qaly": rows, "cost_acceptable": chances}
    found["cost_per"] = tuple(costs_for(name) for name in per)
    held |= {key: replace(held[key], rows=value, notes=()) for key, value in found.items()}
    held["cost_per"] = replace(held["cost_per"], notes=tuple(Note(text=words) for words in notes))
    sections = money.sections(gather(plan, held, given.PROVENANCE))
    return "\n".join(running_text((Page(id="p", title="", sections=sections),), headings=True))


def test_a_quotient_says_that_there_may_be_no_difference_in_health():
    said = said_of(qaly())
    assert "Link worker programme compared with Usual care, extra cost and years" in said
    assert "+26 crowns (95% interval +6 to +54) and +0.005 QALYs (95% interval −0.052" in said
    assert "5,400 crowns for each QALY, which says little, as there may be no difference" in said


def test_a_quotient_of_sure_gains_stands_without_that_warning():
    said = said_of(qaly(qaly_low=0.001))
    assert "5,400 crowns for each QALY." in said
    assert "says little" not in said


def test_a_verdict_that_is_not_sure_is_said_of_the_middle_figures_only():
    said = said_of(qaly(per_qaly=None, extra_cost=-26.0, verdict="Less was spent"))
    assert "by the middle figures less was spent" in said


def test_the_chance_of_being_worth_it_is_told_for_what_the_plan_would_pay():
    said = said_of(qaly())
    assert "in 25 in 100 where a QALY is worth 1,000 crowns." in said
    assert "500 crowns" not in said


@pytest.mark.parametrize("design", ["controlled_cohort", "cluster_trial_unlike_recruitment"])
def test_groups_that_may_be_unlike_are_said_to_be_beside_extra_health(design):
    assert "of groups that may not be alike" in said_of(qaly(), design=design)


def test_extra_health_has_room_beside_every_cost_for_each_person():
    per = ("referred", "engaged", "improved, at worst", "improved, at best", "completed")
    said = said_of(qaly(), per=per)
    assert "years in full health" in said
    assert "1 more figures" not in said
    assert "1 more figure stands in the evaluator's report." in said


def test_what_has_no_price_and_intervals_that_are_too_narrow_are_said():
    notes = (
        "Hours are minutes.",
        "Not counted: training; rooms.",
        "With fewer than 10 practices in a group, intervals are too narrow.",
    )
    said = said_of(qaly(), per=("referred",), notes=notes)
    assert "Not counted: training; rooms." in said
    assert "intervals are too narrow" in said
    assert "Hours are minutes" not in said


def test_a_code_of_money_stands_before_the_sum():
    said = said_of(qaly(), per=("referred",), costs=COSTS | {"currency": "GBP"})
    assert "For each person referred: GBP 270" in said
