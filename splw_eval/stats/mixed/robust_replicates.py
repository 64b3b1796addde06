"""CR2 of replicates of a design whose people of one cluster and pattern share their x."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splw_eval.core.errors import FitError
from splw_eval.stats.mixed.criterion import transposed
from splw_eval.stats.mixed.model_fit import ModelFit
from splw_eval.stats.mixed.moments import Floats, Moments

_LEVERAGE_ONE = 1e-10  # relative eigenvalue at which a cluster alone fixes a coefficient
_ALIKE = 1e-9  # of the sum of squares of x: what people of one cluster and pattern may differ by


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicatedRobust:
    """Bell and McCaffrey's covariance (CR2) of B replicates.

    Attributes
    ----------
    vcov : ndarray, shape (B, p, p)
        In the columns of x as they were given.
    cross, squares : ndarray, shape (B, clusters, p, p)
        As in `RobustFit`, in those columns.
    phi : ndarray, shape (B, p, p)
    """

    vcov: Floats
    cross: Floats
    squares: Floats
    phi: Floats

    def satterthwaite_df(self, row: Floats) -> Floats:
        """Degrees of freedom of one contrast (p,) under the working model, shape (B,)."""
        bent = self.phi @ row
        within = np.einsum("bp,bkpq,bq->bk", bent, self.squares, bent)
        moved = np.einsum("bkpq,bq->bkp", self.cross, bent)
        omega = -moved @ self.phi @ transposed(moved)
        diagonal = np.einsum("bkk->bk", omega) + within
        total = (omega**2).sum(axis=(1, 2)) - (np.einsum("bkk->bk", omega) ** 2).sum(axis=1)
        found: Floats = diagonal.sum(axis=1) ** 2 / (total + (diagonal**2).sum(axis=1))
        return found


def fit_robust_replicates(fitted: ModelFit) -> ReplicatedRobust:
    """Sum up the clusters' adjusted contributions from sums alone.

    Parameters
    ----------
    fitted : ModelFit
        Of B replicates with one group of people and of clusters.

    Returns
    -------
    ReplicatedRobust

    Raises
    ------
    FitError
        People of one cluster and pattern differ in x, or there are several groups.

    Notes
    -----
    Where people of one cluster and pattern share x, what they differ in among themselves has
    no part in X: only their means do, and the adjustment is made on a matrix as large as the
    patterns' waves together, whatever the number of people.
    """
    moments, fit = fitted.moments, fitted.fit
    if max(moments.group, default=0) or max(moments.cluster_group, default=0):
        raise FitError("Groups with covariances of their own have no CR2 of replicates.")
    sigma, g = fitted.model.matrices(fit.theta)
    x, r = _means(moments, fit.at.beta)
    v = _covariances(moments, sigma[:, 0], _effects(fitted, g[:, 0]))
    a, vx = _adjustments(v, x, fit.at.phi)
    weighted = transposed(a) @ vx
    score = (transposed(weighted) @ r[..., None])[..., 0]
    turn = fitted.to_x  # b in x is turn times b in the moments' columns
    back = np.linalg.inv(turn)
    meat = transposed(score) @ score
    return ReplicatedRobust(
        vcov=turn @ fit.at.phi @ meat @ fit.at.phi @ turn.T,
        cross=back.T @ (transposed(x) @ weighted) @ back,
        squares=back.T @ (transposed(weighted) @ v @ weighted) @ back,
        phi=fitted.phi,
    )


def _effects(fitted: ModelFit, g: Floats) -> Floats:
    c = fitted.model.clusters.effects
    found: Floats = c @ g @ c.T
    return found


def _means(moments: Moments, beta: Floats) -> tuple[Floats, Floats]:
    """X and residuals of each cluster's pattern means times the root of their people."""
    p = beta.shape[1]
    root = np.sqrt(np.maximum(moments.counts, 1.0))[:, :, None, None]
    sums = (moments.sums / root)[:, :, moments.seen]
    x = sums[:1, :, :, :p]
    shared = np.einsum("kap,kap->p", x[0], x[0])
    alone = np.einsum("jaapp->p", moments.products[0, ..., :p, :p])
    if (np.abs(alone - shared) > _ALIKE * alone).any():
        raise FitError("People of one cluster and pattern differ in x.")
    return x, sums[..., p] - (x @ beta[:, None, :, None])[..., 0]


def _covariances(moments: Moments, sigma: Floats, effects: Floats) -> Floats:
    """V of each cluster's scaled means; the unit matrix where nobody is seen."""
    pattern, wave = np.nonzero(moments.seen)
    there = moments.counts[:, pattern] > 0
    root = np.sqrt(moments.counts[:, pattern])
    shared = effects[:, wave[:, None], wave][:, None] * (root[:, :, None] * root[:, None])
    own = np.where(pattern[:, None] == pattern, sigma[:, wave[:, None], wave], 0.0)
    both = there[:, :, None] & there[:, None]
    return np.where(both, own[:, None] + shared, np.eye(len(wave)) * ~there[:, :, None])


def _adjustments(v: Floats, x: Floats, phi: Floats) -> tuple[Floats, Floats]:
    """A_k and V_k^-1 X_k."""
    lower = np.linalg.cholesky(v)
    vx = np.linalg.solve(v, np.broadcast_to(x, (*v.shape[:2], *x.shape[2:])))
    middle = transposed(lower) @ (v - x @ phi[:, None] @ transposed(x)) @ lower
    values, vectors = np.linalg.eigh((middle + transposed(middle)) / 2)
    kept = values > _LEVERAGE_ONE * values[..., -1:]
    power = np.where(kept, np.where(kept, values, 1.0) ** -0.5, 0.0)
    bent = lower @ vectors
    return (bent * power[..., None, :]) @ transposed(bent), vx
