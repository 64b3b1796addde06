"""Uncertainty of an intra-cluster correlation: its variance in a study, and a Beta prior."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def swiger_variance(icc: ArrayLike, size: ArrayLike, clusters: ArrayLike) -> Array:
    """Variance of the ICC that a one-way analysis of variance estimates.

    Parameters
    ----------
    icc : array_like
        As estimated.
    size : array_like
        People of a cluster; the mean, where sizes differ little. Above 1.
    clusters : array_like
        Above 1.

    Returns
    -------
    ndarray

    Sources
    -------
    Swiger and others 1964, Biometrics 20:818, as given for clusters of one size.
    """
    rho, m, k = (np.asarray(one, dtype=np.float64) for one in (icc, size, clusters))
    return np.asarray(2 * (1 - rho) ** 2 * (1 + (m - 1) * rho) ** 2 / (m * (m - 1) * (k - 1)))


def beta_shape(mean: float, sd: float) -> tuple[float, float]:
    """Parameters of the Beta distribution with this mean and standard deviation.

    Parameters
    ----------
    mean : float
        Above 0 and below 1.
    sd : float
        Above 0; its square below ``mean (1 - mean)``.

    Returns
    -------
    tuple of float

    Raises
    ------
    ValueError
        There is no such Beta distribution.
    """
    if not 0 < mean < 1 or not 0 < sd**2 < mean * (1 - mean):
        msg = f"There is no Beta distribution with mean {mean:g} and SD {sd:g}."
        raise ValueError(msg)
    both = mean * (1 - mean) / sd**2 - 1
    return mean * both, (1 - mean) * both


def beta_nodes(a: float, b: float, nodes: int = 48) -> tuple[Array, Array]:
    """Places and weights of the Gauss rule of a Beta distribution.

    Parameters
    ----------
    a, b : float
    nodes : int

    Returns
    -------
    places, weights : ndarray, shape (nodes,)
        Weights sum to 1; exact for polynomials of degree up to ``2 nodes - 1``.

    Sources
    -------
    Golub & Welsch 1969, Math Comput 23:221, with the recurrence of the Jacobi polynomials.
    """
    # Jacobi polynomials of weight (1 - x)^p (1 + x)^q on (-1, 1).
    p, q = b - 1, a - 1
    n = np.arange(nodes, dtype=np.float64)
    both = 2 * n + p + q
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = (q**2 - p**2) / (both * (both + 2))
    middle[0] = (q - p) / (p + q + 2)
    k = n[1:]
    two = 2 * k + p + q
    with np.errstate(divide="ignore", invalid="ignore"):
        beside = 4 * k * (k + p) * (k + q) * (k + p + q) / (two**2 * (two + 1) * (two - 1))
    beside[0] = 4 * (1 + p) * (1 + q) / ((2 + p + q) ** 2 * (3 + p + q))
    off = np.sqrt(beside)
    places, vectors = np.linalg.eigh(np.diag(middle) + np.diag(off, 1) + np.diag(off, -1))
    return np.clip((places + 1) / 2, 0.0, 1.0), vectors[0] ** 2


def beta_quantile(a: float, b: float, below: ArrayLike) -> Array:
    """Value that a Beta variable stays below with a given chance.

    Parameters
    ----------
    a, b : float
    below : array_like

    Returns
    -------
    ndarray
    """
    from scipy.special import betaincinv

    return np.asarray(betaincinv(a, b, np.asarray(below, dtype=np.float64)), dtype=np.float64)


def moments_above_zero(estimate: float, sd: float) -> tuple[float, float]:
    """Mean and standard deviation of a normal variable, given that it is above 0.

    Parameters
    ----------
    estimate, sd : float
        Of the normal.

    Returns
    -------
    tuple of float
    """
    from scipy.special import log_ndtr

    cut = -estimate / sd
    hazard = float(np.exp(-(cut**2) / 2 - log_ndtr(-cut)) / np.sqrt(2 * np.pi))
    mean = estimate + sd * hazard
    return mean, float(sd * np.sqrt(max(1 + cut * hazard - hazard**2, 0.0)))
