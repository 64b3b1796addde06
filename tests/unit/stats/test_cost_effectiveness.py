"""Quadrants, cost for each QALY, and the chance of being worth it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from splw_eval.core.errors import FitError
from splw_eval.stats.cost_effectiveness import (
    COSTS_GAINS,
    COSTS_LOSES,
    SAVES_GAINS,
    SAVES_LOSES,
    chance_worth_it,
    cost_for_each,
    net_benefit,
    plane_of,
    quadrant_of,
)

AMOUNTS = st.floats(-1e6, 1e6).filter(lambda x: x == 0 or abs(x) > 1e-3)


@pytest.mark.parametrize(
    ("cost", "health", "words"),
    [
        (10, 1, COSTS_GAINS),
        (10, -1, COSTS_LOSES),
        (-10, 1, SAVES_GAINS),
        (-10, -1, SAVES_LOSES),
        (0, 0, COSTS_LOSES),
        (10, 0, COSTS_LOSES),
        (0, 1, COSTS_GAINS),
    ],
)
def test_each_quadrant_has_its_words_and_nothing_extra_is_the_less_favourable(cost, health, words):
    assert quadrant_of(cost, health) == words


@given(AMOUNTS, AMOUNTS)
def test_a_cost_for_each_qaly_is_never_negative(cost, health):
    found = cost_for_each(cost, health)
    assert found is None or found > 0
    assert (found is None) == (quadrant_of(cost, health) in {COSTS_LOSES, SAVES_GAINS} or not cost
                               or not health)  # fmt: skip


def test_shares_of_the_quadrants_add_up_to_one():
    draws = np.random.default_rng(1).normal(size=(2, 500))
    found = plane_of(*draws)
    shares = (found.costs_gains, found.costs_loses, found.saves_gains, found.saves_loses)
    assert sum(shares) == pytest.approx(1)
    assert found.correlation == pytest.approx(np.asarray(np.corrcoef(draws))[0, 1])


def test_where_nothing_is_paid_only_what_saves_is_worth_it():
    cost, health = np.array([-1.0, 2.0, 3.0, -4.0]), np.array([1.0, 5.0, 5.0, -1.0])
    assert chance_worth_it(cost, health, 0.0) == 0.5
    assert chance_worth_it(cost, health, 1.0) == 1.0


def test_net_benefit_is_zero_at_the_cost_for_each_qaly():
    assert net_benefit(300.0, 0.02, 15_000.0) == pytest.approx(0)


def test_draws_of_other_practices_are_refused():
    with pytest.raises(FitError):
        chance_worth_it([1.0, 2.0], [1.0], 1.0)
    with pytest.raises(FitError):
        plane_of([np.nan, 1.0], [1.0, np.nan])
