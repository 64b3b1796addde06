"""Partial likelihood with its score and information, ties by Efron or by Breslow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.stats.cox.risk_sums import RiskRows
from splw_eval.stats.cox.tied_terms import TiedTerms, Ties, tied_terms

__all__ = [
    "Hazards",
    "Likelihood",
    "Ties",
    "cross_products",
    "log_likelihood",
    "partial_likelihood",
]

Array = NDArray[np.float64]

# Rows taken together: their columns stay in the processor's cache.
_TOGETHER = 1 << 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazards:
    """Steps of the hazard at each moment, and of the hazard times the mean of the columns.

    Attributes
    ----------
    step, taken : ndarray, shape (moments,)
        Step, and what of it an event row of that moment does not pass.
    mean_step, mean_taken : ndarray, shape (moments, p)
        The same times the mean of the columns among those at risk.
    middle : ndarray, shape (moments, p)
        Mean of the columns over the terms of a moment.
    """

    step: Array
    taken: Array
    mean_step: Array
    mean_taken: Array
    middle: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Likelihood:
    """Partial likelihood at one value of the coefficients.

    Attributes
    ----------
    value : float
        Log likelihood; minus infinity where it cannot be computed, and then the score and
        the information are not numbers.
    score : ndarray, shape (p,)
    information : ndarray, shape (p, p)
        Minus the second derivatives.
    spread : float
        Greatest linear predictor less the least.
    rows : RiskRows
    x : ndarray, shape (rows, p)
    risk : ndarray, shape (rows,)
        Weight x exp of the linear predictor, on a scale of each stratum.
    hazards : Hazards, or None where the likelihood cannot be computed
    """

    value: float
    score: Array
    information: Array
    spread: float
    rows: RiskRows
    x: Array
    risk: Array
    hazards: Hazards | None

    @property
    def residuals(self) -> Array:
        """Weighted score residuals, shape (rows, p), made anew; they sum to the score."""
        found = np.empty(self.x.shape, order="F")
        for j, column in enumerate(self.residual_columns()):
            found[:, j] = column
        return found

    def residual_columns(self) -> Iterator[Array]:
        """Weighted score residuals of one column after another, each of shape (rows,).

        Yields
        ------
        ndarray, shape (rows,)
        """
        hazards, rows = self.hazards, self.rows
        if hazards is None:
            yield from np.full(self.x.T.shape, np.nan)
            return
        died = rows.weights * rows.event
        own = died - self.risk * rows.passed(hazards.step, hazards.taken)
        for j, column in enumerate(self.x.T):
            found = rows.passed(hazards.mean_step[:, j], hazards.mean_taken[:, j])
            found *= self.risk
            # The even places of a row's ending are for those without an event.
            middle = np.zeros(2 * len(rows.time))
            middle[1::2] = hazards.middle[:, j]
            found -= rows.weights * middle[rows.ending]
            found += column * own
            yield found


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
    eta, risk, _ = _risk(rows, x, beta)
    return _value(rows, eta, tied_terms(rows, *rows.sums(risk), ties))


def partial_likelihood(rows: RiskRows, x: Array, beta: Array, ties: Ties = "efron") -> Likelihood:
    """Log partial likelihood, score, information and score residuals.

    Parameters
    ----------
    rows : RiskRows
    x : ndarray, shape (rows, p)
        Columns of the rows kept; quickest where each column is contiguous.
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

    Notes
    -----
    The mean of the columns of a term is (S1 - (l/D) D1) / (S0 - (l/D) D0), so sums over l
    need only sums of powers of l/D over powers of the denominator: no vector for each event.

    Sources
    -------
    Efron 1977, J Am Stat Assoc 72:557; Breslow 1974, Biometrics 30:89; weights and score
    residuals as in Therneau & Grambsch 2000, Modeling Survival Data, sections 3.3 and 7.1.
    """
    eta, risk, spread = _risk(rows, x, beta)
    terms = tied_terms(rows, *rows.sums(risk), ties)
    value = _value(rows, eta, terms)
    p = x.shape[1]
    score, information = np.full(p, np.nan), np.full((p, p), np.nan)
    hazards = None
    if np.isfinite(value):
        s1, d1 = rows.weighted_sums(x, risk)
        hazards = _hazards(rows, terms, s1, d1)
        passed = rows.passed(hazards.step, hazards.taken)
        passed *= risk
        score = (rows.weights * rows.event) @ x
        score -= hazards.middle.T @ (rows.mean_weight * rows.deaths)
        information = cross_products(x, passed)
        information -= s1.T @ hazards.mean_step - d1.T @ hazards.mean_taken
        information = (information + information.T) / 2
    return Likelihood(
        value=value,
        score=score,
        information=information,
        spread=spread,
        rows=rows,
        x=x,
        risk=risk,
        hazards=hazards,
    )


def cross_products(x: Array, weights: Array) -> Array:
    """X'diag(weights)X, some rows at a time.

    Parameters
    ----------
    x : ndarray, shape (rows, p)
    weights : ndarray, shape (rows,)

    Returns
    -------
    ndarray, shape (p, p)
    """
    total = np.zeros((x.shape[1], x.shape[1]))
    for low in range(0, len(x), _TOGETHER):
        part = x[low : low + _TOGETHER]
        total += (part.T * weights[low : low + _TOGETHER]) @ part
    return total


def _risk(rows: RiskRows, x: Array, beta: Array) -> tuple[Array, Array, float]:
    """Linear predictor, w exp(eta) and the spread of eta.

    The predictor is moved below 0 in every stratum so that exp cannot overflow.
    """
    eta = x @ beta
    highest = eta.max()
    spread = float(highest - eta.min())
    if rows.stratum.any():
        top = np.full(int(rows.stratum.max()) + 1, -np.inf)
        np.maximum.at(top, rows.stratum, eta)
        eta -= top[rows.stratum]
    else:
        eta -= highest
    risk = np.exp(eta)
    risk *= rows.weights
    return eta, risk, spread


def _value(rows: RiskRows, eta: Array, terms: TiedTerms) -> float:
    """Log likelihood from the linear predictor and the denominators."""
    if not (terms.below > 0).all():
        return -np.inf
    return float((rows.weights * rows.event) @ eta - terms.weight @ np.log(terms.below))


def _hazards(rows: RiskRows, terms: TiedTerms, s1: Array, d1: Array) -> Hazards:
    """Steps of the hazard from the terms and the sums of the columns."""
    step, taken = terms.total(0, 1), terms.total(1, 1)
    square = [terms.total(power, 2) for power in (0, 1, 2)]
    died = rows.mean_weight * rows.deaths
    mean_step, mean_taken, middle = (np.empty(s1.shape, order="F") for _ in range(3))
    # Column by column: with very many moments whole tables would be slow to come by.
    for j in range(s1.shape[1]):
        above, dying = s1[:, j], d1[:, j]
        mean_step[:, j] = above * square[0] - dying * square[1]
        mean_taken[:, j] = above * square[1] - dying * square[2]
        middle[:, j] = (above * step - dying * taken) / died
    return Hazards(
        step=step, taken=taken, mean_step=mean_step, mean_taken=mean_taken, middle=middle
    )
