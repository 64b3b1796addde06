"""Sums over those at risk against a loop over the rows."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.cox.risk_sums import place_rows

RNG = np.random.default_rng(5)
N = 60
START = RNG.integers(0, 8, N).astype(float)
STOP = START + RNG.integers(1, 9, N).astype(float)
EVENT = RNG.random(N) < 0.5
WEIGHTS = RNG.uniform(0.5, 2, N)
STRATUM = RNG.integers(0, 3, N).astype(np.intp)


def moments():
    return sorted({(int(s), t) for s, t in zip(STRATUM[EVENT], STOP[EVENT], strict=True)})


def at_risk(stratum, time):
    return (stratum == STRATUM) & (time > START) & (time <= STOP)


def test_sums_over_those_at_risk_are_those_of_a_loop():
    rows = place_rows(START, STOP, EVENT, WEIGHTS, STRATUM)
    values = RNG.normal(size=(N, 2))
    expected = [values[at_risk(s, t)].sum(axis=0) for s, t in moments()]
    np.testing.assert_allclose(rows.at_risk(values[rows.kept]), expected, atol=1e-12)


def test_tied_events_are_summed_and_counted_in_their_own_stratum():
    rows = place_rows(START, STOP, EVENT, WEIGHTS, STRATUM)
    tied = [EVENT & at_risk(s, t) & (t == STOP) for s, t in moments()]
    assert rows.deaths.tolist() == [int(one.sum()) for one in tied]
    np.testing.assert_allclose(rows.mean_weight, [WEIGHTS[one].mean() for one in tied])
    np.testing.assert_allclose(rows.dying(rows.weights), [WEIGHTS[one].sum() for one in tied])


def test_steps_passed_are_those_of_the_moments_at_risk():
    rows = place_rows(START, STOP, EVENT, WEIGHTS, STRATUM)
    steps = RNG.random(len(rows.time))
    place = np.array([at_risk(s, t) for s, t in moments()])
    np.testing.assert_allclose(rows.passed(steps), (steps @ place)[rows.kept], atol=1e-12)


def test_an_event_on_day_0_counts_where_no_start_is_given():
    stop = np.array([0.0, 0.0, 2.0])
    event = np.array([True, False, True])
    rows = place_rows(None, stop, event, np.ones(3), np.zeros(3, dtype=np.intp))
    assert rows.time.tolist() == [0.0, 2.0]
    assert rows.at_risk(np.ones(3)).tolist() == [3.0, 1.0]


def test_a_row_that_does_not_start_before_it_stops_is_refused():
    stop = np.array([0.0, 2.0])
    with pytest.raises(FitError, match="1 rows do not start"):
        place_rows(np.zeros(2), stop, stop > 0, np.ones(2), np.zeros(2, dtype=np.intp))
