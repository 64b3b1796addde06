"""Pooled rates and what each person adds to their error."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.rates import pooled_rate


def test_a_rate_is_all_events_divided_by_all_time():
    found = pooled_rate([3, 0, 9], [12, 6, 6])
    assert (found.rate, found.time) == (0.5, 24)


def test_with_one_time_for_everybody_each_adds_their_own_rate():
    events = np.array([2.0, 0.0, 5.0, 1.0])
    found = pooled_rate(events, np.full(4, 12.0))
    assert found.rate + found.deviations == pytest.approx(events / 12)


def test_deviations_add_up_to_nothing_whatever_the_times():
    found = pooled_rate([2, 0, 5, 1], [12, 3, 7, 1])
    assert found.deviations.sum() == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("events", "time"),
    [([], []), ([1], [0]), ([1, 2], [1]), ([np.nan], [1.0]), ([1], [np.inf])],
)
def test_nobody_or_no_time_is_refused(events, time):
    with pytest.raises(FitError):
        pooled_rate(events, time)
