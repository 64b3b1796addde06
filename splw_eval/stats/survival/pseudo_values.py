"""What each person adds to an estimate of retention: pseudo-values, as if nobody were censored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.survival.day_counts import count_days
from splw_eval.stats.survival.influence import DayTable, day_table, share
from splw_eval.stats.survival.restricted_mean import step_widths

Array = NDArray[np.float64]
Of = Literal["survival", "incidence", "restricted mean", "time lost"]
Method = Literal["leave one out", "influence"]


def pseudo_values(
    day: ArrayLike,
    cause: ArrayLike,
    *,
    causes: int,
    of: Of,
    at: int,
    cause_lost: int | None = None,
    method: Method = "leave one out",
) -> Array:
    """Give each person's pseudo-value of an estimate of one group.

    Parameters
    ----------
    day, cause : array_like of int, shape (n,)
        As in `count_days`.
    causes : int
    of : str
        "survival" (share engaged after the day), "incidence" (share who have left for a cause
        by the end of the day), "restricted mean" (days engaged up to the horizon), or "time
        lost" (days lost to a cause up to the horizon).
    at : int
        The day, or the horizon in days.
    cause_lost : int, optional
        The cause, from 1; for "incidence" and "time lost" only.
    method : str
        "leave one out": n times the estimate less n - 1 times that without the person,
        exactly. "influence": the estimate plus n times the person's influence on it.

    Returns
    -------
    ndarray, shape (n,)
        A share, or days. A person's may lie below 0 or above 1; means estimate means.

    Raises
    ------
    FitError
        As in `count_days`; fewer than 2 people; a day or horizon beyond what was seen; a
        cause that is missing, not known or not asked for; an unknown `of` or `method`.

    Notes
    -----
    Work and memory are those of the people and the days, not of their product: all who left
    on one day for one cause have one pseudo-value.

    Sources: Andersen, Klein & Rosthoj 2003, Biometrika 90:15; influence: Parner, Andersen &
    Overgaard 2020, Scand J Stat 47:1096. The first is the sum done again without each person,
    the second agrees with R's survival (`pseudo`): tests/reference.
    """
    kept = _check(causes, of, cause_lost, method)
    counts = count_days(day, cause, causes=causes)
    if counts.n < 2:
        raise FitError("There is 1 person: pseudo-values need at least 2.")
    table = day_table(counts)
    share_only = of in ("survival", "incidence")
    weight = _still_to_count(table, at, share_only)
    work = _Work(table=table, by_cause=table.by_cause[kept], weight=weight, kept=kept, n=counts.n)
    by_day = _left_out(work) if method == "leave one out" else _by_influence(work)
    if cause_lost is None:
        # All leavings together: what is not lost to any of them is kept.
        by_day = (1.0 if share_only else float(at)) - by_day
    values: Array = by_day[np.asarray(cause).astype(np.intp), np.asarray(day).astype(np.intp)]
    return values


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """A sum over days of `weight` by the steps of the curves of the causes kept."""

    table: DayTable
    by_cause: Array
    weight: Array
    kept: NDArray[np.intp]
    n: int

    @property
    def leaving(self) -> Array:
        """Those who left each day for the causes kept."""
        left: Array = self.by_cause.sum(axis=0)
        return left

    @property
    def estimate(self) -> Array:
        """The sum up to each day."""
        per_day = self.table.before * share(self.leaving, self.table.at_risk)
        total: Array = np.cumsum(self.weight * per_day)
        return total

    @property
    def own(self) -> Array:
        """1 for the causes kept, 0 for others and censoring; shape (causes + 1, 1)."""
        own = np.zeros((self.table.by_cause.shape[0] + 1, 1))
        own[1 + self.kept] = 1.0
        return own

    @property
    def left(self) -> Array:
        """1 for a leaving of any cause, 0 for censoring; shape (causes + 1, 1)."""
        left = np.ones((self.table.by_cause.shape[0] + 1, 1))
        left[0] = 0.0
        return left


def _left_out(work: _Work) -> Array:
    """Give pseudo-values by cause and day, shape (causes + 1, days), by leaving one out."""
    table, total = work.table, work.estimate
    others = table.at_risk - 1
    # The curve before the person's own day, when they were at risk throughout.
    factor = 1 - np.minimum(share(table.events, others), 1.0)
    before = np.append(1.0, np.cumprod(factor)[:-1])
    lost = np.cumsum(work.weight * before * share(work.leaving, others))
    earlier = np.append(0.0, lost[:-1])
    # The day itself, without them; then the rest, which their absence does not touch.
    shape = (work.own.size, others.size)
    rest = np.broadcast_to(others, shape)
    on_day = share(np.broadcast_to(work.leaving, shape) - work.own, rest)
    stay = 1 - share(np.broadcast_to(table.events, shape) - work.left, rest)
    after = share(total[-1] - total, table.survival)
    without = earlier + before * (work.weight * on_day + stay * after)
    values: Array = work.n * total[-1] - (work.n - 1) * without
    return values


def _by_influence(work: _Work) -> Array:
    """Give pseudo-values by cause and day, shape (causes + 1, days), by influence."""
    table, total = work.table, work.estimate
    per_step = work.weight * share(table.before, table.at_risk)
    expected = np.cumsum(per_step * share(work.leaving, table.at_risk))
    still = table.at_risk - table.events
    later = total[-1] - total
    per_leaving = later * share(np.ones_like(still), still)
    spared = np.cumsum(per_leaving * share(table.events, table.at_risk))
    influence = work.own * per_step - expected - (work.left * per_leaving - spared)
    values: Array = total[-1] + work.n * influence
    return values


def _still_to_count(table: DayTable, at: int, share_only: bool) -> Array:
    if not share_only:
        widths, _ = step_widths(table, at)
        days: Array = np.cumsum(widths[::-1])[::-1]
        return days
    last = int(np.count_nonzero(table.at_risk)) - 1
    if at < 0 or (table.survival[-1] > 0 and at > last):
        raise FitError(
            f"The day is {at}, but must be from 0 to {last}, when the last person engaged was "
            "last seen."
        )
    return (np.arange(table.at_risk.size) <= at).astype(np.float64)


def _check(causes: int, of: str, cause_lost: int | None, method: str) -> NDArray[np.intp]:
    if of not in ("survival", "incidence", "restricted mean", "time lost"):
        raise FitError(
            f"of is {of!r}, but must be survival, incidence, restricted mean or time lost."
        )
    if method not in ("leave one out", "influence"):
        raise FitError(f"method is {method!r}, but must be leave one out or influence.")
    by_cause = of in ("incidence", "time lost")
    if by_cause and not (cause_lost is not None and 1 <= cause_lost <= causes):
        raise FitError(f"For {of} cause_lost must be from 1 to {causes}.")
    if not by_cause and cause_lost is not None:
        raise FitError(f"For {of} every cause counts: leave cause_lost out.")
    return np.arange(causes) if cause_lost is None else np.array([cause_lost - 1])
