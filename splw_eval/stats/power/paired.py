"""Two scores of each person: variances of a mean change, and of a change of proportions."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def variance_of_change(before: ArrayLike, after: ArrayLike, correlation: ArrayLike) -> Array:
    """Variance of one person's change.

    Parameters
    ----------
    before, after : array_like
        Standard deviations.
    correlation : array_like
        Of the two scores.

    Returns
    -------
    ndarray
    """
    a, b, r = (np.asarray(one, dtype=np.float64) for one in (before, after, correlation))
    return np.asarray(a**2 + b**2 - 2 * r * a * b)


def variance_of_clustered_change(
    before: ArrayLike,
    after: ArrayLike,
    *,
    size: ArrayLike,
    cv: ArrayLike,
    icc: ArrayLike,
    cac: ArrayLike,
    iac: ArrayLike,
) -> tuple[Array, Array]:
    """Variance of the mean change of one cluster's people, whose scores are paired.

    Parameters
    ----------
    before, after : array_like
        Standard deviations of scores, in all.
    size, cv : array_like
        Mean number of people of a cluster, and its coefficient of variation.
    icc, cac, iac : array_like
        Intra-cluster correlation; cluster autocorrelation; correlation of a person's scores
        within the cluster.

    Returns
    -------
    variance, design_effect : ndarray
        The second is over the variance of as many people's changes who share no cluster.
    """
    m, c, rho = (np.asarray(one, dtype=np.float64) for one in (size, cv, icc))
    between = rho * variance_of_change(before, after, cac)
    within = (1 - rho) * variance_of_change(before, after, iac)
    found = np.asarray((1 + c**2) * between + within / m)
    return found, np.asarray(found * m / (between + within))


def variances_of_paired_proportions(
    change: ArrayLike, discordant: ArrayLike
) -> tuple[Array, Array]:
    """Variance of one person's change of answer, and the same where there is no change.

    Parameters
    ----------
    change : array_like
        Difference between the two proportions.
    discordant : array_like
        Share of people whose answer changes, either way.

    Returns
    -------
    alternative, null : ndarray

    Sources
    -------
    Connor 1987, Biometrics 43:207.
    """
    d, q = np.asarray(change, dtype=np.float64), np.asarray(discordant, dtype=np.float64)
    return np.asarray(np.maximum(q - d**2, 0.0)), q + 0 * d
