"""Estimates of several completed data sets joined into one, by Rubin's rules."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.tails import t_criticals, t_p_value

Array = NDArray[np.float64]
# A variance of nothing is rarely exactly 0 in floating point.
_ROUNDING = 1e-13


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pooled:
    """Estimates pooled over completed data sets, one value for each coefficient.

    Attributes
    ----------
    imputations : int
        Completed data sets, M.
    estimate : ndarray, shape (p,)
        Mean over the data sets.
    within, between, total : ndarray, shape (p,)
        Mean variance U, variance B of the estimates, and T = U + (1 + 1/M) B.
    std_error : ndarray, shape (p,)
        Root of the total variance.
    df : ndarray, shape (p,)
        Barnard and Rubin's degrees of freedom; infinite where nothing was missing and the
        complete data have infinitely many, NaN where no rule gives any (all variance lies
        between the data sets and the complete data have finitely many).
    df_complete : ndarray, shape (p,)
        Degrees of freedom that the complete data would have had.
    relative_increase : ndarray, shape (p,)
        (1 + 1/M) B / U.
    missing_share : ndarray, shape (p,)
        (1 + 1/M) B / T: lambda, the share of the variance that is due to what is missing.
    missing_information : ndarray, shape (p,)
        The same, allowing for so few data sets.
    statistic, p_value, conf_low, conf_high : ndarray, shape (p,)
        By Student's t against 0; NaN where the error is 0 but for rounding, or the degrees of
        freedom are NaN.
    conf_level : float
    """

    imputations: int
    estimate: Array
    within: Array
    between: Array
    total: Array
    std_error: Array
    df: Array
    df_complete: Array
    relative_increase: Array
    missing_share: Array
    missing_information: Array
    statistic: Array
    p_value: Array
    conf_low: Array
    conf_high: Array
    conf_level: float


def pool_estimates(
    estimates: ArrayLike,
    variances: ArrayLike,
    *,
    df_complete: ArrayLike = math.inf,
    conf_level: float = 0.95,
) -> Pooled:
    """Pool the estimates of several completed data sets.

    Parameters
    ----------
    estimates : array_like, shape (M,) or (M, p)
        One row for each data set, two or more.
    variances : array_like, same shape
        Squares of their standard errors, 0 or above.
    df_complete : float, or array_like of shape (p,)
        Degrees of freedom that the analysis of complete data would have, for all coefficients
        or for each. With practices these are those of the practices, such as Satterthwaite's or
        practices less 2, and not those of the people.
    conf_level : float

    Returns
    -------
    Pooled

    Raises
    ------
    FitError
        Shapes differ, fewer than two data sets, a value that is not finite, a variance below 0,
        degrees of freedom or a level that cannot be.

    Notes
    -----
    With lambda = (1 + 1/M) B / T, nu_old = (M - 1) / lambda^2 and nu_obs = (nu + 1) / (nu + 3) *
    nu (1 - lambda), nu the complete-data degrees of freedom, those of the pooled estimate are
    nu_old nu_obs / (nu_old + nu_obs); nu_obs where lambda is 0, nu_old where nu is infinite.
    That nu may be that of practices is our choice by analogy.

    Sources: Rubin 1987, Multiple imputation for nonresponse in surveys, 3.1; Barnard & Rubin
    1999, Biometrika 86:948. Agrees with R's mice (``pool.scalar``): tests/reference.
    """
    Q, U, complete = _checked(estimates, variances, df_complete, conf_level)
    M = len(Q)
    within, between = U.mean(axis=0), Q.var(axis=0, ddof=1)
    added = (1 + 1 / M) * between
    total = within + added
    share = np.divide(added, total, out=np.zeros_like(total), where=total > 0)
    increase = np.divide(added, within, out=np.full_like(total, np.inf), where=within > 0)
    increase[added == 0] = 0.0
    df = _degrees(share, M, complete)
    error, mean = np.sqrt(total), Q.mean(axis=0)
    known = (error > _ROUNDING * np.abs(mean)) & ~np.isnan(df)
    statistic = np.divide(mean, error, out=np.full_like(mean, np.nan), where=known)
    reach = np.where(known, t_criticals(df, conf_level) * error, np.nan)
    return Pooled(
        imputations=M,
        estimate=mean,
        within=within,
        between=between,
        total=total,
        std_error=error,
        df=df,
        df_complete=complete,
        relative_increase=increase,
        missing_share=share,
        missing_information=_information(increase, df),
        statistic=statistic,
        p_value=np.array(
            [
                t_p_value(s, d) if told else np.nan
                for s, d, told in zip(statistic, df, known, strict=True)
            ]
        ),
        conf_low=mean - reach,
        conf_high=mean + reach,
        conf_level=conf_level,
    )


def _degrees(share: Array, M: int, complete: Array) -> Array:
    """Barnard and Rubin's degrees of freedom, with their limits at no and at all missing."""
    with np.errstate(divide="ignore"):
        old = (M - 1) / share**2
    finite = np.where(np.isinf(complete), 1.0, complete)
    seen = (finite + 1) / (finite + 3) * finite * (1 - share)
    with np.errstate(divide="ignore", over="ignore"):
        both = np.where(np.isinf(old), seen, 1 / (1 / old + 1 / seen))
    both = np.where(1 - share > _ROUNDING, both, np.nan)
    return np.where(np.isinf(complete), old, both)


def _information(increase: Array, df: Array) -> Array:
    """Share of the information that is missing, allowing for so few data sets."""
    known = np.isfinite(increase)
    some = np.where(known, increase, 0.0)
    return np.where(known & ~np.isnan(df), (some + 2 / (df + 3)) / (some + 1), 1.0)


def _checked(
    estimates: ArrayLike, variances: ArrayLike, df_complete: ArrayLike, conf_level: float
) -> tuple[Array, Array, Array]:
    Q, U = np.asarray(estimates, dtype=np.float64), np.asarray(variances, dtype=np.float64)
    if Q.shape != U.shape or Q.ndim not in (1, 2) or not Q.size:
        raise FitError("estimates and variances must have the same shape, (M,) or (M, p).")
    if len(Q) < 2:
        raise FitError("There must be two or more completed data sets to pool.")
    if not (np.isfinite(Q).all() and np.isfinite(U).all() and (U >= 0).all()):
        raise FitError("Estimates must be finite, and variances finite and 0 or above.")
    if not 0 < conf_level < 1:
        raise FitError(f"conf_level is {conf_level}, but must lie between 0 and 1, such as 0.95.")
    Q, U = Q.reshape(len(Q), -1), U.reshape(len(U), -1)
    complete = np.asarray(df_complete, dtype=np.float64)
    if complete.shape not in ((), (Q.shape[1],)):
        raise FitError("df_complete must be one number, or one for each coefficient.")
    if not (complete > 0).all():
        raise FitError("df_complete must be above 0; infinite where the normal would be used.")
    return Q, U, np.broadcast_to(complete, Q.shape[1:]).copy()
