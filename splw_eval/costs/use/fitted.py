"""Rates of people in one or two times, with intervals by practice."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from splw_eval.data import Study
from splw_eval.describe.cells import grouping
from splw_eval.stats import FEWEST_CLUSTERS, MeanFit, fit_mean
from splw_eval.stats.rates import PooledRate, pooled_rate

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
HUNDRED = 100.0
FEWEST_USERS = 10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class People:
    """Some people of a study, and by whom they are grouped.

    Attributes
    ----------
    where : ndarray of int, shape (n,)
        Positions among the study's people.
    groups : ndarray of int, shape (n,), or None
    units : int or None
        How many practices or link workers there are among them.
    """

    where: NDArray[np.int64]
    groups: NDArray[np.int64] | None
    units: int | None

    def fit(self, values: Floats) -> MeanFit:
        """Mean of a value of each, with its interval; none where units are too few."""
        found = fit_mean(values, self.groups)
        few = self.units is not None and self.units < FEWEST_CLUSTERS
        if not few or found.conf_low is None:
            return found
        none = f"none: fewer than {FEWEST_CLUSTERS} clusters"
        return replace(found, std_error=None, df=None, conf_low=None, conf_high=None, method=none)


def people_of(study: Study, which: Flags) -> People:
    """Give some people with their practices or link workers.

    Parameters
    ----------
    study : Study
    which : ndarray of bool, shape (people,)

    Returns
    -------
    People
    """
    by = grouping(study)
    where = np.flatnonzero(which)
    if by.groups is None or by.shared is None:
        return People(where=where, groups=None, units=None)
    held = by.groups[where]
    return People(where=where, groups=held, units=len(np.unique(held[by.shared[where]])))


def rate_fit(people: People, rate: PooledRate) -> MeanFit:
    """A rate for each 100 people, with its interval."""
    return people.fit(HUNDRED * (rate.rate + rate.deviations))


def change_fit(people: People, before: PooledRate, after: PooledRate) -> MeanFit:
    """A change of rates for each 100 people, with its interval."""
    return people.fit(HUNDRED * changes(before, after))


def changes(before: PooledRate, after: PooledRate) -> Floats:
    """What each person adds to the change of the rate; their mean is the change."""
    return (after.rate + after.deviations) - (before.rate + before.deviations)


def ratio_fit(
    people: People, before: PooledRate, after: PooledRate
) -> tuple[float | None, float | None, float | None]:
    """One rate as a multiple of another, with its interval on the scale of logarithms.

    Parameters
    ----------
    people : People
    before, after : PooledRate

    Returns
    -------
    ratio, low, high : float or None
        None where a rate is 0.
    """
    if not before.rate > 0 or not after.rate > 0:
        return None, None, None
    log = math.log(after.rate / before.rate)
    found = people.fit(log + after.deviations / after.rate - before.deviations / before.rate)
    low, high = (
        None if end is None else math.exp(end) for end in (found.conf_low, found.conf_high)
    )
    return math.exp(log), low, high


def fewest_behind(events: Sequence[Floats], people: int) -> int:
    """People that some rates rest on: those known, or users where there are few of these.

    Parameters
    ----------
    events : sequence of ndarray
        Of each person, in each time or group; where nobody has any, that is no small number.
    people : int
        Of the smallest group.

    Returns
    -------
    int
        A rate of rare events is a number of users in disguise, so few users stand for the people.
    """
    users = [int((of > 0).sum()) for of in events]
    fewest = min((n for n in users if n), default=people)
    return min(fewest, people) if fewest < FEWEST_USERS else people


def rate_of(events: Floats, known: Floats) -> PooledRate:
    """Pool the rates of people, all of whom are known."""
    return pooled_rate(events, known)
