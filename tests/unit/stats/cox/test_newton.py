"""Newton's method from near and from far."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.cox.efron import log_likelihood
from splw_eval.stats.cox.given_rows import arranged, laid_out
from splw_eval.stats.cox.newton import maximise

RNG = np.random.default_rng(4)
N = 200
X = RNG.normal(size=(N, 2))
STOP = np.ceil(RNG.exponential(30 * np.exp(-X[:, 0])))
ROWS, COLUMNS, _ = laid_out(arranged(None, STOP, RNG.random(N) < 0.8, X))


@pytest.mark.parametrize("begun", [[0.0, 0.0], [3.0, -3.0], [1.0, 0.1]])
def test_the_maximum_does_not_depend_on_where_the_search_begins(begun):
    most = maximise(ROWS, COLUMNS, "efron", np.array(begun))
    np.testing.assert_allclose(most.beta, maximise(ROWS, COLUMNS, "efron").beta, rtol=1e-9)
    np.testing.assert_allclose(most.at.score, 0.0, atol=1e-9)
    assert most.began == log_likelihood(ROWS, COLUMNS, np.array(begun))


def test_a_search_from_the_maximum_takes_one_step():
    most = maximise(ROWS, COLUMNS, "efron")
    assert maximise(ROWS, COLUMNS, "efron", most.beta).steps == 1 < most.steps


@pytest.mark.parametrize("far", [-150.0, -300.0, -1e4])
def test_a_row_so_far_out_that_it_adds_no_risk_changes_nothing(far):
    happened = RNG.random(N) < 0.8
    most = {}
    for more in (0, 1):
        x = np.append(X[:, 0], [far] * more)[:, None]
        stop, event = np.append(STOP, [STOP.max() + 1] * more), np.append(happened, [False] * more)
        rows, columns, size = laid_out(arranged(None, stop, event, x))
        most[more] = maximise(rows, columns, "efron").beta / size
    np.testing.assert_allclose(most[1], most[0], rtol=1e-8)
    assert most[0][0] * far < -100


def test_a_row_far_out_beside_a_column_that_foretells_everything_is_still_refused():
    foretells = np.where(np.arange(N) < 30, 1.0, 0.0)
    stop = np.where(foretells == 1, 1 + RNG.random(N), 10 + RNG.random(N))
    x = np.column_stack([foretells, np.append(X[1:, 0], 500.0)])
    rows, columns, _ = laid_out(arranged(None, stop, foretells == 1, x))
    with pytest.raises(FitError, match=r"rises without end along column\(s\) 1"):
        maximise(rows, columns, "efron")
