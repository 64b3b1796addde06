"""What the correlations, sizes and times of cluster-periods contradict."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Finding
from splw_eval.power.cells.matrices import (
    correlations,
    covariance_of_cells,
    is_cohort,
    is_residual,
    times_of,
    variance_parts,
)
from splw_eval.power.cells.outcomes import check_outcome, is_linked, outcome_of_cells
from splw_eval.power.cells.rows import check_rows
from splw_eval.power.checks import finding
from splw_eval.power.design import Values
from splw_eval.power.outcomes import EFFECTS
from splw_eval.stats.power.cell_covariances import is_positive_definite
from splw_eval.stats.power.cell_gls import exposure_columns, variance_of_effect

_ROUNDING = -1e-9  # singular correlations, as of 1 at all times, are allowed


def check_cells(v: Values, matrix: NDArray[np.float64]) -> Iterator[Finding]:
    """What a design of cluster-periods contradicts.

    Parameters
    ----------
    v : Values
    matrix : ndarray, shape (sequences, periods)

    Yields
    ------
    Finding
    """
    periods = matrix.shape[1]
    found = [
        *check_outcome(v, periods),
        *check_rows(v, *matrix.shape),
        *check_times(v, periods),
        *check_correlations(v),
        *_check_linked(v),
        *_check_random_effect(v),
        *_check_exposure(v, matrix),
    ]
    yield from found or _check_numbers(v, matrix)


def check_times(v: Values, periods: int) -> Iterator[Finding]:
    """What the times of visits or periods contradict."""
    if v.visits is None:
        return
    if len(v.visits) != periods:
        remedy = f"Give {periods}, one for each period."
        yield finding("SZ05", "visits", f"has {len(v.visits)} times", remedy)
    elif (np.diff(v.visits) <= 0).any():
        yield finding("SZ05", "visits", "does not rise", "Give the times in order, each once.")


def check_periods(v: Values, matrix: NDArray[np.float64]) -> Iterator[Finding]:
    """As `check_cells`, of designs whose people are lost by period and in all arms alike."""
    yield from check_cells(v, matrix)
    periods = matrix.shape[1]
    if v.dropout is None:
        return
    if len(v.dropout) not in (1, periods):
        remedy = f"Give {periods}, one for each period, or one for all of them."
        yield finding("SZ05", "dropout", f"has {len(v.dropout)} shares", remedy)
    elif is_cohort(v) and (np.diff(v.dropout) < 0).any():
        remedy = "Give the share lost by each period, all told."
        yield finding("SZ07", "dropout", "falls, so that retention rises", remedy)


def check_correlations(v: Values) -> Iterator[Finding]:
    """What correlations contradict before any matrix is made of them."""
    if v.icc is not None and v.sd_cluster is not None:
        yield finding("SZ05", "sd_cluster", "tells what --icc tells", "Leave one of them out.")
    if v.sampling == "cross-section" and v.iac is not None and (v.iac != 0).any():
        remedy = "Other people are measured each time: leave it out, or say --sampling cohort."
        yield finding("SZ05", "iac", "is of the same people over time", remedy)
    if v.sampling == "cohort" and v.iac is None:
        remedy = "Give the correlation of one person's scores over time, within clusters."
        yield finding("SZ02", "iac", "is missing", remedy)
    if v.iac_decay and v.iac is None:
        yield finding("SZ05", "iac_decay", "is of --iac", "Give the correlation, or leave it out.")
    if v.decay_unit is not None and not (v.decay or v.iac_decay):
        yield finding("SZ05", "decay_unit", "is of --decay", "Add --decay, or leave it out.")
    residual = is_residual(v)
    for name in ("icc", "iac"):
        number = getattr(v, name)
        if residual and number is not None and (number >= 1).any():
            yield finding("SZ06", name, "of 1 leaves no residual", "Give less than 1.")


def check_correlation_matrices(v: Values, times: NDArray[np.float64]) -> Iterator[Finding]:
    """Whether cac and iac are those of any clusters and people."""
    for name, matrix in zip(("cac", "iac"), correlations(v, times), strict=True):
        if not is_positive_definite(matrix, _ROUNDING):
            remedy = f"With {len(times)} periods it cannot be so low; 0 or more always can."
            yield finding("SZ09", name, "makes a matrix that is not positive definite", remedy)


def _check_linked(v: Values) -> Iterator[Finding]:
    if not is_linked(v):
        if v.icc_scale not in (None, "proportion"):
            yield finding("SZ05", "icc_scale", "is of --link", "Add --link, or leave it out.")
        return
    if v.icc is None:
        return
    if v.icc_scale is None:
        remedy = "Say on which scale it is: --icc-scale proportion, logit or k; or --sd-cluster."
        yield finding("SZ02", "icc_scale", "is missing", remedy)
    elif v.icc_scale == "logit" and v.link == "log":
        remedy = "Give --sd-cluster, or the coefficient of variation with --icc-scale k."
        yield finding("SZ05", "icc_scale", "logit is of no log link", remedy)
    elif v.icc_scale == "k" and v.link == "logit":
        yield finding("SZ05", "icc_scale", "k is of rates", "Give proportion or logit.")
    elif v.icc_scale == "proportion" and v.p0 is None:
        yield finding("SZ05", "icc_scale", "proportion is of no rate", "Give k, or --sd-cluster.")


def _check_random_effect(v: Values) -> Iterator[Finding]:
    if v.treatment_correlation is None:
        return
    if v.sd_treatment is None:
        remedy = "Give the SD of the effect between clusters, or leave this out."
        yield finding("SZ05", "treatment_correlation", "needs --sd-treatment", remedy)
    if v.decay:
        remedy = "With correlations that fade no level lasts: leave one of them out."
        yield finding("SZ05", "treatment_correlation", "goes with no --decay", remedy)
    elif any(one is not None and (one < 0).any() for one in (v.icc, v.cac)):
        remedy = "Give an ICC and a cac of 0 or more."
        yield finding("SZ05", "treatment_correlation", "needs a level that varies", remedy)


def _check_exposure(v: Values, matrix: NDArray[np.float64]) -> Iterator[Finding]:
    if v.exposure_weights is None:
        return
    most = exposure_columns(matrix).shape[-1]
    if len(v.exposure_weights) != most:
        remedy = f"Give {most}: one for each number of periods of the programme."
        problem = f"has {len(v.exposure_weights)} weights"
        yield finding("SZ05", "exposure_weights", problem, remedy)


def _check_numbers(v: Values, matrix: NDArray[np.float64]) -> Iterator[Finding]:
    """What only shows once the matrices are there."""
    found = list(check_correlation_matrices(v, times_of(v, matrix.shape[1])))
    yield from found
    if found:
        return
    columns = np.nan_to_num(matrix)[..., None]
    weights = np.ones(1)
    if v.exposure_weights is not None:
        columns, weights = exposure_columns(matrix), np.asarray(v.exposure_weights)
    alone = np.isfinite(matrix)[..., None] * np.eye(matrix.shape[1])
    if not np.isfinite(variance_of_effect(alone, columns, np.ones(len(matrix)), weights)):
        remedy = "In some period there must be clusters with the programme and clusters without."
        yield finding("SZ05", "matrix", "cannot tell the effect from time", remedy)
    yield from check_covariance(v, matrix)


def check_covariance(v: Values, matrix: NDArray[np.float64]) -> Iterator[Finding]:
    """Whether the covariance of the cells is that of any clusters and people."""
    if not any(name in v for name in EFFECTS):
        if v.p0 is not None or v.rate0 is not None:
            return
        v = v.changed(diff=1.0)
    outcome = outcome_of_cells(v, matrix)
    sizes = np.asarray(2.0 if v.size is None else np.max(v.size)).reshape(1, 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        people = variance_parts(v, outcome.variance, outcome.comparison).within
        covariance = covariance_of_cells(v, matrix, sizes, outcome.variance, outcome.comparison)
    if not (people > 0).all() or not is_positive_definite(covariance):
        yield _not_positive(v)


def check_people(v: Values) -> Iterator[Finding]:
    """Whether people who are followed have anything of their own at each time."""
    if v.iac is not None and (v.iac >= 1).any():
        yield finding("SZ09", "iac", "of 1 leaves people nothing of their own", "Give less.")


def _not_positive(v: Values) -> Finding:
    if v.sd_cluster is not None and not is_residual(v):
        remedy = "The total SD holds it: give a larger --sd, or say --sd-is residual."
        return finding("SZ06", "sd_cluster", "is more than the whole spread", remedy)
    if v.icc is not None and (v.icc >= 1).any():
        return finding("SZ06", "icc", "of 1 leaves people nothing of their own", "Give less.")
    if v.icc is not None and (v.icc < 0).any():
        remedy = "With clusters of this size give one nearer to 0."
        return finding("SZ06", "icc", "is below what clusters can have", remedy)
    remedy = "Give other correlations, or a smaller --sd-treatment."
    return finding("SZ09", "", "the covariance is not positive definite", remedy)
