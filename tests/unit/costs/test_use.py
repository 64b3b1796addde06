"""Use of services before and after: who counts, which months count, and what is compared."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from splw_eval import costs
from splw_eval.core.cost_rows import UseContrastRow
from splw_eval.costs.use.fitted import fewest_behind
from splw_eval.costs.use.grid import grid_of
from tests.unit.costs import given_use
from tests.unit.given_study import edited

EXACT = 1e-9
HEAD = ["person", "month", "gp_contacts"]
EPISODE = ["episode", "person", "referral_date", "close_date", "close_reason"]
PRE_POST = given_use.plan("pre_post", costs=None)
del PRE_POST["costs"]


def month(after: int) -> str:
    return str(given_use.ZERO.astype("M8[M]") + after)


def alone(tmp_path, *use, plan=PRE_POST, episodes=None):
    """One group of a few people with these rows of use."""
    ids = sorted({row[0] for row in use})
    made = {
        "people": [["person", "referral_date"], *([who, given_use.ZERO] for who in ids)],
        "scores": [
            ["person", "phq_0", "phq_12", "h_0", "h_6", "h_12"],
            *([who, 10, 9, 0.5, 0.5, 0.5] for who in ids),
        ],
        "use": [HEAD, *use],
        "episodes": episodes or [EPISODE, *([f"e{w}", w, given_use.ZERO, "", ""] for w in ids)],
        "contacts": [
            ["contact", "episode", "date", "minutes", "attended"],
            ["c", f"e{ids[0]}" if episodes is None else "e", given_use.ZERO + 1, 30, "yes"],
        ],
    }
    return given_use.study(tmp_path, plan, **made)


def first(study):
    return costs.describe_use(study).rows[0]


def test_rates_are_all_use_divided_by_all_months_for_each_100_people(tmp_path):
    study = alone(
        tmp_path,
        ["a", month(-2), 3],
        ["a", month(-1), 1],
        ["a", month(1), 0],
        ["b", month(-1), 2],
        ["b", month(1), 1],
        ["b", month(2), 1],
    )
    row = first(study)
    assert (row.months_before, row.months_after) == (3, 3)
    assert row.before == pytest.approx(200, rel=EXACT)
    assert row.after == pytest.approx(200 / 3, rel=EXACT)
    assert row.change == pytest.approx(row.after - row.before, rel=EXACT)
    assert row.ratio == pytest.approx(1 / 3, rel=EXACT)


def test_the_month_of_time_zero_counts_for_neither(tmp_path):
    plain = [["a", month(-1), 2], ["a", month(1), 1]]
    with_it = alone(tmp_path, *plain, ["a", month(0), 9])
    assert (first(with_it).before, first(with_it).after) == (200, 100)


def test_a_month_without_a_row_is_not_known_unless_the_plan_says_it_is_zero(tmp_path):
    use = [["a", month(-2), 4], ["a", month(1), 1], ["b", month(-1), 1], ["b", month(2), 1]]
    not_known = first(alone(tmp_path, *use))
    assert (not_known.months_before, not_known.before) == (2, 250)
    zero = edited(PRE_POST, "service_use.absent_rows", "zero")
    held = first(alone(tmp_path, *use, plan=zero))
    assert (held.months_before, held.before) == (4, 125)


def test_an_empty_cell_is_not_known_even_where_absent_rows_are_zero(tmp_path):
    zero = edited(PRE_POST, "service_use.absent_rows", "zero")
    study = alone(
        tmp_path, ["a", month(-2), 4], ["a", month(-1), ""], ["a", month(1), 0], plan=zero
    )
    assert first(study).months_before == 1


def test_people_known_on_one_side_only_are_left_out_and_counted(tmp_path):
    study = alone(tmp_path, ["a", month(-1), 1], ["a", month(1), 1], ["b", month(-1), 9])
    row = first(study)
    assert (row.n, row.n_out, row.before) == (1, 1, 100)


def test_months_after_the_data_were_cut_and_the_month_of_the_cut_do_not_count(tmp_path):
    cut = PRE_POST | {"data_cut": dt.date(2024, 3, 20)}
    use = [["a", month(m), 1] for m in (-1, 1, 2, 3)]
    assert first(alone(tmp_path, *use, plan=cut)).months_after == 1
    whole = PRE_POST | {"data_cut": dt.date(2024, 3, 31)}
    assert first(alone(tmp_path, *use, plan=whole)).months_after == 2


def test_somebody_counts_up_to_the_month_before_dying_or_moving_away(tmp_path):
    use = [["a", month(m), 1] for m in (-1, 1, 2, 3)]
    for reason, months in (("died", 1), ("moved", 1), ("goals met", 3)):
        closed = [EPISODE, ["e", "a", given_use.ZERO, dt.date(2024, 3, 20), reason]]
        assert first(alone(tmp_path, *use, episodes=closed)).months_after == months


def test_without_a_comparison_nothing_is_compared_and_the_reason_stands_there(tmp_path):
    study = alone(tmp_path, ["a", month(-1), 2], ["a", month(1), 1])
    result = costs.describe_use_contrast(study)
    assert not result.rows
    assert "falls back by itself" in result.notes[0].sentence()


def test_the_run_in_parts_the_last_three_months_from_those_before(tmp_path):
    use = [["a", month(m), 1] for m in (-6, -5, -4)] + [["a", month(m), 4] for m in (-3, -2, -1)]
    row = costs.describe_run_in(alone(tmp_path, *use, ["a", month(1), 1])).rows[0]
    assert (row.early, row.late, row.rise, row.since) == (100, 400, 300, 0)


def test_a_plan_that_looks_back_too_short_shows_no_run_in(tmp_path):
    short = edited(PRE_POST, "service_use.months_before", 3)
    study = alone(tmp_path, ["a", month(-1), 1], ["a", month(1), 1], plan=short)
    result = costs.describe_run_in(study)
    assert not result.rows
    assert "too short" in result.notes[0].sentence()


def test_the_difference_in_changes_is_that_of_peoples_own_changes(tmp_path):
    study = given_use.study(tmp_path)
    found = costs.describe_use_contrast(study)
    row: Any = found.rows[0]
    grid = grid_of(study)
    before, after = (grid.between("gp_contacts", *ends) for ends in ((-6, -1), (1, 12)))
    change = 100 * (after[0] / after[1] - before[0] / before[1])
    programme = study.people.arm == 0
    expected = change[programme].mean() - change[~programme].mean()
    assert row.estimate == pytest.approx(expected, rel=EXACT)
    assert row.conf_low < row.estimate < row.conf_high
    # 4 practices of one size in each group: as many degrees of freedom as the two-sample t.
    assert row.df == pytest.approx(6, rel=1e-6)


def test_permuting_practices_tells_of_the_same_difference(tmp_path):
    rows = costs.describe_use_contrast(given_use.study(tmp_path)).rows
    by_model: Any
    permuted: Any
    by_model, permuted = (r for r in rows if r.what == "Contacts with the practice")
    assert permuted.estimate == pytest.approx(by_model.estimate, rel=EXACT)
    # Of the 70 ways to give 4 of 8 practices to the programme.
    assert permuted.p_value * 70 == pytest.approx(round(permuted.p_value * 70), abs=1e-9)


def test_use_that_nobody_had_has_no_interval_and_is_not_permuted(tmp_path):
    rows = costs.describe_use_contrast(given_use.study(tmp_path)).rows
    (row,) = (r for r in rows if r.what.startswith("Attendances"))
    assert isinstance(row, UseContrastRow)
    assert (row.estimate, row.conf_low, row.p_value) == (0, None, None)


def test_practices_of_one_each_cannot_be_compared(tmp_path):
    made = given_use.rows(practices=2, each=20)
    study = given_use.study(tmp_path, **made)
    result = costs.describe_use_contrast(study)
    assert not result.rows
    assert "one practice only" in result.notes[0].sentence()


def test_months_are_joined_until_enough_people_used_the_service(tmp_path):
    rows = costs.describe_use_months(given_use.study(tmp_path)).rows
    often = [r for r in rows if r.what.startswith("Contacts") and r.group == "Usual care"]
    never = [r for r in rows if r.what.startswith("Attendances") and r.group == "Usual care"]
    assert [r.month for r in often] == list(range(-6, 13))
    assert [r.months for r in never] == ["6 to 1 before", "the month of time zero", "1 to 12 after"]


def test_rates_of_few_users_rest_on_those_few():
    few, many, none = (np.array([1.0] * n + [0.0] * (40 - n)) for n in (4, 30, 0))
    assert fewest_behind((few, many), 40) == 4
    assert fewest_behind((many, none), 40) == 40
    assert fewest_behind((none,), 40) == 40
