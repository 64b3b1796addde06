"""The day by which a share of people have left, with limits read off those of the curve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.survival.curves import Curve

Array = NDArray[np.float64]
# Shares this close are one share: as R's survfit has it.
CLOSE = float(np.sqrt(np.finfo(np.float64).eps))


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeQuantile:
    """The time by which a share have left; NaN where the curve never gets there.

    Attributes
    ----------
    n : int
        People.
    share : float
        Who have left by then: 0.5 for the median.
    estimate : float
        In days, or in the unit of the times given. NaN: not reached.
    conf_low, conf_high : float
        From the curve's limits for independent people. NaN: not reached.
    robust_conf_low, robust_conf_high : float
        From the curve's robust limits. NaN: not reached, or no clusters.
    conf_level : float
    method : str
    """

    n: int
    share: float
    estimate: float
    conf_low: float
    conf_high: float
    robust_conf_low: float
    robust_conf_high: float
    conf_level: float
    method: str = "time at which the curve, and each of its limits, reaches the share"


def time_quantile(
    curve: Curve, share: float = 0.5, *, times: ArrayLike | None = None
) -> TimeQuantile:
    """Read off when a share have left, by default the median.

    Parameters
    ----------
    curve : Curve
    share : float
        Who have left, between 0 and 1.
    times : array_like, shape (days,), optional
        Time of each position of the curve; by default days from 0.

    Returns
    -------
    TimeQuantile

    Raises
    ------
    FitError
        The share does not lie between 0 and 1, or the times are not one for each position.

    Notes
    -----
    Where the curve is flat at the share, the middle of the step is given; where it ends
    there, the middle up to the last time seen.

    Sources: Brookmeyer & Crowley 1982, Biometrics 38:29. Agrees with R's survival
    (`quantile(survfit)`): tests/reference.
    """
    if not 0 < share < 1:
        raise FitError(f"share is {share}, but must lie between 0 and 1, such as 0.5.")
    days = curve.estimate.size
    at = np.arange(days, dtype=np.float64) if times is None else np.asarray(times, np.float64)
    if at.shape != (days,):
        raise FitError(f"times must hold {days} values, one for each position of the curve.")
    seen = int(np.count_nonzero(curve.at_risk))

    def reached(values: Array) -> float:
        return _reached(1 - values[:seen], at[:seen], share)

    return TimeQuantile(
        n=curve.n,
        share=share,
        estimate=reached(curve.estimate),
        # The lower limit of the share is the first to get there.
        conf_low=reached(curve.conf_low),
        conf_high=reached(curve.conf_high),
        robust_conf_low=reached(curve.robust_conf_low),
        robust_conf_high=reached(curve.robust_conf_high),
        conf_level=curve.conf_level,
    )


def _reached(left: Array, times: Array, share: float) -> float:
    # No comparison holds where a limit is missing.
    at, beyond = np.flatnonzero(left >= share - CLOSE), np.flatnonzero(left >= share + CLOSE)
    if not at.size:
        return float("nan")
    if beyond.size:
        return float((times[at[0]] + times[beyond[0]]) / 2)
    # A limit that is missing at the end says nothing about how long the step lasts.
    return float((times[at[0]] + times[-1]) / 2) if np.isfinite(left[-1]) else float("nan")
