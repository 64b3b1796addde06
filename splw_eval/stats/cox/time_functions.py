"""Functions of time along which a hazard ratio may change."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.cox.given_rows import GivenRows
from splw_eval.stats.cox.risk_sums import place_rows
from splw_eval.stats.cox.tied_events import TiedEvents

Array = NDArray[np.float64]
Transform = Literal["km", "identity", "rank", "log"]

TRANSFORMS: dict[Transform, str] = {
    "km": "1 less the Kaplan-Meier curve just before the time",
    "identity": "the time itself",
    "rank": "the rank of the time among all rows",
    "log": "the logarithm of the time",
}


def function_of_time(at: TiedEvents, transform: Transform) -> Array:
    """The function of time at each moment.

    Parameters
    ----------
    at : TiedEvents
    transform : {"km", "identity", "rank", "log"}
        The curve and the ranks are of all rows of positive weight together, unweighted.

    Returns
    -------
    ndarray, shape (moments,)

    Raises
    ------
    FitError
        The transform is unknown, or "log" meets an event at or before day 0.
    """
    if transform not in TRANSFORMS:
        given = ", ".join(f'"{name}"' for name in TRANSFORMS)
        raise FitError(f"transform must be one of {given}, got {transform!r}.")
    time = at.rows.time
    if transform == "identity":
        return time
    if transform == "log":
        if time.min() <= 0:
            early = int(at.rows.deaths[time <= 0].sum())
            raise FitError(
                f"{early} events at or before day 0 have no logarithm of time; "
                'choose the transform "km", "rank" or "identity".'
            )
        return np.log(time)
    used = at.given.where(at.given.weights > 0)
    if transform == "rank":
        times, count = np.unique(used.stop, return_counts=True)
        rank = np.cumsum(count) - (count - 1) / 2
        return rank[np.searchsorted(times, time)]
    return _lost_before(used, time)


def _lost_before(given: GivenRows, time: Array) -> Array:
    """1 less the Kaplan-Meier curve of all rows, just before each time."""
    everyone, pooled = np.ones(len(given.stop)), np.zeros(len(given.stop), dtype=np.intp)
    rows = place_rows(given.start, given.stop, given.event, everyone, pooled)
    left = np.cumprod(1 - rows.deaths / rows.at_risk(rows.weights))
    lost: Array = 1 - np.concatenate([[1.0], left])[np.searchsorted(rows.time, time)]
    return lost
