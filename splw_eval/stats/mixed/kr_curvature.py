"""What a covariance that is not linear in its parameters adds to Kenward and Roger's terms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splw_eval.stats.mixed.covariance_model import CovarianceModel
from splw_eval.stats.mixed.criterion import Criterion
from splw_eval.stats.mixed.derivatives import differentiate_once
from splw_eval.stats.mixed.moments import Floats, Moments

_Direction = tuple[int, slice, Floats, Floats]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curvature:
    """Terms in the second derivatives V_rs of the covariance, of B replicates.

    Attributes
    ----------
    r : ndarray, shape (B, R, R, p, p)
        R_rs = X' V^-1 V_rs V^-1 X.
    score : ndarray, shape (B, R, R)
        What the (restricted) log likelihood gains along V_rs; the observed information of a
        covariance that is not linear is the linear one less this.
    """

    r: Floats
    score: Floats


def is_linear(model: CovarianceModel) -> bool:
    """Tell whether a model's covariance is linear in all its parameters.

    Parameters
    ----------
    model : CovarianceModel

    Returns
    -------
    bool
        If so, R_rs is zero.
    """
    return model.structure.linear and (model.clusters.linear or not any(model.cluster_groups))


def curvature_of(
    moments: Moments, model: CovarianceModel, theta: Floats, at: Criterion, *, reml: bool
) -> Curvature:
    """Work out the terms in the second derivatives, from sums over people alone.

    Parameters
    ----------
    moments : Moments
    model : CovarianceModel
    theta : ndarray, shape (B, R)
    at : Criterion
        Evaluated at theta with the same moments.
    reml : bool

    Returns
    -------
    Curvature

    Notes
    -----
    The terms depend on how a covariance is written. Here it is written as SAS writes it: by
    variances and correlations (of clusters: a variance and an autocorrelation). mmrm writes
    standard deviations by their logarithms and correlations by r / sqrt(1 - r^2).

    Sources
    -------
    Kenward & Roger 1997, Biometrics 53:983, equation 5 and the appendix; held against dense
    matrices in tests/unit/stats/mixed/test_kr_curvature.py.
    """
    count, p = theta.shape[1], at.phi.shape[-1]
    r = np.zeros((len(theta), count, count, p, p))
    score = np.zeros((len(theta), count, count))
    for row, columns, e, f in _directions(model, theta):
        gain, slope = differentiate_once(moments, model.clusters.effects, at, e, f, reml=reml)
        r[:, row, columns], r[:, columns, row] = -slope, -slope
        score[:, row, columns], score[:, columns, row] = gain, gain
    return Curvature(r=r, score=score)


def _directions(model: CovarianceModel, theta: Floats) -> list[_Direction]:
    """For each parameter: itself, those up to it, and V_rs as slopes of people and clusters."""
    waves, q = model.clusters.effects.shape
    no_e = np.zeros((1, 0, model.groups, waves, waves))
    no_f = np.zeros((1, 0, len(model.cluster_groups), q, q))
    found: list[_Direction] = []
    each = len(model.structure.parameters)
    for group in range(0 if model.structure.linear else model.groups):
        first = group * each
        bends = model.structure.curvature(theta[:, first : first + each])
        for row in range(each):
            slopes = _of_group(bends[:, row, : row + 1], group, model.groups)
            found.append((first + row, slice(first, first + row + 1), slopes, no_f))
    each = len(model.clusters.parameters)
    places = [] if model.clusters.linear else np.flatnonzero(model.cluster_groups).tolist()
    for number, place in enumerate(places):
        first = model.of_people + number * each
        bends = model.clusters.curvature(theta[:, first : first + each])
        for row in range(each):
            slopes = _of_group(bends[:, row, : row + 1], place, len(model.cluster_groups))
            found.append((first + row, slice(first, first + row + 1), no_e, slopes))
    return found


def _of_group(bends: Floats, group: int, groups: int) -> Floats:
    """Put matrices (B, n, T, T) in their group; zero in the others."""
    slopes = np.zeros((*bends.shape[:2], groups, *bends.shape[2:]))
    slopes[:, :, group] = bends
    return slopes
