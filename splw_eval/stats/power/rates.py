"""Rates of events that come again: what one person's rate varies by."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def rate_variance(
    rate: ArrayLike,
    k: ArrayLike = 0.0,
    *,
    time: ArrayLike = 1.0,
    overdispersion: ArrayLike = 1.0,
    log: bool = False,
) -> tuple[Array, Array]:
    """Variance of one person's rate, and the share of it between clusters.

    Parameters
    ----------
    rate : array_like
        Events per person-time.
    k : array_like
        Coefficient of variation of clusters' rates.
    time : array_like
        Person-time of each person.
    overdispersion : array_like
        Variance of a person's count over its mean: 1 for Poisson's distribution, and
        ``1 + mean / theta`` for the negative binomial one.
    log : bool
        On the scale of the log rate.

    Returns
    -------
    variance, icc : ndarray
        So that a cluster of m people has a rate with the variance
        ``overdispersion rate / (m time) + (k rate)^2``.

    Sources
    -------
    Hayes & Bennett 1999, Int J Epidemiol 28:319.
    """
    mean, spread = np.asarray(rate, dtype=np.float64), np.asarray(k, dtype=np.float64)
    within = np.asarray(overdispersion) / np.asarray(time) * (1 / mean if log else mean)
    between = spread**2 if log else (spread * mean) ** 2
    total = within + between
    return np.asarray(total, dtype=np.float64), np.asarray(between / total, dtype=np.float64)


def k_of_icc(
    icc: ArrayLike, rate: ArrayLike, *, time: ArrayLike = 1.0, overdispersion: ArrayLike = 1.0
) -> Array:
    """Coefficient of variation of clusters' rates, of the correlation of people's rates.

    Parameters
    ----------
    icc, rate, time, overdispersion : array_like

    Returns
    -------
    ndarray
        NaN where the correlation is below 0.
    """
    rho, mean = np.asarray(icc, dtype=np.float64), np.asarray(rate, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        odds = rho / (1 - rho) * np.asarray(overdispersion) / np.asarray(time)
        return np.asarray(np.sqrt(odds / mean), dtype=np.float64)
