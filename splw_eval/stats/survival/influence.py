"""What each cluster adds to the error of a curve: the influence behind robust errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.stats.survival.day_counts import DayCounts

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DayTable:
    """The group's days, clusters summed.

    Attributes
    ----------
    at_risk, events : ndarray, shape (days,)
        Those engaged as the day begins, and those who left for any cause.
    by_cause : ndarray, shape (causes, days)
    survival, before : ndarray, shape (days,)
        Share still engaged after the day, and before it.
    incidence : ndarray, shape (causes, days)
        Share who have left for each cause by the end of the day.
    """

    at_risk: Array
    events: Array
    by_cause: Array
    survival: Array
    before: Array
    incidence: Array


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Influence:
    """Each cluster's influence on the curves; the squares add up to the robust variance.

    Attributes
    ----------
    survival : ndarray, shape (clusters, days)
    incidence : ndarray, shape (clusters, causes, days)
    """

    survival: Array
    incidence: Array


def share(top: Array, bottom: Array) -> Array:
    """Divide, with 0 where there is nothing to divide by.

    Parameters
    ----------
    top, bottom : ndarray

    Returns
    -------
    ndarray
    """
    return np.divide(top, bottom, out=np.zeros(np.broadcast(top, bottom).shape), where=bottom > 0)


def day_table(counts: DayCounts) -> DayTable:
    """Sum the clusters and work out the curves.

    Parameters
    ----------
    counts : DayCounts

    Returns
    -------
    DayTable

    Notes
    -----
    Sources: Kaplan & Meier 1958, J Am Stat Assoc 53:457; Aalen & Johansen 1978, Scand J Stat 5:141.
    """
    ended = counts.counts.sum(axis=0, dtype=np.float64)
    at_risk = np.cumsum(ended.sum(axis=0)[::-1])[::-1]
    later = np.append(at_risk[1:], 0.0)
    by_cause, events = ended[1:], ended[1:].sum(axis=0)
    # Where all leave at once the share must be 1 to the last digit, also with weights.
    everybody = (later == 0) & (ended[0] == 0)
    hazard = np.where(everybody & (at_risk > 0), 1.0, share(events, at_risk))
    survival: Array = np.cumprod(1.0 - hazard, dtype=np.float64)
    before = np.append(1.0, survival[:-1])
    return DayTable(
        at_risk=at_risk,
        events=np.where(everybody, at_risk, events),
        by_cause=by_cause,
        survival=survival,
        before=before,
        incidence=np.cumsum(before * share(by_cause, at_risk), axis=1),
    )


def cluster_influence(counts: DayCounts, table: DayTable) -> Influence:
    """Work out each cluster's influence on the curves, day by day.

    Parameters
    ----------
    counts : DayCounts
    table : DayTable
        Of the same counts.

    Returns
    -------
    Influence

    Notes
    -----
    Sources: infinitesimal jackknife, Therneau & Grambsch 2000, Modeling survival data, 7.2.
    Agrees with R's survival (`survfit(..., cluster=)`): tests/reference.
    """
    expected = counts.at_risk[:, None, :] * share(table.by_cause, table.at_risk)
    surprise = counts.events - expected
    # The day on which all leave is certain for every cluster: nothing is left to divide by.
    increments = share(surprise.sum(axis=1), table.at_risk - table.events)
    total = np.cumsum(increments, axis=1)
    direct = np.cumsum(surprise * share(table.before, table.at_risk), axis=2)
    through = table.incidence * total[:, None, :] - np.cumsum(
        table.incidence * increments[:, None, :], axis=2
    )
    return Influence(survival=-table.survival * total, incidence=direct - through)


def robust_error(counts: DayCounts, influence: Array) -> Array:
    """Take the root of the sum of squares over clusters.

    Parameters
    ----------
    counts : DayCounts
    influence : ndarray, shape (clusters, ...)

    Returns
    -------
    ndarray, shape (...)
        NaN without clusters, or with fewer than 2 of them.
    """
    error = np.sqrt((influence**2).sum(axis=0))
    return error if counts.clustered and counts.clusters > 1 else np.full_like(error, np.nan)
