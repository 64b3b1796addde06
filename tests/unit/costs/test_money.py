"""What the programme cost: for each person referred, engaged and improved, and part by part."""

from __future__ import annotations

from typing import Any

import pytest

from splw_eval import costs
from splw_eval.appraisal import mask
from splw_eval.core.result import Result
from tests.unit.costs import given_use
from tests.unit.given_study import edited

EXACT = 1e-9


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    made = given_use.rows(lost=0.3)
    return given_use.study(tmp_path_factory.mktemp("costs"), **made)


def per(result, words):
    return next(row for row in result.rows if row.per.startswith(words))


def sentences(result: Result) -> str:
    return " ".join(note.sentence() for note in result.notes)


def test_a_referral_costs_its_hours_and_its_share_of_the_sums(study):
    hours = (study.tables["contacts"].number("minutes") / 60).sum() * (1 + 1.0)
    row = per(costs.describe_cost_per(study), "referred")
    assert row.n == 48
    assert row.cost == pytest.approx((hours * 30 + 1_600) / 48, rel=EXACT)


def test_an_engaged_person_costs_all_that_was_spent_on_everybody_referred(study):
    result = costs.describe_cost_per(study)
    referred, engaged = per(result, "referred"), per(result, "engaged")
    assert engaged.n < referred.n
    assert engaged.cost * engaged.n == pytest.approx(referred.cost * referred.n, rel=EXACT)


def test_an_improved_person_costs_more_if_nobody_who_was_lost_improved(study):
    result = costs.describe_cost_per(study)
    none, alike = per(result, "improved, if nobody"), per(result, "improved, if those")
    scores = study.scores["phq9"][study.people.arm == 0]
    better = int((scores[:, 0] - scores[:, 2] >= 3).sum())
    seen = (scores[:, 2] == scores[:, 2]).mean()
    assert none.n == alike.n == better
    assert none.cost == pytest.approx(per(result, "referred").cost * 48 / better, rel=EXACT)
    assert alike.cost == pytest.approx(none.cost * seen, rel=EXACT)


def test_intervals_hold_the_cost_and_repeat_with_the_seed(study, tmp_path):
    found: Any = costs.describe_cost_per(study).rows
    assert all(row.conf_low < row.cost < row.conf_high for row in found)
    again = given_use.study(tmp_path, **given_use.rows(lost=0.3))
    assert costs.describe_cost_per(again).rows == found


def test_few_practices_are_warned_of_and_fewer_have_no_interval(study, tmp_path):
    assert "intervals from draws of practices may still be too narrow" in sentences(
        costs.describe_cost_per(study)
    )
    few = costs.describe_cost_per(given_use.study(tmp_path, **given_use.rows(practices=6, each=16)))
    row = per(few, "referred")
    assert (row.clusters, row.conf_low, row.conf_high) == (3, None, None)
    assert row.interval.startswith("none")
    assert "More practices would be needed" in sentences(few)


def test_a_sum_shared_equally_has_no_interval_for_a_referral(tmp_path):
    sums = edited(given_use.plan(), "costs.unit", {"gp_contact": {"value": 1, "source": "x"}})
    study = given_use.study(tmp_path, edited(sums, "costs.overhead_ratio"))
    result = costs.describe_cost_per(study)
    row = per(result, "referred")
    assert (row.cost, row.conf_low) == (pytest.approx(1_600 / 48), None)
    assert per(result, "engaged").conf_low is not None


def test_a_sum_spent_on_more_people_than_these_is_shared_among_all_of_them(tmp_path):
    wide = edited(given_use.plan(), "costs.programme_people", 160)
    result = costs.describe_cost_parts(given_use.study(tmp_path, wide))
    row = next(r for r in result.rows if r.part.startswith("Software"))
    assert row.per_person == pytest.approx(10)


def test_contacts_without_minutes_count_with_the_mean_and_are_counted(tmp_path):
    made = given_use.rows()
    made["contacts"][1][3] = ""
    made["contacts"][2][3] = ""
    result = costs.describe_cost_per(given_use.study(tmp_path, **made))
    assert any(dict(note.counts) == {"n": 2} for note in result.notes)
    whole = costs.describe_cost_per(given_use.study(tmp_path, **given_use.rows()))
    assert per(result, "referred").cost == pytest.approx(per(whole, "referred").cost)


def test_contacts_that_did_not_take_place_cost_nothing_by_themselves(tmp_path):
    made = given_use.rows()
    attended = sum(row[4] == "yes" for row in made["contacts"][1:])
    for row in made["contacts"][1:]:
        row[4] = "no"
    result = costs.describe_cost_per(given_use.study(tmp_path, **made))
    assert attended
    assert per(result, "referred").cost == pytest.approx(1_600 / 48)
    assert "nobody was engaged" in sentences(result)


def test_without_a_mid_there_is_no_cost_for_each_person_improved(tmp_path):
    bare = edited(given_use.plan(), "outcomes.0.mid")
    result = costs.describe_cost_per(given_use.study(tmp_path, bare))
    assert {row.per for row in result.rows} == {"referred", "engaged"}
    assert "no MID" in sentences(result)


def test_without_a_price_of_the_programme_there_is_no_cost_and_the_way_to_one(tmp_path):
    unit = {"gp_contact": {"value": 10, "source": "Made up"}}
    bare = edited(edited(given_use.plan(), "costs.programme"), "costs.unit", unit)
    study = given_use.study(tmp_path, edited(bare, "costs.overhead_ratio"))
    result = costs.describe_cost_per(study)
    assert not result.rows
    assert "[costs.programme]" in sentences(result)
    assert "[costs.programme]" in sentences(costs.describe_per_qaly(study))


def test_use_of_services_costs_its_prices_up_to_the_horizon(study):
    rows = [
        r for r in costs.describe_cost_parts(study).rows if r.part == "Contact with the practice"
    ]
    table = study.tables["service_use"]
    since = (table.date("month").astype("M8[M]") - given_use.ZERO.astype("M8[M]")).astype(int)
    within = (since >= 0) & (since < 12)
    group = dict(zip(study.people.ids, study.people.arm, strict=True))
    for code, row in enumerate(rows):
        own = [group[who] == code for who in table.text("person")]
        spent = 10 * table.number("gp_contacts")[within & own].sum()
        assert row.per_person == pytest.approx(spent / 48, rel=EXACT)


def test_prices_are_listed_and_what_has_none_is_named(study):
    result = costs.describe_prices(study)
    assert {row.source for row in result.rows} == {"Made up"}
    said = sentences(result)
    assert "crowns of 2025" in said
    assert "emergency admission" in said
    assert "training" in said


def test_amounts_do_not_tell_the_number_of_people(study):
    """A sum of the plan, divided by what is shown of it, leaves the rounded number open."""
    masked = mask(costs.describe_cost_parts(study), study.plan)
    row = next(r for r in masked.rows if r.part.startswith("Software"))
    assert row.n == 50
    possible = [n for n in range(30, 80) if round(1_600 / n / 5) * 5 == row.per_person]
    assert len(possible) >= 5
    assert row.made_of is None


def test_a_sum_that_one_practice_makes_up_is_not_shown(tmp_path):
    made = given_use.rows()
    long = [row for row in made["contacts"][1:] if int(row[1].removeprefix("e")) < 12]
    for row in long:
        row[3] = 6_000
    study = given_use.study(tmp_path, **made)
    masked = mask(costs.describe_cost_per(study), study.plan)
    assert {row.cost for row in masked.rows} == {None}


def test_where_nobody_was_measured_again_it_is_not_said_that_nobody_improved(tmp_path):
    made = given_use.rows()
    for row in made["scores"][1:]:
        row[2] = ""
    result = costs.describe_cost_per(given_use.study(tmp_path, **made))
    assert {row.per for row in result.rows} == {"referred", "engaged"}
    assert "not known who improved" in sentences(result)
    assert "nobody was improved" not in sentences(result)
