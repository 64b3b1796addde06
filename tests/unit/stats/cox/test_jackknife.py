"""Fits that leave one practice out."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.cox.cox_fit import fit_cox_model
from splw_eval.stats.cox.jackknife import leave_one_practice_out

RNG = np.random.default_rng(21)
N, G = 240, 8
PRACTICE = RNG.permutation(np.arange(N) % G)
X = np.column_stack([PRACTICE < 4, RNG.normal(size=N)]).astype(float)
START = RNG.integers(0, 5, N)
STOP = START + 1 + RNG.integers(0, 30, N)
EVENT = RNG.random(N) < 0.6
WEIGHTS = RNG.uniform(0.5, 2, N)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_each_fit_is_that_of_the_other_practices(ties):
    found = leave_one_practice_out(START, STOP, EVENT, X, PRACTICE, weights=WEIGHTS, ties=ties)
    for g in range(G):
        o = g != PRACTICE
        alone = fit_cox_model(START[o], STOP[o], EVENT[o], X[o], weights=WEIGHTS[o], ties=ties)
        np.testing.assert_allclose(found.left_out[g], alone.beta, rtol=1e-9)
    apart = found.left_out - found.beta
    np.testing.assert_allclose(found.covariance, 7 / 8 * apart.T @ apart)
    np.testing.assert_allclose(found.std_error**2, np.diag(found.covariance))
    assert (found.df, found.clusters, found.n, found.events) == (6.0, G, N, EVENT.sum())


def test_new_labels_of_practices_change_only_the_order_of_the_fits():
    plain = leave_one_practice_out(None, STOP, EVENT, X, PRACTICE)
    names = np.array(["h", "b", "c", "x", "e", "a", "g", "d"])
    named = leave_one_practice_out(None, STOP, EVENT, X, names[PRACTICE])
    np.testing.assert_allclose(named.covariance, plain.covariance, rtol=1e-9)
    np.testing.assert_allclose(named.left_out, plain.left_out[np.argsort(names)], rtol=1e-9)


def test_the_scale_and_origin_of_a_column_change_only_its_unit():
    plain = leave_one_practice_out(None, STOP, EVENT, X, PRACTICE)
    moved = leave_one_practice_out(None, STOP, EVENT, 100 * X + [1, 4000], PRACTICE)
    np.testing.assert_allclose(100 * moved.std_error, plain.std_error, rtol=1e-8)


def test_three_practices_have_one_degree_of_freedom():
    three = leave_one_practice_out(None, STOP, EVENT, X[:, 1:], PRACTICE % 3)
    assert three.df == 1.0
    with pytest.raises(FitError, match="at least 3 practices, got 2"):
        leave_one_practice_out(None, STOP, EVENT, X[:, 1:], PRACTICE % 2)


def test_practices_that_cannot_be_left_out_are_counted_and_placed():
    alone = np.column_stack([PRACTICE == 2, PRACTICE == 6, X[:, 1]])
    with pytest.raises(FitError, match=r"practice\(s\) 3, 7 are left out.* 2 of 8\.") as caught:
        leave_one_practice_out(None, STOP, EVENT, alone, PRACTICE)
    assert "The first says: The columns of x are linearly dependent" in str(caught.value)


def test_a_practice_with_all_the_events_cannot_be_left_out():
    with pytest.raises(FitError, match=r"practice\(s\) 5 are left out.*There is no event"):
        leave_one_practice_out(None, STOP, EVENT & (PRACTICE == 4), X[:, 1:], PRACTICE)


def test_a_practice_that_says_nothing_counts_among_the_practices_and_moves_nothing():
    plain = leave_one_practice_out(None, STOP, EVENT, X, PRACTICE)
    stop, event = np.append(STOP, STOP[EVENT].min() - 1), np.append(EVENT, False)
    x, practice = np.vstack([X, X[:1]]), np.append(PRACTICE, G)
    more = leave_one_practice_out(None, stop, event, x, practice)
    assert (more.clusters, more.df) == (G + 1, plain.df + 1)
    np.testing.assert_allclose(more.left_out[:G], plain.left_out, rtol=1e-9)
    np.testing.assert_allclose(more.left_out[G], plain.beta, rtol=1e-9)
    larger = (G / (G + 1)) / ((G - 1) / G)
    np.testing.assert_allclose(more.covariance, larger * plain.covariance, rtol=1e-7)
