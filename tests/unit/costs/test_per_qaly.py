"""Extra cost beside extra years in full health."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from splw_eval import costs
from splw_eval.costs.money.extra import extras_of
from splw_eval.costs.money.per_qaly import VERDICTS, verdict_of
from tests.unit.costs import given_use
from tests.unit.given_study import edited


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return given_use.study(tmp_path_factory.mktemp("qaly"))


def words(result):
    return " ".join(note.sentence() for note in result.notes)


def test_the_extra_qalys_are_those_of_a_regression_on_health_at_the_start(study):
    health = study.scores["health"]
    years = (health[:, 0] + 2 * health[:, 1] + health[:, 2]) / 4
    design = np.column_stack([np.ones(96), study.people.arm == 0, health[:, 0]])
    expected = np.linalg.lstsq(design, years, rcond=None)[0][1]
    row: Any
    (row,) = costs.describe_per_qaly(study).rows
    assert row.extra_qaly == pytest.approx(expected, rel=1e-9)
    assert row.n_complete == row.n == 96


def test_the_words_go_with_the_signs_and_no_quotient_is_negative(study):
    row: Any
    (row,) = costs.describe_per_qaly(study).rows
    assert row.verdict in VERDICTS.values()
    assert (row.per_qaly is None) == (row.extra_cost * row.extra_qaly <= 0)
    assert row.per_qaly is None or row.per_qaly > 0


def test_shares_of_the_draws_add_up_and_the_draws_are_in_no_result(study):
    result = costs.describe_per_qaly(study)
    row: Any
    (row,) = result.rows
    shares = (row.costs_gains, row.costs_loses, row.saves_gains, row.saves_loses)
    assert sum(shares) == pytest.approx(1)
    held = str(result.to_dict())
    draws = set(extras_of(study).pairs[0].cost_draws.tolist())
    # The ends of the interval may be draws themselves, where many are alike.
    assert sum(str(value) in held for value in draws) <= 2 < len(draws)


def test_missing_scores_are_filled_in_and_complete_cases_are_not_the_answer(tmp_path):
    gone = given_use.study(tmp_path, **given_use.rows(lost=0.3))
    row: Any
    (row,) = costs.describe_per_qaly(gone).rows
    assert row.n == 96
    assert row.n_complete < 96
    assert "filled in 20 times" in words(costs.describe_per_qaly(gone))


def test_one_group_has_no_cost_per_qaly_and_is_told_why(tmp_path):
    study = given_use.study(tmp_path, given_use.plan("pre_post"))
    result = costs.describe_per_qaly(study)
    assert not result.rows
    assert "A comparison group would tell" in words(result)
    assert not costs.describe_acceptable(study).rows


def test_without_an_index_of_health_there_are_no_qalys(tmp_path):
    plan = edited(given_use.plan(), "costs.qaly_outcome")
    result = costs.describe_per_qaly(given_use.study(tmp_path, plan))
    assert not result.rows
    assert "EQ-5D" in words(result)


def test_a_value_of_a_qaly_is_the_users_and_without_one_there_is_no_chance(study, tmp_path):
    rows = costs.describe_acceptable(study).rows
    assert [row.value for row in rows if row.stated == "yes"] == [10_000, 50_000]
    assert all(row.net_benefit is None for row in rows if row.stated == "no")
    plan = edited(given_use.plan(), "costs.value_per_qaly")
    bare = costs.describe_acceptable(given_use.study(tmp_path, plan))
    assert not bare.rows
    assert "holds no such value" in words(bare)


def test_net_benefit_is_what_the_extra_health_is_worth_less_its_cost(study):
    extra: Any
    (extra,) = costs.describe_per_qaly(study).rows
    for row in costs.describe_acceptable(study).rows:
        if row.stated == "yes":
            assert row.value is not None
            expected = row.value * extra.extra_qaly - extra.extra_cost
            assert row.net_benefit == pytest.approx(expected)


def test_too_few_practices_give_an_estimate_and_no_doubt(tmp_path):
    study = given_use.study(tmp_path, **given_use.rows(practices=6, each=16))
    row: Any
    (row,) = costs.describe_per_qaly(study).rows
    assert row.extra_cost is not None
    assert (row.cost_low, row.costs_gains, row.correlation) == (None, None, None)
    assert "too few practices" in words(costs.describe_acceptable(study))


def test_use_without_a_price_leaves_no_cost_per_qaly(tmp_path):
    unit = {"link_worker_hour": {"value": 30, "source": "Made up"}}
    study = given_use.study(tmp_path, edited(given_use.plan(), "costs.unit", unit))
    result = costs.describe_per_qaly(study)
    assert not result.rows
    assert "[costs.unit]" in words(result)


def test_months_of_use_that_stop_early_are_told(tmp_path):
    made = given_use.rows()
    early = [row for row in made["use"][1:] if row[1] < given_use.ZERO.astype("M8[D]") + 150]
    study = given_use.study(tmp_path, **(made | {"use": [made["use"][0], *early]}))
    row: Any
    (row,) = costs.describe_per_qaly(study).rows
    assert row.months_known == pytest.approx(50)


def test_a_group_without_any_use_known_has_no_extra_cost(tmp_path):
    made = given_use.rows()
    programme = {f"p{i}" for i in range(48)}
    own = [row for row in made["use"][1:] if row[0] in programme]
    study = given_use.study(tmp_path, **(made | {"use": [made["use"][0], *own]}))
    result = costs.describe_per_qaly(study)
    assert not result.rows
    assert "nothing is known of use" in words(result)


def test_people_whose_use_is_not_known_make_the_extra_cost_less_sure_and_not_surer(study, tmp_path):
    """They must not count as though they had the mean of their group."""
    made = given_use.rows()
    known = [row for row in made["use"] if row[0] == "person" or int(row[0][1:]) % 12 < 4]
    few = given_use.study(tmp_path, **(made | {"use": known}))
    every: Any
    (every,) = costs.describe_per_qaly(study).rows
    result: Any = costs.describe_per_qaly(few)
    assert result.rows[0].sd_cost > 1.2 * every.sd_cost
    assert any(dict(note.counts) == {"n": 64} for note in result.notes)


def test_the_extra_cost_of_use_is_that_between_people_whose_use_is_known(tmp_path):
    made = given_use.rows()
    known = [row for row in made["use"] if row[0] == "person" or int(row[0][1:]) % 3]
    study = given_use.study(tmp_path, **(made | {"use": known}))
    table, zero = study.tables["service_use"], given_use.ZERO.astype("M8[M]")
    since = (table.date("month").astype("M8[M]") - zero).astype(int)
    place = [study.people.index[who] for who in table.text("person")]
    spent = np.where((since >= 0) & (since < 12), 10 * table.number("gp_contacts"), 0)
    start = np.where(since < 0, 20 * table.number("gp_contacts"), 0)
    use, before = (np.bincount(place, weights=of, minlength=96) for of in (spent, start))
    seen = np.isin(np.arange(96), place)
    programme = study.people.arm == 0
    for code in (programme, ~programme):
        before[code & ~seen] = before[code & seen].mean()
    hours = np.zeros(96)
    contacts = study.tables["contacts"]
    for episode, minutes in zip(contacts.text("episode"), contacts.number("minutes"), strict=True):
        hours[study.people.index["p" + episode[1:]]] += 2 * minutes / 60
    design = np.column_stack([np.ones(96), programme, before])
    of_use = np.linalg.lstsq(design[seen], use[seen], rcond=None)[0][1]
    of_programme = np.linalg.lstsq(design, 30 * hours + programme * 1_600 / 48, rcond=None)[0][1]
    row: Any
    (row,) = costs.describe_per_qaly(study).rows
    assert row.extra_cost == pytest.approx(of_use + of_programme, rel=1e-9)


def test_as_much_spent_is_not_called_more():
    assert verdict_of(0.0, 0.1).startswith("As much was spent, and more health")
    assert verdict_of(0.0, 0.0).startswith("As much was spent, and less or no more health")
    assert verdict_of(1.0, 0.1) in VERDICTS.values()


def test_health_that_differs_by_the_rounding_of_the_computer_has_no_quotient(tmp_path):
    made = given_use.rows()
    for place, scores in enumerate(made["scores"][1:]):
        scores[3] = scores[4] = scores[5] = round(0.5 + 0.001 * (place % 12), 3)
    row: Any
    (row,) = costs.describe_per_qaly(given_use.study(tmp_path, **made)).rows
    assert (row.extra_qaly, row.per_qaly) == (0.0, None)
    assert "less or no more health" in row.verdict
