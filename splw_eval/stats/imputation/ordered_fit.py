"""Weighted proportional odds with their observed information, quick enough to be fitted often."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

_STEPS, _HALVINGS = 60, 30
_DECREMENT = 1e-10  # a hundred-thousandth of a standard error: less than any draw can show


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OrderedFit:
    """Thresholds and slopes of logit P(Y > j) = x'b - t_j.

    Attributes
    ----------
    estimate : ndarray, shape (cuts + p,)
        Thresholds, rising, then slopes.
    information : ndarray, shape (cuts + p, cuts + p)
        Observed: minus the second derivatives of the log-likelihood.
    """

    estimate: Array
    information: Array


def fit_ordered(band: Codes, X: Array, weights: Array) -> OrderedFit:
    """Fit by Newton's method; the log-likelihood is concave.

    Parameters
    ----------
    band : ndarray of int, shape (n,)
        0 to cuts, each of them used.
    X : ndarray, shape (n, p)
        Without a column of ones.
    weights : ndarray, shape (n,)
        Above 0.

    Returns
    -------
    OrderedFit

    Raises
    ------
    FitError
        The search does not settle, or columns depend on each other.

    Notes
    -----
    Where columns foretell a level without fail no maximum exists: rows of little weight must
    then be added beforehand. The model of `fit_proportional_odds`, with weights: only the two
    thresholds beside a row's own band enter its likelihood, so that no array of rows by bands
    is made. Sources: McCullagh 1980, J R Stat Soc B 42:109; Burridge 1981, J R Stat Soc B
    43:41 (concave).
    """
    cuts = int(band.max())
    below = np.cumsum(np.bincount(band, weights=weights))[:-1] / weights.sum()
    estimate = np.concatenate([np.log(below / (1 - below)), np.zeros(X.shape[1])])
    value = _log_likelihood(estimate, band, X, weights)
    for _ in range(_STEPS):
        score, information = _derivatives(estimate, band, X, weights)
        try:
            move = np.linalg.solve(information, score)
        except np.linalg.LinAlgError:
            raise FitError("Columns of the model depend on each other.") from None
        if float(score @ move) <= _DECREMENT:
            return OrderedFit(estimate=estimate, information=information)
        for halving in range(_HALVINGS):
            tried = estimate + move / 2**halving
            if (np.diff(tried[:cuts]) > 0).all():
                reached = _log_likelihood(tried, band, X, weights)
                if reached > value:
                    break
        else:
            raise FitError("The model of ordered levels found no step that fits better.")
        estimate, value = tried, reached
    raise FitError(f"The model of ordered levels did not settle in {_STEPS} steps.")


def _edges(estimate: Array, band: Codes, X: Array) -> tuple[Array, Array, Array]:
    """P(Y <= band) and P(Y < band) of each row, and their difference."""
    from scipy.special import expit

    cuts = len(estimate) - X.shape[1]
    limits = np.concatenate([[-np.inf], estimate[:cuts], [np.inf]])
    line = X @ estimate[cuts:]
    upper, lower = expit(limits[band + 1] - line), expit(limits[band] - line)
    return upper, lower, np.maximum(upper - lower, np.finfo(float).tiny)


def _log_likelihood(estimate: Array, band: Codes, X: Array, weights: Array) -> float:
    return float(weights @ np.log(_edges(estimate, band, X)[2]))


def _derivatives(estimate: Array, band: Codes, X: Array, weights: Array) -> tuple[Array, Array]:
    """Score and observed information, from the two edges of each row's band."""
    cuts, p = len(estimate) - X.shape[1], X.shape[1]
    upper, lower, chance = _edges(estimate, band, X)
    up, low = upper * (1 - upper), lower * (1 - lower)
    at_up, at_low = up / chance, -low / chance
    both = weights * at_up * at_low
    up_up = weights * (at_up**2 - at_up * (1 - 2 * upper))
    low_low = weights * (at_low**2 - at_low * (1 - 2 * lower))
    every = cuts + 2  # the two outermost edges are fixed and fall away
    inner = slice(1, cuts + 1)

    def by_edge(at_upper: Array, at_lower: Array) -> Array:
        found = np.bincount(band + 1, at_upper, every) + np.bincount(band, at_lower, every)
        return np.asarray(found[inner], dtype=np.float64)

    slope = weights * (at_up + at_low)
    score = np.concatenate([by_edge(weights * at_up, weights * at_low), -(X.T @ slope)])
    information = np.empty((cuts + p, cuts + p))
    information[:cuts, :cuts] = np.diag(by_edge(up_up, low_low))
    beside = np.bincount(band, both, every)[1:cuts]  # edges j and j + 1 bound band j
    information[np.arange(cuts - 1), np.arange(1, cuts)] = beside
    information[np.arange(1, cuts), np.arange(cuts - 1)] = beside
    for k in range(p):
        column = X[:, k]
        crossed = -by_edge((up_up + both) * column, (low_low + both) * column)
        information[:cuts, cuts + k] = information[cuts + k, :cuts] = crossed
    total = up_up + 2 * both + low_low
    information[cuts:, cuts:] = (X * total[:, None]).T @ X
    return score, information
