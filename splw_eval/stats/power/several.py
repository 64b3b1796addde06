"""Tests of several arms: critical values beside one comparison arm, and the F of all of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

_NODES = 48
_WIDE = 8.5  # standard deviations beyond which the normal holds nothing
_FARTHEST = 1e4  # critical value; beyond it an equal share of the level is near enough
_DEGREE = 16
_MOST_DF = 1e6  # beyond it, the normal


def dunnett_alpha(
    df: ArrayLike, alpha: ArrayLike, tests: int, correlation: ArrayLike, *, sides: int = 2
) -> Array:
    """Level of one comparison, where all of those with one arm share a level.

    Parameters
    ----------
    df : array_like
        Degrees of freedom of the common variance; infinite for the normal.
    alpha : array_like
        Level of all comparisons together.
    tests : int
        Comparisons with the same arm.
    correlation : array_like
        Of two of them, from 0 to below 1: half with arms of one size.
    sides : {1, 2}

    Returns
    -------
    ndarray
        Level of each: between ``alpha / tests`` and `alpha`.

    Sources
    -------
    Dunnett 1955, J Am Stat Assoc 50:1096, by quadrature over the shared arm's mean and over
    the common standard deviation.
    """
    freedom, level, rho = np.broadcast_arrays(
        *(np.asarray(one, dtype=np.float64) for one in (df, alpha, correlation))
    )
    if tests == 1:
        return np.array(level)
    groups, back = np.unique(
        np.stack([level.ravel(), rho.ravel()], axis=1), axis=0, return_inverse=True
    )
    found = np.empty(freedom.size)
    for group, (one_level, one_rho) in enumerate(groups):
        members = np.ravel(back) == group
        found[members] = _alphas(freedom.ravel()[members], one_level, one_rho, tests, sides)
    return np.asarray(found.reshape(freedom.shape))


def _alphas(df: Array, alpha: float, rho: float, tests: int, sides: int) -> Array:
    """Levels at many degrees of freedom: smooth in their inverse, so that a few will do."""
    unlike, back = np.unique(1 / np.minimum(df, 1e12), return_inverse=True)

    def log_alpha(inverse: float) -> float:
        return float(np.log(_one_alpha(1 / inverse, alpha, rho, tests, sides)))

    if unlike.size <= 2 * _DEGREE:
        levels = np.array([log_alpha(one) for one in unlike])
    else:
        ends = (float(unlike[0]), float(unlike[-1]))
        levels = np.polynomial.Chebyshev.interpolate(np.vectorize(log_alpha), _DEGREE, domain=ends)(
            unlike
        )
    return np.asarray(np.exp(levels)[np.ravel(back)])


def _one_alpha(df: float, alpha: float, rho: float, tests: int, sides: int) -> float:
    from scipy.optimize import brentq
    from scipy.special import ndtr, stdtr

    nodes, weights = _shared(df, rho)

    def beyond(cut: float) -> float:
        upper = ndtr((cut * nodes[0] + nodes[1]) / np.sqrt(1 - rho))
        lower = ndtr((-cut * nodes[0] + nodes[1]) / np.sqrt(1 - rho)) if sides == 2 else 0.0
        return 1 - float(((upper - lower) ** tests * weights).sum()) - alpha

    high = 4.0
    while beyond(high) > 0 and high < _FARTHEST:
        high *= 2
    if high >= _FARTHEST:
        return alpha / tests
    cut = brentq(beyond, -high if sides == 1 else 0.0, high, xtol=1e-12, rtol=1e-12)
    tail = ndtr(-cut) if df > _MOST_DF else stdtr(df, -cut)
    return float(sides * tail)


def _shared(df: float, rho: float) -> tuple[tuple[Array, Array], Array]:
    """Values of the common standard deviation and of the shared mean, and their weights."""
    from scipy.special import chdtri, ndtr

    x, w = np.polynomial.legendre.leggauss(_NODES)
    z, density = x * _WIDE, w * _WIDE * np.exp(-((x * _WIDE) ** 2) / 2) / np.sqrt(2 * np.pi)
    density = density / (ndtr(_WIDE) - ndtr(-_WIDE))
    s, share = np.ones(1), np.ones(1)
    if df <= _MOST_DF:
        s = np.sqrt(chdtri(df, (1 - x) / 2) / df)
        share = w / 2
    return (s[:, None], np.sqrt(rho) * z[None, :]), share[:, None] * density[None, :]


def power_of_f(noncentrality: ArrayLike, df1: ArrayLike, df2: ArrayLike, alpha: ArrayLike) -> Array:
    """Chance that an F test rejects.

    Parameters
    ----------
    noncentrality : array_like
        Sum over arms of squared deviations of means, each over the variance of the arm's mean.
    df1, df2 : array_like
        The second may be infinite.
    alpha : array_like
        Level: the whole of it lies in the upper tail.

    Returns
    -------
    ndarray
    """
    from scipy.special import chdtri, chndtr, fdtri, ncfdtr

    nc, one, two, level = np.broadcast_arrays(
        *(np.asarray(x, dtype=np.float64) for x in (noncentrality, df1, df2, alpha))
    )
    endless = ~(two < _MOST_DF)
    finite = np.where(endless, 1.0, two)
    by_f = 1 - ncfdtr(one, finite, nc, fdtri(one, finite, 1 - level))
    by_chi2 = 1 - chndtr(chdtri(one, level), one, nc)
    return np.asarray(np.clip(np.where(endless, by_chi2, by_f), 0.0, 1.0), dtype=np.float64)
