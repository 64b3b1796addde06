"""E-values as they are asked for: a number, a pair, and plain errors."""

from __future__ import annotations

import math

import numpy as np
import pytest

from splw_eval.confounding.differences.e_value import e_value
from splw_eval.core.errors import FitError


def test_a_ratio_gives_a_number_and_a_limit_a_pair():
    assert e_value(3.9) == pytest.approx(7.26, abs=0.005)
    pair = e_value(3.9, limit=1.8)
    assert pair == pytest.approx((7.26, 3.0), abs=0.005)
    assert isinstance(pair, tuple)


def test_an_interval_that_holds_1_gives_1_for_its_limit():
    assert e_value(1.3, 0.9)[1] == 1.0
    assert e_value(0.8, 1.1)[1] == 1.0


def test_a_ratio_below_1_is_turned_round():
    assert e_value(0.8, 0.9) == pytest.approx((e_value(1 / 0.8), e_value(1 / 0.9)))
    assert e_value(np.float64(0.8)) == e_value(0.8)
    assert e_value(2) == pytest.approx(2 + math.sqrt(2))


@pytest.mark.parametrize("wrong", [0, -1, math.nan, math.inf, "2", None, True, [2.0]])
def test_what_is_no_ratio_is_refused_in_plain_words(wrong):
    with pytest.raises(FitError, match="above 0"):
        e_value(wrong)
    if wrong is not None:
        with pytest.raises(FitError, match="above 0"):
            e_value(2.0, wrong)


def test_the_limit_on_the_far_side_is_refused():
    with pytest.raises(FitError, match="nearer to 1"):
        e_value(1.5, 1.9)
