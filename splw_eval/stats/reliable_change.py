"""Change of single people beyond the error of measurement, and across a clinical cut-off."""

from __future__ import annotations

import math
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.reliability import standard_error_of_measurement
from splw_eval.stats.tails import t_critical

Who = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliableChange:
    """How far one score must move before error of measurement alone is an unlikely reason.

    Attributes
    ----------
    sem : float
        Standard error of measurement: sd sqrt(1 - reliability) (units of the score).
    s_diff : float
        Standard error of the difference of two scores: sqrt(2) sem.
    threshold : float
        A change beyond it is reliable: z s_diff, with z = 1.96 at `conf_level` 0.95.
    reliability, conf_level : float
    """

    sem: float
    s_diff: float
    threshold: float
    reliability: float
    conf_level: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutoffs:
    """Cut-offs between people in need of help and others (units of the score).

    Attributes
    ----------
    a : float
        Two SDs from the mean of those in need, towards the better end.
    b : float or None
        Two SDs from the mean of the others, towards the worse end.
    c : float or None
        Where both are equally near, each distance in its own SD; halfway for equal SDs.
    """

    a: float
    b: float | None
    c: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """What became of each person; all false for those without both scores.

    Attributes
    ----------
    recovered : ndarray of bool, shape (n,)
        Reliably better, and across the cut-off; nobody where there is no cut-off.
    improved : ndarray of bool, shape (n,)
        Reliably better, and not across the cut-off.
    unchanged : ndarray of bool, shape (n,)
    deteriorated : ndarray of bool, shape (n,)
        Reliably worse.
    harmed : ndarray of bool, shape (n,)
        Those of them who crossed the cut-off the other way.
    """

    recovered: Who
    improved: Who
    unchanged: Who
    deteriorated: Who
    harmed: Who


def fit_reliable_change(
    sd: float, reliability: float, *, conf_level: float = 0.95
) -> ReliableChange:
    """Work out the smallest reliable change.

    Parameters
    ----------
    sd : float
        SD of the scores before, units of the score; above 0.
    reliability : float
        At least 0 and below 1.
    conf_level : float
        Chance that error alone stays within the threshold.

    Returns
    -------
    ReliableChange

    Raises
    ------
    FitError
        An argument is out of its bounds.

    Notes
    -----
    Source: Jacobson & Truax 1991, J Consult Clin Psychol 59:12.
    """
    if not (math.isfinite(sd) and sd > 0):
        raise FitError("Reliable change needs an SD above 0.")
    if not 0 <= reliability < 1:
        raise FitError(f"The reliability is {reliability}, but must be at least 0 and below 1.")
    if not 0 < conf_level < 1:
        raise FitError(f"conf_level is {conf_level}, but must lie between 0 and 1, such as 0.95.")
    sem = standard_error_of_measurement(sd, reliability)
    s_diff = sqrt(2) * sem
    return ReliableChange(
        sem=sem,
        s_diff=s_diff,
        threshold=t_critical(math.inf, conf_level) * s_diff,
        reliability=reliability,
        conf_level=conf_level,
    )


def reliable_change_index(
    before: ArrayLike, after: ArrayLike, s_diff: float
) -> NDArray[np.float64]:
    """Change of each person in standard errors of the difference.

    Parameters
    ----------
    before, after : array_like, shape (n,)
        Scores; NaN where there is none.
    s_diff : float
        As in `ReliableChange`.

    Returns
    -------
    ndarray, shape (n,)
        Above 0 where scores rose; NaN without both scores.
    """
    first, second = _pair(before, after)
    return (second - first) / s_diff


def clinical_cutoffs(
    *,
    clinical_mean: float,
    clinical_sd: float,
    norm_mean: float | None = None,
    norm_sd: float | None = None,
    higher_is_better: bool,
) -> Cutoffs:
    """Work out the three cut-offs of clinically significant change.

    Parameters
    ----------
    clinical_mean, clinical_sd : float
        Scores of people in need of help.
    norm_mean, norm_sd : float, optional
        Scores of people who are not; without both there is only cut-off a.
    higher_is_better : bool

    Returns
    -------
    Cutoffs

    Raises
    ------
    FitError
        An SD is below 0, or both are 0.

    Notes
    -----
    Source: Jacobson & Truax 1991, J Consult Clin Psychol 59:12, p. 13. With M0, S0 of the
    others and M1, S1 of those in need, c = (S0 M1 + S1 M0) / (S0 + S1).
    """
    towards_better = 1 if higher_is_better else -1
    a = clinical_mean + towards_better * 2 * clinical_sd
    if clinical_sd < 0 or (norm_sd is not None and norm_sd < 0):
        raise FitError("An SD cannot be below 0.")
    if norm_mean is None or norm_sd is None:
        return Cutoffs(a=a, b=None, c=None)
    total = norm_sd + clinical_sd
    if total == 0:
        raise FitError("One of the two SDs must be above 0.")
    b = norm_mean - towards_better * 2 * norm_sd
    c = (norm_sd * clinical_mean + clinical_sd * norm_mean) / total
    return Cutoffs(a=a, b=b, c=c)


def classify_change(
    before: ArrayLike,
    after: ArrayLike,
    threshold: float,
    *,
    higher_is_better: bool,
    cutoff: float | None = None,
) -> Verdicts:
    """Tell who recovered, improved, stayed and deteriorated.

    Parameters
    ----------
    before, after : array_like, shape (n,)
        Scores; NaN where there is none.
    threshold : float
        As in `ReliableChange`: a change must go beyond it.
    higher_is_better : bool
    cutoff : float, optional
        A score of exactly the cut-off is on neither side.

    Returns
    -------
    Verdicts
    """
    first, second = _pair(before, after)
    if not higher_is_better:
        first, second, cutoff = -first, -second, None if cutoff is None else -cutoff
    gain = second - first
    better, worse = gain > threshold, gain < -threshold
    recovered, harmed = np.zeros_like(better), np.zeros_like(better)
    if cutoff is not None:
        recovered = better & (first < cutoff) & (second > cutoff)
        harmed = worse & (first > cutoff) & (second < cutoff)
    return Verdicts(
        recovered=recovered,
        improved=better & ~recovered,
        unchanged=~np.isnan(gain) & ~better & ~worse,
        deteriorated=worse,
        harmed=harmed,
    )


def _pair(before: ArrayLike, after: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    first, second = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    if first.ndim != 1 or first.shape != second.shape:
        raise FitError("before and after must have one dimension and the same length.")
    return first, second
