"""Rows (start, stop] placed on the event times, and sums over those at risk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.cox.ranks import not_after

Array = NDArray[np.float64]
Codes = NDArray[np.intp]

# Tables longer than this leave the processor's cache unless they are met in order.
_MANY = 1 << 15


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskRows:
    """Rows that are at risk at one event time or more.

    A moment is a distinct event time of one stratum; a row is at risk at the moments
    ``first`` to ``last - 1``, and an event row has its event at the moment ``last - 1``.

    Attributes
    ----------
    kept : ndarray of int, shape (rows,)
        Place of each row among those given; rows at risk at no moment are left out. In the
        order given, or by their last moment where the moments are very many.
    first, last : ndarray of int, shape (rows,)
        Moments at risk, half open.
    ending : ndarray of int, shape (rows,)
        Twice the last moment at risk, plus 1 for an event row.
    delayed : bool
        Whether any row is at risk from a later moment than the first of all.
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
    ending: Codes
    delayed: bool
    event: NDArray[np.bool_]
    weights: Array
    stratum: Codes
    time: Array
    deaths: Codes
    mean_weight: Array

    def sums(self, values: Array) -> tuple[Array, Array]:
        """Sums of the values of those at risk, and of the tied events, at each moment.

        Parameters
        ----------
        values : ndarray, shape (rows,) or (rows, p)

        Returns
        -------
        at_risk, dying : ndarray, shape (moments,) or (moments, p)
            At risk: the sum over last > k less the sum over first > k, both cumulated
            from the end.
        """
        if values.ndim == 2:
            return self.weighted_sums(values, np.ones(len(values)))
        moments = len(self.time)
        ended = _binned(self.ending, values, 2 * moments).reshape(moments, 2)
        joined = ended[:, 0] + ended[:, 1]
        if self.delayed:
            joined[: moments - 1] -= _binned(self.first, values, moments)[1:]
        summed: Array = np.cumsum(joined[::-1])[::-1]
        return summed, ended[:, 1]

    def weighted_sums(self, x: Array, weights: Array) -> tuple[Array, Array]:
        """Sums of weighted columns over those at risk, and over the tied events.

        Parameters
        ----------
        x : ndarray, shape (rows, p)
        weights : ndarray, shape (rows,)

        Returns
        -------
        at_risk, dying : ndarray, shape (moments, p)
            Each column contiguous.
        """
        at_risk, dying = (np.empty((len(self.time), x.shape[1]), order="F") for _ in range(2))
        for j, column in enumerate(x.T):
            at_risk[:, j], dying[:, j] = self.sums(column * weights)
        return at_risk, dying

    def at_risk(self, values: Array) -> Array:
        """Sum of the values of those at risk at each moment.

        Parameters
        ----------
        values : ndarray, shape (rows,) or (rows, p)

        Returns
        -------
        ndarray, shape (moments,) or (moments, p)
        """
        return self.sums(values)[0]

    def dying(self, values: Array) -> Array:
        """Sum of the values of the tied events of each moment.

        Parameters
        ----------
        values : ndarray, shape (rows,) or (rows, p)

        Returns
        -------
        ndarray, shape (moments,) or (moments, p)
        """
        return self.sums(values)[1]

    def passed(self, steps: Array, taken: Array | None = None) -> Array:
        """Sum of the steps of the moments at which each row is at risk.

        Parameters
        ----------
        steps : ndarray, shape (moments,) or (moments, p)
        taken : ndarray, same shape, optional
            What an event row does not pass of the steps of its own moment.

        Returns
        -------
        ndarray, shape (rows,) or (rows, p)
        """
        if steps.ndim == 2:
            passed = np.empty((len(self.last), steps.shape[1]), order="F")
            for j, column in enumerate(steps.T):
                passed[:, j] = self.passed(column, None if taken is None else taken[:, j])
            return passed
        total = np.cumsum(steps)
        at_end = np.repeat(total, 2)
        if taken is not None:
            at_end[1::2] -= taken
        found: Array = at_end[self.ending]
        if self.delayed:
            found -= np.concatenate([[0.0], total])[self.first]
        return found


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
    if start is not None and not (start < stop).all():
        wrong = int((~(start < stop)).sum())
        raise FitError(f"{wrong} rows do not start before they stop; start must be below stop.")
    happened = event & (weights > 0)
    if not happened.any():
        raise FitError("There is no event, so no hazard ratio can be estimated.")
    times = np.unique(stop[happened])
    # A stratum's own block of keys: before all events, then each event time.
    key = stratum * (len(times) + 1)
    ended = key + not_after(times, stop)
    began = key if start is None else key + not_after(times, start)
    moments = np.unique(ended[happened])
    first, last = not_after(moments, began), not_after(moments, ended)
    kept = np.flatnonzero((first < last) & (weights > 0))
    tied = last[happened] - 1
    deaths = np.bincount(tied, minlength=len(moments))
    died = np.bincount(tied, weights[happened], len(moments))
    if len(moments) > _MANY:
        kept = kept[np.argsort(last[kept], kind="stable")]
    first, last, event = first[kept], last[kept], event[kept]
    return RiskRows(
        kept=kept,
        first=first,
        last=last,
        ending=2 * last - 2 + event,
        delayed=bool(first.any()),
        event=event,
        weights=weights[kept],
        stratum=stratum[kept],
        time=times[moments % (len(times) + 1) - 1],
        deaths=deaths.astype(np.intp),
        mean_weight=died / deaths,
    )


def _binned(codes: Codes, values: Array, length: int) -> Array:
    """Sum of the values of each code."""
    return np.bincount(codes, values, length).astype(float, copy=False)
