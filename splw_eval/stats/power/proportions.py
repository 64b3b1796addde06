"""Proportions: variances on the scale of the odds, and the scales of their correlation."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

LATENT = np.pi**2 / 3  # variance of the standard logistic distribution


def log_odds_variance(p: ArrayLike, between: ArrayLike = 0.0) -> Array:
    """Variance of one person's outcome on the logit scale, clusters included.

    Parameters
    ----------
    p : array_like
        Proportion.
    between : array_like
        Variance between clusters on the logit scale.

    Returns
    -------
    ndarray
        ``1 / (p (1 - p)) + between``: with clusters of m people, the mean of one then has
        the variance ``1 / (m p (1 - p)) + between``.

    Sources
    -------
    Moerbeek & Teerenstra 2016, Power Analysis of Trials with Multilevel Data.
    """
    p = np.asarray(p, dtype=np.float64)
    return np.asarray(1 / (p * (1 - p)) + np.asarray(between), dtype=np.float64)


def from_k(k: ArrayLike, p: ArrayLike) -> Array:
    """Correlation on the scale of the proportion, of a coefficient of variation.

    Parameters
    ----------
    k : array_like
        Standard deviation of clusters' proportions over their mean (Hayes & Bennett 1999).
    p : array_like

    Returns
    -------
    ndarray
    """
    k, p = np.asarray(k, dtype=np.float64), np.asarray(p, dtype=np.float64)
    return np.asarray(k**2 * p / (1 - p), dtype=np.float64)


def to_k(icc: ArrayLike, p: ArrayLike) -> Array:
    """Coefficient of variation of clusters' proportions; NaN where the correlation is below 0.

    Parameters
    ----------
    icc, p : array_like

    Returns
    -------
    ndarray
    """
    rho, p = np.asarray(icc, dtype=np.float64), np.asarray(p, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.sqrt(rho * (1 - p) / p), dtype=np.float64)


def between_of_latent(icc: ArrayLike) -> Array:
    """Variance between clusters on the logit scale, of the latent correlation.

    Parameters
    ----------
    icc : array_like

    Returns
    -------
    ndarray
    """
    rho = np.asarray(icc, dtype=np.float64)
    return np.asarray(LATENT * rho / (1 - rho), dtype=np.float64)


def latent_of_between(between: ArrayLike) -> Array:
    """Latent correlation, of a variance between clusters on the logit scale.

    Parameters
    ----------
    between : array_like

    Returns
    -------
    ndarray
    """
    one = np.asarray(between, dtype=np.float64)
    return np.asarray(one / (one + LATENT), dtype=np.float64)


def from_logit(between: ArrayLike, p: ArrayLike) -> Array:
    """Correlation on the scale of the proportion, linearised.

    Parameters
    ----------
    between : array_like
        Variance between clusters on the logit scale.
    p : array_like

    Returns
    -------
    ndarray
        Near enough where clusters differ little; above 1 where they do not.
    """
    p = np.asarray(p, dtype=np.float64)
    return np.asarray(np.asarray(between) * p * (1 - p), dtype=np.float64)


def to_logit(icc: ArrayLike, p: ArrayLike) -> Array:
    """Variance between clusters on the logit scale, linearised.

    Parameters
    ----------
    icc, p : array_like

    Returns
    -------
    ndarray
    """
    p = np.asarray(p, dtype=np.float64)
    return np.asarray(np.asarray(icc) / (p * (1 - p)), dtype=np.float64)
