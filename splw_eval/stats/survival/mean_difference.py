"""Difference of two arms in mean days engaged, or in days lost to a cause."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.survival.day_counts import DayCounts
from splw_eval.stats.survival.restricted_mean import restricted_mean, time_lost
from splw_eval.stats.survival.two_arms import join_arms, practice_variance
from splw_eval.stats.tails import t_critical, t_p_value

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanDifference:
    """Second arm less first, in days.

    Attributes
    ----------
    n : int
        People of both arms.
    practices : tuple of int
        Of the first arm and of the second.
    horizon : int
        Days are counted before this one.
    cause : int or None
        The cause days are lost to; None for days engaged.
    means : tuple of float
        Of the first arm and of the second, in days.
    estimate, std_error : float
        In days; the error allows for practices.
    df : float
        Satterthwaite's, from the variances of the two arms.
    statistic, p_value : float
        Student's t, two-sided.
    conf_low, conf_high, conf_level : float
    method : str
    """

    n: int
    practices: tuple[int, int]
    horizon: int
    cause: int | None
    means: tuple[float, float]
    estimate: float
    std_error: float
    df: float
    statistic: float
    p_value: float
    conf_low: float
    conf_high: float
    conf_level: float
    method: str = (
        "difference of restricted means; error by practices' influence, corrected for their "
        "share of the arm; t with Satterthwaite df"
    )


def difference_in_restricted_means(
    first: DayCounts,
    second: DayCounts,
    tau: int,
    *,
    cause: int | None = None,
    conf_level: float = 0.95,
) -> MeanDifference:
    """Compare two arms in mean days up to a horizon, each practice in one arm.

    Parameters
    ----------
    first, second : DayCounts
        Of the two arms, with the same causes and practices coded alike.
    tau : int
        Horizon in days, at least 1.
    cause : int, optional
        Compare the days lost to this cause, from 1; by default the days engaged.
    conf_level : float

    Returns
    -------
    MeanDifference

    Raises
    ------
    FitError
        Fewer than 2 practices in an arm, a practice in both arms, a horizon beyond what was
        seen in an arm, a cause that is not counted, or no difference between practices.

    Notes
    -----
    The arms are independent, as practices stand in one of them. Their variances add, each
    corrected for the share that a practice has of its arm (`practice_variance`), and t has
    the degrees of freedom (V1 + V2)^2 / (V1^2 / df1 + V2^2 / df2).

    Sources: Royston & Parmar 2013, BMC Med Res Methodol 13:152 (difference of restricted
    means); Andersen 2013, Stat Med 32:5278 (days lost); Satterthwaite 1946, Biometrics
    Bull 2:110. Its size with few practices: docs/methods/size-of-retention-tests.md.
    """
    if not 0 < conf_level < 1:
        raise FitError(f"conf_level is {conf_level}, but must lie between 0 and 1, such as 0.95.")
    arms = join_arms(first, second)
    parts = [_arm(counts, tau, cause) for counts in (first, second)]
    means, variances, dfs = (np.array(values) for values in zip(*parts, strict=True))
    total = float(variances.sum())
    if total <= 0:
        raise FitError(
            "No practice differs from the others of its arm, so the difference has no error: "
            "nobody leaves before the horizon, or all leave on one day."
        )
    df = total**2 / float((variances**2 / dfs).sum())
    estimate, error = float(means[1] - means[0]), math.sqrt(total)
    reach = t_critical(df, conf_level) * error
    return MeanDifference(
        n=arms.n,
        practices=arms.per_arm,
        horizon=tau,
        cause=cause,
        means=(float(means[0]), float(means[1])),
        estimate=estimate,
        std_error=error,
        df=df,
        statistic=estimate / error,
        p_value=t_p_value(estimate / error, df),
        conf_low=estimate - reach,
        conf_high=estimate + reach,
        conf_level=conf_level,
    )


def _arm(counts: DayCounts, tau: int, cause: int | None) -> tuple[float, float, float]:
    """Mean, variance and degrees of freedom of one arm."""
    if cause is not None and not 1 <= cause <= counts.causes:
        raise FitError(f"cause is {cause}, but must lie from 1 to {counts.causes}.")
    found = restricted_mean(counts, tau) if cause is None else time_lost(counts, tau)
    column = 0 if cause is None else cause - 1
    size = counts.counts.sum(axis=(1, 2), dtype=np.float64)
    variance, df = practice_variance(found.influence[:, column], size)
    return float(found.estimate[column]), float(variance), float(df)
