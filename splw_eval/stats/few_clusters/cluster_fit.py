"""Weighted least squares with inference for few clusters: CR0 to CR3, Satterthwaite df, Wald."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.few_clusters.cross_products import CrossProducts, gather_cross_products
from splw_eval.stats.few_clusters.expected import Expected

Array = NDArray[np.float64]

KINDS = ("CR0", "CR1", "CR1S", "CR2", "CR3")
# An eigenvalue this close to 0 means that the cluster alone fixes a coefficient.
_LEVERAGE_ONE = 1e-10
# A share of a coefficient below this is none.
_NO_SHARE = 1e-6
# An error below this share of the one that the outcome's own size would give is rounding.
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """One contrast of the coefficients.

    Attributes
    ----------
    estimate, std_error : float
        Outcome units.
        The error is NaN where nothing but rounding is left between clusters.
    df : float
        Satterthwaite; 0 where the contrast has no variance to estimate, or only rounding.
    """

    estimate: float
    std_error: float
    df: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WaldTest:
    """Several contrasts tested together against 0.

    Attributes
    ----------
    statistic : float
        F, after Hotelling's factor.
    df, df_denominator : float
    """

    statistic: float
    df: float
    df_denominator: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterFit:
    """Coefficients with a cluster-robust covariance.

    Attributes
    ----------
    coef, std_error, df : ndarray, shape (p,)
        Coefficients, their standard errors and Satterthwaite degrees of freedom; an error is
        NaN and its df 0 where nothing but rounding is left between clusters.
    vcov : ndarray, shape (p, p)
    kind : str
        CR0, CR1, CR1S, CR2 or CR3.
    n, clusters : int
        Rows and clusters that count (weight above 0).
    scores : ndarray, shape (clusters, p)
        Contribution of each cluster: vcov is scores' scores.
    weighted : bool
        Whether weights differ between rows.
    alone : ndarray of bool, shape (p,)
        Coefficients that one cluster alone fixes: its own deviation is in no error of theirs.

    Notes
    -----
    The working model of the df is one variance for all rows, whatever their weights, as in
    clubSandwich for ``lm(weights =)``. Weights are taken as known: that they were estimated is
    not in the errors.
    """

    coef: Array
    std_error: Array
    df: Array
    vcov: Array
    kind: str
    n: int
    clusters: int
    scores: Array
    weighted: bool
    alone: NDArray[np.bool_]
    _expected: Expected
    _size: float

    def contrast(self, contrast: ArrayLike) -> Contrast:
        """Estimate, standard error and Satterthwaite df of one contrast.

        Parameters
        ----------
        contrast : array_like, shape (p,)

        Returns
        -------
        Contrast

        Raises
        ------
        FitError
            The contrast has not one finite number for each coefficient.
        """
        c = np.asarray(contrast, dtype=float)
        if c.shape != self.coef.shape or not np.isfinite(c).all():
            raise FitError(f"A contrast needs {len(self.coef)} finite numbers.")
        error, df = float(np.linalg.norm(self.scores @ c)), self._expected.df(c)
        scale = self._size * float(np.linalg.norm(self._expected.to_basis.T @ c))
        if error <= _ROUNDING * scale:
            error, df = math.nan, 0.0
        return Contrast(estimate=float(c @ self.coef), std_error=error, df=df)

    def wald(self, contrasts: ArrayLike) -> WaldTest:
        """Test of several contrasts together (approximate Hotelling T-squared).

        Parameters
        ----------
        contrasts : array_like, shape (q, p)

        Returns
        -------
        WaldTest

        Raises
        ------
        FitError
            Shapes disagree, the contrasts depend on each other, nothing but rounding is left
            between clusters, or there are too few of them for so many.

        Notes
        -----
        Source: Pustejovsky & Tipton 2018, eq. 19 (``test = "HTZ"`` of clubSandwich).
        """
        C = np.asarray(contrasts, dtype=float)
        if C.ndim != 2 or C.shape[1] != len(self.coef) or not len(C) or not np.isfinite(C).all():
            raise FitError(f"Each of the contrasts needs {len(self.coef)} finite numbers.")
        q = len(C)
        if np.linalg.matrix_rank(C) < q or np.linalg.matrix_rank(self.scores @ C.T) < q:
            raise FitError(
                f"{q} contrasts cannot be tested together: they depend on each other, or "
                f"{self.clusters} clusters are too few for them."
            )
        # As errors of contrasts that the outcome's own size would give an error of that size.
        unit = np.linalg.qr(self._expected.to_basis.T @ C.T)[1]
        scores = np.linalg.solve(unit.T, C @ self.scores.T)
        if np.linalg.svd(scores, compute_uv=False)[-1] <= _ROUNDING * self._size:
            raise FitError("Nothing but rounding is left between clusters to test against.")
        estimate = C @ self.coef
        total = float(estimate @ np.linalg.solve(C @ self.vcov @ C.T, estimate))
        nu = self._expected.wishart_df(C)
        if nu <= q - 1:
            raise FitError(
                f"{self.clusters} clusters leave no degrees of freedom to test {q} contrasts."
            )
        return WaldTest(
            statistic=(nu - q + 1) / (nu * q) * total, df=float(q), df_denominator=nu - q + 1
        )


def fit_clusters(
    y: ArrayLike,
    X: ArrayLike,
    cluster: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    vcov: str = "CR2",
) -> ClusterFit:
    """Fit y on X by (weighted) least squares with cluster-robust inference.

    Parameters
    ----------
    y : array_like, shape (n,)
        Outcome.
    X : array_like, shape (n, p)
        Design matrix, with its column of ones if there is to be an intercept.
    cluster : array_like, shape (n,)
        Label of each row's cluster, such as its practice.
    weights : array_like, shape (n,), optional
        0 or above; only their ratios matter, and rows of weight 0 do not count.
    vcov : {"CR2", "CR0", "CR1", "CR1S", "CR3"}
        CR2 is nearly free of bias with few clusters of like size, and too narrow where one of
        them holds much of an arm; CR3 is close to the jackknife over clusters and errs on the
        wide side; CR0 and CR1 are too narrow with few clusters.

    Returns
    -------
    ClusterFit

    Raises
    ------
    FitError
        The data cannot be fitted (see the message), or with CR3 a cluster alone fixes a
        coefficient.

    Notes
    -----
    No matrix of a cluster's size is formed; memory grows with the square of the number of
    clusters. Sources: Bell & McCaffrey 2002, Survey Methodology 28:169; Pustejovsky & Tipton
    2018, J Bus Econ Stat 36:672. Agrees with R's clubSandwich 0.5.8: tests/reference.
    """
    if vcov not in KINDS:
        raise FitError(f"vcov must be one of {', '.join(KINDS)}.")
    w = None if weights is None else np.asarray(weights, dtype=float)
    sums = gather_cross_products(
        np.asarray(y, dtype=float), np.asarray(X, dtype=float), np.asarray(cluster), w
    )
    p = len(sums.coef)
    into = sums.into_weighted()
    into_t = into.transpose(0, 2, 1)
    weighted_total = np.sum(into @ sums.gram @ into_t, axis=0)
    E = _estimating(sums, into, weighted_total, vcov)
    scores = np.einsum("gik,gk->gi", E, sums.scores) @ sums.to_basis.T
    expected = Expected(
        to_basis=sums.to_basis,
        within=E @ sums.gram @ E.transpose(0, 2, 1),
        plain=E @ sums.gram[:, :, :p],
        weighted=E @ sums.gram @ into_t,
        total=weighted_total,
    )
    error = np.linalg.norm(scores, axis=0)
    told = error > _ROUNDING * sums.size * np.linalg.norm(sums.to_basis, axis=1)
    return ClusterFit(
        coef=sums.coef,
        std_error=np.where(told, error, np.nan),
        df=np.array([expected.df(c) for c in np.eye(p)]) * told,
        vcov=scores.T @ scores,
        kind=vcov,
        n=sums.n,
        clusters=len(scores),
        scores=scores,
        weighted=sums.gram.shape[1] > p,
        alone=_alone(sums, into),
        _expected=expected,
        _size=sums.size,
    )


def _alone(sums: CrossProducts, into: Array) -> NDArray[np.bool_]:
    """Coefficients in directions that rows of a single cluster span."""
    p = len(sums.coef)
    own = into @ sums.gram[:, :, :p]
    if np.trace(own, axis1=1, axis2=2).max() < 1 - _LEVERAGE_ONE:  # then no eigenvalue is 1
        return np.zeros(p, dtype=bool)
    values, vectors = np.linalg.eigh(own)
    whole = np.where(values[:, None, :] >= 1 - _LEVERAGE_ONE, vectors, 0.0)
    share = np.abs(sums.to_basis @ whole).max(axis=(0, 2))
    return np.asarray(share > _NO_SHARE * np.linalg.norm(sums.to_basis, axis=1))


def _estimating(sums: CrossProducts, into: Array, total: Array, kind: str) -> Array:
    """L of every cluster, shape (clusters, p, k): T'W A = L Z', A the adjustment."""
    J, p = into.shape[:2]
    if kind == "CR2":
        return _bias_reduced(sums, into, total)
    if kind == "CR3":
        left = np.eye(p) - into @ sums.gram[:, :, :p]
        if np.linalg.svd(left, compute_uv=False)[:, -1].min() <= _LEVERAGE_ONE:
            raise FitError("A cluster alone fixes a coefficient, so CR3 is not defined; take CR2.")
        return np.asarray(np.linalg.solve(left, into), dtype=np.float64)
    factor = {"CR0": 1.0, "CR1": J / (J - 1)}.get(kind, J * (sums.n - 1) / ((J - 1) * (sums.n - p)))
    return np.asarray(np.sqrt(factor) * into)


def _bias_reduced(sums: CrossProducts, into: Array, total: Array) -> Array:
    """L of CR2: A = G^(-1/2), and G = I + Z K Z' differs from I in the span of Z only."""
    p, k = into.shape[1:]
    K = np.zeros_like(sums.gram)
    K[:, :p, :p] = total - 2 * sums.mean_weight[:, None, None] * np.eye(p)
    if k > p:
        K[:, :p, p:] = K[:, p:, :p] = -np.eye(p)
    d, V = np.linalg.eigh(sums.gram)
    used = d > k * np.finfo(float).eps * d[:, -1:]
    root = np.sqrt(np.where(used, d, 0.0))
    back = np.where(used, 1 / np.where(used, root, 1.0), 0.0)
    half = V * root[:, None, :]
    values, U = np.linalg.eigh(np.eye(k) + half.transpose(0, 2, 1) @ K @ half)
    left = values > _LEVERAGE_ONE
    power = np.where(left, 1 / np.sqrt(np.where(left, values, 1.0)), 0.0) - 1.0
    inner = (U * power[:, None, :]) @ U.transpose(0, 2, 1)
    change = half @ inner @ (V * back[:, None, :]).transpose(0, 2, 1)
    return np.asarray(into + into @ change)
