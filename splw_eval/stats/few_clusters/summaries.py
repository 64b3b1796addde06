"""First stage of a two-stage analysis: one residual mean for each practice, the arm left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError

Array = NDArray[np.float64]
Codes = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeSummaries:
    """One number for each practice.

    Attributes
    ----------
    value : ndarray, shape (practices,)
        Mean outcome, or mean residual of the outcome on the covariates, in its units.
    shift : ndarray, shape (practices,)
        What one unit more for everybody in the second arm would add to `value`.
    size : ndarray of int, shape (practices,)
        People.
    between : int
        Columns of covariates that vary between practices only, those of no use left out.
    """

    value: Array
    shift: Array
    size: Codes
    between: int


def summarise_practices(
    y: ArrayLike,
    X: ArrayLike,
    practice: ArrayLike,
    arm: ArrayLike,
    *,
    strata: ArrayLike | None = None,
) -> PracticeSummaries:
    """Take the covariates out of the outcome, without the arm, and average by practice.

    Parameters
    ----------
    y : array_like, shape (n,)
        Outcome.
    X : array_like, shape (n, p)
        Covariates without a constant; p may be 0.
    practice : array_like of int, shape (n,)
        Practice of each row, all numbers from 0 on.
    arm : array_like of bool, shape (practices,)
        True in the second arm.
    strata : array_like of int, shape (practices,), optional
        Stratum of each practice, from 0; strata stand beside the covariates.

    Returns
    -------
    PracticeSummaries

    Raises
    ------
    FitError
        Shapes differ, values are not finite, or a practice has nobody.

    Notes
    -----
    Least squares of people, as in Hayes & Moulton 2017, Cluster Randomised Trials, chapters
    10 and 12. What covariates and the arm share goes to the covariates in this stage, so a
    difference of residual means is smaller than the shift that made it; `shift` tells by how
    much, exactly.
    """
    outcome, columns = np.asarray(y, dtype=float), np.asarray(X, dtype=float)
    codes, second = np.asarray(practice, dtype=np.intp), np.asarray(arm, dtype=bool)
    if columns.ndim != 2 or not (len(columns),) == outcome.shape == codes.shape:
        raise FitError("y and practice must hold one value for each row of X.")
    if not (np.isfinite(outcome).all() and np.isfinite(columns).all()):
        raise FitError("y and X must be finite: leave out rows with missing values.")
    size = np.bincount(codes, minlength=len(second))
    if len(size) != len(second) or not size.all():
        raise FitError("Every practice needs its arm, and at least one row.")
    stratum = np.zeros(len(size), dtype=np.intp) if strata is None else np.asarray(strata)
    dummies = (stratum[:, None] == np.unique(stratum)).astype(float)
    both = np.stack([outcome, second[codes].astype(float)], axis=1)
    if columns.shape[1]:
        beside = np.column_stack([dummies[codes], columns])
        beside = beside / _lengths(beside)
        both -= beside @ np.linalg.lstsq(beside, both, rcond=None)[0]
    value, shift = (np.bincount(codes, column) / size for column in both.T)
    between = _between(columns, codes, dummies)
    return PracticeSummaries(value=value, shift=shift, size=size, between=between)


def _lengths(columns: Array) -> Array:
    length = np.linalg.norm(columns, axis=0)
    return np.asarray(np.where(length > 0, length, 1.0))


def _between(columns: Array, codes: Codes, dummies: Array) -> int:
    """Rank that columns without spread inside practices add to the strata."""
    first = np.unique(codes, return_index=True)[1]
    level = columns[first]
    alike = (columns == level[codes]).all(axis=0)
    own = np.column_stack([dummies, level[:, alike]])
    ranks = [np.linalg.matrix_rank(some / _lengths(some)) for some in (own, dummies)]
    return int(ranks[0] - ranks[1])
