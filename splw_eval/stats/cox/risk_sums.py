"""Rows (start, stop] placed on the event times, and sums over those at risk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError

Array = NDArray[np.float64]
Codes = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskRows:
    """Rows that are at risk at one event time or more.

    A moment is a distinct event time of one stratum; a row is at risk at the moments
    ``first`` to ``last - 1``, and an event row has its event at the moment ``last - 1``.

    Attributes
    ----------
    kept : ndarray of int, shape (rows,)
        Place of each row among those given; rows at risk at no moment are left out.
    first, last : ndarray of int, shape (rows,)
        Moments at risk, half open.
    event : ndarray of bool, shape (rows,)
    weights : ndarray, shape (rows,)
    stratum : ndarray of int, shape (rows,)
    time : ndarray, shape (moments,)
        Time of each moment, in the unit of ``stop``.
    deaths : ndarray of int, shape (moments,)
        Tied events, unweighted.
    mean_weight : ndarray, shape (moments,)
        Mean weight of the tied events.
    """

    kept: Codes
    first: Codes
    last: Codes
    event: NDArray[np.bool_]
    weights: Array
    stratum: Codes
    time: Array
    deaths: Codes
    mean_weight: Array

    def at_risk(self, values: Array) -> Array:
        """Sum of the values of those at risk at each moment.

        Parameters
        ----------
        values : ndarray, shape (rows,) or (rows, p)

        Returns
        -------
        ndarray, shape (moments,) or (moments, p)
            Sum over last > k less the sum over first > k, both cumulated from the end.
        """
        moments = len(self.time)
        joined = _binned(self.last, values, moments + 1) - _binned(self.first, values, moments + 1)
        summed: Array = np.cumsum(joined[::-1], axis=0)[::-1][1:]
        return summed

    def dying(self, values: Array) -> Array:
        """Sum of the values of the tied events of each moment.

        Parameters
        ----------
        values : ndarray, shape (rows,) or (rows, p)

        Returns
        -------
        ndarray, shape (moments,) or (moments, p)
        """
        return _binned(self.last[self.event] - 1, values[self.event], len(self.time))

    def passed(self, steps: Array) -> Array:
        """Sum of the steps of the moments at which each row is at risk.

        Parameters
        ----------
        steps : ndarray, shape (moments,) or (moments, p)

        Returns
        -------
        ndarray, shape (rows,) or (rows, p)
        """
        total = np.concatenate([np.zeros((1, *steps.shape[1:])), np.cumsum(steps, axis=0)])
        passed: Array = total[self.last] - total[self.first]
        return passed


def place_rows(
    start: Array | None,
    stop: Array,
    event: NDArray[np.bool_],
    weights: Array,
    stratum: Codes,
) -> RiskRows:
    """Rows placed on the distinct event times of their strata.

    Parameters
    ----------
    start : ndarray, shape (n,), or None
        A row is at risk after its start; None: from before all time, so that an event
        on day 0 counts.
    stop : ndarray, shape (n,)
        A row is at risk up to and on its stop: events come before censorings.
    event : ndarray of bool, shape (n,)
        Whether the event happened at the stop.
    weights : ndarray, shape (n,)
        Rows of weight 0 are left out.
    stratum : ndarray of int, shape (n,)

    Returns
    -------
    RiskRows

    Raises
    ------
    FitError
        There is no event, or a row does not start before it stops.

    Sources
    -------
    Andersen & Gill 1982, Ann Statist 10:1100 (counting-process rows); Therneau & Grambsch 2000,
    Modeling Survival Data, section 3.7.
    """
    start = np.full(len(stop), -np.inf) if start is None else start
    if not (start < stop).all():
        wrong = int((~(start < stop)).sum())
        raise FitError(f"{wrong} rows do not start before they stop; start must be below stop.")
    happened = event & (weights > 0)
    if not happened.any():
        raise FitError("There is no event, so no hazard ratio can be estimated.")
    times, rank = np.unique(np.concatenate([start, stop]), return_inverse=True)
    key_start, key_stop = (rank.reshape(2, -1) + stratum * len(times)).astype(np.intp)
    moments, deaths = np.unique(key_stop[happened], return_counts=True)
    first = np.searchsorted(moments, key_start, side="right")
    last = np.searchsorted(moments, key_stop, side="right")
    kept = np.flatnonzero((first < last) & (weights > 0))
    died = np.bincount(last[happened] - 1, weights[happened], len(moments))
    return RiskRows(
        kept=kept,
        first=first[kept],
        last=last[kept],
        event=event[kept],
        weights=weights[kept],
        stratum=stratum[kept],
        time=times[moments % len(times)],
        deaths=deaths.astype(np.intp),
        mean_weight=died / deaths,
    )


def _binned(codes: Codes, values: Array, length: int) -> Array:
    """Sum of the values of each code, column by column."""
    if values.ndim == 1:
        return np.bincount(codes, values, length).astype(float)
    columns = [np.bincount(codes, column, length) for column in values.T]
    return np.column_stack(columns).astype(float)
