"""Permutation of practices between two arms: how unusual the difference seen is."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.survival.day_counts import DayCounts
from splw_eval.stats.survival.mean_difference import (
    MeanDifference,
    difference_in_restricted_means,
)
from splw_eval.stats.survival.permuted_means import Differences, differences, rounding_of
from splw_eval.stats.survival.two_arms import TwoArms, join_arms

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

MOST = 20_000  # allocations that are all gone through
# Statistics this near are one and the same, reckoned in another order.
_SAME = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticePermutation:
    """Test by studentised permutation of practices.

    Attributes
    ----------
    difference : MeanDifference
        The difference with its t test and t limits.
    p_value : float
        Two-sided: the share of allocations whose statistic lies at least as far from 0.
    smallest_p_value : float
        The least that these allocations can give. Above 0.05, no difference however large
        could be told by this test.
    allocations : int
        Allocations compared, with the one that was seen.
    exact : bool
        Whether these are all; if not, they were drawn.
    seed : int or None
        Of the draws.
    conf_low, conf_high : float
        Difference -/+ its error times the quantile of the permuted statistics; they hold 0
        where `p_value` is above 1 - conf_level. NaN where even
        `smallest_p_value` is above it.
    conf_level : float
    carried_on : int
        Allocations with an arm in which nobody was seen up to the horizon: there its curve
        was carried on as it stood.
    method : str
    """

    difference: MeanDifference
    p_value: float
    smallest_p_value: float
    allocations: int
    exact: bool
    seed: int | None
    conf_low: float
    conf_high: float
    conf_level: float
    carried_on: int
    method: str


def permute_practices(
    counts: tuple[DayCounts, DayCounts] | list[DayCounts],
    tau: int,
    *,
    cause: int | None = None,
    allocations: ArrayLike | None = None,
    draws: int = 9_999,
    seed: int = 1,
    conf_level: float = 0.95,
) -> PracticePermutation:
    """Test a difference in mean days between two arms by permuting practices.

    Parameters
    ----------
    counts : sequence of DayCounts, length 2
        Of the first arm and the second, with practices coded alike.
    tau : int
        Horizon in days.
    cause : int, optional
        Test the days lost to this cause, from 1; by default the days engaged.
    allocations : array_like of bool, shape (allocations, practices), optional
        Those that could have been: True where a practice, in the order of its code, stands
        in the second arm. The one that was seen must be among them. By default all with
        as many practices in each arm.
    draws : int
        Allocations drawn where there are more than 20,000, besides the one that was seen.
    seed : int
        Of the draws.
    conf_level : float

    Returns
    -------
    PracticePermutation

    Raises
    ------
    FitError
        As in `difference_in_restricted_means`; or the allocations lack the one that was
        seen, have other practices, or leave an arm with fewer than 2.

    Notes
    -----
    The statistic is the difference over its error by practices, reckoned anew for every
    allocation. So the test is exact where practices could have been exchanged without
    changing anything, and holds nearly where the arms differ in sizes or in censoring but
    not in mean days. A difference itself would not. Practices that were not allocated at
    random are taken as exchangeable: that is an assumption.

    The limits are not an inversion of the test: there is no shift of days that would carry
    one arm's curve into the other's with censoring left as it is. They use the permuted
    statistics for what t would give. Size, coverage and what to do with fewer practices:
    docs/methods/size-of-retention-tests.md.

    Sources: Gail, Mark, Carroll, Green & Pee 1996, Stat Med 15:1069 (practices); Janssen
    1997, Stat Probab Lett 36:9 (studentised); Ditzhaus, Yu & Xu 2023, Stat Med 42:2226
    (restricted means; limits); Horiguchi & Uno 2020, Stat Med, doi 10.1002/sim.8565 (curves
    carried on); Phipson & Smyth 2010, Stat Appl Genet Mol Biol 9:39 (draws).
    """
    if len(counts) != 2:
        raise FitError(f"Practices are permuted between 2 arms, got {len(counts)}.")
    first, second = counts
    seen = difference_in_restricted_means(first, second, tau, cause=cause, conf_level=conf_level)
    rounding = rounding_of(tau)
    if seen.std_error <= rounding:
        raise FitError(
            "No practice differs from the others of its arm, so the difference has no error: "
            "nobody leaves before the horizon, or all leave on one day."
        )
    arms = join_arms(first, second)
    exact, rows = _allocations(arms, allocations, draws, seed)
    found = differences(arms, rows, tau, cause)
    apart = 0.0 if abs(seen.estimate) <= rounding else abs(seen.statistic)
    p_value, smallest = _p_values(found, apart)
    reach = _quantile(np.abs(found.statistic), conf_level) * seen.std_error + rounding
    return PracticePermutation(
        difference=seen,
        p_value=p_value,
        smallest_p_value=smallest,
        allocations=len(rows),
        exact=exact,
        seed=None if exact else seed,
        conf_low=seen.estimate - reach,
        conf_high=seen.estimate + reach,
        conf_level=conf_level,
        carried_on=found.carried_on,
        method=_method(exact, len(rows), seed, allocations is not None),
    )


def all_allocations(practices: int, second: int) -> Flags:
    """List every allocation with so many practices in the second arm.

    Parameters
    ----------
    practices, second : int
        Practices in all, and in the second arm.

    Returns
    -------
    ndarray of bool, shape (allocations, practices)

    Raises
    ------
    FitError
        There are more than 20,000.
    """
    count = comb(practices, second)
    if count > MOST:
        raise FitError(f"There are {count:,} allocations, more than {MOST:,} to go through.")
    rows = np.zeros((count, practices), dtype=bool)
    chosen = np.array(list(combinations(range(practices), second)), dtype=np.intp)
    np.put_along_axis(rows, chosen, True, axis=1)
    return rows


def draw_allocations(seen: ArrayLike, draws: int, seed: int) -> Flags:
    """Draw allocations with as many practices in each arm, the one that was seen first.

    Parameters
    ----------
    seen : array_like of bool, shape (practices,)
        Whether each practice stands in the second arm.
    draws : int
        At least 1.
    seed : int

    Returns
    -------
    ndarray of bool, shape (draws + 1, practices)

    Raises
    ------
    FitError
        Nothing is to be drawn.
    """
    if draws < 1:
        raise FitError(f"draws is {draws}, but must be at least 1.")
    rows = np.tile(np.asarray(seen, dtype=bool), (draws + 1, 1))
    rows[1:] = np.random.default_rng(seed).permuted(rows[1:], axis=1)
    return rows


def _allocations(
    arms: TwoArms, given: ArrayLike | None, draws: int, seed: int
) -> tuple[bool, Flags]:
    """Whether these are all allocations, and the allocations."""
    practices, second = len(arms.second), arms.per_arm[1]
    if given is None:
        if comb(practices, second) <= MOST:
            return True, all_allocations(practices, second)
        return False, draw_allocations(arms.second, draws, seed)
    rows = np.asarray(given)
    if rows.dtype != bool or rows.ndim != 2 or rows.shape[1] != practices:
        raise FitError(
            f"allocations must be True or False for each of the {practices} practices, one row "
            "for each allocation."
        )
    if not (rows == arms.second).all(axis=1).any():
        raise FitError("The allocation that was seen is not among those that could have been.")
    small = np.minimum(rows.sum(axis=1), (~rows).sum(axis=1)) < 2
    if small.any():
        raise FitError(f"{int(small.sum())} allocations leave an arm with fewer than 2 practices.")
    return True, rows


def _p_values(found: Differences, seen: float) -> tuple[float, float]:
    """Share at least as far from 0 as what was seen, and as the farthest."""
    size = np.abs(found.statistic)
    as_far = [
        int((size >= value * (1 - _SAME) - found.slack).sum()) for value in (seen, size.max())
    ]
    return as_far[0] / len(size), as_far[1] / len(size)


def _quantile(size: Array, conf_level: float) -> float:
    """The value that a statistic must pass for its p-value to be at most 1 - conf_level."""
    passed = int((1 - conf_level) * len(size) * (1 + _SAME))
    found = float(np.sort(size)[::-1][passed])
    return found * (1 + _SAME) if found < float(size.max()) * (1 - _SAME) else float("nan")


def _method(exact: bool, count: int, seed: int, given: bool) -> str:
    which = "all those given" if given else "all"
    how = f"{which}, {count:,}" if exact else f"{count:,} with the one seen, drawn, seed {seed}"
    return f"studentised permutation of practices; allocations: {how}"
