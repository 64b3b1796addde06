"""Newton's method from near and from far."""

from __future__ import annotations

import numpy as np
import pytest

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
