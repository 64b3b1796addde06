"""Permutation of practice means between two arms, with limits by inverting the test."""

from __future__ import annotations

import math
from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.survival.practice_permutation import (
    MOST,
    all_allocations,
    draw_allocations,
)

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

# Shares and differences this near are one and the same, reckoned in another order.
_SAME = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class MeansPermutation:
    """Test of a difference in practice means by permuting practices.

    Attributes
    ----------
    estimate : float
        Mean of the second arm's practices less that of the first's, within strata where there
        are any, over `left`: the shift whose removal takes the difference to 0.
    left : float
        How much of a shift by one is left in the difference; 1 unless `shift` was given.
    p_value : float
        Two-sided: the share of allocations whose difference lies at least as far from 0.
    smallest_p_value : float
        What is left however large the difference: the share of allocations with the arms
        as they were, or changed about.
    conf_low, conf_high : float
        The farthest shifts of the second arm with p above 1 - conf_level; infinite where even
        `smallest_p_value` is above it.
    conf_level : float
    allocations : int
        Allocations compared, with the one that was seen.
    exact : bool
        Whether these are all; if not, they were drawn.
    seed : int or None
        Of the draws.
    n : int
        Practices.
    per_arm : tuple of int
        Practices in the first arm and the second.
    method : str
    """

    estimate: float
    left: float
    p_value: float
    smallest_p_value: float
    conf_low: float
    conf_high: float
    conf_level: float
    allocations: int
    exact: bool
    seed: int | None
    n: int
    per_arm: tuple[int, int]
    method: str


def permute_practice_means(
    value: ArrayLike,
    arm: ArrayLike,
    *,
    allocations: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    compare_within: bool = True,
    shift: ArrayLike | None = None,
    draws: int = 9_999,
    seed: int = 1,
    conf_level: float = 0.95,
) -> MeansPermutation:
    """Test a difference in practice means between two arms by permuting practices.

    Parameters
    ----------
    value : array_like, shape (practices,)
        One mean, residual mean or log ratio for each practice.
    arm : array_like of bool, shape (practices,)
        True in the second arm.
    allocations : array_like of bool, shape (allocations, practices), optional
        Those that could have been, with the one that was seen among them. By default all
        with as many practices in each arm, within each stratum where there are strata.
    weights : array_like, shape (practices,), optional
        Above 0; each practice keeps its own in every allocation. By default all alike.
    strata : array_like, shape (practices,), optional
        Groups within which practices are compared; without `allocations` also those within
        which they could have changed arms.
    compare_within : bool
        If not, strata only restrict the allocations, and the plain difference is permuted.
    shift : array_like, shape (practices,), optional
        What one unit more for everybody in the second arm adds to each value. By default 1 in
        the second arm, else 0; of residual means it is the residual mean of the arm itself.
    draws : int
        Allocations drawn where there are more than 20,000, besides the one that was seen.
    seed : int
        Of the draws.
    conf_level : float

    Returns
    -------
    MeansPermutation

    Raises
    ------
    FitError
        Shapes differ, values are missing or infinite, an arm is empty, weights are not
        above 0, no stratum has both arms, or the allocations do not fit.

    Notes
    -----
    The test is exact where practices could have been exchanged without changing anything.
    With unequal weights or spreads in the arms it holds nearly. Practices that were not
    allocated at random are taken as exchangeable: that is an assumption. The difference is
    the coefficient of the arm beside one for each stratum. The limits invert the test for one
    shift shared by the whole second arm: an allocation is as far out as what was seen up to
    one shift on either side (or, where `shift` favours it, from one on), so they are exact.

    Sources: Gail, Mark, Carroll, Green & Pee 1996, Stat Med 15:1069; Hayes & Moulton 2017,
    Cluster Randomised Trials, 2nd ed.; Phipson & Smyth 2010, Stat Appl Genet Mol Biol 9:39.
    """
    means, second, weight = _checked(value, arm, weights, conf_level)
    code = _strata(strata, len(second))
    by_one = second.astype(float) if shift is None else _shift(shift, len(second))
    exact, rows = _allocations(second, allocations, code, draws, seed)
    both, within = np.stack([means - means.mean(), by_one], axis=1), code * compare_within
    seen = _differences(both, weight, second[None], within)[0]
    left = float(seen[1])
    if abs(left) <= _SAME * max(1.0, float(np.abs(by_one).max())):
        raise FitError("A shift of the second arm does not show in the values: nothing is left.")
    estimate = float(seen[0]) / left
    found, moved = (_differences(both, weight, rows, within) / left).T
    slack = _SAME * float(np.abs(both[:, 0]).max() / abs(left))
    as_far = int((np.abs(found) >= abs(estimate) - slack).sum())
    fixed = int((np.abs(moved) >= 1 - _SAME).sum())
    allowed = math.floor((1 - conf_level) * len(rows) * (1 + _SAME))
    apart = found - estimate * moved
    low, high = (_reach(apart, side * moved, slack, allowed) for side in (-1, 1))
    return MeansPermutation(
        estimate=estimate,
        left=left,
        p_value=as_far / len(rows),
        smallest_p_value=fixed / len(rows),
        conf_low=estimate - low,
        conf_high=estimate + high,
        conf_level=conf_level,
        allocations=len(rows),
        exact=exact,
        seed=None if exact else seed,
        n=len(means),
        per_arm=(int((~second).sum()), int(second.sum())),
        method=_method(
            exact, len(rows), seed, allocations is not None, strata is not None, weights is not None
        ),
    )


def _checked(
    value: ArrayLike, arm: ArrayLike, weights: ArrayLike | None, conf_level: float
) -> tuple[Array, Flags, Array]:
    """Values, arms and weights of the practices."""
    means, second = np.asarray(value, dtype=float), np.asarray(arm)
    weight = np.ones(means.shape) if weights is None else np.asarray(weights, dtype=float)
    if means.ndim != 1 or not means.shape == second.shape == weight.shape:
        raise FitError("value, arm and weights must hold one value for each practice.")
    if second.dtype != bool:
        raise FitError("arm must be True in the second arm and False in the first.")
    if not np.isfinite(means).all():
        raise FitError("value must be finite: leave out practices without one.")
    if not (np.isfinite(weight) & (weight > 0)).all():
        raise FitError("weights must be finite and above 0.")
    if not 0 < conf_level < 1:
        raise FitError(f"conf_level is {conf_level}, but must lie between 0 and 1.")
    if second.all() or not second.any():
        raise FitError("Practices are permuted between 2 arms, but one arm has none.")
    return means, second, weight


def _strata(given: ArrayLike | None, practices: int) -> NDArray[np.intp]:
    """Stratum of each practice, from 0."""
    label = np.zeros(practices) if given is None else np.asarray(given)
    if label.shape != (practices,):
        raise FitError("strata must hold one value for each practice.")
    if any(
        each is None or (isinstance(each, float) and math.isnan(each)) for each in label.tolist()
    ):
        raise FitError("strata must name a stratum for every practice.")
    return np.unique(label, return_inverse=True)[1].astype(np.intp)


def _shift(given: ArrayLike, practices: int) -> Array:
    shift = np.asarray(given, dtype=float)
    if shift.shape != (practices,) or not np.isfinite(shift).all():
        raise FitError("shift must hold one finite number for each practice.")
    return shift


def _differences(values: Array, weight: Array, rows: Flags, stratum: NDArray[np.intp]) -> Array:
    """Coefficient of the arm beside the strata, for each allocation and column of values."""
    strata = (stratum == np.arange(int(stratum.max()) + 1)[:, None]).astype(float) * weight
    whole = strata.sum(axis=1)
    centred = values - ((strata @ values) / whole[:, None])[stratum]
    flags = rows.astype(float)
    second = flags @ strata.T
    shared = (second * (whole - second) / whole).sum(axis=1)
    alone = int((shared <= _SAME * float(weight.sum())).sum())
    if alone:
        which = "the arms" if len(rows) == 1 else f"the arms of {alone} allocations"
        raise FitError(f"No stratum has practices of both arms in {which}.")
    found: Array = flags @ (weight[:, None] * centred) / shared[:, None]
    return found


def _reach(apart: Array, moved: Array, slack: float, allowed: int) -> float:
    """How far from the estimate more allocations than are allowed lie as far out.

    A shift by d takes the difference seen to -d and an allocation's to apart - d moved. Where
    moved is at most 1 in size that stays as far out up to one d, and else again from one on.
    """
    rising, falling = 1 + moved, 1 - moved
    with np.errstate(divide="ignore", invalid="ignore"):
        over, under = (apart + slack) / rising, (slack - apart) / falling
    up_to = np.maximum(
        np.where(rising > _SAME, over, np.where(rising >= -_SAME, math.inf, -math.inf)),
        np.where(falling > _SAME, under, np.where(falling >= -_SAME, math.inf, -math.inf)),
    )
    again = np.minimum(
        np.where(rising < -_SAME, over, math.inf), np.where(falling < -_SAME, under, math.inf)
    )
    up_to = np.where(up_to >= again, math.inf, up_to)
    anew = np.sort(again[np.isfinite(again) & np.isfinite(up_to)])
    ends = np.sort(up_to)
    if int(np.isinf(ends).sum()) + len(anew) > allowed:
        return math.inf
    # As far out at an end: those that end there or later, and those that have begun again.
    count = len(ends) - np.searchsorted(ends, ends) + np.searchsorted(anew, ends, side="right")
    return float(ends[(count > allowed) & np.isfinite(ends)].max(initial=0.0))


def _allocations(
    second: Flags, given: ArrayLike | None, code: NDArray[np.intp], draws: int, seed: int
) -> tuple[bool, Flags]:
    """Whether these are all allocations, and the allocations."""
    if given is not None:
        return True, _given(second, np.asarray(given))
    groups = [np.flatnonzero(code == each) for each in range(int(code.max()) + 1)]
    counts = [comb(len(who), int(second[who].sum())) for who in groups]
    if math.prod(counts) > MOST:
        # Seeds of their own: one seed would move strata of one size together.
        seeds = np.random.SeedSequence(seed).generate_state(len(groups))
        rows = np.empty((draws + 1 if draws > 0 else 1, len(second)), dtype=bool)
        for who, own in zip(groups, seeds, strict=True):
            rows[:, who] = draw_allocations(second[who], draws, int(own))
        return False, rows
    rows = np.empty((math.prod(counts), len(second)), dtype=bool)
    for who, picks in zip(groups, np.indices(counts).reshape(len(counts), -1), strict=True):
        rows[:, who] = all_allocations(len(who), int(second[who].sum()))[picks]
    return True, rows


def _given(second: Flags, rows: NDArray[np.bool_]) -> Flags:
    """Allocations that were given, checked."""
    practices = len(second)
    if rows.dtype != bool or rows.ndim != 2 or rows.shape[1] != practices:
        raise FitError(
            f"allocations must be True or False for each of the {practices} practices, one row "
            "for each allocation."
        )
    if not (rows == second).all(axis=1).any():
        raise FitError("The allocation that was seen is not among those that could have been.")
    empty = int((rows.all(axis=1) | ~rows.any(axis=1)).sum())
    if empty:
        raise FitError(f"{empty} allocations leave an arm without practices.")
    return rows


def _method(
    exact: bool, count: int, seed: int, given: bool, stratified: bool, weighted: bool
) -> str:
    which = "all those given" if given else "all within strata" if stratified else "all"
    drawn = "drawn within strata" if stratified else "drawn"
    how = f"{which}, {count:,}" if exact else f"{count:,} with the one seen, {drawn}, seed {seed}"
    means = "weighted means" if weighted else "means"
    return f"permutation of practices, difference in {means}; allocations: {how}"
