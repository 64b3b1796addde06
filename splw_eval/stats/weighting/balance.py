"""How far two groups lie apart in columns, before and after weighting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Spread = Literal["both", "treated", "reference", "everybody"]
Binary = Literal["sample", "share"]

_SPREADS = ("both", "treated", "reference", "everybody")
_BINARIES = ("sample", "share")
_SAME = 1e-12  # share of the column's size below which a deviation is rounding


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Differences:
    """Two groups compared in p columns.

    Attributes
    ----------
    treated, reference : ndarray, shape (p,)
        Weighted means.
    spread : ndarray, shape (p,)
        Standard deviation that differences are divided by, of unweighted people.
    standardised : ndarray, shape (p,)
        Treated less reference, in standard deviations; NaN where nothing varies.
    variance_ratio : ndarray, shape (p,)
        Weighted variance of the treated over that of the reference; NaN where that is 0.
    binary : ndarray of bool, shape (p,)
        Columns of 0 and 1.
    """

    treated: Array
    reference: Array
    spread: Array
    standardised: Array
    variance_ratio: Array
    binary: Flags


def standardised_differences(
    X: ArrayLike,
    treated: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    spread: Spread = "both",
    binary: Binary = "sample",
) -> Differences:
    """Compare the weighted means of two groups, in standard deviations of unweighted people.

    Parameters
    ----------
    X : array_like, shape (n, p)
    treated : array_like of bool, shape (n,)
    weights : array_like, shape (n,), optional
        0 or above; even by default.
    spread : {"both", "treated", "reference", "everybody"}
        Whose standard deviation: the root of the mean of both groups' variances (default), one
        group's, or that of all people together. It never depends on the weights, or weighting
        could mend a difference by spreading people out.
    binary : {"sample", "share"}
        Variance of a column of 0 and 1: as of any column, over n - 1 (default), or p (1 - p).

    Returns
    -------
    Differences

    Raises
    ------
    FitError
        Shapes differ, a value is not finite, a weight is below 0, a group is empty or weighs
        nothing, or a word is not known.

    Notes
    -----
    The weighted variance is sum w (x - m)^2 / (W - sum w^2 / W), W the sum of weights, which is
    the usual one for even weights.

    Sources: Austin 2009, Stat Med 28:3083; Stuart 2010, Stat Sci 25:1, 4.1.
    """
    columns, flag, w = checked(X, treated, weights)
    if spread not in _SPREADS or binary not in _BINARIES:
        raise FitError(
            f"spread must be one of {', '.join(_SPREADS)}, and binary of {', '.join(_BINARIES)}."
        )
    yes_no = np.asarray(np.isin(columns, (0.0, 1.0)).all(axis=0))
    as_share = yes_no & (binary == "share")
    even = np.ones(len(flag))
    divided = np.sqrt(_spread(columns, flag, even, spread, as_share))
    means = [np.average(columns[g], axis=0, weights=w[g]) for g in (flag, ~flag)]
    ratio = _over(*(_variance(columns[g], w[g], as_share) for g in (flag, ~flag)))
    return Differences(
        treated=means[0],
        reference=means[1],
        spread=divided,
        standardised=_over(means[0] - means[1], divided),
        variance_ratio=ratio,
        binary=yes_no,
    )


def practice_differences(
    X: ArrayLike, treated: ArrayLike, cluster: ArrayLike, weights: ArrayLike | None = None
) -> Array:
    """Compare two groups in the means of their practices, each practice counting as one.

    Parameters
    ----------
    X : array_like, shape (n, p)
    treated : array_like of bool, shape (n,)
        The same for everybody of a practice.
    cluster : array_like, shape (n,)
    weights : array_like, shape (n,), optional
        People's weights within their practice; even by default. They move the means and not
        the standard deviation.

    Returns
    -------
    ndarray, shape (p,)
        In standard deviations between practices (root of the mean of both groups' variances of
        unweighted practice means); NaN where they do not vary or a group has one practice.

    Raises
    ------
    FitError
        As `standardised_differences`, and where a practice stands in both groups.
    """
    columns, flag, w = checked(X, treated, weights)
    plain, of_treated = practice_means(columns, flag, cluster, np.ones(len(flag)))
    moved, kept = practice_means(columns, flag, cluster, w)
    if min(of_treated.sum(), (~of_treated).sum()) < 2:
        return np.full(columns.shape[1], np.nan)
    none = np.zeros(columns.shape[1], dtype=bool)
    even = np.ones(len(plain))
    divided = np.sqrt(_spread(plain, of_treated, even, "both", none))
    return _over(moved[kept].mean(axis=0) - moved[~kept].mean(axis=0), divided)


def practice_means(
    columns: Array, treated: Flags, cluster: ArrayLike, weights: Array
) -> tuple[Array, Flags]:
    """Weighted means of practices, and which of these stand in the treated group.

    Parameters
    ----------
    columns : ndarray, shape (n, p)
    treated : ndarray of bool, shape (n,)
    cluster : array_like, shape (n,)
    weights : ndarray, shape (n,)

    Returns
    -------
    means : ndarray, shape (practices, p)
        Practices of no weight are left out.
    treated : ndarray of bool, shape (practices,)

    Raises
    ------
    FitError
        Shapes differ, or a practice stands in both groups.
    """
    labels = np.asarray(cluster)
    if labels.shape != treated.shape:
        raise FitError("cluster must have one label for each row of X.")
    found, codes = np.unique(labels, return_inverse=True)
    total = np.bincount(codes, weights=weights, minlength=len(found))
    size = np.bincount(codes, minlength=len(found))
    inside = np.bincount(codes, weights=treated, minlength=len(found))
    if ((inside > 0) & (inside < size)).any():
        raise FitError("A practice stands in both groups.")
    kept = total > 0
    sums = np.column_stack(
        [np.bincount(codes, weights=weights * x, minlength=len(found)) for x in columns.T]
    )
    return sums[kept] / total[kept, None], (inside > 0)[kept]


def checked(
    X: ArrayLike, treated: ArrayLike, weights: ArrayLike | None
) -> tuple[Array, Flags, Array]:
    """Columns, flags and weights of two groups, found usable.

    Parameters
    ----------
    X : array_like, shape (n, p)
    treated : array_like of bool, shape (n,)
    weights : array_like, shape (n,), or None

    Returns
    -------
    X : ndarray, shape (n, p)
    treated : ndarray of bool, shape (n,)
    weights : ndarray, shape (n,)

    Raises
    ------
    FitError
        They are not.
    """
    columns, flag = np.asarray(X, dtype=np.float64), np.asarray(treated)
    if columns.ndim != 2 or flag.shape != (len(columns),) or not len(columns):
        raise FitError("X (n by p) and treated (n) must have the same rows, one at least.")
    if not np.isfinite(columns).all():
        raise FitError("Every value of X must be finite, none missing.")
    if not np.isin(flag, (0, 1)).all():
        raise FitError("treated must be True or False (1 or 0) in every row.")
    w = np.ones(len(flag)) if weights is None else np.asarray(weights, dtype=np.float64)
    if w.shape != flag.shape or not np.isfinite(w).all() or (w < 0).any():
        raise FitError("weights must have one number for each row, finite and 0 or above.")
    found = flag.astype(bool)
    if not (w[found].any() and w[~found].any()):
        raise FitError("Both groups must have somebody in them, of a weight above 0.")
    return columns, found, w


def _spread(columns: Array, flag: Flags, w: Array, spread: Spread, as_share: Flags) -> Array:
    if spread == "everybody":
        return _variance(columns, w, as_share)
    first, second = (_variance(columns[g], w[g], as_share) for g in (flag, ~flag))
    return {"treated": first, "reference": second}.get(spread, (first + second) / 2)


def _variance(columns: Array, w: Array, as_share: Flags) -> Array:
    mean = np.average(columns, axis=0, weights=w)
    deviation = columns - mean
    deviation = np.where(np.abs(deviation) <= _SAME * np.abs(mean), 0.0, deviation)
    left = w.sum() - (w @ w) / w.sum()
    one = left <= _SAME * w.sum()  # a single person has no variance
    usual = np.full(len(mean), np.nan) if one else w @ deviation**2 / left
    return np.asarray(np.where(as_share, mean * (1 - mean), usual))


def _over(above: Array, below: Array) -> Array:
    usable = below > 0
    return np.where(usable, above / np.where(usable, below, 1.0), np.nan)
