"""The share of people in each state, and the mean days there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.survival.curves import survival_curve
from splw_eval.stats.survival.day_counts import count_days
from splw_eval.stats.survival.incidence import cumulative_incidence
from splw_eval.stats.survival.multi_state import state_occupation
from splw_eval.stats.survival.restricted_mean import restricted_mean, time_lost
from splw_eval.stats.survival.state_days import days_in_states
from splw_eval.stats.survival.state_influence import people_influence

STATES = ("referred", "engaged", "completed", "dropped out")


def journeys(n=80, seed=7):
    """Referred, engaged, and back to waiting or to one of the two endings."""
    rng, rows = np.random.default_rng(seed), []
    for person in range(n):
        day, state = 0, int(rng.random() < 0.2)
        while True:
            to = int(rng.choice([-1, 0, 1, 2, 3], p=[0.1, 0.2, 0.4, 0.15, 0.15]))
            last = day + int(rng.integers(1, 9))
            rows.append((person, day, last, state, to))
            if to in (-1, 2, 3):
                break
            day, state = last, to
    person, entered, left, state, to = np.array(rows).T
    return {
        "entered": entered,
        "left": left,
        "from_state": state,
        "to_state": to,
        "person": person,
        "states": STATES,
        "cluster": person % 6,
    }


def one_state(seed=5, n=120):
    rng = np.random.default_rng(seed)
    day, cause, cluster = rng.integers(0, 30, n), rng.integers(0, 3, n), np.arange(n) % 8
    rows = {
        "entered": np.full(n, -1),
        "left": day,
        "from_state": np.zeros(n, dtype=int),
        "to_state": np.where(cause == 0, -1, cause),
        "person": np.arange(n),
        "states": ("engaged", "completed", "dropped out"),
        "cluster": cluster,
    }
    return rows, day, cause, cluster


def test_by_hand_the_day_matrices_multiply():
    # Day 2: one of three referred is engaged. Day 3: another drops out, the engaged completes.
    found = state_occupation(
        [0, 2, 0, 0],
        [2, 3, 3, 3],
        [0, 1, 0, 0],
        [1, 2, 3, -1],
        person=[0, 0, 1, 2],
        states=STATES,
    )
    expected = [[3, 0, 0, 0], [3, 0, 0, 0], [2, 1, 0, 0], [1, 0, 1, 1]]
    np.testing.assert_allclose(3 * found.estimate, expected, atol=1e-15)
    assert (found.n, found.clusters) == (3, None)


def test_the_states_add_up_to_1_every_day_and_the_influences_to_0():
    found = state_occupation(**journeys())
    np.testing.assert_allclose(found.estimate.sum(axis=1), 1.0, rtol=1e-13)
    np.testing.assert_allclose(found.influence.sum(axis=2), 0.0, atol=1e-13)
    np.testing.assert_allclose(found.influence.sum(axis=0), 0.0, atol=1e-12)


def test_with_two_states_it_is_the_kaplan_meier_curve_with_its_errors():
    rows, day, cause, cluster = one_state()
    rows |= {"to_state": np.where(cause > 0, 1, -1), "states": ("engaged", "left")}
    found = state_occupation(**rows, at=np.arange(30))
    curve = survival_curve(count_days(day, cause, causes=2, cluster=cluster))
    some = curve.estimate > 0
    np.testing.assert_allclose(found.estimate[:, 0], curve.estimate, atol=1e-12)
    np.testing.assert_allclose(
        found.robust_std_error[some, 0], curve.robust_std_error[some], rtol=1e-12, atol=1e-14
    )
    # Greenwood's error is the infinitesimal jackknife of the people.
    np.testing.assert_allclose(found.std_error[some, 0], curve.std_error[some], rtol=1e-10)


def test_with_one_state_and_its_endings_it_is_the_incidence_with_its_errors():
    rows, day, cause, cluster = one_state()
    found = state_occupation(**rows)
    counts = count_days(day, cause, causes=2, cluster=cluster)
    expected = cumulative_incidence(counts)
    np.testing.assert_allclose(found.estimate[:, 1:].T, expected.estimate, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(
        found.robust_std_error[:, 1:].T, expected.robust_std_error, rtol=1e-12, atol=1e-14
    )
    np.testing.assert_allclose(found.robust_conf_low[:, 1:].T, expected.robust_conf_low, rtol=1e-10)


def test_with_one_state_the_days_are_the_restricted_mean_and_the_days_lost():
    rows, day, cause, cluster = one_state()
    counts = count_days(day, cause, causes=2, cluster=cluster)
    found = days_in_states(state_occupation(**rows), 25)
    stayed, lost = restricted_mean(counts, 25), time_lost(counts, 25)
    np.testing.assert_allclose(found.estimate, [*stayed.estimate, *lost.estimate], rtol=1e-12)
    robust = [*stayed.robust_std_error, *lost.robust_std_error]
    np.testing.assert_allclose(found.robust_std_error, robust, rtol=1e-11)
    np.testing.assert_allclose(found.std_error[0], stayed.std_error[0], rtol=1e-10)


def test_the_influence_is_the_slope_in_a_practices_weight():
    # Everybody 3,000 times and one practice once more: its weight is 1 + 1 / 3,000.
    rows, times = journeys(), 3000
    names = ("entered", "left", "from_state", "to_state")
    chosen = rows["cluster"] == 2
    more: dict[str, Any] = {
        name: np.append(np.tile(rows[name], times), rows[name][chosen]) for name in names
    }
    person = (np.arange(times)[:, None] * 1000 + rows["person"]).ravel()
    person = np.append(person, times * 1000 + rows["person"][chosen])
    base = state_occupation(**rows)
    moved = state_occupation(**more, person=person, states=STATES).estimate
    slope = (moved - base.estimate) * times
    assert abs(slope).max() > 0.02
    np.testing.assert_allclose(base.influence[2], slope, atol=1e-4)


def test_the_peoples_influence_summed_by_practice_is_the_practices():
    rows = journeys()
    found = state_occupation(**rows)
    people = np.arange(80) % 6
    for day in (0, 1, 6, 15, found.rows.days - 1):
        influence = people_influence(found.rows, found.table, np.eye(found.rows.days)[day])
        summed = np.array([influence[people == one].sum(axis=0) for one in range(6)])
        np.testing.assert_allclose(summed, found.influence[:, day], atol=1e-14)


def test_each_person_as_a_practice_gives_the_error_for_independent_people():
    rows = journeys()
    days = np.array([1, 5, 12])
    chosen = state_occupation(**rows, at=days)
    everybody = state_occupation(**(rows | {"cluster": rows["person"]}))
    np.testing.assert_allclose(
        chosen.std_error, everybody.robust_std_error[days], rtol=1e-11, atol=1e-15
    )


def test_splitting_a_row_in_two_changes_nothing():
    rows = journeys()
    whole = state_occupation(**rows, at=[10])
    for written in (-1, None):
        cut = {name: rows[name].copy() for name in rows if name != "states"}
        long = np.flatnonzero(rows["left"] - rows["entered"] > 1)
        second = {name: values[long] for name, values in cut.items()}
        second["entered"] = cut["left"][long] - 1
        cut["left"][long] -= 1
        cut["to_state"][long] = cut["from_state"][long] if written is None else written
        both: dict[str, Any] = {name: np.concatenate([cut[name], second[name]]) for name in cut}
        found = state_occupation(**both, states=STATES, at=[10])
        np.testing.assert_array_equal(found.estimate, whole.estimate)
        np.testing.assert_allclose(found.robust_std_error, whole.robust_std_error, rtol=1e-12)
        np.testing.assert_allclose(found.std_error, whole.std_error, rtol=1e-12)
        assert found.n == whole.n


def test_other_labels_of_practices_and_people_and_another_order_change_nothing():
    rows = journeys()
    whole = state_occupation(**rows, at=[10])
    order = np.random.default_rng(2).permutation(rows["left"].size)
    mixed: dict[str, Any] = {
        name: values[order] for name, values in rows.items() if name != "states"
    }
    mixed["cluster"] = np.array([3, 5, 1, 0, 2, 4])[mixed["cluster"]]
    mixed["person"] = 900 - 7 * mixed["person"]
    found = state_occupation(**mixed, states=STATES, at=[10])
    np.testing.assert_array_equal(found.estimate, whole.estimate)
    np.testing.assert_allclose(found.robust_std_error, whole.robust_std_error, rtol=1e-12)
    np.testing.assert_allclose(found.std_error, whole.std_error, rtol=1e-12)


def test_a_state_never_entered_is_0_with_error_0():
    rows = journeys() | {"states": (*STATES, "paused")}
    found = state_occupation(**rows, at=[5])
    assert (found.estimate[:, 4] == 0).all()
    assert (found.robust_std_error[:, 4] == 0).all()
    assert found.std_error[0, 4] == 0
    assert not np.isnan(found.robust_std_error).any()
    days = days_in_states(found, 10)
    assert (days.estimate[4], days.std_error[4], days.robust_std_error[4]) == (0, 0, 0)


def test_a_state_that_all_have_left_is_empty_to_the_last_digit():
    # 7/10 + 2/10 + 1/10 is not 1 in floating point.
    found = state_occupation(
        [0] * 10, [3] * 10, [0] * 10, [1] * 7 + [2] * 2 + [3], person=range(10), states=STATES
    )
    assert found.estimate[-1, 0] == 0
    assert (days_in_states(found, 3).carried == 0).all()


def test_the_start_is_of_those_in_view_as_the_first_move_begins():
    # The first is gone by then; the last comes into view by then.
    found = state_occupation(
        [0, 0, 0, 2], [2, 3, 5, 5], [1, 0, 1, 0], [-1, 2, 2, -1], person=range(4), states=STATES
    )
    np.testing.assert_allclose(found.start, [2 / 3, 1 / 3, 0, 0], rtol=1e-15)


def test_with_no_move_at_all_the_start_is_of_those_seen_first_and_goes_on():
    found = state_occupation([0, 0], [4, 9], [0, 1], [-1, -1], person=[0, 1], states=STATES)
    assert (found.estimate == [0.5, 0.5, 0, 0]).all()


def test_the_limits_of_the_days_use_t_for_practices_and_the_normal_for_people():
    days = days_in_states(state_occupation(**journeys()), 15)
    # t with 6 - 1 df, and the normal distribution.
    for low, high, error, critical in [
        (days.robust_conf_low, days.robust_conf_high, days.robust_std_error, 2.570581836),
        (days.conf_low, days.conf_high, days.std_error, 1.959963985),
    ]:
        np.testing.assert_allclose(high - days.estimate, critical * error, rtol=1e-9)
        np.testing.assert_allclose(days.estimate - low, critical * error, rtol=1e-9)


def test_a_delay_to_the_first_contact_is_a_state_and_not_time_engaged():
    # Everybody waits 10 days and is then engaged for 5.
    person = np.repeat(np.arange(4), 2)
    found = state_occupation(
        [0, 10] * 4, [10, 15] * 4, [0, 1] * 4, [1, 2] * 4, person=person, states=STATES
    )
    assert days_in_states(found, 20).estimate.tolist() == [10, 5, 5, 0]


def test_a_known_start_has_no_error_of_its_own():
    rows = journeys()
    seen = state_occupation(**rows)
    known = state_occupation(**rows, start=seen.start)
    np.testing.assert_allclose(known.estimate, seen.estimate, rtol=1e-14)
    assert (known.robust_std_error[0] == 0).all()
    assert seen.robust_std_error[0, 0] > 0
    share = (rows["from_state"][rows["entered"] == 0] == 1).mean()
    assert seen.start.tolist() == [1 - share, share, 0, 0]


def test_the_days_add_up_to_the_horizon_also_beyond_the_last_day_once_all_have_ended():
    rows = journeys()
    rows["to_state"] = np.where(rows["to_state"] == -1, 3, rows["to_state"])
    found = state_occupation(**rows)
    beyond = found.rows.days + 50
    days = days_in_states(found, beyond)
    assert days.estimate.sum() == pytest.approx(beyond, rel=1e-12)
    assert (days.carried == 0).all()
    longer = days_in_states(found, beyond + 1)
    np.testing.assert_allclose(longer.estimate - days.estimate, found.estimate[-1], atol=1e-11)
    np.testing.assert_allclose(
        longer.influence - days.influence, found.influence[:, -1], atol=1e-11
    )


def test_days_on_which_nobody_is_seen_in_a_state_any_more_are_told():
    # Half are last seen as referred on day 3; the others are engaged until day 9.
    found = state_occupation(
        [0, 0, 3], [3, 3, 9], [0, 0, 1], [-1, 1, -1], person=[0, 1, 1], states=STATES
    )
    days = days_in_states(found, 8)
    assert found.known_days == 4
    assert days.carried.tolist() == [2, 0, 0, 0]
    with pytest.raises(FitError, match="horizon of at most 10"):
        days_in_states(found, 11)


def test_no_practices_or_one_have_no_robust_error():
    rows = journeys()
    one = state_occupation(**(rows | {"cluster": 0 * rows["person"]}))
    assert one.clusters == 1
    assert np.isnan(one.robust_std_error).all()
    assert np.isnan(state_occupation(**(rows | {"cluster": None})).robust_conf_low).all()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"left": [0, 5, 4]}, "1 rows do not end after they began"),
        ({"entered": [-2, 3, 0]}, "1 rows lie before day 0"),
        ({"to_state": [1, 7, -2]}, "2 rows name a state that is not one of the 4"),
        ({"from_state": [0, 4, 0]}, "1 rows name a state"),
        ({"entered": [0, 4, 0]}, "1 rows leave a gap after the person's row before"),
        ({"entered": [0, 2, 0]}, "1 rows overlap the person's row before"),
        ({"from_state": [0, 3, 0]}, "1 rows begin in another state than"),
        ({"to_state": [-1, -1, 2]}, "1 rows begin in another state than"),
        ({"cluster": [0, 1, 1]}, "1 rows lie in another cluster"),
        ({"cluster": [0, 0, -1]}, "1 rows have a cluster below 0"),
        ({"person": [0, 0]}, "must have the same length"),
        ({"left": [3.0, 5.0, 4.0]}, "left must hold whole numbers"),
        ({"states": ("a", "a")}, "each name once"),
        ({"start": [0.5, 0.1, 0, 0]}, "4 shares, at least 0, that add up to 1"),
        ({"at": [6]}, "whole number from 0 to 5"),
        ({"conf_level": 95}, "between 0 and 1"),
    ],
)
def test_rows_that_cannot_be_are_refused(given, told):
    fine: dict[str, Any] = {
        "entered": [0, 3, 0],
        "left": [3, 5, 4],
        "from_state": [0, 1, 0],
        "to_state": [1, -1, 2],
        "person": [0, 0, 1],
        "states": STATES,
    }
    assert state_occupation(**fine).n == 2
    with pytest.raises(FitError, match=told):
        state_occupation(**(fine | given))


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(FitError, match=r"1 rows do not end .* 2 rows name a state"):
        state_occupation([0, 0], [0, 1], [9, 0], [1, 9], person=[0, 1], states=STATES)
