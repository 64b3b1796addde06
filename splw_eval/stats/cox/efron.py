"""Partial likelihood with its score and information, ties by Efron or by Breslow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from splw_eval.stats.cox.risk_sums import RiskRows

Array = NDArray[np.float64]
Ties = Literal["efron", "breslow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Likelihood:
    """Partial likelihood at one value of the coefficients.

    Attributes
    ----------
    value : float
        Log likelihood; minus infinity where it cannot be computed.
    score : ndarray, shape (p,)
    information : ndarray, shape (p, p)
        Minus the second derivatives.
    residuals : ndarray, shape (rows, p)
        Weighted score residuals; they sum to the score.
    """

    value: float
    score: Array
    information: Array
    residuals: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class _Terms:
    """One term for each tied event: its moment, the share l/D, denominator and mean."""

    moment: NDArray[np.intp]
    share: Array
    denominator: Array
    mean: Array
    hazard: Array


def log_likelihood(rows: RiskRows, x: Array, beta: Array, ties: Ties = "efron") -> float:
    """Log partial likelihood alone.

    Parameters
    ----------
    rows : RiskRows
    x : ndarray, shape (rows, p)
    beta : ndarray, shape (p,)
    ties : {"efron", "breslow"}

    Returns
    -------
    float
        Minus infinity where a denominator is lost to rounding.
    """
    eta, risk = _risk(rows, x, beta)
    moment, share = _shares(rows, ties)
    below = rows.at_risk(risk)[moment] - share * rows.dying(risk)[moment]
    return _value(rows, eta, moment, below)


def partial_likelihood(rows: RiskRows, x: Array, beta: Array, ties: Ties = "efron") -> Likelihood:
    """Log partial likelihood, score, information and score residuals.

    Parameters
    ----------
    rows : RiskRows
    x : ndarray, shape (rows, p)
        Columns of the rows kept.
    beta : ndarray, shape (p,)
        Log hazard ratios, per unit of each column.
    ties : {"efron", "breslow"}
        Under Efron the l-th of D tied events (l = 0 to D - 1) has the denominator
        S0 - (l/D) D0, where S0 sums the risks of those at risk and D0 those of the tied
        events; under Breslow S0. All sums are weighted, and each of the D terms carries
        the mean weight of the tied events.

    Returns
    -------
    Likelihood

    Sources
    -------
    Efron 1977, J Am Stat Assoc 72:557; Breslow 1974, Biometrics 30:89; weights and score
    residuals as in Therneau & Grambsch 2000, Modeling Survival Data, sections 3.3 and 7.1.
    """
    eta, risk = _risk(rows, x, beta)
    terms = _terms(rows, x, risk, ties)
    value = _value(rows, eta, terms.moment, terms.denominator)
    mean_weight = rows.mean_weight[terms.moment]
    hazard = _net(rows, terms, terms.hazard[:, None])[:, 0]
    mean_hazard = _net(rows, terms, terms.hazard[:, None] * terms.mean)
    residuals = -risk[:, None] * (x * hazard[:, None] - mean_hazard)
    middle = _by_moment(terms, terms.mean, len(rows.time)) / rows.deaths[:, None]
    event = rows.event
    residuals[event] += rows.weights[event, None] * (x[event] - middle[rows.last[event] - 1])
    score = rows.weights[event] @ x[event] - mean_weight @ terms.mean
    information = (x * (risk * hazard)[:, None]).T @ x
    information -= (terms.mean * mean_weight[:, None]).T @ terms.mean
    return Likelihood(
        value=value,
        score=score,
        information=(information + information.T) / 2,
        residuals=residuals,
    )


def _risk(rows: RiskRows, x: Array, beta: Array) -> tuple[Array, Array]:
    """Linear predictor, below 0 in every stratum so that exp cannot overflow, and w exp(eta)."""
    eta = x @ beta
    top = np.full(int(rows.stratum.max()) + 1, -np.inf)
    np.maximum.at(top, rows.stratum, eta)
    eta = eta - top[rows.stratum]
    return eta, rows.weights * np.exp(eta)


def _shares(rows: RiskRows, ties: Ties) -> tuple[NDArray[np.intp], Array]:
    """Moment and l/D of each term; no share is taken off under Breslow."""
    moment = np.repeat(np.arange(len(rows.deaths)), rows.deaths)
    if ties == "breslow":
        return moment, np.zeros(len(moment))
    before = np.cumsum(rows.deaths) - rows.deaths
    return moment, (np.arange(len(moment)) - before[moment]) / rows.deaths[moment]


def _terms(rows: RiskRows, x: Array, risk: Array, ties: Ties) -> _Terms:
    """Denominator, mean of the columns and hazard of each term."""
    moment, share = _shares(rows, ties)
    weighted = x * risk[:, None]
    below = rows.at_risk(risk)[moment] - share * rows.dying(risk)[moment]
    above = rows.at_risk(weighted)[moment] - share[:, None] * rows.dying(weighted)[moment]
    with np.errstate(divide="ignore", invalid="ignore"):
        return _Terms(
            moment=moment,
            share=share,
            denominator=below,
            mean=above / below[:, None],
            hazard=rows.mean_weight[moment] / below,
        )


def _value(rows: RiskRows, eta: Array, moment: NDArray[np.intp], below: Array) -> float:
    """Log likelihood from the linear predictor and the denominators."""
    if not (below > 0).all():
        return -np.inf
    events = rows.weights[rows.event] @ eta[rows.event]
    return float(events - rows.mean_weight[moment] @ np.log(below))


def _by_moment(terms: _Terms, values: Array, moments: int) -> Array:
    """Sum of the terms of each moment, shape (moments, p)."""
    columns = [np.bincount(terms.moment, column, moments) for column in values.T]
    return np.column_stack(columns).astype(float)


def _net(rows: RiskRows, terms: _Terms, steps: Array) -> Array:
    """Steps that each row passed, less the shares taken off at its own event."""
    moments = len(rows.time)
    passed = rows.passed(_by_moment(terms, steps, moments))
    taken = _by_moment(terms, terms.share[:, None] * steps, moments)
    passed[rows.event] -= taken[rows.last[rows.event] - 1]
    return passed
