"""Cluster-periods: from a design's options to the variance of its estimate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.power.cells.outcomes import is_linked, outcome_of_cells
from splw_eval.power.cells.rows import Rows, clusters_of_sequences, rows_of
from splw_eval.power.design import Values
from splw_eval.power.precision import Array, Precision
from splw_eval.stats.power.cell_covariances import (
    correlation_over_time,
    covariance_of_effects,
    covariance_of_means,
)
from splw_eval.stats.power.cell_gls import (
    exposure_columns,
    precision_of_cells,
    variance_of_effect,
)

CLUSTER_OPTIONS = ("clusters", "clusters_arm", "cluster_loss", "covariates")
SIZE_OPTIONS = ("size", "sizes", "cv")
CORRELATION_OPTIONS = (
    *("icc", "sd_cluster", "cac", "iac", "decay", "iac_decay", "decay_unit", "sampling"),
    *("r2", "r2_cluster"),
)
EFFECT_OF_CLUSTER_OPTIONS = ("sd_treatment", "treatment_correlation", "exposure_weights")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parts:
    """Variances of a cluster-period: between clusters, and of people within.

    Attributes
    ----------
    between, within : ndarray, shape (..., rows or 1, periods or 1, periods or 1)
        Covariances of cells, before the correlations over time.
    level : ndarray, shape (...)
        Variance between clusters, without the programme.
    """

    between: Array
    within: Array
    level: Array


def precision_of_matrix(v: Values, matrix: NDArray[np.float64]) -> Precision:
    """Precision of a design told by the programme's presence in each sequence and period.

    Parameters
    ----------
    v : Values
    matrix : ndarray, shape (sequences, periods)
        0, 1, or NaN where nothing is measured.

    Returns
    -------
    Precision
    """
    rows = rows_of(v, len(matrix))
    treatment = matrix[rows.sequence]
    seen = np.isfinite(treatment) & (rows.sizes > 0)
    sizes = rows.sizes if v.dropout is None else rows.sizes * (1 - v.dropout)
    outcome = outcome_of_cells(v, treatment)
    columns, weights = _columns(v, matrix)

    def variance(spread: Array) -> Array:
        covariance = covariance_of_cells(v, treatment, sizes, spread, outcome.comparison)
        inverse = precision_of_cells(covariance, seen)
        return variance_of_effect(inverse, columns[rows.sequence], rows.clusters, weights)

    total = clusters_of_sequences(v, len(matrix)).sum(axis=-1)
    periods = int(np.isfinite(matrix).any(axis=0).sum())
    return Precision(
        effect=outcome.effect,
        variance=variance(outcome.variance),
        null_variance=None if outcome.null is None else variance(outcome.null),
        df=degrees_of_freedom(v, total, periods + columns.shape[-1]),
        parts=_people(v, rows, seen),
    )


def _people(v: Values, rows: Rows, seen: NDArray[np.bool_]) -> dict[str, Array]:
    """People recruited, and those who are left: of a cohort, at the last period."""
    told = {"patients": patients_of(v, rows, seen)}
    if v.dropout is not None:
        last = v.dropout[-1:] if is_cohort(v) else v.dropout
        left = Rows(sequence=rows.sequence, clusters=rows.clusters, sizes=rows.sizes * (1 - last))
        told["patients_analysed"] = patients_of(v, left, seen)
    return told


def degrees_of_freedom(v: Values, total: Array, rank: int | None = None) -> dict[str, Array]:
    """Rules of degrees of freedom: clusters less 2, and less all fixed effects."""
    covariates = np.asarray(0.0 if v.covariates is None else v.covariates)
    found = {"k-2": np.asarray(total - 2 - covariates)}
    if rank is not None:
        found["between-within"] = np.asarray(total - rank - covariates)
    return found


def _columns(v: Values, matrix: NDArray[np.float64]) -> tuple[Array, Array]:
    if v.exposure_weights is None:
        return np.nan_to_num(matrix)[..., None], np.ones(1)
    return exposure_columns(matrix), np.asarray(v.exposure_weights, dtype=np.float64)


def covariance_of_cells(
    v: Values, treatment: NDArray[np.float64], sizes: Array, spread: Array, comparison: Array
) -> Array:
    """Covariance of the means of a cluster's periods.

    Parameters
    ----------
    v : Values
    treatment : ndarray, shape (rows, periods)
    sizes : ndarray, shape (..., rows, periods or 1)
    spread : ndarray, shape (..., rows or 1, periods or 1)
        Variance of one person's outcome in each cell.
    comparison : ndarray, shape (...)
        The same without the programme.

    Returns
    -------
    ndarray, shape (..., rows, periods, periods)
    """
    periods = treatment.shape[-1]
    parts = variance_parts(v, spread, comparison)
    clusters, people = correlations(v, times_of(v, periods))
    if sizes.shape[-1] == 1 and not (sizes != sizes[..., :1, :]).any():
        sizes = sizes[..., :1, :]  # one covariance does for all
    full = np.broadcast_to(sizes, (*sizes.shape[:-1], periods))
    found = parts.between * clusters[..., None, :, :]
    found = found + parts.within * covariance_of_means(full, people[..., None, :, :])
    if v.sd_treatment is not None:
        found = found + covariance_of_effects(
            treatment, v.sd_treatment, _covariance_with_level(v, parts.level)
        )
    return np.asarray(found)


def variance_parts(v: Values, spread: Array, comparison: Array) -> Parts:
    """Share the variance out between clusters and people, by the convention that was asked."""
    repeated = np.asarray(0.0 if v.iac is None else v.iac)
    residual = is_residual(v)
    own = np.asarray(1.0) if not residual else 1 / (1 - repeated)
    known = _variance_between(v)
    if known is not None:
        less = np.asarray(0.0) if residual else known
        within = spread * own[..., None, None] - less[..., None, None]
        between, level = known[..., None, None, None], known
    else:
        rho = np.asarray(v.icc)
        whole = own / (1 - rho) if residual else own
        within = spread * (whole * (1 - rho))[..., None, None]
        between = _outer(spread * whole[..., None, None]) * rho[..., None, None, None]
        level = np.asarray(comparison * whole * rho)
    left, left_cluster = (1.0 if one is None else 1 - one for one in (v.r2, v.r2_cluster))
    return Parts(
        between=between * np.asarray(left_cluster)[..., None, None, None],
        within=_outer(within) * np.asarray(left)[..., None, None, None],
        level=level * left_cluster,
    )


def is_residual(v: Values) -> bool:
    """Whether one person's variance is beside that between clusters, and does not hold it.

    The variance of a proportion or rate is beside a spread of clusters that was told as such.
    """
    if v.sd_is is not None or is_linked(v):
        return is_linked(v) or v.sd_is == "residual"
    return v.sd_cluster is not None and (v.p0 is not None or v.rate0 is not None)


def _outer(spread: Array) -> Array:
    with np.errstate(invalid="ignore"):
        sd = np.sqrt(spread)
    return np.asarray(sd[..., :, None] * sd[..., None, :])


def _variance_between(v: Values) -> Array | None:
    """Variance between clusters where it was told as such, or follows on the link's scale."""
    if v.sd_cluster is not None:
        return np.asarray(v.sd_cluster**2)
    if not is_linked(v):
        return None
    if v.icc_scale == "k":
        return np.asarray(v.icc**2)
    if v.icc_scale == "logit":
        return np.asarray(np.pi**2 / 3 * v.icc / (1 - v.icc))
    odds = v.p0 / (1 - v.p0)
    return np.asarray(v.icc * (1 + odds) ** 2 / odds if v.link == "logit" else v.icc / odds)


def correlations(v: Values, times: NDArray[Any]) -> tuple[Array, Array]:
    """Of a cluster's effects, and of one person's deviations, over time."""
    unit = np.asarray(1.0 if v.decay_unit is None else v.decay_unit)
    cluster = np.asarray(1.0 if v.cac is None else v.cac)
    person = np.asarray(0.0 if v.iac is None else v.iac)
    return (
        correlation_over_time(times, cluster, decay=bool(v.decay), unit=unit),
        correlation_over_time(times, person, decay=bool(v.iac_decay), unit=unit),
    )


def times_of(v: Values, periods: int) -> Array:
    """Times of the periods: as given, or 0, 1, 2, ..."""
    return np.arange(periods, dtype=np.float64) if v.visits is None else np.asarray(v.visits)


def _covariance_with_level(v: Values, level: Array) -> Array:
    if v.treatment_correlation is None:
        return np.asarray(0.0)
    lasting = level * (1.0 if v.cac is None else v.cac)
    return np.asarray(v.treatment_correlation * v.sd_treatment * np.sqrt(lasting))


def is_cohort(v: Values) -> bool:
    """Whether the same people are measured in each period."""
    return v.sampling == "cohort" or (v.sampling is None and v.iac is not None)


def patients_of(v: Values, rows: Rows, seen: NDArray[np.bool_]) -> Array:
    """People recruited in all: once each where they are the same in each period."""
    sizes = np.where(seen, rows.sizes, 0.0)
    each = sizes.max(axis=-1) if is_cohort(v) else sizes.sum(axis=-1)
    return np.asarray((rows.clusters * each).sum(axis=-1))
