"""The two sides of a partly nested trial: groups, people of each, and their visits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splw_eval.power.arms import Arms
from splw_eval.power.design import Values
from splw_eval.power.precision import Array
from splw_eval.stats.power.nested_visits import (
    arm_information,
    person_covariance,
    variance_by_arm,
)
from splw_eval.stats.power.size_nodes import size_nodes
from splw_eval.stats.power.visits_gls import columns_of_contrast, precision_of_people


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Side:
    """One arm.

    Attributes
    ----------
    groups : ndarray
        Clusters; in an arm without any, its people.
    size : ndarray
        People of each at the end; 1 in an arm without clusters.
    recruited, analysed : ndarray
        People of the arm, at the start and at the end.
    kept : ndarray
        Groups times people of each, all of whom start in groups that stay.
    """

    groups: Array
    size: Array
    recruited: Array
    analysed: Array
    kept: Array


def sides_of(v: Values) -> tuple[Side, Side]:
    """Both arms, programme first."""
    size = np.asarray(np.ravel(v.sizes).mean() if v.size is None else v.size, dtype=np.float64)
    lost = _lost(v.dropout)
    lost_control = lost if v.dropout_control is None else _lost(v.dropout_control)
    stay = 1.0 if v.cluster_loss is None else 1 - v.cluster_loss
    first = _clustered(v.clusters, size, lost, stay)
    if v.clusters_control is not None:
        other = size if v.size_control is None else v.size_control
        return first, _clustered(v.clusters_control, other, lost_control, stay)
    controls = first.recruited / v.allocation if v.controls is None else v.controls
    left = np.asarray(controls * (1 - lost_control))
    one = np.asarray(1.0)
    second = Side(
        groups=left, size=one, recruited=np.asarray(controls), analysed=left, kept=controls
    )
    return first, second


def _lost(dropout: Array | None) -> Array:
    return np.asarray(0.0 if dropout is None else dropout[-1])


def _clustered(clusters: Array, size: Array, lost: Array, stay: Array | float) -> Side:
    groups, left = np.asarray(clusters * stay), np.asarray(size * (1 - lost))
    return Side(
        groups=groups,
        size=left,
        recruited=np.asarray(clusters * size),
        analysed=np.asarray(groups * left),
        kept=np.asarray(groups * size),
    )


def visits_parts(v: Values, arms: Arms, first: Side, second: Side) -> tuple[Array, Array]:
    """What each arm adds to the variance of the contrast of visits."""
    skipped = int(v.baseline == "none")
    after = np.ones(len(v.visits))
    after[0] = 0.0
    lost = _shares(v.dropout, v)
    lost_control = lost if v.dropout_control is None else _shares(v.dropout_control, v)
    information = [
        _information(v, side, arms, arm, shares[skipped:], after[skipped:])
        for arm, (side, shares) in enumerate(((first, lost), (second, lost_control)))
    ]
    columns, weights = columns_of_contrast(
        v.visits[skipped:], v.contrast or "last", baseline=not skipped
    )
    return variance_by_arm(information[0], information[1], columns, weights)


def _information(v: Values, side: Side, arms: Arms, arm: int, lost: Array, after: Array) -> Array:
    """Of one arm on its visits' means; before the start the arms are alike."""
    at_start = np.asarray(arms.variances[1])[..., None]
    total, rho = (np.asarray(one[arm])[..., None] for one in (arms.variances, arms.iccs))
    variances = np.where(after > 0, total * (1 - rho), at_start)
    people = precision_of_people(person_covariance(v.iac, variances), lost)
    own = _own(v, after) * (total * rho)[..., None]
    sizes, shares = _sizes(v, side, listed=arm == 0)
    return arm_information(people, own, clusters=side.groups, sizes=sizes, shares=shares)


def _shares(dropout: Array | None, v: Values) -> Array:
    """Cumulative share lost by each visit; one number is lost evenly over time."""
    if dropout is None:
        return np.zeros(len(v.visits))
    if len(dropout) == len(v.visits):
        return dropout
    when = np.asarray(v.visits)
    return np.asarray(dropout[-1] * (when - when[0]) / (when[-1] - when[0]))


def _own(v: Values, after: Array) -> Array:
    """Correlation of a cluster's own effects, at the visits after the start."""
    steady = np.asarray(1.0 if v.cac is None else v.cac)[..., None, None]
    plain = (1 - steady) * np.eye(len(after)) + steady
    return np.asarray(plain * after[:, None] * after)


def _sizes(v: Values, side: Side, *, listed: bool) -> tuple[Array, Array]:
    mean = np.asarray(side.kept / side.groups)[..., None]
    if v.sizes is not None and listed:
        sizes = np.asarray(np.ravel(v.sizes), dtype=np.float64)
        return mean * sizes / sizes.mean(), np.full(len(sizes), 1 / len(sizes))
    clustered = listed or v.clusters_control is not None
    nodes, shares = size_nodes(0.0 if v.cv is None or not clustered else v.cv)
    return mean * nodes, shares
