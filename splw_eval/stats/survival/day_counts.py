"""Leavings by cluster, cause and day: all that a curve of retention needs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError

Array = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DayCounts:
    """How many of one group left on each day, by cluster and cause.

    Attributes
    ----------
    counts : ndarray, shape (clusters, causes + 1, days)
        People whose time ended that day, or the sum of their weights. Cause 0 is censored:
        still engaged when last seen. Days run from 0.
    n : int
        People, whatever their weights.
    clustered : bool
        Whether clusters were given; if not, everybody stands in one.
    weighted : bool
    """

    counts: NDArray[np.int64] | Array
    n: int
    clustered: bool
    weighted: bool

    @property
    def clusters(self) -> int:
        """Clusters with anybody in them."""
        return int(np.count_nonzero(self.counts.any(axis=(1, 2))))

    @property
    def causes(self) -> int:
        """Causes of leaving, without censoring."""
        return int(self.counts.shape[1]) - 1

    @property
    def last_day(self) -> int:
        """The last day counted."""
        return int(self.counts.shape[2]) - 1

    @property
    def at_risk(self) -> Array:
        """Those still engaged as each day begins, shape (clusters, days)."""
        ended = self.counts.sum(axis=1, dtype=np.float64)
        # Summed from the last day back, so that no rounding is left where nobody is.
        return np.cumsum(ended[:, ::-1], axis=1)[:, ::-1]

    @property
    def events(self) -> Array:
        """Those who left each day, shape (clusters, causes, days)."""
        return self.counts[:, 1:].astype(np.float64)


def count_days(
    day: ArrayLike,
    cause: ArrayLike,
    *,
    cluster: ArrayLike | None = None,
    causes: int,
    last_day: int | None = None,
    weights: ArrayLike | None = None,
) -> DayCounts:
    """Count one group's leavings by cluster, cause and day.

    Parameters
    ----------
    day : array_like of int, shape (n,)
        Day of leaving or of being last seen, from 0. Leavings come before censorings.
    cause : array_like of int, shape (n,)
        0 for censored, or 1 to `causes`.
    cluster : array_like of int, shape (n,), optional
        Codes from 0. Groups to be added or compared must share them.
    causes : int
        Causes of leaving, at least 1.
    last_day : int, optional
        Last day to count; by default the last found. No time may lie beyond it.
    weights : array_like, shape (n,), optional
        Finite and above 0.

    Returns
    -------
    DayCounts

    Raises
    ------
    FitError
        Nobody, arrays of different lengths, codes that are not whole numbers or lie out of
        range, or weights that are not finite and above 0.

    Notes
    -----
    Memory is clusters × (causes + 1) × days, whatever the number of people.

    Sources: Andersen, Borgan, Gill & Keiding 1993, Statistical models based on counting
    processes, IV.1: the counts and those at risk are sufficient.
    """
    if causes < 1:
        raise FitError(f"causes is {causes}, but there must be at least 1 cause of leaving.")
    days = _codes("day", day, last_day)
    ends = _codes("cause", cause, causes)
    groups = _codes("cluster", np.zeros_like(days) if cluster is None else cluster, None)
    if not days.size == ends.size == groups.size:
        raise FitError("day, cause and cluster must have the same length.")
    length = int(days.max() if last_day is None else last_day) + 1
    shape = (int(groups.max()) + 1, causes + 1, length)
    cells = (groups * (causes + 1) + ends) * length + days
    counted = np.bincount(cells, _weights(weights, days.size), minlength=int(np.prod(shape)))
    return DayCounts(
        counts=counted.reshape(shape),
        n=days.size,
        clustered=cluster is not None,
        weighted=weights is not None,
    )


def add_counts(first: DayCounts, second: DayCounts) -> DayCounts:
    """Add two counts of different people.

    Parameters
    ----------
    first, second : DayCounts
        With the same clusters, causes and days.

    Returns
    -------
    DayCounts

    Raises
    ------
    FitError
        The clusters, causes or days differ, or only one was given clusters.
    """
    if first.counts.shape != second.counts.shape or first.clustered != second.clustered:
        raise FitError("Only counts with the same clusters, causes and days can be added.")
    return DayCounts(
        counts=first.counts + second.counts,
        n=first.n + second.n,
        clustered=first.clustered,
        weighted=first.weighted or second.weighted,
    )


def _codes(name: str, values: ArrayLike, highest: int | None) -> Codes:
    found = np.asarray(values)
    if found.ndim != 1 or not found.size:
        raise FitError(f"{name} must be a one-dimensional array with at least one value.")
    if found.dtype.kind not in "iub":
        raise FitError(f"{name} must hold whole numbers of an integer type.")
    if found.min() < 0 or (highest is not None and found.max() > highest):
        least = "at least 0" if highest is None else f"from 0 to {highest}"
        raise FitError(f"Every {name} must be {least}.")
    return found.astype(np.int64)


def _weights(weights: ArrayLike | None, n: int) -> Array | None:
    if weights is None:
        return None
    found = np.asarray(weights, dtype=np.float64)
    if found.shape != (n,):
        raise FitError("weights and day must have the same length.")
    if not (np.isfinite(found).all() and (found > 0).all()):
        raise FitError("Every weight must be finite and above 0.")
    return found
