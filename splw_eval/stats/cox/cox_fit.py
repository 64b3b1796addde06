"""Proportional hazards fitted by Newton's method, with a sandwich summed by practice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.cluster_robust import coded
from splw_eval.stats.cox.efron import Likelihood, Ties, log_likelihood, partial_likelihood
from splw_eval.stats.cox.risk_sums import RiskRows, place_rows

Array = NDArray[np.float64]

_STEPS, _HALVINGS = 50, 30
# Newton's decrement is the squared distance to the maximum in standard errors.
_CLOSE = 1e-12
# Where there is no maximum each step still moves a linear predictor by about 1 when the
# decrement has died away; at a maximum the two vanish together.
_STILL_MOVING = 0.1
# Log hazards of two rows this far apart are those of no data that have a maximum.
_FAR = 100.0
# Standardised columns: an eigenvalue this small against the largest carries no information.
_NO_INFORMATION = 1e-10
_CONSTANT = 1e-12
_NO_MAXIMUM = (
    "The likelihood rises without end along column(s) {columns}: where the event happened, "
    "the column alone foretells to whom, so no hazard ratio is finite. Leave the column "
    "out or join its rare values with others."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CoxFit:
    """Log hazard ratios with model-based and practice-robust covariance.

    Attributes
    ----------
    beta : ndarray, shape (p,)
        Log hazard ratios, per unit of each column.
    information : ndarray, shape (p, p)
        Minus the second derivatives of the log likelihood at beta.
    covariance : ndarray, shape (p, p)
        Inverse of the information.
    robust_covariance : ndarray, shape (p, p), or None
        Lin-Wei sandwich, score residuals summed by practice, with no correction for few
        practices; None where no practice was given.
    log_likelihood, null_log_likelihood : float
        At beta and at 0.
    score_residuals : ndarray, shape (n, p)
        Weighted; 0 for rows that are at risk at no event time. They sum to 0.
    n, events, clusters : int
        Rows given, events of positive weight, practices (0 where none was given).
    iterations : int
        Newton steps taken until convergence.
    ties : {"efron", "breslow"}
    """

    beta: Array
    information: Array
    covariance: Array
    robust_covariance: Array | None
    log_likelihood: float
    null_log_likelihood: float
    score_residuals: Array
    n: int
    events: int
    clusters: int
    iterations: int
    ties: Ties


def fit_cox_model(
    start: ArrayLike | None,
    stop: ArrayLike,
    event: ArrayLike,
    x: ArrayLike,
    *,
    cluster: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    ties: Ties = "efron",
    strata: ArrayLike | None = None,
) -> CoxFit:
    """Fit the proportional hazards model to rows (start, stop].

    Parameters
    ----------
    start : array_like, shape (n,), or None
        Time after which a row is at risk; None: at risk from before all time.
    stop : array_like, shape (n,)
        Last time at risk, in the same unit.
    event : array_like, shape (n,)
        True or 1 where the event happened at the stop.
    x : array_like, shape (n, p)
        Columns, without a column of ones.
    cluster : array_like, shape (n,), optional
        Practice of each row.
    weights : array_like, shape (n,), optional
        Weights, 0 or above.
    ties : {"efron", "breslow"}
    strata : array_like, shape (n,), optional
        Each stratum has its own baseline hazard.

    Returns
    -------
    CoxFit

    Raises
    ------
    FitError
        Shapes disagree, a value is not finite, there is no event, a column is constant or
        depends on others, or the likelihood has no finite maximum.

    Sources
    -------
    Cox 1972, J R Stat Soc B 34:187; Efron 1977, J Am Stat Assoc 72:557; Lin & Wei 1989, J Am
    Stat Assoc 84:1074 (sandwich); Bryson & Johnson 1981, Technometrics 23:381 (no maximum).
    Agrees with R's survival (``coxph``) to rounding: tests/reference.
    """
    if ties not in ("efron", "breslow"):
        raise FitError(f'ties must be "efron" or "breslow", got {ties!r}.')
    columns, began, ended, happened, weight = _arrays(start, stop, event, x, weights)
    stratum = _coded(strata, len(ended), "strata")
    practice = None if cluster is None else _coded(cluster, len(ended), "cluster")
    rows = place_rows(began, ended, happened, weight, stratum)
    scaled, size = _standardised(columns[rows.kept], rows.stratum)
    beta, at, null, steps = _maximum(rows, scaled, ties)
    residuals = np.zeros(columns.shape)
    residuals[rows.kept] = at.residuals * size
    covariance = np.linalg.inv(at.information) / np.outer(size, size)
    return CoxFit(
        beta=beta / size,
        information=at.information * np.outer(size, size),
        covariance=covariance,
        robust_covariance=None if practice is None else _sandwich(covariance, residuals, practice),
        log_likelihood=at.value,
        null_log_likelihood=null,
        score_residuals=residuals,
        n=len(ended),
        events=int(rows.deaths.sum()),
        clusters=0 if practice is None else int(practice.max()) + 1,
        iterations=steps,
        ties=ties,
    )


def _arrays(
    start: ArrayLike | None,
    stop: ArrayLike,
    event: ArrayLike,
    x: ArrayLike,
    weights: ArrayLike | None,
) -> tuple[Array, Array | None, Array, NDArray[np.bool_], Array]:
    """Columns, start, stop, event and weights as arrays, after they were found usable."""
    columns, ended = np.asarray(x, dtype=float), np.asarray(stop, dtype=float)
    began = None if start is None else np.asarray(start, dtype=float)
    flag = np.asarray(event, dtype=float)
    weight = np.ones(ended.shape) if weights is None else np.asarray(weights, dtype=float)
    given = [ended, flag, weight, *([] if began is None else [began])]
    rows = len(columns) if columns.ndim == 2 and columns.shape[1] else -1
    if any(values.shape != (rows,) for values in given):
        raise FitError("start, stop, event, weights (n) and x (n by p) must have the same rows.")
    if not all(np.isfinite(values).all() for values in [columns, *given]):
        raise FitError("Times, events, columns and weights must be finite, none missing.")
    if not np.isin(flag, (0.0, 1.0)).all():
        raise FitError("event must be 0 or 1 (False or True) in every row.")
    if (weight < 0).any():
        raise FitError(f"{int((weight < 0).sum())} weights are below 0.")
    return columns, began, ended, flag == 1.0, weight


def _coded(labels: ArrayLike | None, rows: int, name: str) -> NDArray[np.intp]:
    """Code of each row's label; one code where there are no labels."""
    if labels is None:
        return np.zeros(rows, dtype=np.intp)
    given: NDArray[Any] = np.asarray(labels)
    if given.shape != (rows,):
        raise FitError(f"{name} must have one label for each of the {rows} rows.")
    return coded(given)[0]


def _standardised(x: Array, stratum: NDArray[np.intp]) -> tuple[Array, Array]:
    """Columns about their means in each stratum, over their size; the fit is unchanged."""
    count = np.maximum(np.bincount(stratum), 1)
    means = np.column_stack([np.bincount(stratum, column) / count for column in x.T])
    centred = x - means[stratum]
    size = np.sqrt((centred**2).mean(axis=0))
    constant = np.flatnonzero(size <= _CONSTANT * np.abs(x).max(axis=0))
    if constant.size:
        raise FitError(
            f"Column(s) {_named(constant)} of x are constant among those at risk, "
            "so they have no hazard ratio; leave them out."
        )
    return centred / size, size


def _maximum(rows: RiskRows, x: Array, ties: Ties) -> tuple[Array, Likelihood, float, int]:
    """Coefficients at the maximum, the likelihood there and at 0, and the steps taken."""
    beta: Array = np.zeros(x.shape[1])
    at = partial_likelihood(rows, x, beta, ties)
    null = at.value
    values = np.linalg.eigvalsh(at.information)
    if values[0] <= _NO_INFORMATION * max(values[-1], 0.0):
        raise FitError(
            "The columns of x are linearly dependent, or one does not vary among those at "
            "risk at the event times; leave one out."
        )
    move: Array = beta
    for step in range(1, _STEPS + 1):
        try:
            move = np.asarray(np.linalg.solve(at.information, at.score), dtype=float)
        except np.linalg.LinAlgError:
            break
        near = bool(at.score @ move <= _CLOSE)
        if near and np.abs(x @ move).max() > _STILL_MOVING:
            break
        higher = _uphill(rows, x, beta, move, at.value, ties)
        if higher is None or np.ptp(x @ higher) > _FAR:
            break
        beta = higher
        at = partial_likelihood(rows, x, beta, ties)
        if near:
            return beta, at, null, step
    moved = np.abs(move) > 0.01 * np.abs(move).max()
    raise FitError(_NO_MAXIMUM.format(columns=_named(np.flatnonzero(moved))))


def _uphill(
    rows: RiskRows, x: Array, beta: Array, move: Array, value: float, ties: Ties
) -> Array | None:
    """Coefficients after the step, halved until the likelihood does not fall."""
    allowed = value - 1e-10 * (1.0 + abs(value))
    length = 1.0
    for _ in range(_HALVINGS):
        tried = beta + length * move
        near_enough = np.ptp(x @ tried) <= 2 * _FAR  # beyond, exp(eta) would be lost
        if near_enough and log_likelihood(rows, x, tried, ties) >= allowed:
            return tried
        length /= 2
    return None


def _sandwich(covariance: Array, residuals: Array, practice: NDArray[np.intp]) -> Array:
    """Covariance from the score residuals summed by practice."""
    clusters = int(practice.max()) + 1
    if clusters < 2:
        raise FitError(f"Clustered inference needs at least 2 clusters, got {clusters}.")
    sums = np.column_stack([np.bincount(practice, column, clusters) for column in residuals.T])
    influence = sums @ covariance
    robust: Array = influence.T @ influence
    return robust


def _named(columns: NDArray[np.intp]) -> str:
    """Columns by number, counted from 1."""
    return ", ".join(str(int(column) + 1) for column in columns)
