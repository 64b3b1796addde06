"""Terms of the likelihood and their sums against a loop over tied events."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.stats.cox.risk_sums import place_rows
from splw_eval.stats.cox.tied_terms import tied_terms

STOP = np.array([1.0, 1, 1, 2, 3, 3, 4])
EVENT = np.array([1, 1, 1, 0, 1, 1, 0], dtype=bool)
WEIGHTS = np.array([1.0, 2, 3, 1, 1, 2, 1])
RISK = np.array([0.5, 1.5, 0.2, 0.8, 2.0, 0.1, 0.4])
ROWS = place_rows(None, STOP, EVENT, WEIGHTS, np.zeros(7, dtype=np.intp))
KEPT = RISK[ROWS.kept]


@pytest.mark.parametrize(("shares", "belows"), [(0, 1), (1, 2), (3, 3)])
def test_sums_of_powers_are_those_of_a_loop_over_the_tied_events(shares, belows):
    terms = tied_terms(ROWS, *ROWS.sums(KEPT), "efron")
    expected = []
    for time in (1.0, 3.0):
        died, here = EVENT & (time == STOP), time <= STOP
        share = np.arange(died.sum()) / died.sum()
        below = RISK[here].sum() - share * RISK[died].sum()
        expected.append((WEIGHTS[died].mean() * share**shares / below**belows).sum())
    np.testing.assert_allclose(terms.total(shares, belows), expected, rtol=1e-13)


def test_breslow_has_one_term_a_moment_with_all_the_weight():
    terms = tied_terms(ROWS, *ROWS.sums(KEPT), "breslow")
    assert terms.weight.tolist() == [6.0, 3.0]
    np.testing.assert_allclose(terms.below, [RISK.sum(), 2.5], rtol=1e-13)
    np.testing.assert_allclose(terms.total(0, 2), [6 / RISK.sum() ** 2, 3 / 2.5**2], rtol=1e-13)
    assert terms.total(1, 1).tolist() == [0.0, 0.0]
