"""The chance of belonging to the treated group, given columns, and weights made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Target = Literal["treated", "everybody", "overlap"]

_STEPS = 60
_CLOSE = 1e-24  # Newton's decrement: the squared distance to the maximum in standard errors
_SURE = 30.0  # on the logit scale; beyond, the columns foretell the group
_NO_INFORMATION = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Propensity:
    """A logistic model of belonging to the treated group.

    Attributes
    ----------
    beta : ndarray, shape (p,)
        Logits, per unit of each column.
    covariance : ndarray, shape (p, p)
        Inverse of the information, people independent.
    chance : ndarray, shape (n,)
        Fitted chance of each row.
    iterations : int
    """

    beta: Array
    covariance: Array
    chance: Array
    iterations: int


def fit_propensity(treated: ArrayLike, X: ArrayLike) -> Propensity:
    """Fit a logistic model by Newton's method.

    Parameters
    ----------
    treated : array_like of bool, shape (n,)
    X : array_like, shape (n, p)
        With a column of ones, where there is to be an intercept.

    Returns
    -------
    Propensity

    Raises
    ------
    FitError
        Shapes differ, a value is not finite, one group is empty, columns depend on each other,
        or the columns foretell the group, so that no chance lies between 0 and 1.

    Notes
    -----
    Sources: McCullagh & Nelder 1989, Generalized linear models, 4.4. Agrees with R's
    ``glm(binomial)``: tests/reference.
    """
    flag, columns = _checked(treated, X)
    size = np.sqrt((columns**2).mean(axis=0))
    if (size == 0).any():
        raise FitError("A column of X is 0 throughout; leave it out.")
    scaled = columns / size
    beta = np.zeros(columns.shape[1])
    for step in range(1, _STEPS + 1):
        eta = scaled @ beta
        chance = 1 / (1 + np.exp(-eta))
        spread = chance * (1 - chance)
        information = (scaled * spread[:, None]).T @ scaled
        if np.linalg.eigvalsh(information)[0] <= _NO_INFORMATION * np.trace(information):
            break
        move = np.linalg.solve(information, scaled.T @ (flag - chance))
        beta = beta + move
        if np.abs(scaled @ beta).max() > _SURE:
            break
        if float(move @ information @ move) <= _CLOSE:
            covariance = np.linalg.inv(information) / np.outer(size, size)
            fitted = 1 / (1 + np.exp(-(scaled @ beta)))
            return Propensity(
                beta=beta / size, covariance=covariance, chance=fitted, iterations=step
            )
    raise FitError(
        "No chance of belonging to the treated group can be fitted: the columns depend on each "
        "other, or they foretell the group of some people, who have nobody to be compared with."
    )


def propensity_weights(chance: ArrayLike, treated: ArrayLike, target: Target) -> Array:
    """Turn chances into weights for a target population.

    Parameters
    ----------
    chance : array_like, shape (n,)
        Chance e of belonging to the treated group, between 0 and 1.
    treated : array_like of bool, shape (n,)
    target : {"treated", "everybody", "overlap"}
        Whom the comparison is to be about: people like the treated (1 and e / (1 - e)),
        everybody (1 / e and 1 / (1 - e)), or those who could have been in either group (1 - e
        and e).

    Returns
    -------
    ndarray, shape (n,)
        Not scaled.

    Raises
    ------
    FitError
        Shapes differ, a chance is not between 0 and 1, or the target is unknown.

    Notes
    -----
    With chances of a logistic model with an intercept, overlap weights give both groups the
    same weighted mean of every column of the model, exactly.

    Sources: Hirano & Imbens 2001, Health Serv Outcomes Res Methodol 2:259; Li, Morgan &
    Zaslavsky 2018, J Am Stat Assoc 113:390.
    """
    e, flag = np.asarray(chance, dtype=np.float64), np.asarray(treated).astype(bool)
    if e.shape != flag.shape or e.ndim != 1:
        raise FitError("chance and treated must be arrays of the same length.")
    if not ((e > 0) & (e < 1)).all():
        raise FitError("Every chance must lie between 0 and 1, without the ends.")
    weights = {
        "treated": (np.ones_like(e), e / (1 - e)),
        "everybody": (1 / e, 1 / (1 - e)),
        "overlap": (1 - e, e),
    }
    if target not in weights:
        raise FitError(f'target must be "treated", "everybody" or "overlap", got {target!r}.')
    return np.where(flag, *weights[target])


def effective_size(weights: ArrayLike) -> float:
    """Give the number of people that weighted ones are worth, (sum w)^2 / sum w^2.

    Parameters
    ----------
    weights : array_like, shape (n,)
        0 or above, not all 0.

    Returns
    -------
    float

    Raises
    ------
    FitError
        A weight is below 0 or not finite, or all are 0.

    Notes
    -----
    Sources: Kish 1965, Survey sampling, 11.7.
    """
    w = np.asarray(weights, dtype=np.float64)
    if not (np.isfinite(w).all() and (w >= 0).all() and (w > 0).any()):
        raise FitError("Weights must be finite and 0 or above, and not all 0.")
    return float(w.sum() ** 2 / (w @ w))


def _checked(treated: ArrayLike, X: ArrayLike) -> tuple[Flags, Array]:
    flag, columns = np.asarray(treated), np.asarray(X, dtype=np.float64)
    if columns.ndim != 2 or flag.shape != (len(columns),) or not columns.size:
        raise FitError("treated (n) and X (n by p) must have the same rows, one at least.")
    if not np.isfinite(columns).all():
        raise FitError("Every value of X must be finite, none missing.")
    if not np.isin(flag, (0, 1)).all():
        raise FitError("treated must be True or False (1 or 0) in every row.")
    found = flag.astype(bool)
    if found.all() or not found.any():
        raise FitError("Both groups must have somebody in them.")
    return found, columns
