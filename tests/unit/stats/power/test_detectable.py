"""The least difference that a standard error lets a test detect."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval import power
from splw_eval.stats.power.detectable import detectable_difference
from splw_eval.stats.power.noncentral import critical_value, power_of_test

ROUNDING = 1e-9  # of a bisection to the end


def test_the_normal_has_its_closed_form():
    least = detectable_difference(0.5, np.inf, power=0.9)
    assert least == pytest.approx(0.5 * (1.9599639845 + 1.2815515655), rel=ROUNDING)


@pytest.mark.parametrize("df", [1.0, 2.5, 13.0, 400.0])
def test_the_test_finds_it_with_just_that_chance(df):
    least = detectable_difference(2.0, df, power=0.8, alpha=0.01)
    assert power_of_test(least / 2.0, df, 0.01) == pytest.approx(0.8, abs=ROUNDING)


def test_it_is_what_a_design_is_solved_for():
    design = power.design("parallel", clusters_arm=[7, 8], size=40, sd=4, icc=0.03, power=0.8)
    answer = power.solve(design)
    least = detectable_difference(answer.std_error, answer.df, power=0.8)
    assert least == pytest.approx(float(answer.mde), rel=1e-7)


def test_it_grows_as_degrees_of_freedom_are_fewer():
    least = detectable_difference(1.0, np.array([2.0, 4.0, 13.0, 100.0, np.inf]))
    assert (np.diff(least) < 0).all()


def test_without_degrees_of_freedom_there_is_none():
    assert np.isnan(detectable_difference(1.0, np.array([0.0, -1.0]))).all()


def test_it_is_more_than_half_an_interval():
    df = np.array([2.0, 13.0, np.inf])
    assert (detectable_difference(1.0, df) > critical_value(df, 0.05)).all()
