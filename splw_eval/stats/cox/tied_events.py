"""Rows made ready for what follows a fit: one term for each tied event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.cox.efron import Ties
from splw_eval.stats.cox.given_rows import GivenRows, arranged
from splw_eval.stats.cox.risk_sums import RiskRows, place_rows

Array = NDArray[np.float64]
Codes = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TiedEvents:
    """The terms of the partial likelihood at one value of the coefficients.

    Attributes
    ----------
    given : GivenRows
    rows : RiskRows
    x : ndarray, shape (rows, p)
        Columns of the rows kept, less `centre`.
    centre : ndarray, shape (p,)
        Mean of each column over the rows kept.
    beta : ndarray, shape (p,)
    risk : ndarray, shape (rows,)
        Weight times exp(x beta - shift of the stratum).
    shift : ndarray, shape (strata,)
        Largest x beta of each stratum, so that no exp overflows.
    moment_stratum : ndarray of int, shape (moments,)
    labels : ndarray, shape (strata,)
        Name of each stratum; one 0 where none was given.
    moment : ndarray of int, shape (events,)
        Moment of each term.
    share : ndarray, shape (events,)
        l/D of the term under Efron, 0 under Breslow.
    denominator, hazard : ndarray, shape (events,)
        Sum of the risks, and the mean weight of the tied events over it.
    mean : ndarray, shape (events, p)
        Mean of x by risk.
    """

    given: GivenRows
    rows: RiskRows
    x: Array
    centre: Array
    beta: Array
    risk: Array
    shift: Array
    moment_stratum: Codes
    labels: NDArray[Any]
    moment: Codes
    share: Array
    denominator: Array
    hazard: Array
    mean: Array

    def by_moment(self, values: Array) -> Array:
        """Sum of the terms of each moment.

        Parameters
        ----------
        values : ndarray, shape (events,) or (events, p)

        Returns
        -------
        ndarray, shape (moments,) or (moments, p)
        """
        first = np.cumsum(self.rows.deaths) - self.rows.deaths
        summed: Array = np.add.reduceat(values, first, axis=0)
        return summed

    def net(self, steps: Array) -> Array:
        """Steps that each row passed, less the shares taken off at its own event.

        Parameters
        ----------
        steps : ndarray, shape (events,) or (events, p)

        Returns
        -------
        ndarray, shape (rows,) or (rows, p)
        """
        rows = self.rows
        passed = rows.passed(self.by_moment(steps))
        share = self.share if steps.ndim == 1 else self.share[:, None]
        passed[rows.event] -= self.by_moment(share * steps)[rows.last[rows.event] - 1]
        return passed

    def information(self, factor: Array | None = None) -> Array:
        """Sum of the variances of the columns at the events, each times its factor.

        Parameters
        ----------
        factor : ndarray, shape (moments,), optional

        Returns
        -------
        ndarray, shape (p, p)
            Minus the second derivatives of the log likelihood where no factor is given.
        """
        given = np.ones(len(self.rows.time)) if factor is None else factor
        times = given[self.moment]
        net = self.risk * self.net(self.hazard * times)
        weight = self.rows.mean_weight[self.moment] * times
        found = (self.x * net[:, None]).T @ self.x - (self.mean * weight[:, None]).T @ self.mean
        symmetric: Array = (found + found.T) / 2
        return symmetric


def tied_events(
    start: ArrayLike | None,
    stop: ArrayLike,
    event: ArrayLike,
    x: ArrayLike,
    beta: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    ties: Ties = "efron",
) -> TiedEvents:
    """Terms of the partial likelihood of rows (start, stop] at given coefficients.

    Parameters
    ----------
    start : array_like, shape (n,), or None
        Time after which a row is at risk; None: from before all time.
    stop, event : array_like, shape (n,)
        Last time at risk; whether the event happened then.
    x : array_like, shape (n, p)
    beta : array_like, shape (p,)
        Log hazard ratios, per unit of each column.
    weights : array_like, shape (n,), optional
        0 or above; rows of weight 0 are left out.
    strata : array_like, shape (n,), optional
    ties : {"efron", "breslow"}

    Returns
    -------
    TiedEvents

    Raises
    ------
    FitError
        Shapes disagree, a value is missing or not usable, or there is no event.
    """
    if ties not in ("efron", "breslow"):
        raise FitError(f'ties must be "efron" or "breslow", got {ties!r}.')
    given = arranged(start, stop, event, x, weights, strata)
    slopes = np.asarray(beta, dtype=float)
    if slopes.shape != given.x.shape[1:] or not np.isfinite(slopes).all():
        raise FitError("beta must have one finite value for each column of x.")
    labels = np.zeros(1, dtype=int) if strata is None else np.unique(np.asarray(strata))
    return _terms(given, slopes, labels, ties)


def _terms(given: GivenRows, beta: Array, labels: NDArray[Any], ties: Ties) -> TiedEvents:
    """Denominator, hazard and mean of each term."""
    rows = place_rows(given.start, given.stop, given.event, given.weights, given.stratum)
    x = given.x[rows.kept]
    centre = x.mean(axis=0)
    x = x - centre
    eta = x @ beta
    shift = np.full(len(labels), -np.inf)
    np.maximum.at(shift, rows.stratum, eta)
    risk = rows.weights * np.exp(eta - shift[rows.stratum])
    moment = np.repeat(np.arange(len(rows.deaths)), rows.deaths)
    before = np.cumsum(rows.deaths) - rows.deaths
    share = (np.arange(len(moment)) - before[moment]) / rows.deaths[moment]
    share = share if ties == "efron" else np.zeros(len(moment))
    weighted = x * risk[:, None]
    below = rows.at_risk(risk)[moment] - share * rows.dying(risk)[moment]
    above = rows.at_risk(weighted)[moment] - share[:, None] * rows.dying(weighted)[moment]
    if not (below > 0).all():
        raise FitError(
            "With these coefficients the hazards of the rows are too far apart to be summed; "
            "check beta and the units of x."
        )
    owner = np.zeros(len(rows.deaths), dtype=np.intp)
    owner[rows.last[rows.event] - 1] = rows.stratum[rows.event]
    return TiedEvents(
        given=given,
        rows=rows,
        x=x,
        centre=centre,
        beta=beta,
        risk=risk,
        shift=shift,
        moment_stratum=owner,
        labels=labels,
        moment=moment,
        share=share,
        denominator=below,
        hazard=rows.mean_weight[moment] / below,
        mean=above / below[:, None],
    )
