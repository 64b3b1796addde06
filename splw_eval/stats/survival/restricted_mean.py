"""Mean days engaged, and days lost to each cause, up to a horizon."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.survival.day_counts import DayCounts
from splw_eval.stats.survival.incidence import variance_parts
from splw_eval.stats.survival.influence import (
    DayTable,
    cluster_influence,
    day_table,
    robust_error,
)

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RestrictedMean:
    """Mean days up to a horizon: one value for days engaged, one for each cause if lost.

    Attributes
    ----------
    n : int
        People.
    clusters : int or None
        Clusters; None where people were taken as independent.
    horizon : int
        Days are counted before this one: 0 to `horizon` - 1.
    estimate : ndarray, shape (1,) or (causes,)
        In days.
    std_error : ndarray, same shape
        For independent people.
    robust_std_error : ndarray, same shape
        Allows for clusters, and for weights; NaN without clusters.
    influence : ndarray, shape (clusters, 1) or (clusters, causes)
        What each cluster adds; its squares sum to the robust variance. In days.
    method : str
    """

    n: int
    clusters: int | None
    horizon: int
    estimate: Array
    std_error: Array
    robust_std_error: Array
    influence: Array
    method: str


def restricted_mean(counts: DayCounts, tau: int) -> RestrictedMean:
    """Estimate the mean days engaged up to a horizon.

    Parameters
    ----------
    counts : DayCounts
        Of one group. Every cause counts as leaving.
    tau : int
        Horizon in days, at least 1.

    Returns
    -------
    RestrictedMean
        With one value.

    Raises
    ------
    FitError
        The horizon is below 1, or lies beyond what was seen: some are still engaged when
        the last of them was last seen.

    Notes
    -----
    Sources: Klein & Moeschberger 2003, Survival analysis, 4.5; robust error by the influence
    of the curve, Therneau & Grambsch 2000, Modeling survival data, 7.2. Agrees with R's
    survival (`print(survfit, rmean=)`): tests/reference.
    """
    table = day_table(counts)
    _check_horizon(table, tau)
    leaving, _, _ = variance_parts(table)
    S = table.survival[:tau]
    remaining = np.cumsum(S[::-1])[::-1]
    variance = (remaining**2 * leaving[: S.size]).sum(keepdims=True)
    influence = cluster_influence(counts, table).survival[:, None, :tau]
    return _fit(counts, tau, S.sum(keepdims=True), variance, influence.sum(axis=2))


def time_lost(counts: DayCounts, tau: int) -> RestrictedMean:
    """Estimate the mean days lost to each cause up to a horizon.

    Parameters
    ----------
    counts : DayCounts
        Of one group.
    tau : int
        Horizon in days, at least 1.

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
    table = day_table(counts)
    _check_horizon(table, tau)
    # Once all have left, the curves stay as they are: the days beyond those counted.
    beyond = max(tau - counts.last_day - 1, 0)
    F = _extended(table.incidence, tau, beyond)
    leaving, by_cause, both = (_padded(part, tau, beyond) for part in variance_parts(table))
    days = np.arange(tau, 0, -1, dtype=np.float64)
    direct = days * _padded(table.before, tau, beyond)
    through = np.cumsum(F[:, ::-1], axis=1)[:, ::-1] - days * F
    parts = through**2 * leaving + direct**2 * by_cause - 2 * through * direct * both
    influence = _extended(cluster_influence(counts, table).incidence, tau, beyond)
    return _fit(counts, tau, F.sum(axis=1), parts.sum(axis=1), influence.sum(axis=2))


def _extended(values: Array, tau: int, beyond: int) -> Array:
    last = np.repeat(values[..., -1:], beyond, axis=-1)
    return np.concatenate([values[..., :tau], last], axis=-1)


def _padded(values: Array, tau: int, beyond: int) -> Array:
    nothing = np.zeros((*values.shape[:-1], beyond))
    return np.concatenate([values[..., :tau], nothing], axis=-1)


def _check_horizon(table: DayTable, tau: int) -> None:
    if tau < 1:
        raise FitError(f"The horizon is {tau}, but must be at least 1 day.")
    seen = int(np.count_nonzero(table.at_risk))
    if table.survival[-1] > 0 and tau > seen:
        raise FitError(
            f"The horizon is {tau}, but the last person engaged was last seen on day {seen - 1}: "
            f"give a horizon of at most {seen}."
        )


def _fit(
    counts: DayCounts, tau: int, estimate: Array, variance: Array, influence: Array
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
