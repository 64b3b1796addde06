"""Tests of several arms: Dunnett's tables, the F of all arms by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from splw_eval.stats.power.several import dunnett_alpha, power_of_f

TABLE = 0.005  # critical values are printed with two decimals
TRIALS = 40_000


@pytest.mark.parametrize(
    ("df", "tests", "sides", "printed"),
    [(10, 2, 2, 2.57), (20, 5, 2, 2.73), (np.inf, 4, 2, 2.44), (10, 2, 1, 2.15)],
)
def test_critical_values_are_those_of_dunnetts_tables(df, tests, sides, printed):
    level = float(dunnett_alpha(df, 0.05, tests, 0.5, sides=sides))
    cut = stats.norm.isf(level / sides) if np.isinf(df) else stats.t.isf(level / sides, df)
    assert cut == pytest.approx(printed, abs=TABLE)


def test_a_long_grid_of_degrees_of_freedom_is_as_one_by_one():
    df = np.linspace(2.0, 300.0, 400)
    found = dunnett_alpha(df, 0.05, 3, 0.4)
    single = [float(dunnett_alpha(df[i], 0.05, 3, 0.4)) for i in (0, 57, 399)]
    assert found[[0, 57, 399]] == pytest.approx(single, rel=1e-6)  # interpolated


def test_one_comparison_has_the_whole_level():
    assert float(dunnett_alpha(12, 0.05, 1, 0.5)) == 0.05


def test_the_level_lies_between_an_equal_share_and_the_whole():
    for rho in (0.0, 0.3, 0.9):
        assert 0.05 / 4 <= float(dunnett_alpha(15, 0.05, 4, rho)) <= 0.05


def test_power_of_the_f_test_is_that_of_simulated_trials():
    # Three arms of five clusters with 3 people each; 74, 80, 86; SDs 3 between, 8 within.
    draws = np.random.default_rng(7).normal(size=(TRIALS, 3, 5)) * np.sqrt(9 + 64 / 3)
    means = draws + np.array([74, 80, 86])[:, None]
    between = 5 * means.mean(axis=2).var(axis=1, ddof=1)
    within = means.var(axis=2, ddof=1).mean(axis=1)
    simulated = (between / within > stats.f.isf(0.05, 2, 12)).mean()
    found = float(power_of_f(5 * 72 / (9 + 64 / 3), 2, 12, 0.05))
    assert found == pytest.approx(simulated, abs=4 * np.sqrt(0.25 / TRIALS))


def test_the_f_of_many_degrees_of_freedom_nears_chi_squared():
    near, limit = power_of_f(8.0, 3, 9e5, 0.05), power_of_f(8.0, 3, np.inf, 0.05)
    assert float(near) == pytest.approx(float(limit), abs=1e-5)
