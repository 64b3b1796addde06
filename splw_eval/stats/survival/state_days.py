"""The mean days in each state up to a horizon."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.survival.multi_state import StateOccupation
from splw_eval.stats.survival.state_influence import people_error, robust_state_error
from splw_eval.stats.tails import t_critical

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DaysInStates:
    """Mean days in each state up to a horizon; each array has one value for each state.

    Attributes
    ----------
    states : tuple of str
    n : int
        People.
    clusters : int or None
        Clusters; None where people were taken as independent.
    horizon : int
        Days are counted before this one: 0 to `horizon` - 1.
    estimate : ndarray, shape (states,)
        In days; the states add up to `horizon`.
    carried : ndarray, shape (states,)
        Of these days, those on which nobody was seen in the state any more: the share of the
        last day seen was carried on.
    std_error, conf_low, conf_high : ndarray, shape (states,)
        For independent people, with the normal distribution.
    robust_std_error, robust_conf_low, robust_conf_high : ndarray, shape (states,)
        Allows for clusters, with t and clusters less 1 df; NaN without clusters.
    influence : ndarray, shape (clusters, states)
        What each cluster adds; its squares sum to the robust variance. In days.
    conf_level : float
    method : str
    """

    states: tuple[str, ...]
    n: int
    clusters: int | None
    horizon: int
    estimate: Array
    carried: Array
    std_error: Array
    conf_low: Array
    conf_high: Array
    robust_std_error: Array
    robust_conf_low: Array
    robust_conf_high: Array
    influence: Array
    conf_level: float
    method: str = "sum of the shares over days; robust limits by t, df = clusters - 1"


def days_in_states(occupation: StateOccupation, horizon: int) -> DaysInStates:
    """Estimate the mean days in each state up to a horizon.

    Parameters
    ----------
    occupation : StateOccupation
    horizon : int
        In days, at least 1.

    Returns
    -------
    DaysInStates

    Raises
    ------
    FitError
        The horizon is below 1, or lies beyond what was seen: some are in a state that can be
        left when the last person was last seen.

    Notes
    -----
    Sources: Andersen 2013, Stat Med 32:5278. Agrees with R's survival
    (`print(survfit, rmean=)`): tests/reference.
    """
    rows, table = occupation.rows, occupation.table
    _check_horizon(occupation, horizon)
    weights = (np.arange(rows.days) < horizon).astype(np.float64)
    # The last curve goes on: nobody is left in a state that can be left.
    weights[-1] += max(horizon - rows.days, 0)
    estimate = weights @ table.probability
    influence = np.einsum("t,gtk->gk", weights, occupation.influence)
    error, robust = people_error(rows, table, weights), robust_state_error(rows, influence)
    level, df = occupation.conf_level, rows.clusters - 1
    reach = t_critical(math.inf, level) * error
    robust_reach = t_critical(max(df, 1), level) * robust
    return DaysInStates(
        states=rows.states,
        n=rows.n,
        clusters=occupation.clusters,
        horizon=horizon,
        estimate=estimate,
        carried=weights @ np.where(table.carried, table.probability, 0.0),
        std_error=error,
        conf_low=estimate - reach,
        conf_high=estimate + reach,
        robust_std_error=robust,
        robust_conf_low=estimate - robust_reach,
        robust_conf_high=estimate + robust_reach,
        influence=influence,
        conf_level=level,
    )


def _check_horizon(occupation: StateOccupation, horizon: int) -> None:
    if horizon < 1:
        raise FitError(f"The horizon is {horizon}, but must be at least 1 day.")
    table, days = occupation.table, occupation.rows.days
    if horizon > days and table.probability[-1, table.can_be_left].any():
        raise FitError(
            f"The horizon is {horizon}, but the last person was last seen on day {days - 1} and "
            f"not everybody had ended by then: give a horizon of at most {days}."
        )
