"""E-values: the published example, symmetry, and limits on either side of 1."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from splw_eval.core.errors import FitError
from splw_eval.stats.e_value import (
    e_value,
    e_value_of_limit,
    ratio_of_difference,
    ratio_of_hazards,
)

RATIOS = st.floats(0.01, 100)


def test_the_published_example_is_reproduced():
    assert e_value(3.9) == pytest.approx(7.26, abs=0.005)  # VanderWeele & Ding 2017
    assert e_value_of_limit(3.9, 1.8) == pytest.approx(3.0, abs=0.005)


@given(RATIOS)
def test_a_ratio_and_its_inverse_need_as_much(ratio):
    assert e_value(ratio) == pytest.approx(e_value(1 / ratio), rel=1e-9)
    assert e_value(ratio) >= 1


@given(RATIOS)
def test_that_much_on_both_sides_explains_the_ratio_away(ratio):
    needed = e_value(ratio)
    bias = needed * needed / (2 * needed - 1)
    assert bias == pytest.approx(max(ratio, 1 / ratio), rel=1e-9)


def test_an_interval_that_holds_1_needs_nothing():
    assert e_value_of_limit(1.4, 0.9) == 1.0
    assert e_value_of_limit(0.7, 1.0) == 1.0
    assert e_value_of_limit(0.7, 0.9) == e_value(0.9)


def test_hazards_and_differences_of_nothing_are_a_ratio_of_1():
    assert ratio_of_hazards(1.0) == 1.0
    assert ratio_of_difference(0.0) == 1.0
    assert ratio_of_hazards(4.0) == pytest.approx((1 - 0.25) / (1 - math.sqrt(0.5)), rel=1e-12)


@pytest.mark.parametrize("wrong", [0.0, -1.0, math.nan, math.inf])
def test_what_is_no_ratio_is_refused(wrong):
    for ask in (e_value, ratio_of_hazards):
        with pytest.raises(FitError, match="above 0"):
            ask(wrong)


def test_the_wrong_limit_is_refused():
    with pytest.raises(FitError, match="nearer to 1"):
        e_value_of_limit(1.5, 2.5)
    with pytest.raises(FitError, match="finite"):
        ratio_of_difference(math.nan)
