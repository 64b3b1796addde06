"""What a fitted model says of each row's covariance: people, clusters, and their effects."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splw_eval.models.engine_clusters import engine_clusters
from splw_eval.models.fit_record import FitRecord
from splw_eval.models.variables import Codes, Floats

_OWN_ERROR = "variance of residual"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowCovariances:
    """Covariances at the estimates, and where each row belongs.

    Attributes
    ----------
    sigma : ndarray, shape (groups, T, T)
        Covariance of one person's outcomes within a cluster.
    error : ndarray, shape (groups,)
        Part of its diagonal that is a new draw each time; 0 where the structure names none.
    g : ndarray, shape (groups of clusters, q, q)
        Covariance of a cluster's effects, by group of clusters; zero where they have none.
    have_effects : ndarray of bool, shape (groups of clusters,)
    effects : ndarray, shape (T, q)
    group, cluster : ndarray of int, shape (rows,)
        Group of people, and cluster as the engine counts them.
    cluster_group : ndarray of int, shape (clusters,)
        Place in `g`.
    """

    sigma: Floats
    error: Floats
    g: Floats
    have_effects: np.ndarray
    effects: Floats
    group: Codes
    cluster: Codes
    cluster_group: Codes

    @property
    def shared(self) -> Floats:
        """C G C' of each pair of waves, shape (groups of clusters, T, T)."""
        found: Floats = self.effects @ self.g @ self.effects.T
        return found

    @property
    def of_person(self) -> Floats:
        """Sigma without what is drawn anew each time, shape (groups, T, T)."""
        return self.sigma - self.error[:, None, None] * np.eye(self.sigma.shape[-1])


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterPredictions:
    """Best predictions of the clusters' effects.

    Attributes
    ----------
    b : ndarray, shape (clusters, q)
        M_k Z'R^-1 (y - X beta).
    on_x : ndarray, shape (clusters, q, p)
        H_k: how they fall as coefficients rise.
    spread : ndarray, shape (clusters, q, q)
        M_k: their variance about the truth, were the coefficients known.
    """

    b: Floats
    on_x: Floats
    spread: Floats


def row_covariances(fitted: FitRecord) -> RowCovariances:
    """Look up the covariances of a fitted model.

    Parameters
    ----------
    fitted : FitRecord

    Returns
    -------
    RowCovariances
    """
    model, theta, design = fitted.fit.model, fitted.fit.fit.theta, fitted.design
    sigma, g = model.matrices(theta)
    clusters = engine_clusters(design, fitted.spec)
    each = len(model.structure.parameters)
    names_error = model.structure.parameters[0] == _OWN_ERROR
    error = theta[0, : model.of_people : each] if names_error else np.zeros(model.groups)
    by_arm = fitted.spec.by_arm and design.arm is not None
    return RowCovariances(
        sigma=sigma[0],
        error=error,
        g=g[0],
        have_effects=np.array(clusters.have_effects),
        effects=model.clusters.effects,
        group=design.arm.codes if by_arm and design.arm else np.zeros(len(design.y), np.int64),
        cluster=clusters.codes,
        cluster_group=clusters.group,
    )


def cluster_predictions(fitted: FitRecord) -> ClusterPredictions:
    """Predict the effects of clusters from sums alone.

    Parameters
    ----------
    fitted : FitRecord

    Returns
    -------
    ClusterPredictions

    Sources
    -------
    Henderson 1975, Biometrics 31:423; as lme4::ranef, of a practice and of a practice at each
    wave together.
    """
    at = fitted.fit.fit.at
    h = at.h[0] @ np.linalg.inv(fitted.fit.moments.basis)
    on_x = h[..., :-1]
    return ClusterPredictions(b=h[..., -1] - on_x @ fitted.fit.beta[0], on_x=on_x, spread=at.m[0])


def marginal_residuals(fitted: FitRecord) -> Floats:
    """Outcomes less their means (y - X beta), shape (rows,)."""
    found: Floats = fitted.design.y - fitted.design.x @ fitted.fit.beta[0]
    return found
