"""Sizes of clusters of a given spread, by a few that stand for all."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.stats.power.design_effect import design_effect
from splw_eval.stats.power.size_nodes import size_nodes


@pytest.mark.parametrize("cv", [0.05, 0.4, 0.65, 1.0, 1.5])
def test_mean_and_spread_are_kept(cv):
    sizes, shares = size_nodes(cv)
    assert (sizes > 0).all()
    mean = shares @ sizes
    assert (shares.sum(), mean) == pytest.approx((1, 1), rel=1e-10)
    assert shares @ (sizes - mean) ** 2 == pytest.approx(cv**2, rel=1e-8)


def test_sizes_alike_are_one():
    sizes, shares = size_nodes(0.0)
    assert sizes.tolist() == shares.tolist() == [1.0]


def test_a_grid_may_hold_sizes_alike():
    sizes, shares = size_nodes([0.0, 0.5])
    assert sizes.shape == shares.shape == (2, 12)
    assert (sizes[0] == 1).all()
    assert shares.sum(axis=1) == pytest.approx([1, 1])


def test_the_loss_of_precision_is_near_van_breukelens():
    m, rho, cv = 30, 0.05, 0.5
    sizes, shares = size_nodes(cv)
    kept = np.sum(shares * m * sizes / (1 + (m * sizes - 1) * rho))
    approximate = m / design_effect(m, rho, cv, "breukelen")
    # His is a Taylor expansion to the second order.
    assert kept == pytest.approx(float(approximate), rel=0.01)
