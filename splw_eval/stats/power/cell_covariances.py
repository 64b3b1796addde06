"""Covariances of the means of cluster-periods: clusters over time, people over time, effects."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def correlation_over_time(
    times: ArrayLike, correlation: ArrayLike, *, decay: bool = False, unit: ArrayLike = 1.0
) -> Array:
    """Correlations of one cluster's, or one person's, effects at several times.

    Parameters
    ----------
    times : array_like, shape (periods,)
    correlation : array_like, shape (...)
        Between any two periods or, with `decay`, between periods one `unit` apart.
    decay : bool
        Correlations are `correlation` to the power of the time between, over `unit`.
    unit : array_like
        Of `times`.

    Returns
    -------
    ndarray, shape (..., periods, periods)

    Sources
    -------
    Hooper et al. 2016, Stat Med 35:4718; Kasza et al. 2019, Stat Methods Med Res 28:703.
    """
    when = np.asarray(times, dtype=np.float64)
    apart = np.abs(when[:, None] - when)
    r = np.asarray(correlation, dtype=np.float64)[..., None, None]
    if decay:
        with np.errstate(invalid="ignore", divide="ignore"):
            found = np.power(r, apart / np.asarray(unit, dtype=np.float64)[..., None, None])
        return np.asarray(np.where(apart == 0, 1.0, found), dtype=np.float64)
    same = np.eye(len(when))
    return np.asarray(r * (1 - same) + same, dtype=np.float64)


def covariance_of_means(sizes: ArrayLike, correlation: ArrayLike) -> Array:
    """Covariance of the means of people, each of variance 1, in the periods of a cluster.

    Parameters
    ----------
    sizes : array_like, shape (..., periods)
        People in each period. Where they differ, those of the smaller are among those of the
        larger.
    correlation : array_like, shape (..., periods, periods)
        Of one person over time: the identity where each period has other people.

    Returns
    -------
    ndarray, shape (..., periods, periods)
    """
    m = np.asarray(sizes, dtype=np.float64)
    m = np.where(m > 0, m, 1.0)
    larger = np.maximum(m[..., :, None], m[..., None, :])
    return np.asarray(np.asarray(correlation, dtype=np.float64) / larger, dtype=np.float64)


def covariance_of_effects(
    treatment: ArrayLike, sd: ArrayLike, with_level: ArrayLike = 0.0
) -> Array:
    """What clusters that differ in the programme's effect add to a covariance.

    Parameters
    ----------
    treatment : array_like, shape (..., periods)
        0, 1, or NaN where nothing is measured.
    sd : array_like, shape (...)
        Between clusters, of the effect.
    with_level : array_like, shape (...)
        Covariance of a cluster's effect and its level.

    Returns
    -------
    ndarray, shape (..., periods, periods)
    """
    x = np.nan_to_num(np.asarray(treatment, dtype=np.float64))
    w = np.asarray(sd, dtype=np.float64)[..., None, None, None]
    c = np.asarray(with_level, dtype=np.float64)[..., None, None, None]
    both = x[..., :, None] * x[..., None, :]
    return np.asarray(w**2 * both + c * (x[..., :, None] + x[..., None, :]), dtype=np.float64)


def is_positive_definite(matrix: ArrayLike, least: float = 1e-12) -> bool:
    """Whether each of the matrices has positive eigenvalues only.

    Parameters
    ----------
    matrix : array_like, shape (..., n, n)
    least : float
        Share of the largest eigenvalue that the smallest must exceed; a negative one allows
        for matrices that are singular.

    Returns
    -------
    bool
    """
    found = np.asarray(matrix, dtype=np.float64)
    if not np.isfinite(found).all():
        return False
    values = np.linalg.eigvalsh(found)
    return bool((values[..., 0] > least * np.abs(values).max(axis=-1)).all())
