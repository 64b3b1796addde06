"""Two arms side by side, each practice in one of them, and the error that practices give."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.survival.day_counts import DayCounts

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

FEWEST = 2  # practices of an arm, below which there is nothing to judge its error by


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TwoArms:
    """Practices of two arms, those without anybody left out.

    Attributes
    ----------
    practice : ndarray of int, shape (practices,)
        Their codes, rising.
    second : ndarray of bool, shape (practices,)
        Whether the practice stands in the second arm.
    counts : DayCounts
        Of both arms, practices in the same order.
    """

    practice: NDArray[np.intp]
    second: Flags
    counts: DayCounts

    @property
    def n(self) -> int:
        """People of both arms."""
        return self.counts.n

    @property
    def size(self) -> Array:
        """People of each practice, or the sum of their weights, shape (practices,)."""
        people: Array = self.counts.counts.sum(axis=(1, 2), dtype=np.float64)
        return people

    @property
    def events(self) -> Array:
        """Those who left each day, shape (practices, causes, days)."""
        return self.counts.events

    @property
    def at_risk(self) -> Array:
        """Those still engaged as each day begins, shape (practices, days)."""
        return self.counts.at_risk

    @property
    def per_arm(self) -> tuple[int, int]:
        """Practices of the first arm and of the second."""
        second = int(self.second.sum())
        return len(self.second) - second, second


def join_arms(first: DayCounts, second: DayCounts) -> TwoArms:
    """Set the practices of two arms side by side.

    Parameters
    ----------
    first, second : DayCounts
        With the same causes, and practices coded alike in both.

    Returns
    -------
    TwoArms

    Raises
    ------
    FitError
        No practices given, other causes in one arm than in the other, a practice in both
        arms, or an arm with fewer than 2 practices.
    """
    if not (first.clustered and second.clustered):
        raise FitError("The arms are compared by practice, so both need the practice of everybody.")
    if first.causes != second.causes:
        raise FitError("Both arms must count the same causes of leaving.")
    shape = np.maximum(first.counts.shape, second.counts.shape)
    counted = [_padded(arm, shape) for arm in (first, second)]
    there: list[Flags] = [np.asarray(arm.any(axis=(1, 2)), dtype=bool) for arm in counted]
    _check(there)
    kept = np.flatnonzero(there[0] | there[1])
    joined = DayCounts(
        counts=(counted[0] + counted[1])[kept],
        n=first.n + second.n,
        clustered=True,
        weighted=first.weighted or second.weighted,
    )
    return TwoArms(practice=kept, second=there[1][kept], counts=joined)


def practice_variance(influence: Array, size: Array) -> tuple[Array, Array]:
    """Give the variance of an arm's estimate and its degrees of freedom.

    Parameters
    ----------
    influence : ndarray, shape (..., practices)
        What each practice adds to the estimate; 0 for practices of other arms.
    size : ndarray, same shape
        People of each practice; 0 for practices of other arms.

    Returns
    -------
    variance, df : ndarray, shape (...)

    Notes
    -----
    With w the practice's share of the arm's people, the variance is the sum of
    influence^2 / (1 - w), and the degrees of freedom are those of that sum where people
    are alike and independent, 1 / {sum w^2 + sum over pairs of q q'}, q = w^2 / (1 - w).
    Practices of one size give influence^2 times G / (G - 1), and G - 1. An arm whose people
    stand mostly in one practice has fewer: its estimate pulls the curve along.

    Sources: the correction by leverage and its degrees of freedom (CR2) are those of a
    weighted mean: Bell & McCaffrey 2002, Surv Methodol 28:169; here used for the influence
    of a curve. How often the test rejects wrongly: docs/methods/size-of-retention-tests.md.
    """
    w = size / size.sum(axis=-1, keepdims=True)
    q = w**2 / (1.0 - w)
    variance = (influence**2 / (1.0 - w)).sum(axis=-1)
    spread = (w**2).sum(axis=-1) + q.sum(axis=-1) ** 2 - (q**2).sum(axis=-1)
    return variance, 1.0 / spread


def _padded(counts: DayCounts, shape: NDArray[np.int64]) -> Array:
    """Counts with as many practices and days as the other arm has, nobody in them."""
    more = [(0, int(to) - now) for to, now in zip(shape, counts.counts.shape, strict=True)]
    return np.pad(counts.counts.astype(np.float64), more)


def _check(there: list[Flags]) -> None:
    both = int((there[0] & there[1]).sum())
    if both:
        raise FitError(
            f"{both} practice(s) have people in both arms, but each must stand in one. Code the "
            "practices of both arms together, from 0."
        )
    for name, found in zip(("first", "second"), there, strict=True):
        if found.sum() < FEWEST:
            raise FitError(
                f"The {name} arm has 1 practice, so how much practices differ cannot be told "
                f"from the arm itself: at least {FEWEST} practices in each arm are needed."
            )
