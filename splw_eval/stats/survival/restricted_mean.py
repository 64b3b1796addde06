"""Mean days engaged, and days lost to each cause, up to a horizon."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.survival.day_counts import DayCounts
from splw_eval.stats.survival.incidence import variance_parts
from splw_eval.stats.survival.influence import (
    DayTable,
    Influence,
    cluster_influence,
    day_table,
    robust_error,
)
from splw_eval.stats.survival.limits import Estimated

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RestrictedMean(Estimated):
    """Mean days up to a horizon: one value for days engaged, one for each cause if lost.

    The estimate and its errors have the shape (1,) or (causes,), in days, or in the unit of
    `times` where that was given.

    Attributes
    ----------
    horizon : float
        Days are counted before this one: 0 to `horizon` - 1.
    influence : ndarray, shape (clusters, 1) or (clusters, causes)
        What each cluster adds; its squares sum to the robust variance. In days.
    """

    horizon: float
    influence: Array


def restricted_mean(
    counts: DayCounts,
    tau: float,
    *,
    times: ArrayLike | None = None,
    table: DayTable | None = None,
    influence: Influence | None = None,
) -> RestrictedMean:
    """Estimate the mean days engaged up to a horizon.

    Parameters
    ----------
    counts : DayCounts
        Of one group. Every cause counts as leaving.
    tau : float
        Horizon: in whole days, at least 1; with `times` in their unit, above 0.
    times : array_like, shape (days,), optional
        Time of each position of the counts, increasing from 0 or later, where the positions
        are not days from 0.
    table, influence : DayTable, Influence, optional
        Of the same counts, where they were worked out before.

    Returns
    -------
    RestrictedMean
        With one value.

    Raises
    ------
    FitError
        The horizon is too low, or lies beyond what was seen: some are still engaged when
        the last of them was last seen. The times do not increase, or are not one for each
        position.

    Notes
    -----
    Sources: Klein & Moeschberger 2003, Survival analysis, 4.5; robust error by the influence
    of the curve, Therneau & Grambsch 2000, Modeling survival data, 7.2. Agrees with R's
    survival (`print(survfit, rmean=)`): tests/reference.
    """
    table = table or day_table(counts)
    widths, lead = step_widths(table, tau, times)
    leaving, _, _ = variance_parts(table)
    remaining = _to_come(widths * table.survival)
    mean = lead + remaining[:1]
    moved = (influence or cluster_influence(counts, table)).survival[:, None] @ widths
    return _fit(counts, tau, mean, (remaining**2 * leaving).sum(keepdims=True), moved)


def time_lost(
    counts: DayCounts,
    tau: float,
    *,
    times: ArrayLike | None = None,
    table: DayTable | None = None,
    influence: Influence | None = None,
) -> RestrictedMean:
    """Estimate the mean days lost to each cause up to a horizon.

    Parameters
    ----------
    counts : DayCounts
        Of one group.
    tau, times, table, influence
        As in `restricted_mean`.

    Returns
    -------
    RestrictedMean
        With one value for each cause. With the mean days engaged they add up to `tau`.

    Raises
    ------
    FitError
        As in `restricted_mean`.

    Notes
    -----
    Sources: Andersen 2013, Stat Med 32:5278; the error sums over days that of the
    Aalen-Johansen curve. Estimate and robust error agree with R's survival:
    tests/reference.
    """
    table = table or day_table(counts)
    widths, _ = step_widths(table, tau, times)
    leaving, by_cause, both = variance_parts(table)
    F, left = table.incidence, _to_come(widths)
    direct = left * table.before
    through = _to_come(widths * F) - left * F
    parts = through**2 * leaving + direct**2 * by_cause - 2 * through * direct * both
    moved = (influence or cluster_influence(counts, table)).incidence @ widths
    return _fit(counts, tau, F @ widths, parts.sum(axis=1), moved)


def step_widths(table: DayTable, tau: float, times: ArrayLike | None = None) -> tuple[Array, float]:
    """Give how long each step of a curve lasts before a horizon.

    Parameters
    ----------
    table : DayTable
    tau : float
    times : array_like, shape (days,), optional
        As in `restricted_mean`.

    Returns
    -------
    widths : ndarray, shape (days,)
        The last step lasts up to the horizon.
    lead : float
        Time before the first position, when nobody can leave.

    Raises
    ------
    FitError
        As in `restricted_mean`.
    """
    days = table.at_risk.size
    at = np.arange(days, dtype=np.float64) if times is None else np.asarray(times, np.float64)
    if at.shape != (days,) or not (np.isfinite(at).all() and at[0] >= 0):
        raise FitError(f"times must hold {days} finite values from 0, one for each position.")
    if (np.diff(at) <= 0).any():
        raise FitError("times must increase from each position to the next.")
    _check_horizon(table, tau, None if times is None else at)
    return np.diff(np.minimum(np.append(at, np.inf), tau)), float(min(at[0], tau))


def _to_come(values: Array) -> Array:
    total: Array = np.cumsum(values[..., ::-1], axis=-1)[..., ::-1]
    return total


def _check_horizon(table: DayTable, tau: float, times: Array | None) -> None:
    if times is None and not (tau >= 1 and float(tau).is_integer()):
        raise FitError(f"The horizon is {tau}, but must be a whole number, at least 1 day.")
    if not 0 < tau < np.inf:
        raise FitError(f"The horizon is {tau}, but must be finite and above 0.")
    if not table.at_risk[0] > 0:
        raise FitError("Nobody was at risk of leaving, so there is no mean.")
    seen = int(np.count_nonzero(table.at_risk))
    last = float(seen - 1 if times is None else times[seen - 1])
    # Whole days stand until the next day begins, also where only those that occur are counted.
    days = times is None or (bool((times == np.floor(times)).all()) and float(tau).is_integer())
    most = last + days
    if table.survival[-1] > 0 and tau > most:
        raise FitError(
            f"The horizon is {tau}, but the last person engaged was last seen on day {last:g}: "
            f"give a horizon of at most {most:g}."
        )


def _fit(
    counts: DayCounts, tau: float, estimate: Array, variance: Array, influence: Array
) -> RestrictedMean:
    return RestrictedMean(
        n=counts.n,
        clusters=counts.clusters if counts.clustered else None,
        horizon=tau,
        estimate=estimate,
        std_error=np.sqrt(np.maximum(variance, 0.0)),
        robust_std_error=robust_error(counts, influence),
        influence=influence,
        method="sum of the curve over days; robust error by clusters' influence",
    )
