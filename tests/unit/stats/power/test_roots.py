"""Where rising functions cross 0."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.stats.power.roots import crossing


def test_each_element_gets_its_own_crossing_to_the_last_digits():
    wanted = np.array([-5.0, 0.001, 3.0, 17.5])
    found = crossing(lambda x: np.tanh(x - wanted), -20.0, 30.0, (4,))
    assert found == pytest.approx(wanted, abs=1e-13)


def test_a_jump_is_found_from_above():
    found = crossing(lambda x: np.where(x < 2.0, -0.8, 0.1), -10.0, 10.0, ())
    assert found >= 2.0
    assert found == pytest.approx(2.0, abs=1e-13)


def test_no_number_counts_as_below():
    found = crossing(lambda x: np.where(x < 1.0, np.nan, x - 3.0), -10.0, 10.0, ())
    assert found == pytest.approx(3.0, abs=1e-13)


def test_an_element_without_a_crossing_gets_the_end():
    found = crossing(lambda x: x - np.array([1.0, 99.0]), 0.0, 10.0, (2,))
    assert found[0] == pytest.approx(1.0, abs=1e-13)
    assert found[1] == pytest.approx(10.0, abs=1e-12)
    assert crossing(lambda x: x + 5.0, 0.0, 10.0, ()) == pytest.approx(0.0, abs=1e-12)


def test_few_steps_are_taken():
    called = []

    def chance(x):
        called.append(1)
        return 1 / (1 + np.exp(-(x - 2.0))) - 0.8

    crossing(chance, -14.0, 16.0, ())
    assert len(called) < 30
