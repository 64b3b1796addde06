"""Limits of a share on three scales."""

from __future__ import annotations

import math

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.survival.limits import share_limits

NORMAL = 1.959963984540054


def limits(share, error, conf_type, df=math.inf):
    low, high = share_limits(np.array([share]), np.array([error]), df, 0.95, conf_type)
    return low[0], high[0]


@pytest.mark.parametrize(
    ("conf_type", "scale"),
    [
        ("log-log", lambda share: math.log(-math.log(share))),
        ("log", math.log),
        ("plain", float),
    ],
)
def test_limits_are_equally_far_off_on_their_scale(conf_type, scale):
    low, high = limits(0.6, 0.05, conf_type)
    step = (scale(0.6 + 1e-6) - scale(0.6 - 1e-6)) / 2e-6 * 0.05
    assert abs(scale(low) - scale(0.6)) == pytest.approx(NORMAL * abs(step), rel=1e-8)
    assert abs(scale(high) - scale(0.6)) == pytest.approx(NORMAL * abs(step), rel=1e-8)


def test_log_limits_are_cut_at_1_and_plain_ones_at_0_and_1():
    assert limits(0.9, 0.3, "log")[1] == 1
    assert limits(0.5, 0.5, "plain") == (0, 1)


def test_a_share_of_1_without_error_has_limits_of_1_but_for_log_log():
    assert limits(1.0, 0.0, "log") == limits(1.0, 0.0, "plain") == (1, 1)
    assert np.isnan(limits(1.0, 0.0, "log-log")).all()


def test_few_clusters_widen_the_limits_and_none_leave_them_missing():
    low, high = limits(0.6, 0.05, "plain", df=4)
    assert (high - low) / 2 == pytest.approx(2.7764451051977987 * 0.05, rel=1e-10)
    for conf_type in ("log-log", "log", "plain"):
        assert np.isnan(limits(0.6, 0.05, conf_type, df=0)).all()


def test_a_share_that_is_1_but_for_rounding_has_no_limits_made_of_rounding():
    assert np.isnan(limits(1 - 2e-16, 5e-9, "log-log")).all()


def test_limits_very_far_off_are_0_and_1():
    low, high = share_limits(np.array([0.5]), np.array([0.3]), 1, 0.9999, "log-log")
    assert (low[0], high[0]) == (0, 1)


def test_an_unknown_scale_is_refused():
    with pytest.raises(FitError, match="must be one of log-log, log, plain"):
        limits(0.6, 0.05, "logit")
