"""Groups compared by those who left and those expected to, were there one hazard for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.survival.day_counts import DayCounts
from splw_eval.stats.survival.influence import share
from splw_eval.stats.tails import f_p_value

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LogRank:
    """The log-rank test of several groups, which takes people as independent.

    Attributes
    ----------
    n : int
        People.
    statistic : float
        Chi-squared.
    df : int
        Groups who could have left, less 1.
    p_value : float
    observed, expected : ndarray, shape (groups,)
        Leavings, weighted by the share engaged to the power `rho`; summed over strata.
    variance : ndarray, shape (groups, groups)
        Of observed less expected.
    rho : float
    method : str
    """

    n: int
    statistic: float
    df: int
    p_value: float
    observed: Array
    expected: Array
    variance: Array
    rho: float
    method: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OePerPractice:
    """Leavings of each cluster beside those expected under the hazard of all.

    Attributes
    ----------
    n : int
        People.
    observed, expected : ndarray, shape (clusters,)
        Summed over groups; they have the same total. 0 where nobody was.
    method : str
    """

    n: int
    observed: Array
    expected: Array
    method: str = "leavings expected under one hazard, day by day, of all groups and clusters"


def log_rank(groups: Sequence[DayCounts], *, rho: float = 0.0, cause: int | None = None) -> LogRank:
    """Test whether groups leave at one rate, people taken as independent.

    Parameters
    ----------
    groups : sequence of DayCounts
        At least 2, with the same days.
    rho : float
        0 for the log-rank test, 1 for Peto and Prentice's, which heeds early days more.
    cause : int, optional
        The only cause that counts as leaving; those who leave for another are taken as
        censored then. By default every cause counts.

    Returns
    -------
    LogRank

    Raises
    ------
    FitError
        Fewer than 2 groups, other days, causes or weights, or nobody left.

    Notes
    -----
    Clusters are ignored: with few of them the p-value is too small.

    Sources: Harrington & Fleming 1982, Biometrika 69:553. Agrees with R's survival
    (`survdiff`): tests/reference.
    """
    return stratified_log_rank([groups], rho=rho, cause=cause)


def stratified_log_rank(
    strata: Sequence[Sequence[DayCounts]], *, rho: float = 0.0, cause: int | None = None
) -> LogRank:
    """Test whether groups leave at one rate within strata, people taken as independent.

    Parameters
    ----------
    strata : sequence of sequences of DayCounts
        The groups of each stratum, in the same order.
    rho, cause
        As in `log_rank`.

    Returns
    -------
    LogRank

    Raises
    ------
    FitError
        As in `log_rank`, or the strata do not have the same number of groups.

    Notes
    -----
    Sources: as in `log_rank`.
    """
    if not strata or len({len(groups) for groups in strata}) != 1 or len(strata[0]) < 2:
        raise FitError("There must be at least 2 groups, and the same number in each stratum.")
    if any(counts.weighted for groups in strata for counts in groups):
        raise FitError("The log-rank test counts people: give counts without weights.")
    parts = [_stratum(groups, rho, cause) for groups in strata]
    observed, expected, variance = (
        np.sum([part[place] for part in parts], axis=0) for place in range(3)
    )
    if not expected.any():
        raise FitError("Nobody left, so there is nothing to compare.")
    # A group nobody of which was at risk on a day of leaving has nothing to compare.
    used = np.flatnonzero(expected > 0)
    df = used.size - 1
    surprise = (observed - expected)[used[1:]]
    solved = np.linalg.lstsq(variance[np.ix_(used[1:], used[1:])], surprise, rcond=None)[0]
    statistic = float(surprise @ solved) if df else float("nan")
    within = ", within strata" if len(strata) > 1 else ""
    return LogRank(
        n=sum(counts.n for groups in strata for counts in groups),
        statistic=statistic,
        df=df,
        p_value=f_p_value(statistic / df, df, np.inf) if df else float("nan"),
        observed=observed,
        expected=expected,
        variance=variance,
        rho=rho,
        method=f"log-rank, rho = {rho:g}{within}; ignores practices",
    )


def observed_expected(groups: Sequence[DayCounts], *, cause: int | None = None) -> OePerPractice:
    """Count leavings by cluster beside those expected under the hazard of all together.

    Parameters
    ----------
    groups : sequence of DayCounts
        At least 1, with the same clusters and days.
    cause : int, optional
        As in `log_rank`.

    Returns
    -------
    OePerPractice

    Raises
    ------
    FitError
        No group, other clusters, causes or days, or no such cause.

    Notes
    -----
    Sources: Hayes & Moulton 2017, Cluster randomised trials, 11.
    """
    if not groups or len({counts.counts.shape for counts in groups}) != 1:
        raise FitError("There must be groups with the same clusters, causes and days.")
    events = sum((_leaving(counts, cause) for counts in groups), np.zeros(()))
    at_risk = sum((counts.at_risk for counts in groups), np.zeros(()))
    hazard = share(events.sum(axis=0), at_risk.sum(axis=0))
    return OePerPractice(
        n=sum(counts.n for counts in groups),
        observed=events.sum(axis=1),
        expected=at_risk @ hazard,
    )


def _leaving(counts: DayCounts, cause: int | None) -> Array:
    if cause is None:
        everybody: Array = counts.events.sum(axis=1)
        return everybody
    if not 1 <= cause <= counts.causes:
        raise FitError(f"cause is {cause}, but must be from 1 to {counts.causes}.")
    return counts.events[:, cause - 1]


def _stratum(
    groups: Sequence[DayCounts], rho: float, cause: int | None
) -> tuple[Array, Array, Array]:
    if len({counts.counts.shape[1:] for counts in groups}) != 1:
        raise FitError("Only groups with the same causes and days can be compared.")
    events = np.array([_leaving(counts, cause).sum(axis=0) for counts in groups])
    at_risk = np.array([counts.at_risk.sum(axis=0) for counts in groups])
    left, all_at_risk = events.sum(axis=0), at_risk.sum(axis=0)
    weight = _engaged_before(left, all_at_risk) ** rho
    shares = share(at_risk, np.broadcast_to(all_at_risk, at_risk.shape))
    # Who of those at risk left is drawn without replacement.
    drawn = weight**2 * left * share(all_at_risk - left, all_at_risk - 1)
    spread = np.diag(shares @ drawn) - (shares * drawn) @ shares.T
    return events @ weight, shares @ (weight * left), spread


def _engaged_before(left: Array, at_risk: Array) -> Array:
    engaged = np.cumprod(1 - share(left, at_risk))
    return np.append(1.0, engaged[:-1])
