"""Two arms of clusters measured before and after: covariance, and the ways to use the start."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from splw_eval.core.findings import Finding
from splw_eval.power.cells.checks import check_cells, check_people
from splw_eval.power.cells.followed import check_dropout, followed, lost_by_visit
from splw_eval.power.cells.matrices import (
    CLUSTER_OPTIONS,
    CORRELATION_OPTIONS,
    SIZE_OPTIONS,
    covariance_of_cells,
    degrees_of_freedom,
    is_cohort,
)
from splw_eval.power.cells.outcomes import OUTCOME_OPTIONS, outcome_of_cells
from splw_eval.power.cells.plans import ARMS
from splw_eval.power.cells.rows import Rows, clusters_of_sequences, rows_of
from splw_eval.power.cells.rules import Rules, satterthwaite_of_followed
from splw_eval.power.design import Values
from splw_eval.power.outcomes import EFFECTS
from splw_eval.power.precision import Array, Precision
from splw_eval.stats.power.cell_gls import variance_of_effect

MATRIX = np.array([[0.0, 1.0], [0.0, 0.0]])  # the programme's arm first
TAKES = (
    *OUTCOME_OPTIONS,
    *CLUSTER_OPTIONS,
    *("allocation", "size_control"),
    *SIZE_OPTIONS,
    *(one for one in CORRELATION_OPTIONS if one not in ("decay", "iac_decay", "decay_unit")),
    *("dropout", "dropout_control"),
)
NEEDS = (
    EFFECTS,
    ("clusters", "clusters_arm"),
    ("size", "sizes"),
    ("icc", "sd_cluster"),
)
DEFAULTS = {"variance": "unpooled"}
_BY_CONTRAST = {"none": (0.0, 1.0), "change": (-1.0, 1.0)}


def precision_of_start(v: Values, start: str) -> Precision:
    """Precision with the start used in one of the ways, in people who were seen both times.

    Parameters
    ----------
    v : Values
    start : {"none", "change", "ancova"}

    Returns
    -------
    Precision
    """
    rows = _rows(v)
    treatment = MATRIX[rows.sequence]
    outcome = outcome_of_cells(v, treatment)
    covariance = covariance_of_cells(v, treatment, rows.sizes, outcome.variance, outcome.comparison)
    if start == "ancova":
        inverse = np.linalg.inv(covariance)
        variance = variance_of_effect(inverse, treatment[..., None], rows.clusters)
    else:
        variance = _by_contrast(covariance, rows, np.array(_BY_CONTRAST[start]))
    total = clusters_of_sequences(v, len(ARMS)).sum(axis=-1)
    return Precision(
        effect=outcome.effect,
        variance=variance,
        df=_rules(v, start, degrees_of_freedom(v, total)),
        parts={"patients": _recruited(v), "baseline_correlation": _correlation(covariance)},
    )


def _rules(v: Values, start: str, known: Mapping[str, Array]) -> Mapping[str, Array]:
    """With Satterthwaite's, of the people who were seen as often as they are analysed."""
    rows = rows_of(v, len(ARMS))
    if rows.sizes.shape[-1] > 1:
        return known
    plan = followed(v.changed(baseline=start), np.arange(2.0))
    if is_cohort(v):
        both = 1 - np.stack(lost_by_visit(v, np.arange(2.0)))[:, -1]
        rows = rows_of(v, len(ARMS), both)
        plan = replace(plan, dropout=(0 * plan.dropout[0], 0 * plan.dropout[1]))
    return Rules(known, satterthwaite=lambda: satterthwaite_of_followed(v, plan, rows))


def _rows(v: Values) -> Rows:
    """Clusters with the people that are analysed in each period."""
    lost = np.stack(lost_by_visit(v, np.arange(2.0)))
    if is_cohort(v):
        return rows_of(v, len(ARMS), 1 - lost[:, -1])
    rows = rows_of(v, len(ARMS))
    sizes = rows.sizes * (1 - lost)[rows.sequence] if lost.any() else rows.sizes
    return Rows(sequence=rows.sequence, clusters=rows.clusters, sizes=sizes)


def _recruited(v: Values) -> Array:
    rows = rows_of(v, len(ARMS))
    sizes = np.broadcast_to(rows.sizes, (*rows.sizes.shape[:-1], 2))
    each = sizes.max(axis=-1) if is_cohort(v) else sizes.sum(axis=-1)
    return np.asarray((rows.clusters * each).sum(axis=-1))


def _by_contrast(covariance: Array, rows: Rows, weights: Array) -> Array:
    """Each cluster's own contrast, weighted by its precision, and arms compared."""
    each = 1 / (covariance @ weights @ weights)
    return np.asarray(
        sum(
            1 / (rows.clusters * each * (rows.sequence == arm)).sum(axis=-1)
            for arm in range(len(ARMS))
        )
    )


def _correlation(covariance: Array) -> Array:
    """Between the means of a cluster before and after, of the first row of clusters."""
    one = covariance[..., 0, :, :]
    return np.asarray(one[..., 0, 1] / np.sqrt(one[..., 0, 0] * one[..., 1, 1]))


def check(v: Values) -> Iterator[Finding]:
    """What contradicts itself."""
    yield from list(check_people(v)) or check_cells(v, MATRIX)
    yield from check_dropout(v, 2)
