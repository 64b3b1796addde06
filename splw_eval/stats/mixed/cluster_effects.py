"""Effects of clusters: what each wave takes of them, and their covariance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splw_eval.core.errors import FitError
from splw_eval.stats.mixed.correlation_forms import autoregressive
from splw_eval.stats.mixed.moments import Floats
from splw_eval.stats.mixed.structures import (
    Covariance,
    elements,
    linear_in,
    pairs,
    second_derivatives,
)

CLUSTER_EFFECTS = ("none", "intercept", "wave", "unstructured", "decay")
_SHARE = 0.05  # of the variance at which the search for the clusters' begins
_BEGIN_DECAY = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterEffects:
    """Effects of a cluster and their covariance as a function of its parameters.

    Attributes
    ----------
    name : str
    parameters : tuple of str
    effects : ndarray, shape (T, q)
        C.
    covariance : callable
        Parameters (B, R) to G (B, q, q) and its derivatives (B or 1, R, q, q).
    begin : ndarray, shape (R,)
        Where the search begins, for outcomes of variance 1.
    lowest : ndarray, shape (R,)
        Lower bounds.
    size : int
        Size of the matrix that must be positive semidefinite as a whole; 0 where bounds do.
    linear : bool
        Whether the covariance is linear in its parameters.
    """

    name: str
    parameters: tuple[str, ...]
    effects: Floats
    covariance: Covariance
    begin: Floats
    lowest: Floats
    size: int = 0
    linear: bool = True

    def curvature(self, theta: Floats) -> Floats:
        """Second derivatives of G, shape (B, R, R, q, q), by complex steps."""
        return second_derivatives(self.covariance, theta)


def cluster_effects_of(name: str, waves: int) -> ClusterEffects:
    """Look up the effects of clusters for a number of waves.

    Parameters
    ----------
    name : str
        ``none``; ``intercept``: one effect for all waves; ``wave``: one for all waves and one
        for each, independent; ``unstructured``: any covariance between waves; ``decay``: one
        for each wave, correlated by autoregression.
    waves : int
        With one wave, whatever is not ``none`` is ``intercept``.

    Returns
    -------
    ClusterEffects

    Raises
    ------
    FitError
        There are no such effects.
    """
    if name not in CLUSTER_EFFECTS:
        known = ", ".join(CLUSTER_EFFECTS)
        raise FitError(f'There is no cluster effect "{name}". There are: {known}.')
    makers = {
        "none": _none,
        "intercept": _intercept,
        "wave": _wave,
        "unstructured": _unstructured,
        "decay": _decay,
    }
    return makers["intercept" if waves == 1 and name != "none" else name](waves)


def _none(waves: int) -> ClusterEffects:
    return ClusterEffects(
        name="none",
        parameters=(),
        effects=np.ones((waves, 1)),
        covariance=linear_in(np.zeros((0, 1, 1))),
        begin=np.zeros(0),
        lowest=np.zeros(0),
    )


def _intercept(waves: int) -> ClusterEffects:
    return ClusterEffects(
        name="intercept",
        parameters=("variance of cluster",),
        effects=np.ones((waves, 1)),
        covariance=linear_in(np.ones((1, 1, 1))),
        begin=np.array([_SHARE]),
        lowest=np.zeros(1),
    )


def _wave(waves: int) -> ClusterEffects:
    return ClusterEffects(
        name="wave",
        parameters=("variance of cluster", "variance of cluster by wave"),
        effects=np.eye(waves),
        covariance=linear_in(np.stack([np.ones((waves, waves)), np.eye(waves)])),
        begin=np.array([0.8 * _SHARE, 0.4 * _SHARE]),
        lowest=np.zeros(2),
    )


def _unstructured(waves: int) -> ClusterEffects:
    names = [
        f"cluster variance[{r + 1}]" if r == c else f"cluster covariance[{c + 1},{r + 1}]"
        for r, c in pairs(waves)
    ]
    return ClusterEffects(
        name="unstructured",
        parameters=tuple(names),
        effects=np.eye(waves),
        covariance=linear_in(elements(waves)),
        begin=np.array([_SHARE if r == c else 0.5 * _SHARE for r, c in pairs(waves)]),
        lowest=np.full(len(names), -np.inf),
        size=waves,
    )


def _decay(waves: int) -> ClusterEffects:
    def covariance(theta: Floats) -> tuple[Floats, Floats]:
        r, slopes = autoregressive(theta[:, 1:], waves)
        v = theta[:, :1, None]
        return r * v, np.concatenate([r[:, None], slopes * v[:, None]], axis=1)

    return ClusterEffects(
        name="decay",
        parameters=("variance of cluster", "autocorrelation of cluster"),
        effects=np.eye(waves),
        covariance=covariance,
        begin=np.array([_SHARE, _BEGIN_DECAY]),
        lowest=np.array([0.0, -1.0]),
        linear=False,
    )
