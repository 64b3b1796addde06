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
        Mean of the second arm's practices less that of the first's, in units of the values.
    p_value : float
        Two-sided: the share of allocations whose difference lies at least as far from 0.
    smallest_p_value : float
        What is left however large the difference: the share of allocations with the arms
        as they were, or changed about.
    conf_low, conf_high : float
        All shifts of the second arm with p above 1 - conf_level; infinite where even
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
        Groups within which practices could have changed arms; not with `allocations`.
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
        above 0, or the allocations do not fit.

    Notes
    -----
    The test is exact where practices could have been exchanged without changing anything.
    With unequal weights or spreads in the arms it holds nearly. Practices that were not
    allocated at random are taken as exchangeable: that is an assumption. The limits invert
    the test for one shift shared by all practices of the second arm; an allocation is as
    far out as what was seen up to one shift on either side, so they are exact.

    Sources: Gail, Mark, Carroll, Green & Pee 1996, Stat Med 15:1069; Hayes & Moulton 2017,
    Cluster Randomised Trials, 2nd ed.; Phipson & Smyth 2010, Stat Appl Genet Mol Biol 9:39.
    """
    means, second, weight = _checked(value, arm, weights, conf_level)
    exact, rows = _allocations(second, allocations, strata, draws, seed)
    middle = means - means.mean()
    estimate = float(_differences(middle, weight, second[None])[0])
    found = _differences(middle, weight, rows)
    moved = _differences(second.astype(float), weight, rows)
    slack = _SAME * float(np.abs(middle).max())
    as_far = int((np.abs(found) >= abs(estimate) - slack).sum())
    fixed = int((np.abs(moved) >= 1 - _SAME).sum())
    allowed = math.floor((1 - conf_level) * len(rows) * (1 + _SAME))
    apart = found - estimate * moved
    low, high = (_reach(apart, side * moved, slack, allowed) for side in (-1, 1))
    return MeansPermutation(
        estimate=estimate,
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


def _differences(value: Array, weight: Array, rows: Flags) -> Array:
    """Weighted mean of the second arm less that of the first, one for each allocation."""
    flags = rows.astype(float)
    second, first = flags @ weight, (1 - flags) @ weight
    found: Array = flags @ (weight * value) / second - (1 - flags) @ (weight * value) / first
    return found


def _reach(apart: Array, moved: Array, slack: float, allowed: int) -> float:
    """How far from the estimate more allocations than are allowed lie as far out.

    A shift by d takes the difference seen to -d and an allocation's to apart - d moved, and
    moved is at most 1 in size: it stays as far out up to one d, and no farther.
    """
    rising, falling = 1 + moved, 1 - moved
    with np.errstate(divide="ignore"):
        over = np.where(rising > _SAME, (apart + slack) / np.maximum(rising, _SAME), math.inf)
        under = np.where(falling > _SAME, (slack - apart) / np.maximum(falling, _SAME), math.inf)
    return float(np.sort(np.maximum(over, under))[::-1][allowed])


def _allocations(
    second: Flags, given: ArrayLike | None, strata: ArrayLike | None, draws: int, seed: int
) -> tuple[bool, Flags]:
    """Whether these are all allocations, and the allocations."""
    if given is not None:
        if strata is not None:
            raise FitError("Give allocations or strata, not both.")
        return True, _given(second, np.asarray(given))
    label = np.zeros(len(second)) if strata is None else np.asarray(strata)
    if label.shape != second.shape:
        raise FitError("strata must hold one value for each practice.")
    if any(
        each is None or (isinstance(each, float) and math.isnan(each)) for each in label.tolist()
    ):
        raise FitError("strata must name a stratum for every practice.")
    names, code = np.unique(label, return_inverse=True)
    groups = [np.flatnonzero(code == each) for each in range(len(names))]
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
