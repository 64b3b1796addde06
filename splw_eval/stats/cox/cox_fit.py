"""Proportional hazards fitted by Newton's method, with a sandwich summed by practice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.cox.efron import Ties
from splw_eval.stats.cox.given_rows import arranged, laid_out
from splw_eval.stats.cox.newton import maximise
from splw_eval.stats.cox.ranks import codes_of

Array = NDArray[np.float64]


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
    given = arranged(start, stop, event, x, weights, strata)
    practice = None if cluster is None else codes_of(cluster, len(given.stop), "cluster")
    rows, scaled, size = laid_out(given)
    most = maximise(rows, scaled, ties)
    residuals = np.zeros(given.x.shape, order="F")
    as_given = np.array_equal(rows.kept, np.arange(len(given.stop)))
    kept = slice(None) if as_given else rows.kept
    for j, column in enumerate(most.at.residual_columns()):
        residuals[kept, j] = column * size[j]
    information = most.at.information
    covariance = np.linalg.inv(information) / np.outer(size, size)
    return CoxFit(
        beta=most.beta / size,
        information=information * np.outer(size, size),
        covariance=covariance,
        robust_covariance=None if practice is None else _sandwich(covariance, residuals, practice),
        log_likelihood=most.at.value,
        null_log_likelihood=most.began,
        score_residuals=residuals,
        n=len(given.stop),
        events=int(rows.deaths.sum()),
        clusters=0 if practice is None else int(practice.max()) + 1,
        iterations=most.steps,
        ties=ties,
    )


def _sandwich(covariance: Array, residuals: Array, practice: NDArray[np.intp]) -> Array:
    """Covariance from the score residuals summed by practice."""
    clusters = int(practice.max()) + 1
    if clusters < 2:
        raise FitError(f"Clustered inference needs at least 2 clusters, got {clusters}.")
    sums = np.column_stack([np.bincount(practice, column, clusters) for column in residuals.T])
    influence = sums @ covariance
    robust: Array = influence.T @ influence
    return robust
