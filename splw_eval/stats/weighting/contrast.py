"""Differences between two groups made alike: weighted, standardised, doubly robust."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.weighting.entropy import entropy_weights
from splw_eval.stats.weighting.propensity import Target, fit_propensity, propensity_weights

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
WeightKind = Literal["propensity", "entropy"]

_DEPENDENT = 1e-10
_CONSTANT = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Estimated:
    """A difference, treated less reference.

    Attributes
    ----------
    estimate : float
        Outcome units.
    influence : ndarray, shape (n,)
        What each row moves the estimate by; sums to 0. Chances and weights count as known.
    """

    estimate: float
    influence: Array


def group_weights(
    treated: ArrayLike, X: ArrayLike, target: Target, kind: WeightKind = "propensity"
) -> tuple[Array, Array]:
    """Fit weights that make two groups alike, and the chances behind them.

    Parameters
    ----------
    treated : array_like of bool, shape (n,)
    X : array_like, shape (n, p)
        Covariates without a column of ones; a column that does not vary does not count.
    target : {"treated", "everybody", "overlap"}
    kind : {"propensity", "entropy"}
        Entropy balancing has no overlap weights.

    Returns
    -------
    weights : ndarray, shape (n,)
    chance : ndarray, shape (n,)
        NaN for entropy balancing, which fits none.

    Raises
    ------
    FitError
        No chances or weights can be fitted.

    Notes
    -----
    Entropy weights of a group sum to the number of the target's people, as the others do on
    average.
    """
    flag, columns = np.asarray(treated).astype(bool), np.asarray(X, dtype=np.float64)
    columns = columns[:, varies(columns)]
    if kind == "propensity":
        design = np.column_stack([np.ones(len(flag)), columns])
        chance = fit_propensity(flag, design).chance
        return propensity_weights(chance, flag, target), chance
    if target == "overlap":
        raise FitError('Entropy balancing is for the targets "treated" and "everybody".')
    return _entropy(flag, columns, target), np.full(len(flag), np.nan)


def _entropy(flag: Flags, columns: Array, target: Target) -> Array:
    weights = np.ones(len(flag))
    of_target = flag if target == "treated" else np.ones_like(flag)
    means = columns[of_target].mean(axis=0)
    for group in (~flag,) if target == "treated" else (flag, ~flag):
        weights[group] = of_target.sum() * entropy_weights(columns[group], means).weights
    return weights


def weighted_difference(y: ArrayLike, treated: ArrayLike, weights: ArrayLike) -> Estimated:
    """Compare weighted means of an outcome.

    Parameters
    ----------
    y : array_like, shape (n,)
    treated : array_like of bool, shape (n,)
    weights : array_like, shape (n,)

    Returns
    -------
    Estimated
        The root of the sum of squared influences is the sandwich error (HC0) of the weighted
        least squares of y on the group.
    """
    value, flag = np.asarray(y, dtype=np.float64), np.asarray(treated).astype(bool)
    w = np.asarray(weights, dtype=np.float64)
    share = np.where(flag, w / w[flag].sum(), w / w[~flag].sum())
    means = [float(share[group] @ value[group]) for group in (flag, ~flag)]
    apart = share * (value - np.where(flag, *means))
    return Estimated(estimate=means[0] - means[1], influence=np.where(flag, apart, -apart))


def standardised_contrast(
    y: ArrayLike,
    treated: ArrayLike,
    X: ArrayLike,
    *,
    share: ArrayLike,
    interact: ArrayLike | None = None,
) -> Estimated:
    """Compare what a linear model foretells of the same people in either group.

    Parameters
    ----------
    y : array_like, shape (n,)
    treated : array_like of bool, shape (n,)
    X : array_like, shape (n, p)
    share : array_like, shape (n,)
        How much each person counts in the population that is averaged over; any scale.
    interact : array_like of bool, shape (p,), optional
        Columns whose slopes may differ between the groups; none by default.

    Returns
    -------
    Estimated
        The influence holds the coefficients' share and that of who happens to be in the data.

    Raises
    ------
    FitError
        Columns depend on each other, or rows are too few.

    Notes
    -----
    Sources: Robins 1986 (the g-formula); Hernan & Robins 2020, Causal inference: What if,
    chapter 13.
    """
    model = _outcome_model(y, treated, X, interact)
    h = np.asarray(share, dtype=np.float64) / np.sum(share)
    estimate = float(h @ model.gain)
    of_beta = (h @ model.contrast) @ model.to_beta * model.residual
    return Estimated(estimate=estimate, influence=of_beta + h * (model.gain - estimate))


def doubly_robust_contrast(
    y: ArrayLike,
    treated: ArrayLike,
    X: ArrayLike,
    chance: ArrayLike,
    target: Target,
    *,
    interact: ArrayLike | None = None,
) -> Estimated:
    """Mend what a model foretells by the weighted residuals of both groups (AIPW).

    Parameters
    ----------
    y : array_like, shape (n,)
    treated : array_like of bool, shape (n,)
    X : array_like, shape (n, p)
    chance : array_like, shape (n,)
        Of belonging to the treated group, between 0 and 1.
    target : {"treated", "everybody", "overlap"}
        For the first two the answer is right if either model is; overlap weights need the
        chances to be right, as these say whom the answer is about.
    interact : array_like of bool, shape (p,), optional

    Returns
    -------
    Estimated

    Raises
    ------
    FitError
        As `standardised_contrast`, or a chance or the target cannot be used.

    Notes
    -----
    Sources: Robins, Rotnitzky & Zhao 1994, J Am Stat Assoc 89:846; for the treated Mercatanti &
    Li 2014, Ann Appl Stat 8:2485; Li, Morgan & Zaslavsky 2018, section 3.
    """
    flag, e = np.asarray(treated).astype(bool), np.asarray(chance, dtype=np.float64)
    w = propensity_weights(e, flag, target)
    model = _outcome_model(y, treated, X, interact)
    h = {"treated": flag.astype(float), "everybody": np.ones(len(e))}.get(target, e * (1 - e))
    each = h * model.gain + np.where(flag, w, -w) * model.residual
    estimate = float(each.sum() / h.sum())
    return Estimated(estimate=estimate, influence=(each - h * estimate) / h.sum())


def influence_error(influence: Array, cluster: NDArray[np.intp] | None = None) -> float:
    """Standard error from influences, summed by practice where there are practices.

    Parameters
    ----------
    influence : ndarray, shape (n,)
    cluster : ndarray of int, shape (n,), optional
        Practices from 0.

    Returns
    -------
    float
        With the factor G / (G - 1), or n / (n - 1) without practices.
    """
    sums = influence if cluster is None else np.bincount(cluster, weights=influence)
    units = len(sums)
    return float(np.sqrt(units / (units - 1) * (sums @ sums)))


def varies(columns: Array) -> Flags:
    """Whether columns vary: without a practice a rare category may be nobody's.

    Parameters
    ----------
    columns : ndarray, shape (n, p)

    Returns
    -------
    ndarray of bool, shape (p,)
    """
    reach = np.ptp(columns, axis=0)
    return np.asarray(reach > _CONSTANT * np.abs(columns).max(axis=0, initial=0.0))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Model:
    """A linear model of the outcome with the group in it."""

    contrast: Array  # (n, k): how a person's foretold outcome moves with the group
    to_beta: Array  # (k, n): influence of a residual on the coefficients
    gain: Array  # (n,)
    residual: Array  # (n,)


def _outcome_model(
    y: ArrayLike, treated: ArrayLike, X: ArrayLike, interact: ArrayLike | None
) -> _Model:
    value, flag = np.asarray(y, dtype=np.float64), np.asarray(treated).astype(float)
    columns = np.asarray(X, dtype=np.float64)
    chosen = np.zeros(columns.shape[1], dtype=bool) if interact is None else np.asarray(interact)
    moving = varies(columns)
    columns = columns - columns.mean(axis=0)
    apart, columns = columns[:, chosen & moving], columns[:, moving]
    ones = np.ones((len(value), 1))
    design = np.concatenate([ones, flag[:, None], columns, apart * flag[:, None]], axis=1)
    contrast = np.concatenate([0 * ones, ones, 0 * columns, apart], axis=1)
    size = np.sqrt((design**2).mean(axis=0))
    size[size == 0] = 1.0
    if len(value) <= design.shape[1]:
        raise FitError(f"{len(value)} people are too few for {design.shape[1]} coefficients.")
    Q, R = np.linalg.qr(design / size)
    if np.abs(np.diag(R)).min() <= _DEPENDENT * np.abs(np.diag(R)).max():
        raise FitError("The group and the covariates depend on each other; leave one out.")
    to_beta = np.linalg.solve(R, Q.T) / size[:, None]
    beta = to_beta @ value
    return _Model(
        contrast=contrast,
        to_beta=to_beta,
        gain=contrast @ beta,
        residual=value - design @ beta,
    )
