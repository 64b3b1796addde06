"""Outcomes drawn from a mixed model on the rows of a design."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from splw_eval.stats.mixed.moments import Floats, Places
from splw_eval.stats.mixed.people import People


def draw_outcomes(
    people: Sequence[People],
    *,
    sigma: Floats,
    g: Floats,
    effects: Floats,
    cluster: Places,
    wave: Places,
    cluster_group: Places,
    draws: int,
    rng: np.random.Generator,
) -> Floats:
    """Draw what rows differ by from their means: effects of clusters, and of people.

    Parameters
    ----------
    people : sequence of People
        Every row in one of them.
    sigma : ndarray, shape (groups, T, T)
        Covariance of one person's outcomes.
    g : ndarray, shape (cluster groups, q, q)
        Covariance of a cluster's effects; may be singular.
    effects : ndarray, shape (T, q)
    cluster, wave : ndarray of int, shape (rows,)
    cluster_group : ndarray of int, shape (clusters,)
    draws : int
    rng : Generator

    Returns
    -------
    ndarray, shape (rows, draws)
        Normal with mean zero.
    """
    roots = np.stack([_root(matrix) for matrix in g])
    normal = rng.standard_normal((len(cluster_group), g.shape[-1], draws))
    of_cluster = effects @ (roots[cluster_group] @ normal)  # (clusters, T, draws)
    found: Floats = of_cluster[cluster, wave]
    for some in people:
        lower = np.linalg.cholesky(sigma[some.group][np.ix_(some.waves, some.waves)])
        found[some.rows] += lower @ rng.standard_normal((*some.rows.shape, draws))
    return found


def _root(matrix: Floats) -> Floats:
    """Any root of a positive semidefinite matrix."""
    values, vectors = np.linalg.eigh(matrix)
    root: Floats = vectors * np.sqrt(np.maximum(values, 0.0))
    return root
