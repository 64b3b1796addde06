"""People allocated within sites whose levels, and whose effects, differ."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def variance_within_sites(
    *, sites: ArrayLike, size: ArrayLike, within: ArrayLike, effects: ArrayLike, ratio: ArrayLike
) -> Array:
    """Variance of the mean over sites of the difference between two arms.

    Parameters
    ----------
    sites : array_like
        Number of sites, each with both arms.
    size : array_like
        People of a site.
    within : array_like
        Variance of a score within one arm of one site.
    effects : array_like
        Variance of the effect between sites.
    ratio : array_like
        People of the programme's arm to those of the comparison.

    Returns
    -------
    ndarray

    Sources
    -------
    Raudenbush & Liu 2000, Psychol Methods 5:199.
    """
    J, m, s2, t2, r = (
        np.asarray(one, dtype=np.float64) for one in (sites, size, within, effects, ratio)
    )
    return np.asarray(((1 + r) ** 2 / r * s2 / m + t2) / J)
