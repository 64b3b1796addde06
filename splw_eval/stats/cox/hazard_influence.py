"""Relative error of a foretold cumulative hazard from what each unit does to it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.cox.efron import Ties
from splw_eval.stats.cox.ranks import codes_of
from splw_eval.stats.cox.tied_events import TiedEvents, tied_events

Array = NDArray[np.float64]


def relative_hazard_error(
    start: ArrayLike | None,
    stop: ArrayLike,
    event: ArrayLike,
    x: ArrayLike,
    beta: ArrayLike,
    *,
    unit: ArrayLike,
    at: ArrayLike,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    ties: Ties = "efron",
) -> Array:
    """Standard error of the log cumulative hazard of given rows, units taken as independent.

    Parameters
    ----------
    start : array_like, shape (n,), or None
        As given to the fit.
    stop, event : array_like, shape (n,)
    x : array_like, shape (n, p)
    beta : array_like, shape (p,)
        Log hazard ratios of the fit.
    unit : array_like, shape (n,)
        Person, or practice, of each row.
    at : array_like, shape (k, p)
        Rows to foretell.
    weights, strata : array_like, shape (n,), optional
    ties : {"efron", "breslow"}

    Returns
    -------
    ndarray, shape (k, times)
        At the times of ``baseline_hazard``, in its order.

    Raises
    ------
    FitError
        The rows cannot be used.

    Notes
    -----
    The root of the sum over units of the squared derivative of the log cumulative hazard by
    the logarithm of the unit's weight, the infinitesimal jackknife. It counts the error of the
    coefficients, and does not change when all weights are multiplied by one number. R's
    ``survfit.coxph`` takes the robust covariance of the coefficients, but a part for the steps
    of the hazard that depends on the unit of the weights.

    Sources
    -------
    Lin & Wei 1989, J Am Stat Assoc 84:1074; Reid & Crepeau 1985, Biometrika 72:1 (influence).
    """
    terms = tied_events(start, stop, event, x, beta, weights=weights, strata=strata, ties=ties)
    own = codes_of(unit, len(terms.given.stop), "unit")[terms.rows.kept]
    units = int(own.max()) + 1
    places = np.asarray(at, dtype=float)
    if places.ndim != 2 or places.shape[1] != len(terms.beta):
        raise FitError(f"at must hold rows of {len(terms.beta)} columns, as x has.")
    away = places - terms.centre
    moves = np.linalg.solve(terms.information(), _scores(terms).T).T
    moved = np.column_stack([np.bincount(own, column, units) for column in moves.T])
    error = np.empty((len(away), len(terms.rows.time)))
    for moment in range(error.shape[1]):
        direct, drift = _up_to(terms, moment)
        parts = np.bincount(own, direct, units) + (away - drift) @ moved.T
        error[:, moment] = np.sqrt((parts**2).sum(axis=1))
    return error


def _up_to(terms: TiedEvents, moment: int) -> tuple[Array, Array]:
    """What each row does to the hazard, coefficients held, and its mean; over the hazard."""
    rows, stratum = terms.rows, terms.moment_stratum
    counted = (stratum == stratum[moment]) & (np.arange(len(stratum)) <= moment)
    among = counted[terms.moment]
    steps = np.where(among, terms.hazard, 0.0)
    total = steps.sum()
    direct: Array = -terms.risk * terms.net(steps / terms.denominator)
    gained = terms.by_moment(among / terms.denominator) / rows.deaths
    direct[rows.event] += rows.weights[rows.event] * gained[rows.last[rows.event] - 1]
    return direct / total, steps @ terms.mean / total


def _scores(terms: TiedEvents) -> Array:
    """Each row's part of the score, with its weight, shape (rows, p)."""
    rows = terms.rows
    hazard = terms.hazard[:, None]
    found: Array = -terms.risk[:, None] * (
        terms.x * terms.net(hazard) - terms.net(hazard * terms.mean)
    )
    middle = terms.by_moment(terms.mean) / rows.deaths[:, None]
    weights = rows.weights[rows.event][:, None]
    found[rows.event] += weights * (terms.x[rows.event] - middle[rows.last[rows.event] - 1])
    return found
