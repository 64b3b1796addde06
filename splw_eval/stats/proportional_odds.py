"""Proportional-odds model of ordered bands: estimating equations with working independence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splw_eval.core.errors import FitError
from splw_eval.stats.gee_corrections import Array, Codes, GeePieces, sums_by_cluster

_STEPS = 100
_HALVINGS = 40
# Newton decrement: twice the log-likelihood still to be gained, free of scale. Near the top the
# gain is below the rounding of the log-likelihood, and steps are taken without asking for one.
_NEAR = 1e-6
_DECREMENT = 1e-20


@dataclass(frozen=True, slots=True, kw_only=True)
class ProportionalOddsFit:
    """Thresholds and slopes of logit P(Y > j) = x'b - t_j.

    Attributes
    ----------
    thresholds : ndarray, shape (cuts,)
        Rising, on the log-odds scale.
    slopes : ndarray, shape (p,)
        Log common odds ratio of being in a higher band.
    log_likelihood : float
        Of independent rows.
    """

    thresholds: Array
    slopes: Array
    log_likelihood: float


def fit_proportional_odds(band: Codes, X: Array) -> ProportionalOddsFit:
    """Fit thresholds and slopes by Fisher scoring; the log-likelihood is concave.

    Parameters
    ----------
    band : ndarray of int, shape (n,)
        0 to cuts, each of them used.
    X : ndarray, shape (n, p)
        Design without a column of ones: the thresholds take its place.

    Returns
    -------
    ProportionalOddsFit

    Raises
    ------
    FitError
        The search does not settle, or the columns are linearly dependent.

    Sources
    -------
    McCullagh 1980, J R Stat Soc B 42:109. The score equations are those of the GEE of
    Lipsitz, Kim & Zhao (1994, Stat Med 13:1149) with working independence between rows and
    the multinomial covariance within a row. Agrees with R's ordinal::clm: tests/reference.
    """
    cuts = int(band.max())
    share = np.bincount(band, minlength=cuts + 1) / len(band)
    below = np.cumsum(share)[:-1]
    estimate = np.concatenate([np.log(below / (1 - below)), np.zeros(X.shape[1])])
    value = _log_likelihood(estimate, band, X, cuts)
    whole = np.zeros(len(band), dtype=np.intp)
    for _ in range(_STEPS):
        pieces = proportional_odds_pieces(estimate, band, X, whole)
        score = pieces.scores[0]
        try:
            move = np.linalg.solve(pieces.information[0], score)
        except np.linalg.LinAlgError:
            raise FitError("The columns of the design are linearly dependent.") from None
        decrement = float(score @ move)
        if decrement <= _DECREMENT:
            break
        if decrement <= _NEAR:
            estimate = estimate + move
        else:
            estimate, value = _advance(estimate, move, value, band, X)
    else:
        raise FitError(f"The proportional-odds model did not settle in {_STEPS} steps.")
    return ProportionalOddsFit(
        thresholds=estimate[:cuts],
        slopes=estimate[cuts:],
        log_likelihood=_log_likelihood(estimate, band, X, cuts),
    )


def proportional_odds_pieces(estimate: Array, band: Codes, X: Array, cluster: Codes) -> GeePieces:
    """Scores and expected information of each cluster.

    Parameters
    ----------
    estimate : ndarray, shape (cuts + p,)
        Thresholds, then slopes.
    band : ndarray of int, shape (n,)
    X : ndarray, shape (n, p)
    cluster : ndarray of int, shape (n,)

    Returns
    -------
    GeePieces
    """
    cuts = len(estimate) - X.shape[1]
    derivative, chances = band_derivatives(estimate, X, cuts)
    rows = np.arange(len(band))
    scores = derivative[rows, band] / chances[rows, band][:, None]
    weighted = derivative / np.sqrt(chances)[:, :, None]
    size = derivative.shape[2]
    information = np.empty((int(cluster.max()) + 1, size, size))
    for i in range(size):  # one column at a time: no array of rows by size by size
        products = np.einsum("nc,ncj->nj", weighted[:, :, i], weighted)
        information[:, i] = sums_by_cluster(products, cluster)
    return GeePieces(scores=sums_by_cluster(scores, cluster), information=information)


def band_derivatives(estimate: Array, X: Array, cuts: int) -> tuple[Array, Array]:
    """Chances of every band and their derivatives.

    Parameters
    ----------
    estimate : ndarray, shape (cuts + p,)
    X : ndarray, shape (n, p)
    cuts : int

    Returns
    -------
    derivative : ndarray, shape (n, cuts + 1, cuts + p)
    chances : ndarray, shape (n, cuts + 1)
    """
    at_most = _chance(estimate[:cuts] - (X @ estimate[cuts:])[:, None])
    slope = at_most * (1 - at_most)
    padded = np.pad(slope, ((0, 0), (1, 1)))
    derivative = np.empty((len(X), cuts + 1, len(estimate)))
    derivative[:, :, :cuts] = slope[:, None, :] * (
        np.eye(cuts + 1, cuts) - np.eye(cuts + 1, cuts, -1)
    )
    derivative[:, :, cuts:] = -(padded[:, 1:] - padded[:, :-1])[:, :, None] * X[:, None, :]
    return derivative, _between(at_most)


def _between(at_most: Array) -> Array:
    edges = np.pad(at_most, ((0, 0), (1, 1)), constant_values=((0, 0), (0, 1)))
    return np.maximum(np.diff(edges, axis=1), np.finfo(float).tiny)


def _chance(x: Array) -> Array:
    from scipy.special import expit

    chance: Array = expit(x)
    return chance


def _advance(
    estimate: Array, move: Array, value: float, band: Codes, X: Array
) -> tuple[Array, float]:
    """The longest of the halved steps that gains."""
    cuts = len(estimate) - X.shape[1]
    for halving in range(_HALVINGS):
        tried = estimate + move / 2**halving
        if (np.diff(tried[:cuts]) > 0).all():
            reached = _log_likelihood(tried, band, X, cuts)
            if reached > value:
                return tried, reached
    raise FitError("The proportional-odds model found no step that fits better.")


def _log_likelihood(estimate: Array, band: Codes, X: Array, cuts: int) -> float:
    at_most = _chance(estimate[:cuts] - (X @ estimate[cuts:])[:, None])
    return float(np.log(_between(at_most)[np.arange(len(band)), band]).sum())
