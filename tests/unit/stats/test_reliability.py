"""Alpha where there is little to say, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.reliability import (
    AlphaFit,
    fit_alpha,
    fit_items,
    standard_error_of_measurement,
)

NAN = np.nan
FOUR = np.array([[1, 2, 1], [2, 2, 3], [3, 4, 3], [4, 3, 5]], dtype=float)


def limits(fit: AlphaFit) -> tuple[float, float]:
    assert fit.conf_low is not None
    assert fit.conf_high is not None
    return fit.conf_low, fit.conf_high


def test_alpha_is_the_sum_done_by_hand():
    # Variances 5/3, 11/12, 8/3; the sums 4, 7, 10, 12 have variance 12.25.
    alpha = 3 / 2 * (1 - (5 / 3 + 11 / 12 + 8 / 3) / 12.25)
    fit = fit_alpha(FOUR)
    assert fit.alpha == pytest.approx(alpha, rel=1e-12)
    assert (fit.n, fit.n_complete, fit.items) == (4, 4, 3)
    low, high = limits(fit)
    assert low < alpha < high < 1
    assert "Feldt" in fit.method


def test_people_with_an_item_missing_are_left_out_or_taken_pairwise():
    x = np.vstack([FOUR, [5, NAN, 5], [NAN, NAN, NAN]])
    complete, pairwise = fit_alpha(x), fit_alpha(x, missing="pairwise")
    assert complete == fit_alpha(FOUR)
    assert (pairwise.n, pairwise.n_complete) == (5, 4)
    assert pairwise.alpha != complete.alpha
    assert (pairwise.conf_low, pairwise.conf_high) == (None, None)
    assert "no interval" in pairwise.method


@pytest.mark.parametrize(
    ("responses", "why"),
    [
        (np.empty((0, 3)), "fewer than 2 people"),
        (FOUR[:1], "fewer than 2 people"),
        (FOUR[:, :1], "fewer than 2 items"),
        (np.full((5, 3), 2.0), "does not vary"),
        (np.column_stack([FOUR[:, 0], -FOUR[:, 0]]), "does not vary"),
        (np.full((5, 3), NAN), "fewer than 2 people"),
    ],
)
def test_alpha_that_cannot_be_given_says_why(responses, why):
    fit = fit_alpha(responses)
    assert (fit.alpha, fit.conf_low) == (None, None)
    assert why in fit.method
    assert fit_items(responses) == ()


def test_pairs_that_nobody_answered_together_give_no_pairwise_alpha():
    x = np.array([[1, NAN, 2], [2, NAN, 3], [NAN, 1, 2], [NAN, 3, 4]], dtype=float)
    assert "together" in fit_alpha(x, missing="pairwise").method


def test_a_wider_level_gives_a_wider_interval():
    (low, high), wide = limits(fit_alpha(FOUR)), limits(fit_alpha(FOUR, conf_level=0.99))
    assert wide[0] < low < high < wide[1]


def test_two_items_have_no_alpha_without_one_of_them():
    assert [item.alpha_without for item in fit_items(FOUR[:, :2])] == [None, None]


def test_the_error_of_measurement_is_nothing_where_reliability_is_perfect():
    assert standard_error_of_measurement(6, 1) == 0
    assert standard_error_of_measurement(7.5, 0.8) == pytest.approx(3.354, abs=5e-4)


@pytest.mark.parametrize(("sd", "reliability"), [(-1, 0.8), (NAN, 0.8), (5, 1.01), (5, NAN)])
def test_an_error_of_measurement_needs_numbers_within_their_bounds(sd, reliability):
    with pytest.raises(FitError):
        standard_error_of_measurement(sd, reliability)


@pytest.mark.parametrize("responses", [np.arange(4.0), [[1.0, np.inf], [1.0, 2.0]]])
def test_responses_of_the_wrong_shape_or_without_bounds_are_refused(responses):
    with pytest.raises(FitError):
        fit_alpha(responses)


@pytest.mark.parametrize("level", [0, 1, 95])
def test_a_level_that_is_no_share_is_refused(level):
    with pytest.raises(FitError, match="conf_level"):
        fit_alpha(FOUR, conf_level=level)


def test_alpha_does_not_change_with_order_shift_or_scale():
    fit = fit_alpha(FOUR)
    other = fit_alpha(10 - 3 * FOUR[::-1, [2, 0, 1]])
    assert other.alpha == pytest.approx(fit.alpha, rel=1e-12)
