"""Least squares of independent people: against statsmodels, contrasts, tests and refusals."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from splw_eval.core.errors import FitError
from splw_eval.stats.causal.least_squares import basis_of, fit_independent

RNG = np.random.default_rng(5)
X = np.column_stack([np.ones(60), RNG.normal(size=(60, 2)), RNG.normal(1e6, 1, 60)])
Y = X[:, 1] - 2 * X[:, 2] + RNG.normal(size=60)


def test_coefficients_errors_and_a_joint_test_agree_with_statsmodels():
    found, theirs = fit_independent(Y, X), sm.OLS(Y, X).fit()
    np.testing.assert_allclose(found.coef[1:3], theirs.params[1:3], rtol=1e-8)
    np.testing.assert_allclose(found.std_error[1:3], theirs.bse[1:3], rtol=1e-8)
    assert found.df.tolist() == [56.0] * 4
    both = np.eye(4)[1:3]
    test, given = found.wald(both), theirs.f_test(both)
    assert test.statistic == pytest.approx(float(given.fvalue), rel=1e-8)
    assert (test.df, test.df_denominator) == (2.0, 56.0)


def test_a_contrast_of_one_coefficient_is_that_coefficient():
    found = fit_independent(Y, X)
    one = found.contrast([0, 1, 0, 0])
    assert (one.estimate, one.std_error) == (found.coef[1], found.std_error[1])


def test_a_basis_spans_its_columns_and_gives_them_back():
    Q, R = basis_of(X)
    np.testing.assert_allclose(Q.T @ Q, np.eye(4), atol=1e-12)
    np.testing.assert_allclose(Q @ R, X, rtol=1e-9)


@pytest.mark.parametrize(
    ("y", "columns", "words"),
    [
        (Y, np.column_stack([X, X[:, 1] + X[:, 2]]), "depend on each other"),
        (Y, np.column_stack([X, np.zeros(60)]), "zero throughout"),
        (Y[:3], X[:3], "too few"),
        (Y[:4], X[:4], "too few"),
        (np.append(Y[1:], np.nan), X, "finite"),
        (Y, np.full_like(X, np.inf), "finite"),
    ],
)
def test_what_cannot_be_fitted_is_refused(y, columns, words):
    with pytest.raises(FitError, match=words):
        fit_independent(y, columns)


def test_contrasts_that_depend_on_each_other_are_refused():
    with pytest.raises(FitError, match="depend"):
        fit_independent(Y, X).wald([[0, 1, 0, 0], [0, 2, 0, 0]])
