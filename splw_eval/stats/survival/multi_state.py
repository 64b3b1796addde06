"""The share of people in each state on each day."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.survival.limits import share_limits
from splw_eval.stats.survival.state_influence import (
    StateTable,
    cluster_influence,
    people_error,
    robust_state_error,
    state_table,
)
from splw_eval.stats.survival.state_rows import StateRows, read_states

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StateOccupation:
    """The share in each state, one row for each day from 0.

    Attributes
    ----------
    states : tuple of str
    n : int
        People.
    clusters : int or None
        Clusters; None where people were taken as independent.
    at_risk : ndarray, shape (days, states)
        People seen in the state as the day begins.
    start : ndarray, shape (states,)
        Share in each state before the first day.
    estimate : ndarray, shape (days, states)
        Share in each state by the end of the day. The states add up to 1.
    known_days : int
        From this day on somebody is in a state in which nobody is seen any more: the shares
        are carried on.
    robust_std_error : ndarray, shape (days, states)
        Allows for clusters; NaN without clusters, or with fewer than 2.
    influence : ndarray, shape (clusters, days, states)
        What each cluster adds; its squares sum to the robust variance.
    robust_conf_low, robust_conf_high : ndarray, shape (days, states)
        From `robust_std_error` and t with clusters less 1 df; NaN where the share is 0 or 1.
    at : ndarray of int, shape (chosen,)
        The days of the errors for independent people.
    std_error, conf_low, conf_high : ndarray, shape (chosen, states)
        For independent people; limits from the normal distribution.
    conf_level : float
    rows : StateRows
    table : StateTable
    method : str
    """

    states: tuple[str, ...]
    n: int
    clusters: int | None
    at_risk: Array
    start: Array
    estimate: Array
    known_days: int
    robust_std_error: Array
    influence: Array
    robust_conf_low: Array
    robust_conf_high: Array
    at: NDArray[np.int64]
    std_error: Array
    conf_low: Array
    conf_high: Array
    conf_level: float
    rows: StateRows
    table: StateTable
    method: str = "Aalen-Johansen; limits by log(-log); robust limits by t, df = clusters - 1"


def state_occupation(
    entered: ArrayLike,
    left: ArrayLike,
    from_state: ArrayLike,
    to_state: ArrayLike,
    *,
    person: ArrayLike,
    states: Sequence[str],
    cluster: ArrayLike | None = None,
    start: ArrayLike | None = None,
    at: ArrayLike = (),
    conf_level: float = 0.95,
) -> StateOccupation:
    """Estimate the share of people in each state, day by day.

    Parameters
    ----------
    entered, left, from_state, to_state, person, states, cluster
        The stays, one row each: see `read_states`. `to_state` is -1 where the person was
        last seen in the state.
    start : array_like, shape (states,), optional
        Shares in the states before the first day, taken as known. By default the shares of
        those in view as the day of the first move begins, with their error, as in R's
        survival: until then no share changes.
    at : array_like of int, optional
        Days on which to work out the error for independent people.
    conf_level : float
        Coverage of the limits, each day by itself.

    Returns
    -------
    StateOccupation

    Raises
    ------
    FitError
        As in `read_states`; `start` that does not add up to 1, a day in `at` that lies
        outside, or a level that does not lie between 0 and 1.

    Notes
    -----
    All moves of a day, and those last seen on it, are taken together against the people in
    the state as the day begins: the order within the day is not known, and nobody passes
    through two states on one day. R's survival does the same. A delay, such as from referral
    to first contact, is a state like any other, so that no day before it is taken for a day
    engaged. Without clusters the whole curve of errors comes from each person as a cluster.

    Sources: Aalen & Johansen 1978, Scand J Stat 5:141; errors: infinitesimal jackknife,
    Therneau & Grambsch 2000, Modeling survival data, 7.2. Agrees with R's survival
    (`survfit`, several states): tests/reference.
    """
    rows = read_states(
        entered, left, from_state, to_state, person=person, states=states, cluster=cluster
    )
    table = state_table(rows, None if start is None else _start(start, len(rows.states)))
    influence = cluster_influence(rows, table)
    robust = robust_state_error(rows, influence.swapaxes(0, 1))
    days = _chosen(at, rows.days)
    error = np.array([people_error(rows, table, np.eye(1, rows.days, day)[0]) for day in days])
    error = error.reshape(days.size, len(rows.states))
    df = rows.clusters - 1
    low, high = share_limits(table.probability[days], error, math.inf, conf_level)
    robust_low, robust_high = share_limits(table.probability, robust, df, conf_level)
    return StateOccupation(
        states=rows.states,
        n=rows.n,
        clusters=rows.clusters if rows.clustered else None,
        at_risk=table.at_risk,
        start=table.start,
        estimate=table.probability,
        known_days=_known_days(table),
        robust_std_error=robust,
        influence=influence.swapaxes(0, 1),
        robust_conf_low=robust_low,
        robust_conf_high=robust_high,
        at=days,
        std_error=error,
        conf_low=low,
        conf_high=high,
        conf_level=conf_level,
        rows=rows,
        table=table,
    )


def _known_days(table: StateTable) -> int:
    carried: NDArray[np.bool_] = table.carried.sum(axis=1) > 0
    return int(np.argmax(carried)) if carried.any() else len(carried)


def _start(start: ArrayLike, states: int) -> Array:
    found = np.asarray(start, dtype=np.float64)
    if found.shape != (states,) or not (found >= 0).all() or not abs(found.sum() - 1) < 1e-8:
        raise FitError(f"start must hold {states} shares, at least 0, that add up to 1.")
    return found


def _chosen(at: ArrayLike, days: int) -> NDArray[np.int64]:
    found = np.asarray(at)
    if not found.size:
        return np.empty(0, dtype=np.int64)
    if found.ndim != 1 or found.dtype.kind not in "iu" or found.min() < 0 or found.max() >= days:
        raise FitError(f"Every day in at must be a whole number from 0 to {days - 1}.")
    return found.astype(np.int64)
