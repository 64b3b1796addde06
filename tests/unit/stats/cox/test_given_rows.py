"""Rows as given: what the columns of the fit are made of."""

from __future__ import annotations

import numpy as np

from splw_eval.stats.cox.given_rows import arranged, laid_out

RNG = np.random.default_rng(8)
N = 9_001
X = RNG.normal(3, 5, (N, 2))
STRATA = RNG.integers(0, 3, N)
STOP = RNG.integers(1, 40, N)
EVENT = (RNG.random(N) < 0.5) & (STOP > 10)


def test_columns_are_about_0_in_each_stratum_and_of_size_1():
    rows, columns, size = laid_out(arranged(None, STOP, EVENT, X, strata=STRATA))
    assert len(rows.kept) == (STOP > 10).sum() < N
    for stratum in range(3):
        np.testing.assert_allclose(columns[rows.stratum == stratum].mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose((columns**2).mean(axis=0), 1.0)
    steps = np.diff(X[rows.kept][rows.stratum == 1], axis=0)
    np.testing.assert_allclose(np.diff(columns[rows.stratum == 1], axis=0) * size, steps)


def test_what_was_given_is_left_as_it_was():
    before = X.copy()
    laid_out(arranged(None, STOP, EVENT, X))
    np.testing.assert_array_equal(X, before)


def test_some_of_the_rows_are_those_asked_for():
    given = arranged(STOP - 1, STOP, EVENT, X, strata=STRATA).where(EVENT)
    assert given.start is not None
    np.testing.assert_array_equal(given.start, STOP[EVENT] - 1)
    np.testing.assert_array_equal(given.x, X[EVENT])
    np.testing.assert_array_equal(given.stratum, STRATA[EVENT])
    assert given.event.all()
