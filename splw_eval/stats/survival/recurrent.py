"""Mean number of contacts a person by each day, where people leave the programme."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.survival.contact_influence import (
    cluster_influence,
    contact_parts,
    people_error,
)
from splw_eval.stats.survival.contact_rows import ContactRows
from splw_eval.stats.survival.day_counts import DayCounts
from splw_eval.stats.survival.influence import day_table, robust_error
from splw_eval.stats.tails import t_critical

Array = NDArray[np.float64]
ConfType = Literal["log", "plain"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MeanCumulative:
    """The mean cumulative number of contacts, one value for each day from 0.

    Attributes
    ----------
    n : int
        People.
    clusters : int or None
        Clusters; None where people were taken as independent.
    at_risk, contacts : ndarray, shape (days,)
        Those engaged as the day begins, and the contacts of the day.
    estimate : ndarray, shape (days,)
        Contacts a person (or minutes, as given) by the end of the day, counting 0 after
        leaving. Carried on where nobody is at risk any more.
    std_error : ndarray, shape (days,)
        For independent people; NaN where only sums by cluster were given.
    robust_std_error : ndarray, shape (days,)
        Allows for clusters; NaN without clusters, or with fewer than 2.
    influence : ndarray, shape (clusters, days)
        What each cluster adds; its squares sum to the robust variance.
    conf_low, conf_high : ndarray, shape (days,)
        From `std_error` and the normal distribution.
    robust_conf_low, robust_conf_high : ndarray, shape (days,)
        From `robust_std_error` and t with clusters less 1 df.
    conf_type : str
        "log" (NaN where the estimate is 0) or "plain" (may reach below 0).
    conf_level : float
    method : str
    """

    n: int
    clusters: int | None
    at_risk: Array
    contacts: Array
    estimate: Array
    std_error: Array
    robust_std_error: Array
    influence: Array
    conf_low: Array
    conf_high: Array
    robust_conf_low: Array
    robust_conf_high: Array
    conf_type: str
    conf_level: float
    method: str


def mean_cumulative(
    contacts: ArrayLike,
    endings: DayCounts,
    *,
    conf_type: ConfType = "log",
    conf_level: float = 0.95,
) -> MeanCumulative:
    """Estimate the mean number of contacts by each day, from sums by cluster and day.

    Parameters
    ----------
    contacts : array_like, shape (clusters, days)
        Contacts, or their minutes, of each cluster and day, at least 0. The days may stop
        before those of `endings`; the clusters are the same.
    endings : DayCounts
        Of the same people, also those without a contact. Every cause ends the contacts;
        censoring does not mean that they ended. Where weighted, so must the contacts be.
    conf_type : {"log", "plain"}
        Scale on which the limits are symmetrical.
    conf_level : float
        Coverage of the limits, each day by itself.

    Returns
    -------
    MeanCumulative
        Without the error for independent people: see `mean_cumulative_of_people`.

    Raises
    ------
    FitError
        Contacts that are not finite and at least 0, that do not fit the clusters and days of
        `endings` or fall where nobody is at risk; an unknown conf_type, or a level that does not
        lie between 0 and 1.

    Notes
    -----
    The contacts of a day come before its endings. Without endings it is Nelson's mean
    cumulative function. The robust error is the infinitesimal jackknife; Ghosh & Lin divide
    the endings by those at risk, which differs only where few are left.

    Sources: Ghosh & Lin 2000, Biometrics 56:554; Nelson 1988, J Qual Technol 20:24; robust
    error: Therneau & Grambsch 2000, Modeling survival data, 7.2. Agrees with R's mets
    (`recurrentMarginal`) and survival: tests/reference.
    """
    found = _contacts(contacts, endings)
    return _mean_cumulative(found, endings, conf_type, conf_level, None)


def mean_cumulative_of_people(
    rows: ContactRows, *, conf_type: ConfType = "log", conf_level: float = 0.95
) -> MeanCumulative:
    """Estimate the mean number of contacts by each day, from the contacts of each person.

    Parameters
    ----------
    rows : ContactRows
        See `read_contacts`.
    conf_type : {"log", "plain"}
        Scale on which the limits are symmetrical.
    conf_level : float
        Coverage of the limits, each day by itself.

    Returns
    -------
    MeanCumulative
        Also with the error for independent people.

    Raises
    ------
    FitError
        An unknown conf_type, or a level that does not lie between 0 and 1.

    Notes
    -----
    Sources: as `mean_cumulative`.
    """
    endings, contacts = rows.endings(), rows.contacts()
    parts = contact_parts(contacts.sum(axis=0), day_table(endings))
    error = people_error(rows, parts)
    return _mean_cumulative(contacts, endings, conf_type, conf_level, error)


def person_influence(rows: ContactRows, at: int) -> Array:
    """Work out what each person adds to the mean number of contacts by one day.

    Parameters
    ----------
    rows : ContactRows
    at : int
        Day, from 0 to the last anybody was seen.

    Returns
    -------
    ndarray, shape (n,)
        Its squares sum to the variance for independent people; its sums by cluster are the
        clusters' influence.

    Raises
    ------
    FitError
        The day lies outside.
    """
    last = int(rows.last_seen.max())
    if not 0 <= at <= last:
        raise FitError(f"The day is {at}, but must lie from 0 to {last}.")
    parts = contact_parts(rows.contacts().sum(axis=0), day_table(rows.endings()))
    seen, gone = np.minimum(rows.last_seen, at), rows.last_seen <= at
    early = rows.day <= at
    own = np.bincount(
        rows.person[early],
        parts.step[rows.day[early]] * rows.values[early],
        minlength=rows.last_seen.size,
    )
    mu = parts.mu[at]
    left = np.where(gone & (rows.cause > 0), parts.ending[seen] * (mu - parts.mu[seen]), 0.0)
    found: Array = own - parts.expected[seen] - left + mu * parts.lost[seen] - parts.lost_mu[seen]
    return found


def _mean_cumulative(
    contacts: Array, endings: DayCounts, conf_type: ConfType, conf_level: float, error: Array | None
) -> MeanCumulative:
    table, total = day_table(endings), contacts.sum(axis=0)
    mu = contact_parts(total, table).mu
    influence = cluster_influence(contacts, endings, table, mu)
    robust = robust_error(endings, influence)
    people = np.full_like(mu, np.nan) if error is None else error
    low, high = _limits(mu, people, math.inf, conf_type, conf_level)
    df = endings.clusters - 1
    robust_low, robust_high = _limits(mu, robust, df, conf_type, conf_level)
    name = "Ghosh-Lin, leaving as the end of contacts" if table.events.any() else "Nelson"
    return MeanCumulative(
        n=endings.n,
        clusters=endings.clusters if endings.clustered else None,
        at_risk=table.at_risk,
        contacts=total,
        estimate=mu,
        std_error=people,
        robust_std_error=robust,
        influence=influence,
        conf_low=low,
        conf_high=high,
        robust_conf_low=robust_low,
        robust_conf_high=robust_high,
        conf_type=conf_type,
        conf_level=conf_level,
        method=f"{name}; limits {conf_type}; robust limits by t, df = clusters - 1",
    )


def _limits(
    estimate: Array, error: Array, df: float, conf_type: ConfType, conf_level: float
) -> tuple[Array, Array]:
    if not 0 < conf_level < 1:
        raise FitError(f"conf_level is {conf_level}, but must lie between 0 and 1, such as 0.95.")
    if conf_type not in ("log", "plain"):
        raise FitError(f"conf_type is {conf_type!r}, but must be 'log' or 'plain'.")
    reach = t_critical(max(df, 1), conf_level) * (error if df > 0 else np.full_like(error, np.nan))
    if conf_type == "plain":
        return estimate - reach, estimate + reach
    value = np.where(estimate > 0, estimate, np.nan)
    return value * np.exp(-reach / value), value * np.exp(reach / value)


def _contacts(contacts: ArrayLike, endings: DayCounts) -> Array:
    found = np.asarray(contacts, dtype=np.float64)
    clusters, _, days = endings.counts.shape
    if found.ndim != 2 or found.shape[0] != clusters or found.shape[1] > days:
        raise FitError(
            f"contacts must have one row for each of the {clusters} clusters and at most one "
            f"column for each of the {days} days."
        )
    if not (np.isfinite(found).all() and (found >= 0).all()):
        raise FitError("Every number of contacts must be finite and at least 0.")
    padded = np.pad(found, ((0, 0), (0, days - found.shape[1])))
    nobody = int(np.count_nonzero((padded > 0) & (endings.at_risk == 0)))
    if nobody:
        raise FitError(
            f"Contacts were found in {nobody} cells of cluster and day where nobody is at risk: "
            "contacts after the ending are not counted."
        )
    return padded
