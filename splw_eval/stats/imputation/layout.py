"""Scores of people at waves, and the parameters of a joint normal model of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Flags = NDArray[np.bool_]

_MOST_WAVES = 40


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WaveData:
    """Scores at waves, one row for each person.

    Attributes
    ----------
    y : ndarray, shape (n, J)
        Scores in order of the waves, NaN where missing; the first is the baseline.
    x : ndarray, shape (n, q)
        Covariates with an intercept, complete.
    arm : ndarray of int, shape (n,)
        Arm of each person, counted from 0.
    arms : int
    practice : ndarray of int, shape (n,), or None
        Practice of each person, counted from 0; None without practices.
    practices : int
        0 without practices.
    """

    y: Floats
    x: Floats
    arm: Codes
    arms: int = 1
    practice: Codes | None = None
    practices: int = 0

    def __post_init__(self) -> None:
        n, fault = len(self.y), ""
        if self.y.ndim != 2 or not 1 <= self.y.shape[1] <= _MOST_WAVES:
            fault = f"y must be of people by 1 to {_MOST_WAVES} waves."
        elif self.x.ndim != 2 or len(self.x) != n or self.arm.shape != (n,):
            fault = "x and arm must have a row for each person."
        elif np.isinf(self.y).any() or not np.isfinite(self.x).all():
            fault = "y must be finite or NaN, and x finite."
        elif not _counted(self.arm, self.arms):
            fault = "arm must count from 0 and stay below arms."
        elif self.practice is not None and self.practice.shape != (n,):
            fault = "practice must have a row for each person."
        elif self.practice is not None and not _counted(self.practice, self.practices):
            fault = "practice must count from 0 and stay below practices."
        if fault:
            raise FitError(fault)

    @property
    def people(self) -> int:
        """How many people there are, n."""
        return len(self.y)

    @property
    def waves(self) -> int:
        """How many waves there are, J."""
        return int(self.y.shape[1])

    @property
    def observed(self) -> Flags:
        """Whether each score was seen, shape (n, J)."""
        return ~np.isnan(self.y)

    @property
    def last_seen(self) -> Codes:
        """Waves up to the last score that was seen, of each person; 0 where none was."""
        steps = np.arange(1, self.waves + 1)
        return np.asarray((self.observed * steps).max(axis=1), dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parameters:
    """Parameters of the joint normal model, such as one draw of them.

    Attributes
    ----------
    coefficients : ndarray, shape (arms, q, J)
        Of the covariates at each wave, within each arm.
    covariance : ndarray, shape (arms, J, J)
        Of the scores of one person around the mean of the person's practice.
    practice : ndarray, shape (practices, J)
        What each practice adds at each wave; no rows without practices.
    practice_variance, practice_wave_variance : float
        Between practices at all waves alike, and of practices at single waves.
    """

    coefficients: Floats
    covariance: Floats
    practice: Floats
    practice_variance: float = 0.0
    practice_wave_variance: float = 0.0


def patterns_of(observed: Flags) -> tuple[Codes, Flags]:
    """The patterns of what was seen.

    Parameters
    ----------
    observed : ndarray of bool, shape (n, J)

    Returns
    -------
    codes : ndarray of int, shape (n,)
        Pattern of each person, counted from 0.
    patterns : ndarray of bool, shape (patterns, J)
    """
    weights = np.left_shift(np.int64(1), np.arange(observed.shape[1], dtype=np.int64))
    numbers = observed @ weights
    found, codes = np.unique(numbers, return_inverse=True)
    return codes.astype(np.int64), (found[:, None] & weights) > 0


def _counted(codes: Codes, count: int) -> bool:
    return not codes.size or (int(codes.min()) >= 0 and int(codes.max()) < count)
