"""Events and the variance of log hazard ratios."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.stats.power.events import (
    event_share,
    freedman_variance,
    hazards_of_shares,
    schoenfeld_variance,
)


def lachin_foulkes(hazard, loss, end, entry):
    both = hazard + loss
    inner = np.exp(-both * (end - entry)) - np.exp(-both * end)
    return hazard / both * (1 - inner / (both * entry))


def test_one_piece_is_the_formula_of_lachin_and_foulkes():
    found = event_share([0.2], [0.1], [0.0], duration=2.0, accrual=0.5)
    assert found == pytest.approx(lachin_foulkes(0.2, 0.1, 2.0, 0.5), rel=1e-13)


def test_pieces_of_one_hazard_are_one_piece():
    many = event_share([0.2] * 3, [0.1] * 3, [0.0, 0.7, 1.8], duration=2.0, accrual=1.0)
    assert many == pytest.approx(lachin_foulkes(0.2, 0.1, 2.0, 1.0), rel=1e-12)


def test_nobody_lost_and_all_in_at_the_start_is_the_share_that_is_not_left():
    left, times = [1, 0.85, 0.7, 0.6], [0, 3, 12, 18]
    found = event_share(hazards_of_shares(left, times), [0.0] * 3, times[:-1], duration=18.0)
    assert found == pytest.approx(0.4, rel=1e-12)


def test_a_hazard_of_0_gives_no_events():
    assert event_share([0.0], [0.0], [0.0], duration=5.0, accrual=1.0) == 0


def test_changing_hazards_with_entry_over_time_agree_with_drawn_people():
    rng = np.random.default_rng(11)
    n, times = 400_000, np.array([0.0, 3.0, 12.0])
    hazards = np.array([0.06, 0.02, 0.05])
    reached = rng.exponential(size=n)
    at = np.cumsum(np.append(0, hazards[:2] * np.diff(times)))
    piece = np.searchsorted(at, reached, side="right") - 1
    event = times[piece] + (reached - at[piece]) / hazards[piece]
    censored = np.minimum(rng.exponential(1 / 0.01, n), 18 - rng.uniform(0, 6, n))
    found = event_share(hazards, [0.01] * 3, times, duration=18.0, accrual=6.0)
    assert found == pytest.approx((event <= censored).mean(), abs=0.003)


def test_a_grid_is_the_same_as_one_by_one():
    hazards = np.array([[0.1, 0.2, 0.3], [0.05, 0.1, 0.1]])
    whole = event_share(hazards, [[0.0], [0.1]], [0, 1], duration=3.0, accrual=1.0)
    each = [event_share(h, [0.0, 0.1], [0, 1], duration=3.0, accrual=1.0) for h in hazards.T]
    np.testing.assert_allclose(whole, each, rtol=1e-13)


def test_freedmans_variance_is_schoenfelds_where_hazards_are_alike():
    near = freedman_variance(80.0, 1 + 1e-7, 2.0)
    assert near == pytest.approx(schoenfeld_variance(80.0, 2.0), rel=1e-6)
    assert freedman_variance(80.0, 1.0, 2.0) == pytest.approx(schoenfeld_variance(80.0, 2.0))


def test_freedmans_variance_gives_his_number_of_events():
    hr, q, both = 0.7, 1.5, 2.8016
    events = ((1 + q * hr) / (1 - hr)) ** 2 * both**2 / q
    assert np.log(hr) ** 2 / freedman_variance(events, hr, q) == pytest.approx(both**2)
