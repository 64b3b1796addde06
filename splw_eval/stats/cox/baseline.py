"""Share still engaged that a proportional hazards fit foretells, with its error."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.cox.efron import Ties
from splw_eval.stats.cox.tied_events import TiedEvents, tied_events
from splw_eval.stats.tails import t_critical

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Baseline:
    """Cumulative hazard and survival of given rows, at each event time of each stratum.

    Attributes
    ----------
    n, events : int
        Rows that were at risk at an event time; events of positive weight.
    time : ndarray, shape (times,)
        Event times, in the unit of stop, by stratum.
    stratum : ndarray, shape (times,)
        Name of the stratum of each time; 0 where none was given.
    at_risk, event_weight : ndarray, shape (times,)
        Sums of weights.
    at : ndarray, shape (k, p)
        The rows foretold.
    cumulative_hazard, survival : ndarray, shape (k, times)
        Just after each time; survival is exp of minus the cumulative hazard.
    std_error : ndarray, shape (k, times)
        Model-based error of the cumulative hazard, and so of the log of survival.
    conf_low, conf_high : ndarray, shape (k, times)
        Of survival, by log(-log).
    conf_level : float
    method : str
    """

    n: int
    events: int
    time: Array
    stratum: NDArray[Any]
    at_risk: Array
    event_weight: Array
    at: Array
    cumulative_hazard: Array
    survival: Array
    std_error: Array
    conf_low: Array
    conf_high: Array
    conf_level: float
    method: str


def baseline_hazard(
    start: ArrayLike | None,
    stop: ArrayLike,
    event: ArrayLike,
    x: ArrayLike,
    beta: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    ties: Ties = "efron",
    at: ArrayLike | None = None,
    conf_level: float = 0.95,
) -> Baseline:
    """Cumulative hazard and survival foretold for given rows.

    Parameters
    ----------
    start : array_like, shape (n,), or None
        As given to the fit.
    stop, event : array_like, shape (n,)
    x : array_like, shape (n, p)
    beta : array_like, shape (p,)
        Log hazard ratios of the fit, per unit of each column.
    weights, strata : array_like, shape (n,), optional
    ties : {"efron", "breslow"}
        As in the fit: the hazard then has Efron's or Breslow's steps.
    at : array_like, shape (k, p), optional
        Rows to foretell, in the units of x; without it the one row of zeros.
    conf_level : float

    Returns
    -------
    Baseline

    Raises
    ------
    FitError
        The rows cannot be used, `at` has other columns, or a row of it lies so far from x that
        its hazard is no number.

    Notes
    -----
    The error is that of independent people and counts the error of the coefficients; it
    ignores practices. A row far from those observed is foretold by the model alone.

    Sources
    -------
    Tsiatis 1981, Ann Statist 9:93 (error); Therneau & Grambsch 2000, Modeling Survival Data,
    section 10.2. Agrees with R's survival (``survfit.coxph``, ``basehaz``): tests/reference.
    """
    if not 0 < conf_level < 1:
        raise FitError(f"conf_level must be between 0 and 1, got {conf_level}.")
    terms = tied_events(start, stop, event, x, beta, weights=weights, strata=strata, ties=ties)
    rows, places = terms.rows, _places(at, terms)
    log_hazard, relative = _foretold(terms, places - terms.centre)
    with np.errstate(over="ignore"):
        hazard = np.exp(log_hazard)
    _refuse_beyond(hazard)
    low, high = _limits(log_hazard, relative, conf_level)
    return Baseline(
        n=len(rows.kept),
        events=int(rows.deaths.sum()),
        time=rows.time,
        stratum=terms.labels[terms.moment_stratum],
        at_risk=rows.at_risk(rows.weights),
        event_weight=rows.mean_weight * rows.deaths,
        at=places,
        cumulative_hazard=hazard,
        survival=np.exp(-hazard),
        std_error=hazard * relative,
        conf_low=low,
        conf_high=high,
        conf_level=conf_level,
        method=(
            f"Steps of the hazard with {ties.capitalize()}'s ties; model-based error with that of "
            "the coefficients, log(-log) limits from the normal distribution; ignores practices."
        ),
    )


def _places(at: ArrayLike | None, terms: TiedEvents) -> Array:
    """Rows to foretell, after they were found usable."""
    columns = len(terms.beta)
    places = np.zeros((1, columns)) if at is None else np.asarray(at, dtype=float)
    if places.ndim != 2 or places.shape[1] != columns or not len(places):
        raise FitError(f"at must hold one row or more of {columns} columns, as x has.")
    if not np.isfinite(places).all():
        raise FitError("The rows to foretell (at) must be finite, none missing.")
    return places


def _foretold(terms: TiedEvents, away: Array) -> tuple[Array, Array]:
    """Log cumulative hazard, and its error, of rows given as differences from the centre.

    Sums stand on the scale of each stratum, so none is lost wherever the columns lie.
    """
    step = terms.by_moment(terms.hazard)
    own = terms.by_moment(terms.hazard / terms.denominator)
    mean = terms.by_moment(terms.hazard[:, None] * terms.mean)
    total, variance, drift = (
        _from_stratum_start(values, terms.moment_stratum) for values in (step, own, mean)
    )
    covariance = _inverse(terms.information())
    relative = np.empty((len(away), len(total)))
    for k, row in enumerate(away):
        lever = row - drift / total[:, None]
        part = ((lever @ covariance) * lever).sum(axis=1)
        relative[k] = np.sqrt(variance / total**2 + part)
    scaled = np.log(total) - terms.shift[terms.moment_stratum]
    return (away @ terms.beta)[:, None] + scaled, relative


def _refuse_beyond(hazard: Array) -> None:
    """Refuse rows whose hazard is beyond all numbers."""
    beyond = int((~np.isfinite(hazard)).any(axis=1).sum())
    if beyond:
        raise FitError(
            f"{beyond} of {len(hazard)} rows to foretell lie too far from those seen for a "
            "hazard. Give rows within the range of x; without any, take a round number near its "
            "mean off each column."
        )


def _from_stratum_start(steps: Array, stratum: NDArray[np.intp]) -> Array:
    """Running totals that begin anew in each stratum."""
    total: Array = np.cumsum(steps, axis=0)
    first = np.searchsorted(stratum, stratum)
    before: Array = total[first] - steps[first]
    return total - before


def _inverse(information: Array) -> Array:
    """Covariance of the coefficients, by way of columns of like size."""
    size = np.sqrt(np.diag(information))
    if not (size > 0).all():
        raise FitError("A column of x does not vary among those at risk; leave it out.")
    scaled = information / np.outer(size, size)
    if np.linalg.eigvalsh(scaled)[0] <= 1e-12:
        raise FitError("The columns of x are linearly dependent; leave one out.")
    inverse: Array = np.linalg.inv(scaled) / np.outer(size, size)
    return inverse


def _limits(log_hazard: Array, relative: Array, conf_level: float) -> tuple[Array, Array]:
    """Limits of survival by log(-log)."""
    wide = t_critical(math.inf, conf_level) * relative
    with np.errstate(over="ignore"):
        return np.exp(-np.exp(log_hazard + wide)), np.exp(-np.exp(log_hazard - wide))
