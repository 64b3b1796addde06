"""Groups of people as counts of leavings by practice, cause and day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Finding
from splw_eval.retention.checks import finding, may_name
from splw_eval.retention.columns import TimeRows
from splw_eval.stats.survival.day_counts import DayCounts, count_days, count_groups

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Places = NDArray[np.integer[Any]]

EVERYBODY = "all"
_SPREAD = 4  # days may be this many times as many as those on which anything happened
_ALWAYS = 4_000  # so many days are never too many
_MOST_CELLS = 50_000_000  # of one group's counts, 8 bytes each, and several times that to reckon


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Grid:
    """The days that are counted, shared by all groups.

    Attributes
    ----------
    times : ndarray, shape (positions,)
        Day of each position, from 0.
    position : ndarray of int, shape (rows,)
    whole : bool
        Whether the positions are the days 0, 1, 2, ... themselves.
    """

    times: Floats
    position: Codes
    whole: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Group:
    """One group.

    Attributes
    ----------
    name : str
    level : object
        As the frame has it; None where there are no groups.
    counts : DayCounts
        With its own practices only.
    last : float
        Last day on which anybody of the group was seen.
    all_left : bool
        Whether nobody was still engaged when last seen on that day.
    practices : ndarray of int
        Codes of its practices among those of the frame; empty without practices.
    """

    name: str
    level: Any
    counts: DayCounts
    last: float
    all_left: bool
    practices: Codes


def grid_of(rows: TimeRows, horizon: float | None = None) -> Grid:
    """Choose the days to count.

    Parameters
    ----------
    rows : TimeRows
    horizon : float, optional
        Gets a position of its own where positions are not the days themselves.

    Returns
    -------
    Grid
        Every day from 0 where times are whole numbers that lie close enough; else the times
        that occur, so that a few large numbers need no large table.
    """
    last = float(rows.time.max())
    if last <= max(_ALWAYS, _SPREAD * rows.n):
        days = rows.time.astype(np.int64)
        whole = bool((rows.time == days).all())
        seen = int(np.count_nonzero(np.bincount(days))) if whole else 0
        if whole and last <= max(_ALWAYS, _SPREAD * seen):
            return Grid(times=np.arange(last + 1), position=days, whole=True)
    extra = [0.0] if horizon is None else [0.0, float(horizon)]
    times = np.unique(np.concatenate([rows.time, extra]))
    return Grid(times=times, position=np.searchsorted(times, rows.time), whole=False)


def check_size(rows: TimeRows, grid: Grid, column: str | None) -> Iterator[Finding]:
    """Practices so many that their counts by day would not fit, as where each is one person.

    Parameters
    ----------
    rows : TimeRows
    grid : Grid
    column : str or None

    Yields
    ------
    Finding
    """
    if rows.cluster is None:
        return
    if rows.cluster.count * (len(rows.causes) + 1) * len(grid.times) > _MOST_CELLS:
        problem = f"{rows.cluster.count:,} practices are too many to count by day"
        remedy = "Is it a column of people? Then leave cluster= out: they are independent."
        yield finding("SR07", problem, remedy, column=column or "")


def groups_of(rows: TimeRows, grid: Grid, *, by_cause: bool) -> list[Group]:
    """Count every group.

    Parameters
    ----------
    rows : TimeRows
    grid : Grid
    by_cause : bool
        Whether causes are kept apart; else all of them count as leaving.

    Returns
    -------
    list of Group
        In order of the levels.
    """
    cause = causes_in_order(rows) if by_cause else (rows.event > 0).view(np.uint8)
    causes = len(rows.causes) if by_cause else 1
    if rows.group is None:
        return [_everybody(rows, grid, cause, causes)]
    named = list(zip(rows.group.names, rows.group.levels, strict=True))
    clusters = 1 if rows.cluster is None else rows.cluster.count
    cells = len(named) * clusters * (causes + 1) * len(grid.times)
    # Weights are added group by group, so that a group's sums do not hang on the others.
    if rows.weights is None and cells <= _MOST_CELLS:
        return list(_in_one_pass(rows, grid, cause, causes, named))
    return [
        _group(rows, grid, cause, causes, np.flatnonzero(rows.group.codes == place), name, level)
        for place, (name, level) in enumerate(named)
    ]


def causes_in_order(rows: TimeRows) -> Codes:
    """Places 1, 2, ... of the causes in the order of their codes; 0 for still engaged.

    Parameters
    ----------
    rows : TimeRows

    Returns
    -------
    ndarray of int, shape (rows,)
    """
    codes = np.array([0, *rows.causes], dtype=np.int64)
    if (codes == np.arange(len(codes))).all():
        return rows.event
    return np.searchsorted(codes, rows.event).astype(np.int64)


def _everybody(rows: TimeRows, grid: Grid, cause: Places, causes: int) -> Group:
    codes = None if rows.cluster is None else rows.cluster.codes
    counts = count_days(
        grid.position,
        cause,
        cluster=codes,
        causes=causes,
        last_day=len(grid.times) - 1,
        weights=rows.weights,
    )
    practices = np.arange(0 if rows.cluster is None else rows.cluster.count)
    return _counted(grid, counts, practices, EVERYBODY, None)


def _in_one_pass(
    rows: TimeRows, grid: Grid, cause: Places, causes: int, named: list[tuple[str, Any]]
) -> Iterator[Group]:
    """Groups without weights, each with its own practices only."""
    assert rows.group is not None
    found = count_groups(
        grid.position,
        cause,
        rows.group.codes,
        cluster=None if rows.cluster is None else rows.cluster.codes,
        causes=causes,
        groups=len(named),
        last_day=len(grid.times) - 1,
    )
    for counts, (name, level) in zip(found, named, strict=True):
        practices = np.flatnonzero(counts.counts.any(axis=(1, 2)))
        own = replace(counts, counts=counts.counts[practices])
        yield _counted(grid, own, practices if counts.clustered else practices[:0], name, level)


def _group(
    rows: TimeRows, grid: Grid, cause: Places, causes: int, mine: Codes, name: str, level: Any
) -> Group:
    practices, codes = np.zeros(0, dtype=np.int64), None
    if rows.cluster is not None:
        practices, codes = np.unique(rows.cluster.codes[mine], return_inverse=True)
    counts = count_days(
        grid.position[mine],
        cause[mine],
        cluster=codes,
        causes=causes,
        last_day=len(grid.times) - 1,
        weights=None if rows.weights is None else rows.weights[mine],
    )
    return _counted(grid, counts, practices, name, level)


def _counted(grid: Grid, counts: DayCounts, practices: Codes, name: str, level: Any) -> Group:
    last = int(np.flatnonzero(counts.counts.any(axis=(0, 1)))[-1])
    return Group(
        name=name,
        level=level,
        counts=counts,
        last=float(grid.times[last]),
        all_left=bool(counts.counts[:, 0, last].sum() == 0),
        practices=practices.astype(np.int64),
    )


def check_horizon(horizon: Any) -> Iterator[Finding]:
    """A horizon that is no number above 0.

    Parameters
    ----------
    horizon : object

    Yields
    ------
    Finding
    """
    if horizon is None:
        return
    number = isinstance(horizon, int | float | np.number) and not isinstance(horizon, bool)
    if not number or not np.isfinite(horizon) or horizon <= 0:
        yield finding("SR09", "the horizon is no number of days above 0", "Give for example 365.")


def check_reach(groups: list[Group], grid: Grid, horizon: float | None) -> Iterator[Finding]:
    """Groups that nobody followed as far as the horizon.

    Parameters
    ----------
    groups : list of Group
    grid : Grid
    horizon : float or None

    Yields
    ------
    Finding
    """
    if horizon is None:
        return
    # A curve by whole days stands until the next day begins.
    whole = bool((grid.times == np.floor(grid.times)).all())
    more = 1 if whole and float(horizon).is_integer() else 0
    short = [g for g in groups if horizon > g.last + more and not g.all_left]
    if not short:
        return
    reach = min(group.last for group in short) + more
    remedy = f"Choose a horizon of at most {reach:g}, the same for all groups."
    whose = [""] if groups[0].level is None else [f' of the group "{g.name}"' for g in short]
    if groups[0].level is not None and not may_name([g.counts.n for g in groups]):
        whose = [f" of {len(short)} of {len(groups)} groups"]
    for words in whose:
        yield finding("SR09", f"the horizon lies beyond the follow-up{words}", remedy)
