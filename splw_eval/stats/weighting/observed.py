"""Weights that let people who were measured stand for those who were lost; arrays only."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.few_clusters.cluster_fit import fit_clusters
from splw_eval.stats.few_clusters.jackknife import groups_of_practices, jackknife_df
from splw_eval.stats.weighting.propensity import effective_size, fit_propensity

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

HISTORIES = ("waves", "baseline")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ObservedWeights:
    """Weights of the people measured at one wave.

    Attributes
    ----------
    weights : ndarray, shape (n,)
        Share of the arm measured at the wave, over the person's own chance; 0 for those who
        were not measured, or whose chance could not be reckoned.
    chance : ndarray, shape (n,)
        Of being measured at the wave; NaN where it is not known, as somebody was lost before.
    measured : ndarray of bool, shape (n,)
    after_gap : int
        People measured at the wave who had missed an earlier one, and so have no weight.
    """

    weights: Array
    chance: Array
    measured: Flags
    after_gap: int

    @property
    def used(self) -> Flags:
        """Who has a weight."""
        return self.weights > 0

    def effective(self, who: Flags) -> float:
        """People that the weighted ones among these are worth."""
        return effective_size(self.weights[who & self.used])


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmDifference:
    """A difference between the arms at the wave.

    Attributes
    ----------
    estimate, std_error : float
        Outcome units.
    df : float
    n : int
        People measured that it rests on.
    """

    estimate: float
    std_error: float
    df: float
    n: int


def observed_weights(
    scores: ArrayLike, columns: ArrayLike, arm: ArrayLike, wave: int, *, history: str = "waves"
) -> ObservedWeights:
    """Weigh people measured at a wave by one over their chance of being measured.

    Parameters
    ----------
    scores : array_like, shape (n, J)
        NaN where not measured; everybody has a score at the first wave.
    columns : array_like, shape (n, q)
        What else is known of everybody at the start, without a column of ones; q may be 0.
    arm : array_like of int, shape (n,)
        Chances are fitted in each arm by itself, so that loss may depend on the arm in any way.
    wave : int
        Place of the wave, 1 to J - 1.
    history : {"waves", "baseline"}
        ``waves``: chances wave by wave, among those measured at all waves before, given all
        their scores so far, multiplied; somebody measured after a gap has no weight.
        ``baseline``: one chance, given the first score.

    Returns
    -------
    ObservedWeights

    Raises
    ------
    FitError
        Shapes differ, a first score or a column is missing, nobody of an arm was measured, or
        no chance can be fitted (the message names the arm and the wave by their codes).

    Notes
    -----
    Sources: Robins, Rotnitzky & Zhao 1995, J Am Stat Assoc 90:106; Seaman & White 2013, Stat
    Methods Med Res 22:278. Agrees with R's ``glm``: tests/reference.
    """
    y, x, group = _checked(scores, columns, arm, wave, history)
    measured = ~np.isnan(y)
    steps = [(1, wave)] if history == "baseline" else [(k, k) for k in range(1, wave + 1)]
    chance = np.ones(len(y))
    for before, at in steps:
        asked = np.asarray(measured[:, :before].all(axis=1), dtype=np.bool_)
        chance[~asked] = np.nan
        for code in np.unique(group):
            who = asked & (group == code)
            known = np.column_stack([x[who], y[who, :before]])
            chance[who] *= _chances(measured[who, at], known, code, at)
    counted = measured[:, wave] & ~np.isnan(chance)
    weights = np.zeros(len(y))
    for code in np.unique(group):
        mine = group == code
        share = float(counted[mine].mean())
        weights[mine & counted] = share / chance[mine & counted]
    return ObservedWeights(
        weights=weights,
        chance=chance,
        measured=measured[:, wave],
        after_gap=int((measured[:, wave] & np.isnan(chance)).sum()),
    )


def weighted_difference(
    outcome: ArrayLike,
    second: ArrayLike,
    adjust: ArrayLike,
    cluster: ArrayLike,
    weights: ArrayLike | None = None,
) -> ArmDifference:
    """Difference between two arms by (weighted) least squares, with CR2 and Satterthwaite's df.

    Parameters
    ----------
    outcome : array_like, shape (n,)
        NaN where not measured.
    second : array_like of bool, shape (n,)
    adjust : array_like, shape (n, k)
        Columns beside the arm, without a column of ones; k may be 0.
    cluster : array_like, shape (n,)
    weights : array_like, shape (n,), optional
        0 for those who do not count.

    Returns
    -------
    ArmDifference

    Raises
    ------
    FitError
        As `fit_clusters`.
    """
    y, arm = np.asarray(outcome, dtype=float), np.asarray(second, dtype=float)
    kept = ~np.isnan(y)
    w = None if weights is None else np.asarray(weights, dtype=float)
    if w is not None:
        kept &= w > 0
    design = np.column_stack([np.ones(len(y)), arm, np.asarray(adjust, dtype=float)])[kept]
    fit = fit_clusters(
        y[kept], design, np.asarray(cluster)[kept], weights=None if w is None else w[kept]
    )
    return ArmDifference(
        estimate=float(fit.coef[1]),
        std_error=float(fit.std_error[1]),
        df=float(fit.df[1]),
        n=int(kept.sum()),
    )


def jackknife_weighted(
    scores: ArrayLike,
    columns: ArrayLike,
    second: ArrayLike,
    adjust: ArrayLike,
    cluster: ArrayLike,
    wave: int,
    *,
    history: str = "waves",
) -> ArmDifference:
    """Weighted difference, each practice left out in turn and the weights made anew.

    Parameters
    ----------
    scores, columns : array_like
        As in `observed_weights`.
    second : array_like of bool, shape (n,)
    adjust : array_like, shape (n, k)
    cluster : array_like, shape (n,)
    wave : int
    history : {"waves", "baseline"}

    Returns
    -------
    ArmDifference
        Its variance is (G - 1) / G times the sum of squares about the estimate of all; df are
        practices less 2, fewer where a group has less than 4 practices (`jackknife_df`).

    Raises
    ------
    FitError
        As for all practices together, or without one of them; or there are fewer than 3.
    """
    y, x = np.asarray(scores, dtype=float), np.asarray(columns, dtype=float)
    arm, beside = np.asarray(second).astype(bool), np.asarray(adjust, dtype=float)
    labels, code = np.unique(np.asarray(cluster), return_inverse=True)
    if len(labels) < 3:
        raise FitError("Leaving out practices needs three of them at least.")

    def estimate(kept: Any) -> ArmDifference:
        made = observed_weights(y[kept], x[kept], arm[kept], wave, history=history)
        return _point(y[kept, wave], arm[kept], beside[kept], made.weights)

    whole = estimate(slice(None))
    without = np.array([estimate(code != g).estimate for g in range(len(labels))])
    G = len(labels)
    variance = (G - 1) / G * float(((without - whole.estimate) ** 2).sum())
    df = jackknife_df(without, whole.estimate, groups_of_practices(arm, code))
    return ArmDifference(estimate=whole.estimate, std_error=math.sqrt(variance), df=df, n=whole.n)


def _point(outcome: Array, arm: Flags, beside: Array, weights: Array) -> ArmDifference:
    kept = weights > 0
    root = np.sqrt(weights[kept])
    design = np.column_stack([np.ones(int(kept.sum())), arm[kept], beside[kept]]) * root[:, None]
    found, _, rank, _ = np.linalg.lstsq(design, outcome[kept] * root, rcond=None)
    if rank < design.shape[1]:
        raise FitError("Without one of the practices the columns depend on each other.")
    return ArmDifference(
        estimate=float(found[1]), std_error=math.nan, df=math.nan, n=int(kept.sum())
    )


def _chances(seen: Flags, columns: Array, arm: Any, wave: int) -> Array:
    """Chances of one arm at one wave; 1 where nobody was lost."""
    if seen.all():
        return np.ones(len(seen))
    if not seen.any():
        raise FitError(f"Nobody of arm {arm} was measured at wave {wave}.")
    try:
        return fit_propensity(seen, np.column_stack([np.ones(len(seen)), columns])).chance
    except FitError:
        raise FitError(
            f"No chance of being measured can be fitted in arm {arm} at wave {wave}: columns "
            "depend on each other, or they tell who was lost, so that nobody stands for them."
        ) from None


def _checked(
    scores: ArrayLike, columns: ArrayLike, arm: ArrayLike, wave: int, history: str
) -> tuple[Array, Array, NDArray[Any]]:
    y, x = np.asarray(scores, dtype=np.float64), np.asarray(columns, dtype=np.float64)
    group = np.asarray(arm)
    if y.ndim != 2 or x.ndim != 2 or not (len(y),) == group.shape == x.shape[:1]:
        raise FitError("scores (n, J), columns (n, q) and arm (n,) must have the same rows.")
    if not 1 <= wave < y.shape[1]:
        raise FitError(f"wave is {wave}, but must be a place from 1 to {y.shape[1] - 1}.")
    if history not in HISTORIES:
        raise FitError(f"history must be one of {', '.join(HISTORIES)}.")
    if np.isnan(y[:, 0]).any() or not np.isfinite(x).all():
        raise FitError("Everybody needs a first score and all columns: leave others out.")
    return y, x, group
