"""Bootstrap of whole practices within arms: ratios of sums, and adjusted differences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.tails import t_critical

Array = NDArray[np.float64]
Ints = NDArray[np.int32]
DRAWS = 2_000
FEWEST = 4  # practices of an arm, below which draws tell too little to give an interval
FEW = 10  # below which intervals may still be too narrow, and that is said
_BLOCK = 256  # draws added up at once


def practice_counts(arm: ArrayLike, *, draws: int = DRAWS, seed: int) -> Ints:
    """Draw practices with replacement within each arm.

    Parameters
    ----------
    arm : array_like of int, shape (practices,)
        Arm of each practice.
    draws : int
    seed : int

    Returns
    -------
    ndarray of int, shape (draws, practices)
        How often each was drawn; in every draw as many of each arm as there are.

    Raises
    ------
    FitError
        There are no practices, or no draws.

    Sources
    -------
    Davison & Hinkley 1997, Bootstrap Methods and their Application, 3.8.
    """
    arms = np.asarray(arm)
    if arms.ndim != 1 or not len(arms) or draws < 1:
        raise FitError("A bootstrap needs one practice and one draw, or more.")
    generator = np.random.default_rng(seed)
    counts: Ints = np.zeros((draws, len(arms)), dtype=np.int32)
    for each in np.unique(arms):
        own = np.flatnonzero(arms == each)
        counts[:, own] = generator.multinomial(
            len(own), np.full(len(own), 1 / len(own)), size=draws
        )
    return counts


def sums_by(values: ArrayLike, codes: ArrayLike, units: int) -> Array:
    """Sum values over the people of each practice, shape (practices,)."""
    found: Array = np.bincount(
        np.asarray(codes), weights=np.asarray(values, dtype=float), minlength=units
    ).astype(float)
    return found


def ratio_draws(numerator: ArrayLike, denominator: ArrayLike, counts: ArrayLike) -> Array:
    """Recompute a ratio of sums in every draw.

    Parameters
    ----------
    numerator, denominator : array_like, shape (practices,)
        Sums over the people of each practice.
    counts : array_like of int, shape (draws, practices)

    Returns
    -------
    ndarray, shape (draws,)
        Infinite where the practices drawn have nothing to divide by.
    """
    sums = np.column_stack([numerator, denominator]).astype(float)
    above, below = _added(counts, sums).T
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Array = np.where(below > 0, above / below, np.inf)
    return found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PracticeSums:
    """Cross-products of a regression, summed over the people of each practice.

    Attributes
    ----------
    xx : ndarray, shape (practices, p, p)
    xy : ndarray, shape (practices, p)
    """

    xx: Array
    xy: Array

    @classmethod
    def of(
        cls, y: ArrayLike, columns: Sequence[ArrayLike], codes: ArrayLike, units: int
    ) -> PracticeSums:
        """Sum them.

        Parameters
        ----------
        y : array_like, shape (n,)
        columns : sequence of array_like, each of shape (n,)
            Beside the intercept.
        codes : array_like of int, shape (n,)
            Practice of each person, from 0.
        units : int
            Practices.
        """
        place, outcome = np.asarray(codes), np.asarray(y, dtype=float)
        X = np.column_stack([np.ones(len(outcome)), *columns])
        p = X.shape[1]
        xx, xy = np.zeros((units, p, p)), np.zeros((units, p))
        np.add.at(xx, place, X[:, :, None] * X[:, None, :])
        np.add.at(xy, place, X * outcome[:, None])
        return cls(xx=xx, xy=xy)

    def coefficient(self, at: int, counts: ArrayLike | None = None) -> Array:
        """Least squares anew in each draw.

        Parameters
        ----------
        at : int
            Which coefficient; 0 is the intercept.
        counts : array_like of int, shape (draws, practices), optional
            Without it each practice once.

        Returns
        -------
        ndarray, shape (draws,)
            NaN where the practices drawn do not carry the regression.
        """
        units, p = self.xy.shape
        times = np.ones((1, units)) if counts is None else counts
        added = _added(times, np.column_stack([self.xx.reshape(units, -1), self.xy]))
        left, right = added[:, : p * p].reshape(-1, p, p), added[:, p * p :]
        scale = np.sqrt(np.einsum("bii->bi", left))
        scale[scale == 0] = 1.0
        alike = left / (scale[:, :, None] * scale[:, None, :])
        usable = np.linalg.cond(alike) < 1 / np.finfo(float).eps ** 0.75
        found = np.full(len(left), np.nan)
        solved = np.linalg.solve(alike[usable], (right / scale)[usable][:, :, None])[:, :, 0]
        found[usable] = solved[:, at] / scale[usable, at]
        return found


def _added(counts: ArrayLike, sums: Array) -> Array:
    """Add up the sums of the practices drawn; a block of draws at a time, as there may be many."""
    times = np.asarray(counts)
    blocks = [
        times[start : start + _BLOCK].astype(float) @ sums for start in range(0, len(times), _BLOCK)
    ]
    return np.concatenate(blocks)


def widened_level(fewest: int, df: int, conf_level: float = 0.95) -> float:
    """Share of the draws to take so that the interval holds the level asked with few practices.

    Parameters
    ----------
    fewest : int
        Practices of the arm that has fewest; 2 or more.
    df : int
        Practices less arms.
    conf_level : float

    Returns
    -------
    float
        Nearer to 1 than `conf_level`.

    Notes
    -----
    Draws of G practices vary by (G - 1) / G of what they should, and their percentiles go with the
    normal distribution. The tail taken is the normal one beyond t times the root of G / (G - 1):
    for the mean of practices alike in size that is the interval by t.

    Sources
    -------
    Hesterberg 2015, Am Stat 69:371 (expanded percentile interval).
    """
    reach = t_critical(df, conf_level) * np.sqrt(fewest / (fewest - 1))
    from scipy.special import ndtr

    return float(1 - 2 * ndtr(-reach))


def percentile_interval(draws: ArrayLike, conf_level: float = 0.95) -> tuple[float, float]:
    """Give the ends between which the middle of the draws lies.

    Parameters
    ----------
    draws : array_like, shape (draws,)
        May hold infinite ones; NaN is left out.
    conf_level : float

    Returns
    -------
    low, high : float
        NaN where there is no draw.
    """
    values = np.asarray(draws, dtype=float)
    values = np.sort(values[~np.isnan(values)])
    if not len(values):
        return float("nan"), float("nan")
    tail = (1 - conf_level) / 2
    low, high = (_quantile(values, share) for share in (tail, 1 - tail))
    return low, high


def _quantile(ordered: Array, share: float) -> float:
    """Linear between the two nearest, as R's type 7; infinite where either of them is."""
    place = share * (len(ordered) - 1)
    below = int(np.floor(place))
    above = min(below + 1, len(ordered) - 1)
    if ordered[below] == ordered[above] or place == below:
        return float(ordered[below])
    return float(ordered[below] + (place - below) * (ordered[above] - ordered[below]))
