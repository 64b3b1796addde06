"""Differences in mean days under many allocations of practices at once, by matrix products."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.stats.survival.two_arms import TwoArms, practice_variance

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

_ROWS = 256  # allocations taken at once: enough to loop over days, few enough for the cache
# Weighted sums reckoned in another order differ by this much, where people cannot.
_NOBODY = 1e-10
_ROUNDING = 1e-11  # of the horizon; sums over days and practices are off by less


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Differences:
    """One difference for each allocation, second arm less first.

    Attributes
    ----------
    estimate, std_error, statistic : ndarray, shape (allocations,)
        In days, and their quotient: infinite where practices of an arm do not differ but
        arms do, 0 where neither do. Days that only rounding tells from 0 are 0.
    slack : ndarray, shape (allocations,)
        How far a statistic may be off by rounding alone.
    carried_on : int
        Allocations with an arm in which nobody was seen up to the horizon.
    """

    estimate: Array
    std_error: Array
    statistic: Array
    slack: Array
    carried_on: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Days:
    """Days on which somebody left; between them no curve changes.

    Attributes
    ----------
    width : days to the next of them, or to the horizon
    left : days to the horizon
    at_risk, events, by_cause : one column for each practice
    before : days before the first of them
    """

    width: Array
    left: Array
    at_risk: Array
    events: Array
    by_cause: Array | None
    before: float


def differences(arms: TwoArms, allocations: Flags, tau: int, cause: int | None) -> Differences:
    """Work out the difference and its error for each allocation.

    Parameters
    ----------
    arms : TwoArms
        Which arm its practices stand in is not looked at.
    allocations : ndarray of bool, shape (allocations, practices)
        True where the practice stands in the second arm; at least 2 practices in each.
    tau : int
        Horizon in days.
    cause : int or None
        Days lost to this cause; days engaged if None.

    Returns
    -------
    Differences

    Notes
    -----
    The same sums as `difference_in_restricted_means`, in another order: the influence of a
    practice is its unexpected leavings, each day's times what a leaving that day takes
    from the mean. Memory is that of one block.
    """
    days = _days_of_leaving(arms, tau, cause)
    parts = [
        _block(days, arms.size, allocations[at : at + _ROWS].astype(np.float64))
        for at in range(0, len(allocations), _ROWS)
    ]
    rounding = rounding_of(tau)
    estimate = _no_rounding(np.concatenate([part[0] for part in parts]), rounding)
    error = _no_rounding(np.concatenate([part[1] for part in parts]), rounding)
    beyond = np.where(estimate == 0, 0.0, np.copysign(np.inf, estimate))
    return Differences(
        estimate=estimate,
        std_error=error,
        statistic=np.divide(estimate, error, out=beyond, where=error > 0),
        slack=np.divide(rounding, error, out=np.zeros_like(error), where=error > 0),
        carried_on=_carried_on(arms, allocations, tau),
    )


def rounding_of(tau: float) -> float:
    """Days that a mean may be off by rounding alone.

    Parameters
    ----------
    tau : float
        Horizon in days, of which no mean can have more.

    Returns
    -------
    float
    """
    return _ROUNDING * tau


def _no_rounding(days: Array, rounding: float) -> Array:
    return np.where(np.abs(days) <= rounding, 0.0, days)


def _days_of_leaving(arms: TwoArms, tau: int, cause: int | None) -> _Days:
    events = arms.events[:, :, :tau].sum(axis=1)
    days = np.flatnonzero(events.any(axis=0))
    of_cause = None if cause is None else arms.events[:, cause - 1, days].T.copy()
    return _Days(
        width=np.diff(days, append=tau).astype(np.float64)[:, None],
        left=(tau - days).astype(np.float64)[:, None],
        at_risk=arms.at_risk[:, days].T.copy(),
        events=events[:, days].T.copy(),
        by_cause=of_cause,
        before=float(days[0]) if days.size else float(tau),
    )


def _block(days: _Days, size: Array, second: Array) -> tuple[Array, Array]:
    """Differences and their errors for some allocations."""
    total = []
    for inside in (1.0 - second, second):
        mean, influence = (_engaged if days.by_cause is None else _lost)(days, inside.T)
        variance, _ = practice_variance(influence.T * inside, inside * size)
        total.append((mean, variance))
    (first, of_first), (other, of_other) = total
    return other - first, np.sqrt(of_first + of_other)


def _curve(days: _Days, inside: Array) -> tuple[Array, Array, Array, Array]:
    """One over those at risk, and over those who stay; hazard; and the curve, by day."""
    at_risk, events = days.at_risk @ inside, days.events @ inside
    stay = at_risk - events
    if stay.min(initial=1.0) < 1.0:
        # Nothing is divided by where nobody is: there are no leavings, or nobody stays.
        nobody, empty = stay <= _NOBODY * at_risk, at_risk <= _NOBODY
        events[nobody] = at_risk[nobody]
        stay[nobody] = at_risk[empty] = np.inf
    hazard = np.divide(events, at_risk, out=events)
    curve = 1.0 - hazard
    for day in range(1, len(curve)):
        curve[day] *= curve[day - 1]
    return np.reciprocal(at_risk, out=at_risk), np.reciprocal(stay, out=stay), hazard, curve


def _engaged(days: _Days, inside: Array) -> tuple[Array, Array]:
    """Mean days engaged, and its influence of each practice, by allocation."""
    _, per_stayer, hazard, curve = _curve(days, inside)
    curve *= days.width
    stay = _from_here(curve)
    mean = days.before + (stay[0] if len(stay) else np.zeros(inside.shape[1]))
    taken = np.multiply(stay, per_stayer, out=per_stayer)
    influence = -(days.events.T @ taken)
    hazard *= taken
    influence += days.at_risk.T @ hazard
    return mean, influence


def _lost(days: _Days, inside: Array) -> tuple[Array, Array]:
    """Mean days lost to the cause, and its influence of each practice, by allocation."""
    assert days.by_cause is not None
    per_person, per_stayer, hazard, curve = _curve(days, inside)
    before = np.concatenate([np.ones_like(curve[:1]), curve[:-1]])
    of_cause = (days.by_cause @ inside) * per_person
    incidence = np.cumsum(before * of_cause, axis=0)
    later = _from_here(incidence * days.width)
    direct = days.left * before * per_person
    through = (days.left * incidence - later) * per_stayer
    influence = days.by_cause.T @ direct + days.events.T @ through
    influence -= days.at_risk.T @ (direct * of_cause + through * hazard)
    mean = later[0] if len(later) else np.zeros(inside.shape[1])
    return mean, influence


def _from_here(values: Array) -> Array:
    """Sums from each day to the last, in the place of the values."""
    for day in range(len(values) - 1, 0, -1):
        values[day - 1] += values[day]
    return values


def _carried_on(arms: TwoArms, allocations: Flags, tau: int) -> int:
    """Allocations with an arm whose last person before the horizon was still engaged."""
    last = np.count_nonzero(arms.at_risk > 0, axis=1) - 1
    own = np.arange(len(last))
    engaged = arms.at_risk[own, last] > arms.events[own, :, last].sum(axis=1)
    # Odd where somebody was still engaged, so that the largest of an arm tells of its end.
    end = np.where(last >= tau - 1, 2 * tau, 2 * last + engaged)
    ends = [np.where(inside, end, -2).max(axis=1) for inside in (allocations, ~allocations)]
    return int(((ends[0] % 2 == 1) | (ends[1] % 2 == 1)).sum())
