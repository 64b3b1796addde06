"""Conditional-mean imputation under a strategy, with the jackknife variance of its analysis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.imputation.conditional import arm_mean, complete
from splw_eval.stats.imputation.layout import Parameters, WaveData
from splw_eval.stats.imputation.reml_parameters import FittedWaves, fit_waves
from splw_eval.stats.imputation.strategies import (
    Strategy,
    means_under,
)
from splw_eval.stats.imputation.strategy_covariances import covariances_under

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

MOST_PEOPLE = 500  # of whom each is left out by himself, where there are no practices
GROUPS = 200  # that more people are left out in
_FEWER = (
    'Ask for less of them: by_arm=False (one covariance for all), practices="practice", fewer '
    "covariates or waves."
)
_RANK = 1e-10  # of a column's length: below, the others make it up


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is estimated: arms compared at a wave, and what happens to people who deviated.

    Attributes
    ----------
    strategies : tuple of Strategy
        For people of every arm but the reference's, whose scores are missing at random.
    at : int
        Wave.
    after : ndarray of int, shape (n,)
        Waves before each person's deviation, J where there is none; see `waves_before`.
    reference : int
        Code of the reference arm.
    baseline : bool
        The first wave is before the programme, and the comparison is adjusted for it.
    """

    strategies: tuple[Strategy, ...]
    at: int
    after: Whole
    reference: int = 0
    baseline: bool = True


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ConditionalMeans:
    """Differences from the reference arm under each strategy.

    Attributes
    ----------
    estimate, std_error : ndarray, shape (strategies, arms - 1)
        Other arms in the order of their codes.
    replicates : ndarray, shape (units, strategies, arms - 1)
        Estimates without each unit.
    means : ndarray, shape (strategies, arms)
        Mean of the completed scores at the wave, by arm.
    df : float
        Units less 2.
    units : int
    unit : str
        ``practice``, ``person`` or ``group of people``.
    n : int
        People.
    fitted : FittedWaves
    """

    estimate: Array
    std_error: Array
    replicates: Array
    means: Array
    df: float
    units: int
    unit: str
    n: int
    fitted: FittedWaves


def conditional_means(
    data: WaveData,
    question: Question,
    *,
    practices: str = "both",
    by_arm: bool = True,
    seed: int = 1,
) -> ConditionalMeans:
    """Compare arms after missing scores are replaced by their conditional means.

    Parameters
    ----------
    data : WaveData
    question : Question
    practices, by_arm
        As in `fit_waves`.
    seed : int
        Of the groups that people are put in, where there are no practices and more people than
        `MOST_PEOPLE`.

    Returns
    -------
    ConditionalMeans

    Raises
    ------
    FitError
        The scores cannot be fitted, with everybody or without one of the units; or an arm has
        fewer than two practices.

    Notes
    -----
    Parameters are by restricted likelihood from the scores seen; a missing score becomes its
    mean given the person's scores, under the strategy; arms are compared by least squares. With
    G units (practices, or people where there are none) the variance is (G - 1) / G times the
    sum of squares of the estimates without each unit about their mean; every one is from
    parameters fitted anew.

    Sources: Wolbers and others 2022, Pharm Stat 21:1246; Carpenter, Roger & Kenward 2013, J
    Biopharm Stat 23:1352. Groups of people: Kott 2001, J Off Stat 17:521.
    """
    unit, units = _units(data, seed)
    fitted = fit_waves(data, practices=practices, by_arm=by_arm)
    everybody = np.ones(len(data.y), dtype=bool)
    estimate, means = _compared(data, fitted.parameters, question, everybody)
    made = []
    for people in units:
        left = everybody.copy()
        left[people] = False
        try:
            made.append(_compared(data, fitted.without(people), question, left)[0])
        except FitError as error:
            raise FitError(
                f"Without one {unit} the scores cannot be fitted: {error.message}", remedy=_FEWER
            ) from error
    replicates = np.array(made)
    count = len(units)
    spread = ((replicates - replicates.mean(axis=0)) ** 2).sum(axis=0)
    return ConditionalMeans(
        estimate=estimate,
        std_error=np.sqrt((count - 1) / count * spread),
        replicates=replicates,
        means=means,
        df=float(count - 2),
        units=count,
        unit=unit,
        n=len(data.y),
        fitted=fitted,
    )


def impute_conditional_mean(
    data: WaveData, parameters: Parameters, strategy: Strategy, question: Question
) -> Array:
    """Replace missing scores by their conditional means.

    Parameters
    ----------
    data : WaveData
    parameters : Parameters
    strategy : Strategy
    question : Question
        Its strategies are not used.

    Returns
    -------
    ndarray, shape (n, J)

    Notes
    -----
    Scores missing before the deviation, and all of the reference arm, are at random.
    """
    at_random = complete(data, parameters)
    return _after_deviation(data, parameters, strategy, question, at_random)


def _after_deviation(
    data: WaveData,
    parameters: Parameters,
    strategy: Strategy,
    question: Question,
    at_random: Array,
) -> Array:
    """Scores completed at random, with those after a deviation under the strategy instead."""
    waves = data.y.shape[1]
    late = np.isnan(data.y) & (np.arange(waves) >= question.after[:, None])
    changed = np.flatnonzero(late.any(axis=1) & (data.arm != question.reference))
    if strategy.at_random or not len(changed):
        return at_random
    some = replace(
        data,
        y=np.where(late, np.nan, at_random)[changed],
        x=data.x[changed],
        arm=data.arm[changed],
        practice=None if data.practice is None else data.practice[changed],
    )
    after = question.after[changed]
    own, other = (arm_mean(some, parameters, a) for a in (None, question.reference))
    table, group = covariances_under(
        strategy, parameters.covariance, some.arm, question.reference, after
    )
    found = at_random.copy()
    found[changed] = complete(
        some,
        parameters,
        mean=means_under(strategy, own, other, after),
        covariance=table,
        group=group,
    )
    return found


def _compared(
    data: WaveData, parameters: Parameters, question: Question, kept: NDArray[np.bool_]
) -> tuple[Array, Array]:
    """Adjusted differences (strategies, arms - 1), and means (strategies, arms)."""
    at_random = complete(data, parameters)
    differences, means = [], []
    for strategy in question.strategies:
        y = _after_deviation(data, parameters, strategy, question, at_random)[kept]
        x = comparison_columns(data, y, question, kept)
        differences.append(np.linalg.lstsq(x, y[:, question.at], rcond=None)[0][: data.arms - 1])
        arm = data.arm[kept]
        means.append([float(y[arm == a, question.at].mean()) for a in range(data.arms)])
    return np.array(differences), np.array(means)


def comparison_columns(
    data: WaveData, y: Array, question: Question, kept: NDArray[np.bool_]
) -> Array:
    """Columns of the comparison: other arms, the fixed part, and the baseline completed.

    Parameters
    ----------
    data : WaveData
    y : ndarray, shape (kept, J)
        Completed scores.
    question : Question
    kept : ndarray of bool, shape (n,)

    Returns
    -------
    ndarray, shape (kept, arms - 1 + q [+ 1])

    Raises
    ------
    FitError
        The others make up the column of an arm.
    """
    others = [a for a in range(data.arms) if a != question.reference]
    arms = (data.arm[kept, None] == np.array(others)).astype(np.float64)
    parts = [arms, data.x[kept]]
    if question.baseline and question.at > 0:
        parts.append(y[:, :1])
    x = np.column_stack(parts)
    rest = x[:, len(others) :]
    left = arms - rest @ np.linalg.lstsq(rest, arms, rcond=None)[0]
    if (np.linalg.norm(left, axis=0) <= _RANK * np.sqrt(len(x))).any():
        raise FitError("An arm cannot be told from the covariates, or has nobody left.")
    return x


def _units(data: WaveData, seed: int) -> tuple[str, Sequence[Whole]]:
    """What is left out in turn, and who is in each."""
    n = len(data.y)
    if data.practice is not None:
        codes = np.unique(data.practice)
        for arm in range(data.arms):
            if len(np.unique(data.practice[data.arm == arm])) < 2:
                raise FitError(
                    "An arm has fewer than two practices, so none of them can be left out.",
                    remedy="Compare arms of two practices or more, or leave cluster= out.",
                )
        return "practice", [np.flatnonzero(data.practice == code) for code in codes]
    if n <= MOST_PEOPLE:
        return "person", [np.array([i]) for i in range(n)]
    order = np.random.default_rng(seed).permutation(n)
    order = order[np.argsort(data.arm[order], kind="stable")]
    return "group of people", [order[start::GROUPS] for start in range(GROUPS)]
