"""How far groups of practices lie apart in a covariate by chance alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.weighting.balance import checked

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChanceScale:
    """Standard errors of standardised differences in p columns, were groups formed by chance.

    Attributes
    ----------
    std_error : ndarray, shape (p,)
        In standard deviations of people; NaN where nothing varies.
    intraclass : ndarray, shape (p,)
        Share of the variance, within the groups, that lies between practices; 0 at least.
    df : float
        Of Student's t: practices less 2, or people less 2 without practices. Practices of both
        groups together tell how far practices differ, so they count together also where a
        group has few.
    """

    std_error: Array
    intraclass: Array
    df: float


def chance_error(
    intraclass: float, mean_size: float, variation: float, n_treated: float, n_reference: float
) -> float:
    """Standard error of a standardised difference between groups of practices.

    Parameters
    ----------
    intraclass : float
        Intraclass correlation of the covariate.
    mean_size, variation : float
        Mean of the practices' sizes and their coefficient of variation (standard deviation
        over mean, the former over the number of practices).
    n_treated, n_reference : float
        People.

    Returns
    -------
    float

    Notes
    -----
    sqrt((1 + (c^2 m + m - 1) r) (1 / n1 + 1 / n0)). Sources: Leyrat and others 2016, Stat Med
    35:3717 (balance in cluster trials); Eldridge, Ashby & Kerry 2006, Int J Epidemiol 35:1292
    (unequal sizes).
    """
    grown = 1 + (variation**2 * mean_size + mean_size - 1) * intraclass
    return float(np.sqrt(grown * (1 / n_treated + 1 / n_reference)))


def chance_scale(X: ArrayLike, treated: ArrayLike, cluster: ArrayLike | None) -> ChanceScale:
    """Give the chance scale of standardised differences in each column.

    Parameters
    ----------
    X : array_like, shape (n, p)
    treated : array_like of bool, shape (n,)
    cluster : array_like, shape (n,), or None
        Practices, each in one group; None: people are taken as independent.

    Returns
    -------
    ChanceScale

    Raises
    ------
    FitError
        Shapes differ, a value is not finite, or a group is empty.

    Notes
    -----
    The design effect is each group's own, 1 + (m (1 + c^2) - 1) r, with m and c of its
    practices; where both have the same sizes this is `chance_error`. The intraclass correlation
    comes from the analysis of variance between practices within groups, so that a difference
    between the groups does not count as one between practices; below 0 it is 0.
    """
    columns, flag, _ = checked(X, treated, None)
    if cluster is None:
        none = np.zeros(columns.shape[1])
        plain = chance_error(0.0, 1.0, 0.0, flag.sum(), (~flag).sum())
        varies = np.ptp(columns, axis=0) > 0
        error = np.where(varies, plain, np.nan)
        return ChanceScale(std_error=error, intraclass=none, df=float(len(flag) - 2))
    labels = np.asarray(cluster)
    if labels.shape != flag.shape:
        raise FitError("cluster must have one label for each row of X.")
    codes = np.unique(labels, return_inverse=True)[1] * 2 + flag
    codes = np.unique(codes, return_inverse=True)[1]
    rho = intraclass_within(columns, flag, codes)
    total = np.zeros(columns.shape[1])
    for group in (flag, ~flag):
        size = np.bincount(codes[group])
        total += (1 + (float(size @ size) / group.sum() - 1) * rho) / group.sum()
    df = float(int(codes.max()) + 1 - 2)
    return ChanceScale(std_error=np.sqrt(total), intraclass=rho, df=df)


def intraclass_within(columns: Array, treated: NDArray[np.bool_], codes: NDArray[np.intp]) -> Array:
    """Intraclass correlation of columns between practices, within groups.

    Parameters
    ----------
    columns : ndarray, shape (n, p)
    treated : ndarray of bool, shape (n,)
    codes : ndarray of int, shape (n,)
        Practices from 0, each in one group.

    Returns
    -------
    ndarray, shape (p,)
        0 at least; 0 where there is one practice to a group or one person to a practice; NaN
        where nothing varies.

    Notes
    -----
    (MSB - MSW) / (MSB + (m0 - 1) MSW) of the analysis of variance nested in groups. Source:
    Donner & Klar 2000, Design and analysis of cluster randomization trials, 1.3 and 6.3.
    """
    n, practices = len(codes), int(codes.max()) + 1
    size = np.bincount(codes, minlength=practices)
    group = np.zeros(practices, dtype=np.intp)
    group[codes] = treated
    of_group = np.bincount(group, weights=size, minlength=2)
    between_df, within_df = practices - int((of_group > 0).sum()), n - practices
    centred = columns - columns.mean(axis=0)
    sums = np.column_stack([np.bincount(codes, weights=x, minlength=practices) for x in centred.T])
    means = sums / size[:, None]
    over = np.stack([sums[group == g].sum(axis=0) / max(of_group[g], 1) for g in (0, 1)])
    within = ((centred - means[codes]) ** 2).sum(axis=0)
    between = (size[:, None] * (means - over[group]) ** 2).sum(axis=0)
    varies = within + between > 0
    if between_df < 1 or within_df < 1:
        return np.where(varies, 0.0, np.nan)
    squares = [float((size[group == g] ** 2).sum()) / max(of_group[g], 1) for g in (0, 1)]
    typical = (n - sum(squares)) / between_df
    msb, msw = between / between_df, within / within_df
    below = np.where(varies, msb + (typical - 1) * msw, 1.0)
    return np.where(varies, np.clip((msb - msw) / below, 0.0, 1.0), np.nan)
