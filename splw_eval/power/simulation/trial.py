"""A trial that can be drawn: who is in it and seen when, how scores vary, what is fitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from splw_eval.stats.cell_models.cells import Codes, Floats
from splw_eval.stats.mixed.covariance_model import CovarianceModel


@dataclass(frozen=True, kw_only=True, eq=False)
class Trial:
    """What is drawn, and the model that is fitted to it.

    Attributes
    ----------
    arms : tuple of str
        Arms or sequences.
    clusters : ndarray of int, shape (sequences,)
        Of each; people in no cluster count as one without an effect.
    treatment : ndarray, shape (sequences, T)
        1 with the programme, 0 without, NaN where nothing is measured.
    sizes : ndarray, shape (K, T)
        People recruited, the mean where they are drawn.
    cv : float
        Of sizes, drawn anew for each trial; 0: as in `sizes`.
    cohort : bool
        The same people at every visit.
    scattered : bool
        People miss single visits, each independently, in the place of leaving for good.
    lost : ndarray, shape (sequences, T)
        Share lost by each visit.
    sigma : ndarray, shape (groups, T, T)
        Covariance of one person's scores within a cluster.
    group, cluster_group : ndarray of int, shape (sequences,)
        Which of `sigma` and of `g`.
    g : ndarray, shape (cluster groups, T, T)
        Covariance of what clusters add.
    proportions : ndarray or None, shape (sequences,)
        Of a yes-or-no outcome, measured once.
    mean : ndarray, shape (sequences, T)
        True means, the comparison's being zero.
    x : ndarray, shape (sequences, T, p)
        Columns of the analysis.
    row : ndarray, shape (p,)
        The contrast.
    effect : float
        What the contrast truly is.
    weights : ndarray, shape (T,) or None
        The contrast of a cluster's visits, for analyses of cluster summaries; None where
        sequences differ in more than the arm.
    before : int
        Visits at the start that stand for a baseline.
    start : str
        How they enter the analysis: ``none``, ``change`` or ``clda``.
    model : CovarianceModel
    df : mapping of str to float
        Rules of the design.
    notes : tuple of str
    """

    arms: tuple[str, ...]
    clusters: Codes
    treatment: Floats
    sizes: Floats
    cv: float
    cohort: bool
    lost: Floats
    sigma: Floats
    group: Codes
    cluster_group: Codes
    g: Floats
    mean: Floats
    x: Floats
    row: Floats
    effect: float
    weights: Floats | None
    before: int
    start: str
    model: CovarianceModel
    df: Mapping[str, float]
    proportions: Floats | None = None
    scattered: bool = False
    notes: tuple[str, ...] = ()

    @cached_property
    def sequence(self) -> Codes:
        """Sequence of each cluster, shape (K,)."""
        return np.repeat(np.arange(len(self.clusters)), self.clusters)

    @property
    def visits(self) -> int:
        """How many there are, T."""
        return int(self.treatment.shape[1])

    @property
    def measured(self) -> NDArray[np.bool_]:
        """Whether a sequence is measured at a visit, shape (sequences, T)."""
        return np.isfinite(self.treatment)

    @property
    def clustered(self) -> NDArray[np.bool_]:
        """Whether clusters of a sequence add anything of their own, shape (sequences,)."""
        return np.array(self.model.cluster_groups)[self.fitted_cluster_group]

    @property
    def fitted_cluster_group(self) -> Codes:
        """Group of clusters of each sequence in the model, which may have one for all."""
        return np.minimum(self.cluster_group, len(self.model.cluster_groups) - 1)

    @property
    def fitted_group(self) -> Codes:
        """Group of people of each sequence in the model."""
        return np.minimum(self.group, self.model.groups - 1)

    @cached_property
    def begin(self) -> Floats:
        """The truth as parameters of the model, where the search begins."""
        groups, clusters = self.model.groups, self.model.cluster_groups
        people = [self.model.structure.begin(self.sigma[one]) for one in range(groups)]
        effects = [
            _begin_of_clusters(self.model.clusters.name, self.g[one], self.sigma[0])
            for one, has in enumerate(clusters)
            if has
        ]
        return np.concatenate([*people, *effects])

    def without_effect(self) -> Trial:
        """The same trial where the programme does nothing."""
        return replace(self, mean=np.zeros_like(self.mean), effect=0.0)


_LEAST = 1e-3  # of people's variance: a variance from which a search can move


def _begin_of_clusters(name: str, g: Floats, sigma: Floats) -> Floats:
    least = _LEAST * float(np.diag(sigma).mean())
    own = float(np.diag(g).mean())
    if name == "intercept" or len(g) == 1:
        return np.array([max(float(g.mean()), least)])
    if name == "decay":
        near = float(np.diagonal(g, 1).mean()) / max(own, least)
        return np.array([max(own, least), min(max(near, 0.05), 0.95)])
    shared = float(g[~np.eye(len(g), dtype=bool)].mean())
    return np.array([max(shared, least), max(own - shared, least)])
