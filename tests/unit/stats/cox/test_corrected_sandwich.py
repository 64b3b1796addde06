"""The corrected practice sandwich against slopes of the practices' scores."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.cox.corrected_sandwich import corrected_sandwich
from splw_eval.stats.cox.cox_fit import fit_cox_model
from splw_eval.stats.cox.efron import partial_likelihood
from splw_eval.stats.cox.given_rows import arranged, laid_out

RNG = np.random.default_rng(31)
N, G = 210, 7
PRACTICE = np.arange(N) % G
X = np.column_stack([PRACTICE < 3, RNG.normal(size=N)]).astype(float)
START = RNG.integers(0, 5, N)
STOP = START + 1 + RNG.integers(0, 25, N)
EVENT = RNG.random(N) < 0.6
MORE: dict[str, Any] = {"weights": RNG.uniform(0.5, 2, N), "strata": RNG.integers(0, 2, N)}
FORMS = ("plain", "md", "kc", "fg")


def scores(ties, rows, columns, beta):
    residuals = partial_likelihood(rows, columns, beta, ties).residuals
    practice = PRACTICE[rows.kept]
    return np.array([residuals[practice == g].sum(axis=0) for g in range(G)])


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_the_leverage_of_a_practice_is_minus_the_slope_of_its_score(ties):
    rows, columns, size = laid_out(arranged(START, STOP, EVENT, X, **MORE))
    fit = fit_cox_model(START, STOP, EVENT, X, ties=ties, **MORE)
    beta = fit.beta * size
    steps = 1e-5 * np.eye(2)
    rise = [
        scores(ties, rows, columns, beta + s) - scores(ties, rows, columns, beta - s) for s in steps
    ]
    leverage = -np.stack(rise, axis=2) / 2e-5  # (practices, p, p): score by coefficient
    information = fit.information / np.outer(size, size)
    np.testing.assert_allclose(leverage.sum(axis=0), information, rtol=1e-6, atol=1e-6)
    u = scores(ties, rows, columns, beta)
    md = np.array([np.linalg.solve(information - leverage[g], u[g]) for g in range(G)]) / size
    kc = md.T @ (u @ np.linalg.inv(information) / size)
    found = corrected_sandwich(START, STOP, EVENT, X, PRACTICE, ties=ties, **MORE)
    np.testing.assert_allclose(found.md, md.T @ md, rtol=1e-5)
    np.testing.assert_allclose(found.kc, (kc + kc.T) / 2, rtol=1e-5)
    plain = fit_cox_model(START, STOP, EVENT, X, cluster=PRACTICE, ties=ties, **MORE)
    assert plain.robust_covariance is not None
    np.testing.assert_allclose(found.plain, plain.robust_covariance, rtol=1e-9)


def test_the_forms_grow_from_plain_to_mancl_and_derouen():
    found = corrected_sandwich(None, STOP, EVENT, X, PRACTICE)
    plain, md, kc, fg = (np.diag(getattr(found, form)) for form in FORMS)
    assert (plain < kc).all() and (kc < md).all() and (plain < fg).all()
    assert (found.df, found.clusters, found.hazard) == (5.0, G, "estimated")
    assert "number of practices less 2" in found.df_rule


def test_the_origin_of_a_column_changes_only_the_published_form():
    other = np.column_stack([1 - X[:, 0], 10 * X[:, 1] + 300])
    for hazard in ("estimated", "fixed"):
        first = corrected_sandwich(None, STOP, EVENT, X, PRACTICE, hazard=hazard)
        again = corrected_sandwich(None, STOP, EVENT, other, PRACTICE, hazard=hazard)
        scale = np.outer([-1, 10], [-1, 10])
        np.testing.assert_allclose(scale * again.plain, first.plain, rtol=1e-8)
        assert np.allclose(scale * again.md, first.md, rtol=1e-8) == (hazard == "estimated")


def test_rows_split_in_two_change_nothing():
    late = STOP > 12
    rows = np.concatenate([np.arange(N), np.flatnonzero(late)])
    after = np.arange(len(rows)) >= N
    start, stop = np.where(after, 12, -1), np.where(after, STOP[rows], np.minimum(STOP, 12)[rows])
    event = EVENT[rows] & (stop == STOP[rows])
    whole = corrected_sandwich(None, STOP, EVENT, X, PRACTICE)
    parts = corrected_sandwich(start, stop, event, X[rows], PRACTICE[rows])
    for form in FORMS:
        np.testing.assert_allclose(getattr(parts, form), getattr(whole, form), rtol=1e-8)


def test_a_column_of_one_practice_alone_is_refused_by_its_place():
    alone = np.column_stack([PRACTICE == 4, X[:, 1]])
    with pytest.raises(FitError, match=r"Without practice\(s\) 5, "):
        corrected_sandwich(None, STOP, EVENT, alone, PRACTICE)


def test_two_practices_and_an_unknown_form_are_refused():
    with pytest.raises(FitError, match="at least 3 practices, got 2"):
        corrected_sandwich(None, STOP, EVENT, X, PRACTICE % 2)
    with pytest.raises(FitError, match="hazard must be"):
        corrected_sandwich(None, STOP, EVENT, X, PRACTICE, hazard="published")  # type: ignore[arg-type]
