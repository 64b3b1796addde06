"""Separation found where it is, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from splw_eval.stats.separation import separated_bands, separated_columns


def trial(n=80, seed=1):
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(n), np.arange(n) % 2, rng.normal(size=n)])
    return x, rng.random(n) < 0.4, rng.integers(0, 4, n)


def test_nothing_is_found_where_outcomes_overlap():
    x, event, band = trial()
    assert not separated_columns(x, event).any()
    assert not separated_bands(x[:, 1:], band).any()


def test_an_arm_without_an_event_is_found():
    x, event, _ = trial()
    assert separated_columns(x, event & (x[:, 1] == 0)).tolist() == [False, True, False]


def test_a_covariate_that_parts_the_outcomes_is_found():
    x, _, _ = trial()
    assert separated_columns(x, x[:, 2] > 0.3)[2]


def test_one_overlapping_pair_is_enough_for_a_finite_estimate():
    x, _, _ = trial()
    event = x[:, 2] > 0.3
    nearest = np.argsort(np.abs(x[:, 2] - 0.3))[:2]
    event[nearest] = ~event[nearest]
    odd = event.copy()
    odd[np.argmax(x[:, 2])] = False
    assert not separated_columns(x[:, [0, 2]], odd).any()


def test_an_arm_that_is_always_in_the_highest_band_is_found():
    x, _, band = trial()
    assert separated_bands(x[:, 1:], np.where(x[:, 1] == 1, 3, band)).tolist() == [True, False]


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), n=st.integers(6, 20))
def test_what_is_said_of_a_binary_outcome_is_what_a_long_search_meets(seed, n):
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(n), rng.integers(0, 2, n), rng.integers(0, 3, n)]).astype(float)
    event = rng.random(n) < 0.4
    if np.linalg.matrix_rank(x) < 3 or event.all() or not event.any():
        return
    at = np.zeros(3)
    for _ in range(60):
        p = 1 / (1 + np.exp(-x @ at))
        information = (x * (p * (1 - p))[:, None]).T @ x
        # Where the search runs away the information fades; its trace keeps it solvable.
        at += np.linalg.solve(information + 1e-14 * np.eye(3), x.T @ (event - p))
        if np.abs(x @ at).max() > 25:
            break
    assert separated_columns(x, event).any() == (np.abs(x @ at).max() > 18)


@pytest.mark.parametrize("scale", [1e-6, 1e6])
def test_the_unit_of_a_column_does_not_matter(scale):
    x, event, _ = trial()
    event &= x[:, 1] == 0
    assert separated_columns(x * [1, scale, scale], event).tolist() == [False, True, False]
