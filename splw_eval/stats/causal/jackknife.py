"""Leaving practices out one after the other, and estimating everything anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Jackknife:
    """What estimates came to without each practice.

    Attributes
    ----------
    values : ndarray, shape (practices, k)
    covariance : ndarray, shape (k, k)
        (G - 1) / G times the sum of squares about the estimate of everybody.
    practices : int
    """

    values: Array
    covariance: Array
    practices: int

    @property
    def std_error(self) -> Array:
        """Of each of the k estimates."""
        return np.asarray(np.sqrt(np.diag(self.covariance)), dtype=np.float64)


def leave_practices_out(
    estimate: Callable[[Flags], ArrayLike], cluster: ArrayLike, whole: ArrayLike
) -> Jackknife:
    """Estimate anew without each practice.

    Parameters
    ----------
    estimate : callable
        Takes the rows to keep, an ndarray of bool of shape (n,), and gives k numbers.
    cluster : array_like, shape (n,)
        Labels of practices.
    whole : array_like, shape (k,)
        The estimates of everybody.

    Returns
    -------
    Jackknife

    Raises
    ------
    FitError
        There are fewer than three practices, or nothing can be estimated without one of them.

    Notes
    -----
    Squares are taken about the estimate of everybody, not about the mean of those without a
    practice: never the smaller of the two. Sources: Bell & McCaffrey 2002, Surv Methodol 28:169;
    MacKinnon, Nielsen & Webb 2023, J Appl Econom 38:671.
    """
    labels, codes = np.unique(np.asarray(cluster), return_inverse=True)
    count = len(labels)
    if count < 3:
        raise FitError(f"Leaving practices out needs at least 3 of them, got {count}.")
    centre = np.atleast_1d(np.asarray(whole, dtype=np.float64))
    values = np.empty((count, len(centre)))
    for place in range(count):
        try:
            values[place] = np.asarray(estimate(codes != place), dtype=np.float64)
        except FitError as error:
            raise FitError(
                f"Without one of the {count} practices nothing can be estimated: {error.message}"
            ) from error
    away = values - centre
    return Jackknife(values=values, covariance=(count - 1) / count * away.T @ away, practices=count)


def within_practices(X: ArrayLike, cluster: ArrayLike) -> int:
    """Count the columns, beyond the intercept, that are the same for everybody of a practice.

    Parameters
    ----------
    X : array_like, shape (n, p)
        Without an intercept.
    cluster : array_like, shape (n,)

    Returns
    -------
    int
        Each takes one degree of freedom from those of the practices.
    """
    columns = np.asarray(X, dtype=np.float64)
    _, first, codes = np.unique(np.asarray(cluster), return_index=True, return_inverse=True)
    return int((columns == columns[first][codes]).all(axis=0).sum())
