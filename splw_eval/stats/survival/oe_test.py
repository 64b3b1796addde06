"""Leavings seen over leavings expected in each practice, compared between two arms."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.survival.day_counts import DayCounts
from splw_eval.stats.survival.logrank import observed_expected
from splw_eval.stats.survival.two_arms import join_arms
from splw_eval.stats.tails import t_critical, t_p_value

Array = NDArray[np.float64]

CONTINUITY = 0.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LogOeTest:
    """The t test of log(O/E).

    Attributes
    ----------
    n : int
        People.
    practices : tuple of int
        Of the first arm and of the second.
    cause : int or None
    practice : ndarray of int, shape (practices,)
        Codes, rising.
    second : ndarray of bool, shape (practices,)
        Whether the practice stands in the second arm.
    observed, expected : ndarray, shape (practices,)
        Leavings; expected at the daily hazard of everybody.
    continuity : float
        Added to both in every practice: 0.5 where a practice has no leaving, else 0.
    log_ratio, std_error : float
        Mean log(O/E) of the second arm less that of the first.
    df : float
        Practices less 2.
    statistic, p_value : float
        Student's t, two-sided.
    ratio, conf_low, conf_high : float
        Ratio of the geometric means of O/E, about that of the hazards.
    conf_level : float
    method : str
    """

    n: int
    practices: tuple[int, int]
    cause: int | None
    practice: NDArray[np.intp]
    second: NDArray[np.bool_]
    observed: Array
    expected: Array
    continuity: float
    log_ratio: float
    std_error: float
    df: float
    statistic: float
    p_value: float
    ratio: float
    conf_low: float
    conf_high: float
    conf_level: float
    method: str

    @property
    def log_oe(self) -> Array:
        """log(O/E) of each practice, shape (practices,)."""
        return np.log((self.observed + self.continuity) / (self.expected + self.continuity))


def log_oe_test(
    groups: Sequence[DayCounts], *, cause: int | None = None, conf_level: float = 0.95
) -> LogOeTest:
    """Compare log(O/E) of practices between two arms by Student's t.

    Parameters
    ----------
    groups : sequence of DayCounts, length 2
        Of the first arm and the second, with practices coded alike.
    cause : int, optional
        Count leavings for this cause, from 1, and take the others as censored; by default
        all leavings.
    conf_level : float

    Returns
    -------
    LogOeTest

    Raises
    ------
    FitError
        As in `join_arms`; a cause that is not counted, no leaving at all, or no difference
        between practices of an arm.

    Notes
    -----
    Expected leavings come from the hazard of both arms together, so they are those of no
    difference, and the ratio falls somewhat short of a ratio of hazards that is far from 1.
    Practices weigh alike, whatever their size. Where a practice has no leaving, 0.5 is
    added to O and to E in every practice.

    Sources: Bennett, Parpia, Hayes & Cousens 2002, Int J Epidemiol 31:839; Hayes & Moulton
    2017, Cluster randomised trials, 10.3. Its size: docs/methods/size-of-retention-tests.md.
    """
    if len(groups) != 2:
        raise FitError(f"log(O/E) is compared between 2 arms, got {len(groups)}.")
    if not 0 < conf_level < 1:
        raise FitError(f"conf_level is {conf_level}, but must lie between 0 and 1, such as 0.95.")
    arms = join_arms(groups[0], groups[1])
    found = observed_expected([arms.counts], cause=cause)
    observed, expected = found.observed, found.expected
    if not observed.any():
        raise FitError("Nobody left, so no leavings can be compared.")
    added = CONTINUITY if (observed == 0).any() else 0.0
    values = np.log((observed + added) / (expected + added))
    estimate, error = _two_sample(values[~arms.second], values[arms.second])
    df = float(len(values) - 2)
    reach = t_critical(df, conf_level) * error
    return LogOeTest(
        n=arms.n,
        practices=arms.per_arm,
        cause=cause,
        practice=arms.practice,
        second=arms.second,
        observed=observed,
        expected=expected,
        continuity=added,
        log_ratio=estimate,
        std_error=error,
        df=df,
        statistic=estimate / error,
        p_value=t_p_value(estimate / error, df),
        ratio=math.exp(estimate),
        conf_low=math.exp(estimate - reach),
        conf_high=math.exp(estimate + reach),
        conf_level=conf_level,
        method="t test of log(O/E) by practice, df = practices - 2"
        + (f"; {added} added to O and E, as a practice has no leaving" if added else ""),
    )


def _two_sample(first: Array, second: Array) -> tuple[float, float]:
    """Difference of means and its error by the pooled variance."""
    parts = (first, second)
    squares = sum(float(((part - part.mean()) ** 2).sum()) for part in parts)
    if squares <= 0:
        raise FitError("No practice differs from the others of its arm, so there is no error.")
    scale = 1 / first.size + 1 / second.size
    error = math.sqrt(squares / (first.size + second.size - 2) * scale)
    return float(second.mean() - first.mean()), error
