"""Day matrices of the moves between states, and what clusters and people add to the error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.stats.survival.influence import share
from splw_eval.stats.survival.state_rows import StateRows

Array = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StateTable:
    """Day by day: those at risk, the matrices, and the curves they make.

    Attributes
    ----------
    at_risk : ndarray, shape (days, states)
        People seen in the state as the day begins.
    matrices : ndarray, shape (days, states, states)
        From each state (row) to each state (column), on that day; rows add up to 1.
    start : ndarray, shape (states,)
        Share in each state before the first day.
    start_seen : bool
        Whether `start` was estimated; if not, it is taken as known.
    probability, before : ndarray, shape (days, states)
        Share in each state by the end of the day, and before it.
    weight : ndarray, shape (days, states)
        Share in a state before the day over the people seen there.
    """

    at_risk: Array
    matrices: Array
    start: Array
    start_seen: bool
    probability: Array
    before: Array
    weight: Array

    @property
    def can_be_left(self) -> NDArray[np.bool_]:
        """States in which anybody was seen, so that a stay there may end; shape (states,)."""
        seen: NDArray[np.bool_] = self.at_risk.sum(axis=0) > 0
        return seen

    @property
    def carried(self) -> NDArray[np.bool_]:
        """Where some are in a state in which nobody is seen any more, shape (days, states)."""
        begun = np.maximum.accumulate(self.at_risk.sum(axis=1) > 0)
        where: NDArray[np.bool_] = (self.before > 0) & (self.at_risk == 0) & begun[:, None]
        return where & self.can_be_left


def state_table(rows: StateRows, start: Array | None = None) -> StateTable:
    """Multiply the matrices of the days.

    Parameters
    ----------
    rows : StateRows
    start : ndarray, shape (states,), optional
        By default the shares of those in view as the day of the first move begins.

    Returns
    -------
    StateTable

    Notes
    -----
    Sources: Aalen & Johansen 1978, Scand J Stat 5:141.
    """
    at_risk = rows.at_risk().sum(axis=1).T.astype(np.float64)
    T, K = at_risk.shape
    matrices, stay = np.zeros((T, K, K)), at_risk.copy()
    for (one, other), counts in rows.moves().items():
        moved = counts.sum(axis=0)
        matrices[:, one, other] = share(moved.astype(np.float64), at_risk[:, one])
        stay[:, one] -= moved
    own = np.arange(K)
    # From whole numbers, so that a state all have left is empty to the last digit.
    matrices[:, own, own] = np.where(at_risk > 0, share(stay, at_risk), 1.0)
    first = _shares(rows) if start is None else start
    probability, before, current = np.empty((T, K)), np.empty((T, K)), first
    for t in range(T):
        before[t] = current
        current = current @ matrices[t]
        probability[t] = current
    return StateTable(
        at_risk=at_risk,
        matrices=matrices,
        start=first,
        start_seen=start is None,
        probability=probability,
        before=before,
        weight=share(before, at_risk),
    )


def cluster_influence(rows: StateRows, table: StateTable) -> Array:
    """Work out each cluster's influence on the share in each state, day by day.

    Parameters
    ----------
    rows : StateRows
    table : StateTable
        Of the same rows.

    Returns
    -------
    ndarray, shape (days, clusters, states)
        The squares over clusters add up to the robust variance.

    Notes
    -----
    Sources: infinitesimal jackknife, Therneau & Grambsch 2000, Modeling survival data, 7.2.
    Agrees with R's survival (`survfit(..., influence = TRUE)`, summed): tests/reference.
    """
    at_risk = rows.at_risk()
    K, G, T = at_risk.shape
    found = np.zeros((T, G, K))
    for (one, other), counts in rows.moves().items():
        surprise = counts - at_risk[one] * table.matrices[:, one, other]
        moved = (surprise * table.weight[:, one]).T
        found[:, :, other] += moved
        found[:, :, one] -= moved
    current = _start_influence(rows, table, rows.cluster, G)
    for t in range(T):
        found[t] += current @ table.matrices[t]
        current = found[t]
    return found


def people_influence(rows: StateRows, table: StateTable, weights: Array) -> Array:
    """Work out what each person adds to a weighted sum over days of the share in each state.

    Parameters
    ----------
    rows : StateRows
    table : StateTable
        Of the same rows.
    weights : ndarray, shape (days,)
        1 for one day and 0 elsewhere: that day's share. 1 for many: the days spent there.

    Returns
    -------
    ndarray, shape (n, states)
        In the order of the people's codes; the squares sum to the variance for independent
        people.

    Notes
    -----
    The share on each day is followed back to what a move on an earlier day does to it, so
    that each row is looked at once, whatever the number of days.
    """
    T, K = table.at_risk.shape
    worth, later = np.empty((T, K, K)), np.zeros((K, K))
    unmoved = np.zeros((T + 1, K, K))
    for t in range(T - 1, -1, -1):
        worth[t] = later + weights[t] * np.eye(K)
        later = table.matrices[t] @ worth[t]
        unmoved[t + 1] = table.weight[t][:, None] * (worth[t] - later)
    running = np.cumsum(unmoved, axis=0)
    # From state (second) to state (third): what the day of leaving adds to the days before.
    gained = worth[:, None, :, :] - worth[:, :, None, :]
    ends = running[1:, :, None, :] + table.weight[:, :, None, None] * gained
    j, to = rows.from_state, np.where(rows.to_state >= 0, rows.to_state, rows.from_state)
    each = np.take(ends.reshape(-1, K), (rows.left * K + j) * K + to, axis=0)
    each -= np.take(running.reshape(-1, K), (rows.entered + 1) * K + j, axis=0)
    first = np.flatnonzero(np.append(True, rows.person[1:] != rows.person[:-1]))
    found: Array = np.add.reduceat(each, first, axis=0)
    return found + _start_influence(rows, table, rows.person, rows.n) @ later


def people_error(rows: StateRows, table: StateTable, weights: Array) -> Array:
    """Work out the error for independent people of a weighted sum over days, state by state.

    Parameters
    ----------
    rows : StateRows
    table : StateTable
    weights : ndarray, shape (days,)
        As in `people_influence`.

    Returns
    -------
    ndarray, shape (states,)
    """
    influence = people_influence(rows, table, weights)
    squares: Array = np.einsum("nk,nk->k", influence, influence)
    return np.sqrt(squares)


def robust_state_error(rows: StateRows, influence: Array) -> Array:
    """Take the root of the sum of squares over clusters.

    Parameters
    ----------
    rows : StateRows
    influence : ndarray, shape (clusters, ...)

    Returns
    -------
    ndarray, shape (...)
        NaN without clusters, or with fewer than 2 of them.
    """
    error = np.sqrt((influence**2).sum(axis=0))
    return error if rows.clustered and rows.clusters > 1 else np.full_like(error, np.nan)


def _shares(rows: StateRows) -> Array:
    counted = np.bincount(rows.from_state[rows.starters()], minlength=len(rows.states))
    shares: Array = counted / counted.sum()
    return shares


def _start_influence(rows: StateRows, table: StateTable, group: Codes, groups: int) -> Array:
    K = len(rows.states)
    if not table.start_seen:
        return np.zeros((groups, K))
    first = rows.starters()
    cells = group[first] * K + rows.from_state[first]
    counts = np.bincount(cells, minlength=groups * K).reshape(groups, K)
    found: Array = (counts - counts.sum(axis=1, keepdims=True) * table.start) / counts.sum()
    return found
