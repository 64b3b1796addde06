"""Cluster-robust covariance of a mixed model's fixed effects: CR0, CR2 and CR3."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splw_eval.core.errors import FitError
from splw_eval.stats.mixed.moments import Floats, Places
from splw_eval.stats.mixed.robust_clusters import Working, clusters_of

TYPES = ("CR0", "CR2", "CR3")
_LEVERAGE_ONE = 1e-10  # relative eigenvalue at which a cluster alone fixes a coefficient


@dataclass(frozen=True, slots=True, kw_only=True)
class RobustFit:
    """Robust covariance of the fixed effects, with the model's V as working covariance.

    Attributes
    ----------
    vcov : ndarray, shape (p, p)
    cross : ndarray, shape (clusters, p, p)
        X_k' A_k' V_k^-1 X_k, from which degrees of freedom are made.
    squares : ndarray, shape (clusters, p, p)
        X_k' V_k^-1 A_k V_k A_k' V_k^-1 X_k.
    phi : ndarray, shape (p, p)
        (X' V^-1 X)^-1.
    clusters : int
    """

    vcov: Floats
    cross: Floats
    squares: Floats
    phi: Floats
    clusters: int

    def satterthwaite_df(self, row: Floats) -> float:
        """Degrees of freedom of one contrast under the working model.

        Parameters
        ----------
        row : ndarray, shape (p,)

        Returns
        -------
        float
            Twice the squared mean of the variance estimate over its variance (Bell &
            McCaffrey 2002, as clubSandwich::coef_test); not a number where that is zero.
        """
        bent = self.phi @ row
        within = bent @ self.squares @ bent
        moved = self.cross @ bent
        shared = ((moved @ self.phi) * moved).sum(axis=1)
        # Omega = diag(within) - M Phi M', whose sum of squares needs no square of clusters.
        between = moved.T @ moved @ self.phi
        total = (within**2 - 2 * within * shared).sum() + np.trace(between @ between)
        return float((within - shared).sum() ** 2 / total) if total > 0 else float("nan")


def fit_robust(  # noqa: PLR0913 - rows, what they belong to, and the covariance they have
    x: Floats,
    residual: Floats,
    *,
    person: Places,
    wave: Places,
    cluster: Places,
    covariance: Floats,
    effects: Floats,
    phi: Floats,
    kind: str = "CR2",
    group: Places | None = None,
    shares: Places | None = None,
) -> RobustFit:
    """Sum up the clusters' adjusted contributions.

    Parameters
    ----------
    x : ndarray, shape (rows, p)
    residual : ndarray, shape (rows,)
        y - X beta.
    person, wave, cluster : ndarray of int, shape (rows,)
    covariance : ndarray, shape (T, T) or (groups, T, T)
        Sigma, the same for everybody or for each group.
    effects : ndarray, shape (T, T) or (effect groups, T, T)
        C G C' of each pair of waves.
    phi : ndarray, shape (p, p)
    kind : str
        ``CR0`` (no adjustment), ``CR2`` (Bell-McCaffrey), ``CR3`` (near the jackknife).
    group : ndarray of int, shape (rows,), optional
        Group of each row's person, where the groups have covariances of their own.
    shares : ndarray of int, shape (rows,), optional
        Which effects of the cluster a row's person takes, -1 for none; by default the first.

    Returns
    -------
    RobustFit

    Raises
    ------
    FitError
        There is no such kind, or a cluster is too large to be adjusted.

    Sources
    -------
    Pustejovsky & Tipton 2018, J Bus Econ Stat 36:672; equals clubSandwich::vcovCR of an lmer
    fit with the same covariance, with inverse variances as weights.
    """
    if kind not in TYPES:
        raise FitError(f'There is no robust covariance "{kind}". There are: {", ".join(TYPES)}.')
    p = x.shape[1]
    working = Working(
        covariance=covariance if covariance.ndim == 3 else covariance[None],
        effects=effects if effects.ndim == 3 else effects[None],
        group=np.zeros(len(x), np.int64) if group is None else group,
        shares=np.zeros(len(x), np.int64) if shares is None else shares,
    )
    meat = np.zeros((p, p))
    cross, squares = [], []
    for v, xk, rk in clusters_of(x, residual, working, person=person, wave=wave, cluster=cluster):
        vx = np.linalg.solve(v, xk)
        a = _adjustment(v, xk, vx, phi, kind)
        weighted = a.T @ vx  # A' V^-1 X
        score = weighted.T @ rk
        meat += np.outer(score, score)
        cross.append(xk.T @ weighted)
        squares.append(weighted.T @ v @ weighted)
    return RobustFit(
        vcov=phi @ meat @ phi,
        cross=np.array(cross),
        squares=np.array(squares),
        phi=phi,
        clusters=len(cross),
    )


def _adjustment(v: Floats, x: Floats, vx: Floats, phi: Floats, kind: str) -> Floats:
    """A_k of each kind."""
    if kind == "CR0":
        return np.eye(len(v))
    left = np.eye(len(v)) - x @ phi @ vx.T  # (I - H)_kk
    if kind == "CR3":
        return np.linalg.pinv(left, rcond=_LEVERAGE_ONE)
    root = np.linalg.cholesky(v).T  # upper: V = root' root
    middle = root @ left @ v @ root.T
    values, vectors = np.linalg.eigh((middle + middle.T) / 2)
    kept = values > _LEVERAGE_ONE * values[-1]
    power = np.where(kept, np.where(kept, values, 1.0) ** -0.5, 0.0)
    adjusted: Floats = root.T @ ((vectors * power) @ vectors.T) @ root
    return adjusted
