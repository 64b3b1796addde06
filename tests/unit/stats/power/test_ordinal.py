"""Ordered answers under proportional odds."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.stats.power.ordinal import log_odds_unit_variance, shifted_levels

LEVELS = [0.2, 0.5, 0.2, 0.1]


def test_the_levels_of_whiteheads_example_come_out():
    # Whitehead 1993: 20 % very good becomes 37.8 % at a log odds ratio of 0.887.
    shifted = shifted_levels(LEVELS, np.exp(0.887))
    np.testing.assert_allclose(shifted, [0.378, 0.472, 0.106, 0.044], atol=5e-4)
    assert shifted.sum() == pytest.approx(1.0)


def test_every_cut_has_the_same_odds_ratio():
    below = np.cumsum(shifted_levels(LEVELS, 1.7))[:-1]
    before = np.cumsum(LEVELS)[:-1]
    np.testing.assert_allclose(below / (1 - below) / (before / (1 - before)), 1.7, rtol=1e-12)


def test_two_levels_without_a_difference_are_a_proportion():
    unit = log_odds_unit_variance([0.3, 0.7], 1.0)
    assert unit == pytest.approx(1 / (0.3 * 0.7), rel=1e-12)


def test_a_grid_of_odds_ratios_is_the_same_as_one_by_one():
    ratios = np.array([0.5, 1.0, 2.0])
    each = [log_odds_unit_variance(LEVELS, one) for one in ratios]
    np.testing.assert_allclose(log_odds_unit_variance(LEVELS, ratios), each, rtol=1e-14)
