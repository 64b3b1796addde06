"""What one method says of one trial."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splw_eval.stats.causal.anderson_rubin import AndersonRubin
from splw_eval.stats.tails import t_critical

LEVEL = 0.05


@dataclass(frozen=True)
class Found:
    """Estimate, its error, whether it rejects no effect, whether the interval holds the truth."""

    estimate: float
    error: float
    rejects: bool
    covers: bool
    width: float


def by_t(estimate: float, error: float, df: float, truth: float) -> Found:
    """By Student's t, or the normal where df are infinite."""
    if not (error > 0 and df > 0):
        raise ArithmeticError("There is no error.")
    reach = t_critical(df, 1 - LEVEL) * error
    return Found(
        float(estimate),
        float(error),
        bool(abs(estimate) > reach),
        bool(abs(estimate - truth) <= reach),
        float(2 * reach),
    )


def by_p(estimate: float, p_value: float, p_at_truth: float, width: float = np.nan) -> Found:
    """By p-values of no effect and of the true one."""
    return Found(float(estimate), np.nan, p_value <= LEVEL, p_at_truth > LEVEL, width)


def by_set(estimate: float, limits: AndersonRubin, truth: float) -> Found:
    """By the values that a test does not contradict."""

    def inside(value: float) -> bool:
        if limits.shape == "outside":
            return value <= limits.low or value >= limits.high
        return limits.low <= value <= limits.high

    width = limits.high - limits.low if limits.shape == "interval" else np.inf
    return Found(float(estimate), np.nan, not inside(0.0), inside(truth), float(width))
