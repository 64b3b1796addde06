"""Second stage of a two-stage analysis: a t test between arms with practices as units."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.tails import t_critical, t_p_value

Array = NDArray[np.float64]

# What is left of the arm below this share is nothing, and of the values it is rounding.
_NOTHING, _ROUNDING = 1e-9, 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoStageTest:
    """Difference of two arms in numbers of practices.

    Attributes
    ----------
    estimate, std_error : float
        Second arm less first, in units of the values, over what is left of a shift by one.
    df : float
        Practices - 1 - strata - columns of practices taken out before.
    statistic, p_value, conf_low, conf_high : float
    conf_level : float
    n : int
        Practices.
    method : str
    """

    estimate: float
    std_error: float
    df: float
    statistic: float
    p_value: float
    conf_low: float
    conf_high: float
    conf_level: float
    n: int
    method: str


def two_stage_test(
    value: ArrayLike,
    arm: ArrayLike,
    *,
    strata: ArrayLike | None = None,
    shift: ArrayLike | None = None,
    between: int = 0,
    conf_level: float = 0.95,
) -> TwoStageTest:
    """Compare two arms by least squares of one number for each practice.

    Parameters
    ----------
    value : array_like, shape (practices,)
        Means or residual means, such as `summarise_practices` gives; each counts the same.
    arm : array_like of bool, shape (practices,)
        True in the second arm.
    strata : array_like of int, shape (practices,), optional
        Each stratum has a level of its own.
    shift : array_like, shape (practices,), optional
        What one unit more in the second arm adds to each value; by default 1 there, else 0.
    between : int
        Columns of practices that were taken out of the values, each of which costs one df.
    conf_level : float

    Returns
    -------
    TwoStageTest

    Raises
    ------
    FitError
        Shapes differ, values are not finite, no stratum has both arms, no degree of freedom
        is left, or practices of an arm do not differ at all.

    Notes
    -----
    One variance in both arms. What is left over is reckoned with the effect taken out of the
    outcome before the first stage, so an effect that is put in moves the estimate and no
    more; without `shift` it is the usual t test. Source: Hayes & Moulton 2017, Cluster
    Randomised Trials, chapters 10 and 12; 2 df go to the arms, one to each further stratum.
    """
    y, second = np.asarray(value, dtype=float), np.asarray(arm)
    by_one = second.astype(float) if shift is None else np.asarray(shift, dtype=float)
    stratum = np.zeros(len(y), dtype=np.intp) if strata is None else np.asarray(strata)
    _check(y, second, by_one, stratum, conf_level)
    dummies = (stratum[:, None] == np.unique(stratum)).astype(float)
    centred, moved, apart = (
        column - dummies @ ((dummies.T @ column) / dummies.sum(axis=0))
        for column in (y, by_one, second.astype(float))
    )
    squares, df = float(apart @ apart), len(y) - 1 - dummies.shape[1] - between
    left = float(apart @ moved) / squares if squares > _NOTHING else 0.0
    if abs(left) <= _NOTHING:
        raise FitError("No stratum has practices of both arms, or covariates tell the arms apart.")
    if df < 1:
        raise FitError(f"{len(y)} practices leave no degree of freedom for the two-stage test.")
    estimate = float(apart @ centred) / squares / left
    rest = centred - estimate * moved
    if float(rest @ rest) <= (_ROUNDING * float(np.abs(y).max())) ** 2:
        raise FitError("Practices of an arm do not differ, so their difference has no error.")
    error = math.sqrt(float(rest @ rest) / df / squares) / abs(left)
    half = t_critical(df, conf_level) * error
    return TwoStageTest(
        estimate=estimate,
        std_error=error,
        df=float(df),
        statistic=estimate / error,
        p_value=t_p_value(estimate / error, df),
        conf_low=estimate - half,
        conf_high=estimate + half,
        conf_level=conf_level,
        n=len(y),
        method="t test of one number for each practice, one variance in both arms",
    )


def _check(
    y: Array, second: NDArray[np.bool_], by_one: Array, stratum: NDArray[np.intp], level: float
) -> None:
    if y.ndim != 1 or not y.shape == second.shape == by_one.shape == stratum.shape:
        raise FitError("value, arm, strata and shift must hold one value for each practice.")
    if second.dtype != bool or second.all() or not second.any():
        raise FitError("arm must be True in the second arm and False in the first.")
    if not (np.isfinite(y).all() and np.isfinite(by_one).all()):
        raise FitError("value and shift must be finite: leave out practices without one.")
    if not 0 < level < 1:
        raise FitError(f"conf_level is {level}, but must lie between 0 and 1.")
