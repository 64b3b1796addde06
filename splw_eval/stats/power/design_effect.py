"""Design effects: by how much clusters widen the variance of a mean of their people."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def design_effect(
    size: ArrayLike, icc: ArrayLike, cv: ArrayLike = 0.0, method: str = "eldridge"
) -> Array:
    """Design effect of clusters of unequal sizes.

    Parameters
    ----------
    size : array_like
        Mean size.
    icc : array_like
    cv : array_like
        Coefficient of variation of the sizes.
    method : {"eldridge", "breukelen"}
        Eldridge's assumes people weighted alike, and is the larger; van Breukelen's is a Taylor
        expansion of the variance of the weighted estimate.

    Returns
    -------
    ndarray

    Sources
    -------
    Eldridge, Ashby & Kerry 2006, Int J Epidemiol 35:1292; van Breukelen, Candel & Berger 2007,
    Stat Med 26:2589.
    """
    m, rho, c = (np.asarray(one, dtype=np.float64) for one in (size, icc, cv))
    if method == "eldridge":
        return 1 + ((c**2 + 1) * m - 1) * rho
    plain = 1 + (m - 1) * rho
    share = m * rho / plain
    return np.asarray(plain / (1 - c**2 * share * (1 - share)), dtype=np.float64)


def variance_of_sizes(sizes: ArrayLike, icc: ArrayLike, variance: ArrayLike = 1.0) -> Array:
    """Variance of the weighted mean of clusters whose sizes are known.

    Parameters
    ----------
    sizes : array_like, shape (clusters,)
    icc, variance : array_like

    Returns
    -------
    ndarray
    """
    m = np.asarray(sizes, dtype=np.float64)
    rho, s2 = np.asarray(icc, dtype=np.float64), np.asarray(variance, dtype=np.float64)
    information = (m / (1 + (m - 1) * rho[..., None])).sum(axis=-1) / s2
    return np.asarray(1 / information, dtype=np.float64)
