"""Two groups in which too few left, or too few allocations could have been, to compare them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Finding
from splw_eval.models.practice_allocations import read_practice_allocations
from splw_eval.retention.checks import TELLER, finding
from splw_eval.retention.columns import TimeRows

Flags = NDArray[np.bool_]


def check_leaving(
    rows: TimeRows, first: int, horizon: float, cause: int | None, columns: tuple[str, str]
) -> Iterator[Finding]:
    """Say where nobody left, or all on one day, so that there is nothing to compare.

    Parameters
    ----------
    rows : TimeRows
    first : int
        Place of the group that others are compared with.
    horizon : float
    cause : int or None
    columns : tuple of str
        Of times, and of endings.

    Yields
    ------
    Finding
        Each once, whichever groups it is true of.
    """
    assert rows.group is not None
    for other in range(rows.group.count):
        if other == first:
            continue
        own = np.isin(rows.group.codes, (first, other))
        told = list(_of_pair(rows.time[own], rows.event[own], horizon, cause, columns))
        yield from told
        if told:
            return


def _of_pair(
    time: Any, event: Any, horizon: float, cause: int | None, columns: tuple[str, str]
) -> Iterator[Finding]:
    left = event > 0 if cause is None else event == cause
    before = left & (time < horizon)
    what = "" if cause is None else " for the cause"
    if not left.any():
        remedy = "Compare another cause, or all together: leave cause= out."
        if cause is None:
            remedy = "Say how many were followed, and for how long."
        yield finding("SR14", f"nobody left{what}", remedy, column=columns[1])
    elif not before.any():
        remedy = "Choose a later horizon, before looking at the data."
        yield finding("SR14", f"nobody left{what} before the horizon", remedy, column=columns[0])
    elif before.all() and len(np.unique(time)) == 1:
        problem = f"everybody left{what} on one day, so no practice and no group can differ"
        yield finding("SR14", problem, "Look at how the days were made.", column=columns[0])


def read_allocations(rows: TimeRows, given: Any, reference: int) -> Flags | None:
    """Read the allocations that could have been, with practices in the order of their codes.

    Parameters
    ----------
    rows : TimeRows
        Of two groups, with practices.
    given : array_like of bool, DataFrame, or None
    reference : int
        Place of the group that the other is compared with.

    Returns
    -------
    ndarray of bool, shape (allocations, practices), or None

    Raises
    ------
    RetentionError
        They are no table of True and False by practice; one stands there twice, has other
        numbers of practices in the groups than were seen; or the one seen is not there.
    """
    if given is None:
        return None
    assert rows.cluster is not None
    assert rows.group is not None
    seen = np.zeros(rows.cluster.count, dtype=bool)
    seen[rows.cluster.codes] = rows.group.codes != reference
    return read_practice_allocations(given, rows.cluster.levels, seen, TELLER, "SR12")
