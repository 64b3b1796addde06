"""Ordinary least squares of independent people, with contrasts and tests of several of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.few_clusters.cluster_fit import Contrast, WaldTest

Array = NDArray[np.float64]

_DEPENDENT = 1e-10  # of the largest diagonal element of R, columns scaled to length 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IndependentFit:
    """Coefficients, as if people were independent and equally variable.

    Attributes
    ----------
    coef, std_error, df : ndarray, shape (p,)
        The degrees of freedom are n - p for each.
    vcov : ndarray, shape (p, p)
    residual : ndarray, shape (n,)
    n : int
    """

    coef: Array
    std_error: Array
    df: Array
    vcov: Array
    residual: Array
    n: int

    def contrast(self, contrast: ArrayLike) -> Contrast:
        """Estimate, standard error and degrees of freedom of one contrast.

        Parameters
        ----------
        contrast : array_like, shape (p,)

        Returns
        -------
        Contrast
        """
        c = np.asarray(contrast, dtype=float)
        error = float(np.sqrt(max(c @ self.vcov @ c, 0.0)))
        return Contrast(estimate=float(c @ self.coef), std_error=error, df=float(self.df[0]))

    def wald(self, contrasts: ArrayLike) -> WaldTest:
        """F test of several contrasts together.

        Parameters
        ----------
        contrasts : array_like, shape (q, p)

        Returns
        -------
        WaldTest

        Raises
        ------
        FitError
            The contrasts depend on each other.
        """
        C = np.asarray(contrasts, dtype=float)
        spread = C @ self.vcov @ C.T
        if np.linalg.matrix_rank(spread) < len(C):
            raise FitError(f"{len(C)} contrasts cannot be tested together: they depend on others.")
        estimate = C @ self.coef
        statistic = float(estimate @ np.linalg.solve(spread, estimate)) / len(C)
        return WaldTest(statistic=statistic, df=float(len(C)), df_denominator=float(self.df[0]))


def basis_of(X: ArrayLike, *, whose: str = "") -> tuple[Array, Array]:
    """An orthonormal basis of columns, or the news that they depend on each other.

    Parameters
    ----------
    X : array_like, shape (n, p)
    whose : str
        Added to the message, such as " of the reference group".

    Returns
    -------
    basis : ndarray, shape (n, p)
    into : ndarray, shape (p, p)
        ``X = basis @ into``.

    Raises
    ------
    FitError
        Rows are too few, a value is not finite, or the columns depend on each other.
    """
    columns = np.asarray(X, dtype=np.float64)
    if columns.ndim != 2 or not columns.size or not np.isfinite(columns).all():
        raise FitError("X must have rows and columns, and every value must be finite.")
    if len(columns) < columns.shape[1]:
        raise FitError(f"{len(columns)} rows{whose} are too few for {columns.shape[1]} columns.")
    size = np.linalg.norm(columns, axis=0)
    if (size == 0).any():
        raise FitError(f"A column is zero throughout in the rows{whose}.")
    Q, R = np.linalg.qr(columns / size)
    if np.linalg.svd(R, compute_uv=False)[-1] <= _DEPENDENT:
        raise FitError(f"Columns depend on each other in the rows{whose}; leave one out.")
    return Q, R * size


def fit_independent(y: ArrayLike, X: ArrayLike) -> IndependentFit:
    """Fit y on X by least squares.

    Parameters
    ----------
    y : array_like, shape (n,)
    X : array_like, shape (n, p)

    Returns
    -------
    IndependentFit

    Raises
    ------
    FitError
        The data cannot be fitted.
    """
    outcome = np.asarray(y, dtype=np.float64)
    Q, R = basis_of(X)
    n, p = Q.shape
    if outcome.shape != (n,) or not np.isfinite(outcome).all():
        raise FitError("y must have one finite number for each row of X.")
    if n <= p:
        raise FitError(f"{n} rows are too few for {p} columns of X.")
    back = np.linalg.inv(R)
    coef = back @ (Q.T @ outcome)
    residual = outcome - np.asarray(X, dtype=np.float64) @ coef
    vcov = back @ back.T * float(residual @ residual) / (n - p)
    return IndependentFit(
        coef=coef,
        std_error=np.sqrt(np.diag(vcov)),
        df=np.full(p, float(n - p)),
        vcov=vcov,
        residual=residual,
        n=n,
    )
