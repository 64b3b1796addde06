"""Cluster-robust covariance of a mixed model's fixed effects: CR0, CR2 and CR3."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from splw_eval.core.errors import FitError
from splw_eval.stats.mixed.moments import Floats, Places

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
            McCaffrey 2002, as clubSandwich::coef_test).
        """
        bent = self.phi @ row
        within = bent @ self.squares @ bent
        moved = self.cross @ bent
        omega = np.diag(within) - moved @ self.phi @ moved.T
        return float(np.trace(omega) ** 2 / (omega**2).sum())


def fit_robust(
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
) -> RobustFit:
    """Sum up the clusters' adjusted contributions.

    Parameters
    ----------
    x : ndarray, shape (rows, p)
    residual : ndarray, shape (rows,)
        y - X beta.
    person, wave, cluster : ndarray of int, shape (rows,)
    covariance : ndarray, shape (T, T)
        Sigma, the same for everybody.
    effects : ndarray, shape (T, T)
        C G C' of each pair of waves.
    phi : ndarray, shape (p, p)
    kind : str
        ``CR0`` (no adjustment), ``CR2`` (Bell-McCaffrey), ``CR3`` (near the jackknife).

    Returns
    -------
    RobustFit

    Raises
    ------
    FitError
        There is no such kind.

    Sources
    -------
    Pustejovsky & Tipton 2018, J Bus Econ Stat 36:672; equals clubSandwich::vcovCR of an lmer
    fit with the same covariance, with inverse variances as weights.
    """
    if kind not in TYPES:
        raise FitError(f'There is no robust covariance "{kind}". There are: {", ".join(TYPES)}.')
    p = x.shape[1]
    order = np.lexsort((wave, person, cluster))
    meat = np.zeros((p, p))
    cross, squares = [], []
    for rows in _clusters(order, cluster):
        v = _covariance(person[rows], wave[rows], covariance, effects)
        xk = x[rows]
        vx = np.linalg.solve(v, xk)
        a = _adjustment(v, xk, vx, phi, kind)
        weighted = a.T @ vx  # A' V^-1 X
        score = weighted.T @ residual[rows]
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


def _clusters(order: Places, cluster: Places) -> Iterator[Places]:
    starts = np.flatnonzero(np.diff(cluster[order])) + 1
    yield from np.split(order, starts)


def _covariance(person: Places, wave: Places, covariance: Floats, effects: Floats) -> Floats:
    at = np.ix_(wave, wave)
    same = person[:, None] == person
    return np.where(same, covariance[at], 0.0) + effects[at]


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
