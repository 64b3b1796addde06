"""What each cluster and each person adds to the error of the mean number of contacts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.stats.survival.contact_rows import ContactRows
from splw_eval.stats.survival.day_counts import DayCounts
from splw_eval.stats.survival.influence import DayTable, share

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ContactParts:
    """Day by day: the curve, and the weights and running sums its influence is made of.

    Attributes
    ----------
    mu : ndarray, shape (days,)
        The mean cumulative number of contacts.
    step, ending : ndarray, shape (days,)
        Weight of one contact, and of one ending, of the day.
    expected : ndarray, shape (days,)
        Running sum of what is expected of a person at risk.
    lost, lost_mu : ndarray, shape (days,)
        Running sums of the hazard of ending times `ending`, and of that times `mu`.
    """

    mu: Array
    step: Array
    ending: Array
    expected: Array
    lost: Array
    lost_mu: Array


def contact_parts(contacts: Array, table: DayTable) -> ContactParts:
    """Work out the curve and the parts of its influence.

    Parameters
    ----------
    contacts : ndarray, shape (days,)
    table : DayTable
        Of the endings.

    Returns
    -------
    ContactParts

    Notes
    -----
    Sources: Ghosh & Lin 2000, Biometrics 56:554.
    """
    step = share(table.before, table.at_risk)
    mu = np.cumsum(step * contacts)
    ending = share(np.ones_like(step), table.at_risk - table.events)
    hazard = ending * share(table.events, table.at_risk)
    return ContactParts(
        mu=mu,
        step=step,
        ending=ending,
        expected=np.cumsum(step * share(contacts, table.at_risk)),
        lost=np.cumsum(hazard),
        lost_mu=np.cumsum(hazard * mu),
    )


def cluster_influence(contacts: Array, endings: DayCounts, table: DayTable, mu: Array) -> Array:
    """Work out each cluster's influence on the curve, day by day.

    Parameters
    ----------
    contacts : ndarray, shape (clusters, days)
    endings : DayCounts
    table : DayTable
        Of the endings.
    mu : ndarray, shape (days,)

    Returns
    -------
    ndarray, shape (clusters, days)
    """
    at_risk, total = endings.at_risk, contacts.sum(axis=0)
    surprise = contacts - at_risk * share(total, table.at_risk)
    direct = np.cumsum(surprise * share(table.before, table.at_risk), axis=1)
    left = endings.events.sum(axis=1) - at_risk * share(table.events, table.at_risk)
    increments = share(left, table.at_risk - table.events)
    through = mu * np.cumsum(increments, axis=1) - np.cumsum(mu * increments, axis=1)
    return direct - through


def people_error(rows: ContactRows, parts: ContactParts) -> Array:
    """Work out the error for independent people, day by day, without a loop over people.

    Parameters
    ----------
    rows : ContactRows
    parts : ContactParts
        Of the same rows.

    Returns
    -------
    ndarray, shape (days,)
    """
    n, days = rows.last_seen.size, parts.mu.size
    step = parts.step[rows.day] * rows.values
    own: Array = np.bincount(rows.person, step, minlength=n).astype(np.float64)
    running = np.cumsum(step)
    earlier = running - step - (np.cumsum(own) - own)[rows.person]

    def by_end(values: Array) -> Array:
        found: Array = np.bincount(rows.last_seen, values, minlength=days).astype(np.float64)
        return np.cumsum(found)

    def by_contact(values: Array) -> Array:
        found: Array = np.bincount(rows.day, values, minlength=days).astype(np.float64)
        return np.cumsum(found)

    # Once gone, a person's influence is fixed + slope * mu; until then, own + common.
    end = rows.last_seen
    ending = np.where(rows.cause > 0, parts.ending[end], 0.0)
    fixed = own - parts.expected[end] + ending * parts.mu[end] - parts.lost_mu[end]
    slope = parts.lost[end] - ending
    mu = parts.mu
    gone = by_end(fixed**2) + 2 * mu * by_end(fixed * slope) + mu**2 * by_end(slope**2)
    common = mu * parts.lost - parts.lost_mu - parts.expected
    squares = by_contact((2 * earlier + step) * step) - by_end(own**2)
    sums = by_contact(step) - by_end(own)
    still = n - by_end(np.ones(n))
    return np.sqrt(np.maximum(gone + squares + 2 * common * sums + common**2 * still, 0.0))
