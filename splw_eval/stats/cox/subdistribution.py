"""Sums over those at risk of one cause, with weights for censoring, and people's influence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.cox.newton import named

Array = NDArray[np.float64]
Codes = NDArray[np.intp]
Flags = NDArray[np.bool_]

_CONSTANT = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class People:
    """People placed on the distinct times of the cause.

    Attributes
    ----------
    x : ndarray, shape (n, p)
        Columns less their means and over their size.
    centre, size : ndarray, shape (p,)
        Means and sizes of the columns as given.
    event, competing, censored : ndarray of bool, shape (n,)
    passed : ndarray of int, shape (n,)
        Times of the cause up to and on the person's own day.
    staying : ndarray, shape (n,)
        1/G(T-) where the person left for another cause, else 0.
    time, deaths, still : ndarray, shape (times,)
        Times of the cause, events there, and G(t-).
    day : ndarray of int, shape (n,)
        Place of the person's day among all distinct days.
    first : ndarray of int, shape (days,)
        Times of the cause before each day.
    lost, at_risk : ndarray, shape (days,)
        Censored on each day, and those seen that day or later.
    """

    x: Array
    centre: Array
    size: Array
    event: Flags
    competing: Flags
    censored: Flags
    passed: Codes
    staying: Array
    time: Array
    deaths: Array
    still: Array
    day: Codes
    first: Codes
    lost: Array
    at_risk: Array


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sums:
    """Weighted likelihood at one value of the coefficients.

    Attributes
    ----------
    value : float
    score : ndarray, shape (p,)
    information : ndarray, shape (p, p)
    residuals : ndarray, shape (n, p)
        Score residuals with the weights taken as known.
    hazard : ndarray, shape (times,)
        Steps of the hazard of a person of the highest linear predictor.
    mean : ndarray, shape (times, p)
        Mean of the columns of those at risk, by weighted risk.
    risk : ndarray, shape (n,)
        exp(x beta - top).
    top : float
        The highest linear predictor, so that no exp overflows.
    """

    value: float
    score: Array
    information: Array
    residuals: Array
    hazard: Array
    mean: Array
    risk: Array
    top: float


def place_people(day: ArrayLike, cause: ArrayLike, x: ArrayLike, of: int) -> People:
    """People placed on the distinct times of the cause, after they were found usable.

    Parameters
    ----------
    day, cause : array_like, shape (n,)
    x : array_like, shape (n, p)
    of : int
        The cause.

    Returns
    -------
    People

    Raises
    ------
    FitError
        Shapes disagree, a value is missing, a code is not a whole number from 0, everybody
        is censored, the cause never happened, or a column is constant.
    """
    columns, ended, code = _arrays(day, cause, x)
    event, censored = code == of, code == 0
    _happened(event, censored, of)
    days, place = np.unique(ended, return_inverse=True)
    lost = np.bincount(place[censored], minlength=len(days)).astype(float)
    at_risk = np.cumsum(np.bincount(place, minlength=len(days))[::-1])[::-1].astype(float)
    left = np.concatenate([[1.0], np.cumprod(1 - lost / at_risk)[:-1]])  # G(t-) of each day
    deaths = np.bincount(place[event], minlength=len(days)).astype(float)
    moments = np.flatnonzero(deaths)
    competing = ~event & ~censored
    centre = columns.mean(axis=0)
    size = np.sqrt(((columns - centre) ** 2).mean(axis=0))
    constant = np.flatnonzero(size <= _CONSTANT * np.abs(columns).max(axis=0))
    if constant.size:
        raise FitError(f"Column(s) {named(constant)} of x are constant; leave them out.")
    return People(
        x=(columns - centre) / size,
        centre=centre,
        size=size,
        event=event,
        competing=competing,
        censored=censored,
        passed=np.searchsorted(moments, place, side="right"),
        staying=np.where(competing, 1 / left[place], 0.0),
        time=days[moments],
        deaths=deaths[moments],
        still=left[moments],
        day=place,
        first=np.searchsorted(moments, np.arange(len(days))),
        lost=lost,
        at_risk=at_risk,
    )


def weighted_likelihood(people: People, beta: Array) -> Sums:
    """Weighted log likelihood, score, information and score residuals.

    Parameters
    ----------
    people : People
    beta : ndarray, shape (p,)
        Of the columns as they are in `people`.

    Returns
    -------
    Sums
        Its value is minus infinity where a denominator is lost to rounding.

    Sources
    -------
    Fine & Gray 1999, J Am Stat Assoc 94:496, section 3.
    """
    x, deaths, eta = people.x, people.deaths, people.x @ beta
    top = float(eta.max())
    eta -= top
    risk = np.exp(eta)
    below = at_risk_sum(people, risk)
    lost = not (below > 0).all()
    below = np.where(below > 0, below, 1.0)
    mean = np.column_stack([at_risk_sum(people, risk * column) for column in x.T]) / below[:, None]
    hazard = deaths / below
    net, net_mean = _net(people, hazard), _net(people, hazard[:, None] * mean)
    residuals = -risk[:, None] * (x * net[:, None] - net_mean)
    event = people.event
    residuals[event] += x[event] - mean[people.passed[event] - 1]
    information = (x * (risk * net)[:, None]).T @ x - (mean * deaths[:, None]).T @ mean
    return Sums(
        value=-np.inf if lost else float(eta[event].sum() - deaths @ np.log(below)),
        score=x[event].sum(axis=0) - deaths @ mean,
        information=(information + information.T) / 2,
        residuals=residuals,
        hazard=hazard,
        mean=mean,
        risk=risk,
        top=top,
    )


def at_risk_sum(people: People, values: Array) -> Array:
    """Weighted sum of the values of those at risk at each time of the cause.

    Parameters
    ----------
    people : People
    values : ndarray, shape (n,)

    Returns
    -------
    ndarray, shape (times,)
        Those not seen to leave before it with weight 1, those who left for another cause
        with G(t-)/G(T-).
    """
    times = len(people.time)
    here = np.bincount(people.passed, values, times + 1).astype(float)
    gone = np.bincount(people.passed, values * people.staying, times + 1).astype(float)
    engaged = np.cumsum(here[::-1])[::-1][1:]
    summed: Array = engaged + people.still * np.cumsum(gone)[:-1]
    return summed


def influence_on_score(people: People, at: Sums) -> Array:
    """Each person's part of the score, with that of estimating the censoring distribution.

    Parameters
    ----------
    people : People
    at : Sums
        At the maximum.

    Returns
    -------
    ndarray, shape (n, p)
        They sum to 0.

    Sources
    -------
    Fine & Gray 1999, section 3 (eta and psi); tied days as in ``cmprsk::crr``.
    """
    weighted = at.risk * people.staying
    step = people.still * at.hazard
    later, later_mean = _from(step)[people.first], _from(step[:, None] * at.mean)[people.first]
    days = len(people.lost)
    gone = _before(np.bincount(people.day, weighted, days).astype(float))
    influence = at.residuals.copy()
    for j, column in enumerate(people.x.T):
        gone_x = _before(np.bincount(people.day, weighted * column, days).astype(float))
        q = gone_x * later - gone * later_mean[:, j]
        drift = np.cumsum(q * people.lost / people.at_risk**2)
        influence[:, j] -= drift[people.day]
        influence[people.censored, j] += (q / people.at_risk)[people.day[people.censored]]
    return influence


def _arrays(day: ArrayLike, cause: ArrayLike, x: ArrayLike) -> tuple[Array, Array, Array]:
    """Columns, days and causes as arrays, after they were found usable."""
    columns, ended = np.asarray(x, dtype=float), np.asarray(day, dtype=float)
    code = np.asarray(cause, dtype=float)
    rows = len(columns) if columns.ndim == 2 and columns.shape[1] else -1
    if ended.shape != (rows,) or code.shape != (rows,):
        raise FitError("day, cause (n) and x (n by p) must have the same rows.")
    if not all(np.isfinite(values).all() for values in (columns, ended, code)):
        raise FitError("Days, causes and columns must be finite, none missing.")
    if (code < 0).any() or (code != np.floor(code)).any():
        raise FitError("cause must be 0 (still engaged) or a whole number from 1 in every row.")
    return columns, ended, code


def _happened(event: Flags, censored: Flags, of: int) -> None:
    """Refuse a cause that never happened."""
    if of < 1:
        raise FitError(f"of must be a cause of leaving, a whole number from 1, got {of!r}.")
    if censored.all():
        raise FitError("Everybody is still engaged (censored), so nothing can be estimated.")
    if not event.any():
        raise FitError(f"Cause {of} never happened, so its incidence has no regression.")


def _net(people: People, steps: Array) -> Array:
    """Steps of the times at which each person is at risk, weighted, shape of x or (n,)."""
    still = people.still if steps.ndim == 1 else people.still[:, None]
    staying = people.staying if steps.ndim == 1 else people.staying[:, None]
    total = _before(np.concatenate([steps, steps[:1]]))
    net: Array = total[people.passed] + staying * _from(steps * still)[people.passed]
    return net


def _before(steps: Array) -> Array:
    """Sum of the steps before each."""
    before: Array = np.cumsum(steps, axis=0) - steps
    return before


def _from(steps: Array) -> Array:
    """Sum of the steps from each on; 0 after the last."""
    end = np.zeros((1, *steps.shape[1:]))
    return np.concatenate([np.cumsum(steps[::-1], axis=0)[::-1], end])
