"""Two-stage least squares, for independent people and for few practices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.causal.least_squares import basis_of
from splw_eval.stats.few_clusters.cluster_fit import ClusterFit, fit_clusters
from splw_eval.stats.few_clusters.jackknife import Jackknife, leave_practices_out

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TwoStageFit:
    """Coefficients of a regression whose columns are foretold by instruments.

    Attributes
    ----------
    coef, std_error : ndarray, shape (p,)
        Standard errors as if people were independent and equally variable.
    vcov : ndarray, shape (p, p)
    df : int
        n - p.
    residual : ndarray, shape (n,)
        Of the columns themselves, not of what was foretold of them.
    projected : ndarray, shape (n, p)
        What the instruments foretell of each column.
    n : int
    """

    coef: Array
    std_error: Array
    vcov: Array
    df: int
    residual: Array
    projected: Array
    n: int

    def by_practice(self, cluster: ArrayLike, *, vcov: str = "CR2") -> ClusterFit:
        """The same coefficients with inference from practices.

        Parameters
        ----------
        cluster : array_like, shape (n,)
        vcov : {"CR2", "CR0", "CR1", "CR1S", "CR3"}

        Returns
        -------
        ClusterFit
            With Satterthwaite's degrees of freedom, the projected columns taken as given, as
            clubSandwich does for ``AER::ivreg``.
        """
        outcome = self.projected @ self.coef + self.residual
        return fit_clusters(outcome, self.projected, cluster, vcov=vcov)


def fit_two_stages(y: ArrayLike, X: ArrayLike, Z: ArrayLike) -> TwoStageFit:
    """Fit y on X, whose columns are first foretold by Z.

    Parameters
    ----------
    y : array_like, shape (n,)
    X : array_like, shape (n, p)
        With what was received, an intercept and covariates.
    Z : array_like, shape (n, q)
        Instruments: columns of X that explain themselves, and the allocation; q at least p.

    Returns
    -------
    TwoStageFit

    Raises
    ------
    FitError
        Shapes differ, a value is not finite, columns depend on each other, or the instruments
        foretell nothing of a column of X.

    Notes
    -----
    Sources: Wooldridge 2010, Econometric analysis of cross section and panel data, 5.1. Agrees
    with R's AER::ivreg: tests/reference.
    """
    outcome, columns = np.asarray(y, dtype=np.float64), np.asarray(X, dtype=np.float64)
    basis_of(columns)
    Q = basis_of(Z)[0]
    n, p = columns.shape
    if len(Q) != n or outcome.shape != (n,) or not np.isfinite(outcome).all():
        raise FitError("y, X and Z must have the same rows, every value finite.")
    if Q.shape[1] < p or n <= p:
        raise FitError(f"{Q.shape[1]} instruments and {n} rows are too few for {p} columns of X.")
    projected = Q @ (Q.T @ columns)
    if (np.linalg.norm(projected, axis=0) <= 1e-10 * np.linalg.norm(columns, axis=0)).any():
        raise FitError("The instruments foretell nothing of a column of X.")
    try:
        P, R = basis_of(projected)
    except FitError as error:
        raise FitError("The instruments foretell nothing of a column of X by itself.") from error
    back = np.linalg.inv(R)
    coef = back @ (P.T @ outcome)
    residual = outcome - columns @ coef
    vcov = back @ back.T * float(residual @ residual) / (n - p)
    return TwoStageFit(
        coef=coef,
        std_error=np.sqrt(np.diag(vcov)),
        vcov=vcov,
        df=n - p,
        residual=residual,
        projected=projected,
        n=n,
    )


def jackknife_two_stages(y: ArrayLike, X: ArrayLike, Z: ArrayLike, cluster: ArrayLike) -> Jackknife:
    """Estimate both stages anew without each practice.

    Parameters
    ----------
    y : array_like, shape (n,)
    X : array_like, shape (n, p)
    Z : array_like, shape (n, q)
    cluster : array_like, shape (n,)

    Returns
    -------
    Jackknife
        Of the p coefficients.

    Raises
    ------
    FitError
        Nothing can be estimated without one of the practices.
    """
    outcome = np.asarray(y, dtype=np.float64)
    columns, given = np.asarray(X, dtype=np.float64), np.asarray(Z, dtype=np.float64)

    def without(keep: Flags) -> Array:
        return fit_two_stages(outcome[keep], columns[keep], given[keep]).coef

    return leave_practices_out(without, cluster, fit_two_stages(outcome, columns, given).coef)
