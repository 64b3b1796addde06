"""The day by which a share have left."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.survival.curves import survival_curve
from splw_eval.stats.survival.day_counts import count_days
from splw_eval.stats.survival.quantiles import time_quantile


def curve_of(day, event, **given):
    return survival_curve(count_days(day, event, causes=1, last_day=12, **given))


def test_the_median_is_the_day_on_which_more_than_half_have_left():
    assert time_quantile(curve_of([1, 4, 6, 9, 9], [1, 1, 1, 1, 1])).estimate == 6


def test_a_curve_that_never_gets_there_has_no_median():
    found = time_quantile(curve_of([1, 4, 6, 9, 9], [1, 1, 0, 0, 0]))
    assert np.isnan([found.estimate, found.conf_high]).all()
    assert found.conf_low == 1


def test_a_step_that_is_flat_at_a_half_gives_its_middle():
    assert time_quantile(curve_of([1, 4, 6, 9], [1, 1, 1, 1])).estimate == 5


def test_a_curve_that_ends_at_a_half_gives_the_middle_up_to_the_last_day_seen():
    assert time_quantile(curve_of([1, 4, 6, 10], [1, 1, 0, 0])).estimate == 7


def test_half_who_leave_on_day_0_have_a_median_of_0():
    assert time_quantile(curve_of([0, 0, 0, 5, 6], [1, 1, 1, 1, 0])).estimate == 0


def test_nobody_leaves_and_nothing_is_reached():
    found = time_quantile(curve_of([3, 4, 5], [0, 0, 0]))
    assert np.isnan([found.estimate, found.conf_low, found.conf_high]).all()


def test_the_times_given_stand_in_the_place_of_days():
    times = np.arange(13) * 7.5
    curve = curve_of([1, 4, 6, 9, 9], [1, 1, 1, 1, 1])
    assert time_quantile(curve, times=times).estimate == 45.0


def test_robust_limits_are_read_off_the_robust_limits_of_the_curve():
    rng = np.random.default_rng(3)
    day, cluster = rng.integers(0, 12, 200), np.arange(200) % 8
    curve = curve_of(day, np.ones(200, dtype=int), cluster=cluster)
    found = time_quantile(curve, 0.3)
    first = np.flatnonzero(1 - curve.robust_conf_low >= 0.3)[0]
    last = np.flatnonzero(1 - curve.robust_conf_high >= 0.3)[0]
    assert (found.robust_conf_low, found.robust_conf_high) == (first, last)
    assert np.isnan(time_quantile(curve_of(day, day * 0 + 1), 0.3).robust_conf_low)


def test_a_limit_that_is_missing_after_it_reaches_a_half_gives_no_middle():
    curve = curve_of([1, 4, 6, 9], [1, 1, 1, 1])
    ends = np.array([1.0, 0.5, 0.5, *[np.nan] * 10])
    assert np.isnan(time_quantile(replace(curve, conf_low=ends)).conf_low)


@pytest.mark.parametrize(
    ("given", "message"),
    [({"share": 0}, "between 0 and 1"), ({"times": [1.0, 2.0]}, "times must hold 13 values")],
)
def test_what_cannot_be_read_off_is_refused(given, message):
    with pytest.raises(FitError, match=message):
        time_quantile(curve_of([1, 2], [1, 1]), **given)
