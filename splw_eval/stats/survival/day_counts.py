"""Leavings by cluster, cause and day: all that a curve of retention needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError

Array = NDArray[np.float64]
Table = NDArray[np.int64] | NDArray[np.float64]

# People taken at once: what is made of them stays in the processor's cache.
BLOCK = 1 << 17
# Cells of a table, 8 bytes each.
MOST_CELLS = 1 << 30


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

    counts: Table
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
        range, more cells than can be counted, or weights that are not finite and above 0.

    Notes
    -----
    Memory is clusters × (causes + 1) × days, whatever the number of people.

    Sources: Andersen, Borgan, Gill & Keiding 1993, Statistical models based on counting
    processes, IV.1: the counts and those at risk are sufficient.
    """
    if causes < 1:
        raise FitError(f"causes is {causes}, but there must be at least 1 cause of leaving.")
    table = _count(
        (("cluster", cluster, None), ("cause", cause, causes), ("day", day, last_day)), weights
    )
    return DayCounts(
        counts=table,
        n=np.size(day),
        clustered=cluster is not None,
        weighted=weights is not None,
    )


def count_groups(
    day: ArrayLike,
    cause: ArrayLike,
    group: ArrayLike,
    *,
    cluster: ArrayLike | None = None,
    causes: int,
    groups: int,
    last_day: int | None = None,
    weights: ArrayLike | None = None,
) -> tuple[DayCounts, ...]:
    """Count several groups' leavings in one pass.

    Parameters
    ----------
    day, cause, cluster, causes, last_day, weights
        As in `count_days`.
    group : array_like of int, shape (n,)
        From 0 to `groups` - 1.
    groups : int
        Groups, at least 1.

    Returns
    -------
    tuple of DayCounts, one for each group
        All with the same clusters, causes and days.

    Raises
    ------
    FitError
        As in `count_days`; or nobody stands in a group.
    """
    if causes < 1:
        raise FitError(f"causes is {causes}, but there must be at least 1 cause of leaving.")
    if groups < 1:
        raise FitError(f"groups is {groups}, but there must be at least 1 group.")
    columns = (
        ("group", group, groups - 1),
        ("cluster", cluster, None),
        ("cause", cause, causes),
        ("day", day, last_day),
    )
    table = _count(columns, weights)
    if weights is None:
        people = [int(part.sum()) for part in table]
    else:
        people = [int(np.count_nonzero(np.asarray(group) == code)) for code in range(groups)]
    if not all(people):
        raise FitError(f"Nobody is in group {people.index(0)} of the groups 0 to {groups - 1}.")
    return tuple(
        DayCounts(counts=part, n=n, clustered=cluster is not None, weighted=weights is not None)
        for part, n in zip(table, people, strict=True)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """Codes from 0 to `size` - 1; `told` where the highest was given, not found."""

    name: str
    values: NDArray[Any]
    size: int
    told: bool

    def part(self, at: slice, kind: type[np.integer[Any]]) -> NDArray[np.integer[Any]]:
        """Give a block of the codes, once each is known to lie in range."""
        found = self.values[at]
        # Read as unsigned a code below 0 is larger than any: one look at the largest will do.
        if int(found.view(found.dtype.str.replace("i", "u")).max()) >= self.size:
            least = f"from 0 to {self.size - 1}" if self.told else "at least 0"
            raise FitError(f"Every {self.name} must be {least}.")
        return found.astype(kind, copy=False)


def _column(name: str, values: ArrayLike, highest: int | None) -> _Column:
    found = np.asarray(values)
    if found.ndim != 1 or not found.size:
        raise FitError(f"{name} must be a one-dimensional array with at least one value.")
    if found.dtype.kind not in "iub":
        raise FitError(f"{name} must hold whole numbers of an integer type.")
    most = int(found.max()) if highest is None else highest
    return _Column(name=name, values=found, size=max(most, 0) + 1, told=highest is not None)


def _count(
    given: Sequence[tuple[str, ArrayLike | None, int | None]], weights: ArrayLike | None
) -> Any:
    columns = [_column(name, codes, most) for name, codes, most in given if codes is not None]
    sizes = {column.values.size for column in columns}
    if len(sizes) > 1:
        names = [column.name for column in columns]
        raise FitError(f"{', '.join(names[:-1])} and {names[-1]} must have the same length.")
    shape = {column.name: column.size for column in columns}
    counted = _fill(columns, _weights(weights, sizes.pop()))
    return counted.reshape([shape.get(name, 1) for name, _, _ in given])


def _fill(columns: Sequence[_Column], weights: Array | None) -> Table:
    cells = prod(column.size for column in columns)
    if cells > MOST_CELLS:
        raise FitError(
            f"There would be {cells:,} cells to count in: give days counted from each person's "
            "own start, and clusters coded from 0 without gaps."
        )
    n = columns[0].values.size
    total: Table = np.zeros(cells, np.int64) if weights is None else np.zeros(cells)
    kind = np.int32 if cells < 2**31 else np.int64
    # A large table costs as much to add up as a block of its own size.
    step = max(BLOCK, 4 * cells)
    for start in range(0, n, step):
        at = slice(start, min(start + step, n))
        key: NDArray[np.integer[Any]] = np.zeros(at.stop - start, kind)
        for column in columns:
            key *= column.size
            key += column.part(at, kind)
        total += np.bincount(key, None if weights is None else weights[at], minlength=cells)
    return total


def _weights(weights: ArrayLike | None, n: int) -> Array | None:
    if weights is None:
        return None
    found = np.asarray(weights, dtype=np.float64)
    if found.shape != (n,):
        raise FitError("weights and day must have the same length.")
    # Neither comparison holds where a weight is missing.
    if not (found.min() > 0 and found.max() < np.inf):
        raise FitError("Every weight must be finite and above 0.")
    return found
