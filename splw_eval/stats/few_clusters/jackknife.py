"""Leaving practices out one after the other, and estimating everything anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
FEW_PRACTICES = 4  # practices of a group, below which its own spread rules the degrees of freedom
OF_BOTH = -1


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


def groups_of_practices(group: ArrayLike, cluster: ArrayLike) -> NDArray[np.int64]:
    """The group that the people of each practice are of.

    Parameters
    ----------
    group : array_like of int, shape (n,)
        Codes from 0.
    cluster : array_like, shape (n,)

    Returns
    -------
    ndarray of int, shape (practices,)
        In the order of the sorted labels; -1 where a practice has people of several groups.
    """
    codes = np.asarray(group, dtype=np.int64)
    _, first, places = np.unique(np.asarray(cluster), return_index=True, return_inverse=True)
    found = codes[first]
    torn = np.unique(places[codes != found[places]])
    found[torn] = OF_BOTH
    return found


def jackknife_df(
    replicates: ArrayLike, whole: float, group_of_practice: ArrayLike, practice_covariates: int = 0
) -> float:
    """Degrees of freedom of a difference between groups whose error is that of a jackknife.

    Parameters
    ----------
    replicates : array_like, shape (practices,)
        The estimate without each practice.
    whole : float
        The estimate of everybody.
    group_of_practice : array_like of int, shape (practices,)
        Codes from 0; -1 for a practice with people of several groups, which counts in each.
    practice_covariates : int
        Covariates that are the same for everybody of a practice, see `within_practices`.

    Returns
    -------
    float
        Practices less 2 less the covariates; where a group has fewer than 4 practices the smaller
        of that and Welch and Satterthwaite's, (sum V)^2 / sum(V^2 / (G - 1)) with V the part of
        the squares, G the practices, of each group; and never more than the same with V = 1 / G,
        as where practices of both groups differ alike. 0, so that nothing can be told, where a
        group has one practice only.

    Sources
    -------
    Satterthwaite 1946, Biometrics 2:110; Welch 1947, Biometrika 34:28.
    """
    squares = (np.asarray(replicates, dtype=np.float64) - whole) ** 2
    codes = np.asarray(group_of_practice, dtype=np.int64)
    inside = [(codes == code) | (codes == OF_BOTH) for code in range(int(codes.max()) + 1)]
    plain = float(max(len(squares) - 2 - practice_covariates, 0))
    counts = np.array([part.sum() for part in inside])
    if not len(counts) or counts.min() >= FEW_PRACTICES:
        return plain
    if counts.min() < 2:  # one practice shows no spread
        return 0.0
    parts = np.array([squares[part].sum() for part in inside])
    if not parts.any():
        return plain
    # Two practices that happen to be alike must not pass for a spread that is well known.
    return min(plain, *(_satterthwaite(part, counts) for part in (parts, 1 / counts)))


def _satterthwaite(parts: Array, counts: NDArray[np.int64]) -> float:
    return float(parts.sum() ** 2 / (parts**2 / (counts - 1)).sum())


def df_rule(group_of_practice: ArrayLike, practice_covariates: int = 0) -> str:
    """The rule of `jackknife_df` in words, for a label.

    Parameters
    ----------
    group_of_practice : array_like of int, shape (practices,)
    practice_covariates : int

    Returns
    -------
    str
    """
    codes = np.asarray(group_of_practice, dtype=np.int64)
    counts = [((codes == code) | (codes == OF_BOTH)).sum() for code in range(int(codes.max()) + 1)]
    less = f"practices less {2 + practice_covariates}"
    if counts and min(counts) < FEW_PRACTICES:
        return f"df by Welch and Satterthwaite, at most {less}"
    return f"df {less}"
