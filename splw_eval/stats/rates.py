"""Events for each unit of time, pooled over people, with what each person adds to the error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledRate:
    """All events divided by all time.

    Attributes
    ----------
    rate : float
        Events for each unit of time.
    deviations : ndarray, shape (n,)
        Of each person; their mean is 0, and the mean of rate + deviations has, to the first
        order, the error of the rate. Where everybody has the same time, rate + deviation is a
        person's own rate exactly.
    time : float
        All time.
    """

    rate: float
    deviations: Array
    time: float


def pooled_rate(events: ArrayLike, time: ArrayLike) -> PooledRate:
    """Divide all events by all time.

    Parameters
    ----------
    events, time : array_like, shape (n,)
        Of each person; time above 0.

    Returns
    -------
    PooledRate

    Raises
    ------
    FitError
        There is nobody, shapes differ, a number is not finite, or a time is not above 0.

    Notes
    -----
    Deviations are n (x - R t) / sum(t), with R = sum(x) / sum(t): the influence of a person on a
    ratio of sums (linearisation).

    Sources
    -------
    Cochran 1977, Sampling Techniques, 3rd ed., 2.11 and 6.3.
    """
    x, t = np.asarray(events, dtype=float), np.asarray(time, dtype=float)
    if x.ndim != 1 or x.shape != t.shape or not len(x):
        raise FitError("A rate needs the events and the time of one person or more.")
    if not (np.isfinite(x).all() and np.isfinite(t).all() and (t > 0).all()):
        raise FitError("A rate needs finite events, and times above 0.")
    whole = float(t.sum())
    rate = float(x.sum()) / whole
    return PooledRate(rate=rate, deviations=len(x) * (x - rate * t) / whole, time=whole)
