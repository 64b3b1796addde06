"""Times to an event: how many have it by the end, and what a log hazard ratio varies by."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

_ALIKE = 1e-9


def schoenfeld_variance(events: ArrayLike, ratio: ArrayLike = 1.0) -> Array:
    """Variance of a log hazard ratio near 1.

    Parameters
    ----------
    events : array_like
        In both arms.
    ratio : array_like
        People of the programme's arm for each of the comparison.

    Returns
    -------
    ndarray

    Sources
    -------
    Schoenfeld 1981, Biometrika 68:316; 1983, Biometrics 39:499.
    """
    q = np.asarray(ratio, dtype=np.float64)
    return np.asarray((1 + q) ** 2 / (q * np.asarray(events)), dtype=np.float64)


def freedman_variance(events: ArrayLike, hazard_ratio: ArrayLike, ratio: ArrayLike = 1.0) -> Array:
    """Variance of a log hazard ratio that gives Freedman's number of events.

    Parameters
    ----------
    events, hazard_ratio, ratio : array_like

    Returns
    -------
    ndarray
        Schoenfeld's where the hazards are alike.

    Sources
    -------
    Freedman 1982, Stat Med 1:121.
    """
    h, q = np.asarray(hazard_ratio, dtype=np.float64), np.asarray(ratio, dtype=np.float64)
    alike = np.abs(h - 1) < _ALIKE
    apart = np.where(alike, 2.0, h)
    slope = np.where(alike, 1.0, np.log(apart) / (apart - 1))
    return np.asarray((slope * (1 + q * h)) ** 2 / (q * np.asarray(events)), dtype=np.float64)


def event_share(
    hazards: ArrayLike,
    losses: ArrayLike,
    starts: ArrayLike,
    *,
    duration: ArrayLike,
    accrual: ArrayLike = 0.0,
) -> Array:
    """Share of people who are seen to have the event before the study ends.

    Parameters
    ----------
    hazards, losses : array_like, shape (pieces,) or (pieces, grid)
        Hazards of the event, and of being lost, in each piece of a person's time.
    starts : array_like, shape (pieces,)
        When each piece starts; the first is 0.
    duration, accrual : array_like, shape () or (grid,)
        Length of the study, and of its first part, in which people come in evenly.

    Returns
    -------
    ndarray, shape () or (grid,)

    Sources
    -------
    Lachin & Foulkes 1986, Biometrics 42:507, with hazards that may change at the visits.
    """
    starts = np.asarray(starts, dtype=np.float64)
    h, e = (np.asarray(one, dtype=np.float64) for one in (hazards, losses))
    end, entry = np.asarray(duration, dtype=np.float64), np.asarray(accrual, dtype=np.float64)
    first, spread = end - entry, np.where(entry > 0, entry, 1.0)
    mean: Array = np.asarray(0.0)
    at_end: Array = np.asarray(0.0)
    left: Array = np.asarray(1.0)
    had: Array = np.asarray(0.0)
    for rate, loss, start, stop in zip(h, e, starts, [*starts[1:], np.inf], strict=True):
        both = rate + loss
        share = left * rate / np.where(both > 0, both, 1.0)
        low, high = np.clip(first, start, stop), np.clip(end, start, stop)
        mean = mean + (had + share) * (high - low) - share * _area(both, low - start, high - low)
        inside = (start < end) & (end <= stop)
        at_end = np.where(inside, had - share * np.expm1(-both * (end - start)), at_end)
        if np.isfinite(stop):
            had = had - share * np.expm1(-both * (stop - start))
            left = left * np.exp(-both * (stop - start))
    return np.asarray(np.where(entry > 0, mean / spread, at_end), dtype=np.float64)


def _area(rate: Array, after: Array, length: Array) -> Array:
    """Area under exp(-rate t) from a time on, for a length."""
    safe = np.where(rate > 0, rate, 1.0)
    whole = np.where(rate > 0, -np.expm1(-safe * length) / safe, length)
    return np.asarray(np.exp(-rate * after) * whole, dtype=np.float64)


def hazards_of_shares(left: ArrayLike, times: ArrayLike) -> Array:
    """Hazards between visits, of the share that is left at each.

    Parameters
    ----------
    left : array_like, shape (visits,)
        The first is 1.
    times : array_like, shape (visits,)

    Returns
    -------
    ndarray, shape (visits - 1,)
    """
    share = np.asarray(left, dtype=np.float64)
    return np.asarray(-np.diff(np.log(share)) / np.diff(np.asarray(times)), dtype=np.float64)
