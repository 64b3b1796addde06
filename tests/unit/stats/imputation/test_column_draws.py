"""Draws for one column: the distributions that they must have."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.imputation.column_draws import draw_matched, draw_numbers, draw_ordered


def test_normal_draws_have_the_predictive_distribution_of_the_regression():
    rng = np.random.default_rng(1)
    y = np.array([3.0, 5.0, 4.0, 6.0, 8.0, 7.0, 5.5, 4.5])
    x = np.linspace(-1.5, 1.5, 8)[:, None]
    wanted = np.array([[2.0]])
    made = np.array([draw_numbers(y, x, wanted, rng)[0] for _ in range(20_000)])
    slope = float((x[:, 0] @ (y - y.mean())) / (x[:, 0] @ x[:, 0]))
    rest = y - y.mean() - slope * x[:, 0]
    spread = 1 + 1 / 8 + 4 / float(x[:, 0] @ x[:, 0])
    # Student's t with 6 df: its variance is scale 6 / 4.
    variance = float(rest @ rest) / 6 * spread * 6 / 4
    error = np.sqrt(variance / 20_000)
    assert made.mean() == pytest.approx(y.mean() + 2 * slope, abs=4 * error)
    assert made.var() == pytest.approx(variance, rel=0.1)


def test_matched_values_come_from_the_nearest_five():
    rng = np.random.default_rng(1)
    x = np.linspace(-2, 2, 101)[:, None]
    y = 10 * x[:, 0]
    made = draw_matched(y, x, np.zeros((500, 1)), rng)
    assert np.abs(made).max() <= 2 * 10 * 0.04 + 1e-9
    assert len(set(np.round(made, 6))) == 5


def test_donors_at_the_edge_are_never_repeated_from_beyond_it():
    rng = np.random.default_rng(1)
    x = np.linspace(-2, 2, 101)[:, None]
    made = draw_matched(10 * x[:, 0], x, np.full((500, 1), 9.0), rng)
    assert set(np.round(made, 6)) == set(np.round(10 * x[-5:, 0], 6))


def test_binary_draws_have_the_share_that_logistic_regression_foretells():
    rng = np.random.default_rng(1)
    x = np.repeat([-1.0, 1.0], 200)[:, None]
    band = np.concatenate([np.arange(200) < 50, np.arange(200) < 150]).astype(np.int64)
    made = [draw_ordered(band, 2, x, np.ones((1, 1)), rng)[0] for _ in range(1_000)]
    # 1,000 draws of 0.75, and 0.003 for the rows added: 4 errors.
    assert np.mean(made) == pytest.approx(0.75, abs=4 * np.sqrt(0.75 * 0.25 / 1_000) + 0.003)


def test_parameters_of_ordered_draws_vary_as_their_information_says():
    # One intercept: the log odds of 40 in 100 have the variance 1 / 40 + 1 / 60, less what the
    # rows added tell; 200 people filled at once show the chance that was drawn.
    rng = np.random.default_rng(1)
    band = (np.arange(100) < 40).astype(np.int64)
    none = np.zeros((100, 0))
    shares = [draw_ordered(band, 2, none, np.zeros((2_000, 0)), rng).mean() for _ in range(2_000)]
    chance = 40.5 / 101
    variance = (chance * (1 - chance)) ** 2 / (101 * chance * (1 - chance))
    sampling = chance * (1 - chance) / 2_000
    assert np.var(shares) == pytest.approx(variance + sampling, rel=0.12)


def test_an_answer_that_a_column_foretells_without_fail_is_drawn_with_finite_slopes():
    rng = np.random.default_rng(1)
    x = np.repeat([-1.0, 1.0], 30)[:, None]
    band = (x[:, 0] > 0).astype(np.int64)
    made = np.array([draw_ordered(band, 2, x, x, rng) for _ in range(50)])
    assert made[:, x[:, 0] > 0].mean() > 0.9
    assert made[:, x[:, 0] < 0].mean() < 0.1


def test_a_level_that_nobody_seen_has_is_drawn_hardly_ever():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(100, 1))
    band = np.where(x[:, 0] > 0, 1, 0).astype(np.int64)
    made = np.concatenate([draw_ordered(band, 4, x, x, rng) for _ in range(20)])
    assert (made > 1).mean() < 0.03
    assert set(made) <= {0.0, 1.0, 2.0, 3.0}


def test_fewer_values_than_parameters_are_refused():
    with pytest.raises(FitError, match="too few for 4 parameters"):
        draw_numbers(np.ones(4), np.eye(4)[:, :3], np.eye(3), np.random.default_rng(1))
