"""The chance that a test rejects: normal, and Student's t with a noncentrality."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Tails = Literal["upper", "both"]

_NORMAL_FROM = 1e7  # degrees of freedom from which t is the normal, to all digits that matter
_LEAST_DF = 0.05  # below it critical values have no digits left, and no test can find a thing
_NODES = 200
_FAR = 30.0  # standard errors beyond the critical value: power is 1 to all digits


def power_of_test(
    ncp: ArrayLike,
    df: ArrayLike,
    alpha: ArrayLike = 0.05,
    *,
    sides: int = 2,
    tails: Tails = "upper",
    ratio: ArrayLike = 1.0,
) -> Array:
    """Chance that a test rejects.

    Parameters
    ----------
    ncp : array_like
        Effect over its standard error; its sign is of no account with two sides. With one, the
        test is of the upper tail: give it in the direction that was planned.
    df : array_like
        Degrees of freedom, above 0; infinite for the normal.
    alpha : array_like
        Level of the test.
    sides : {1, 2}
    tails : {"upper", "both"}
        Rejections counted, of a test of two sides: those in the direction of the effect, or
        all of them. They differ where power is small.
    ratio : array_like
        Standard error where there is no effect, over that where there is: 1 but for tests
        whose critical value rests on another variance.

    Returns
    -------
    ndarray
        Of the shape that the inputs broadcast to; NaN where one of them is.

    Notes
    -----
    Noncentral t by SciPy's `nctdtr`, upper tails as lower ones of the mirrored variable, which
    keeps digits. Where that fails (SciPy issues 25106 and 25470) it is worked out by
    quadrature over the chi variable.
    """
    shift, freedom, level, scale = np.broadcast_arrays(
        *(np.asarray(one, dtype=np.float64) for one in (ncp, df, alpha, ratio))
    )
    shift = np.abs(shift) if sides == 2 else shift
    cut = critical_value(freedom, level, sides=sides) * scale
    found = _beyond(cut, freedom, shift)
    if sides == 2 and tails == "both":
        found = found + _beyond(cut, freedom, -shift)
    found = np.where((freedom > 0) & (freedom < _LEAST_DF), level / sides, found)
    return np.where(np.isnan(shift + freedom + level), np.nan, np.clip(found, 0.0, 1.0))


def critical_value(df: ArrayLike, alpha: ArrayLike, *, sides: int = 2) -> Array:
    """Value of the statistic beyond which the test rejects.

    Parameters
    ----------
    df, alpha : array_like
    sides : {1, 2}

    Returns
    -------
    ndarray
    """
    from scipy.special import ndtri, stdtrit

    freedom, level = np.asarray(df, float), np.asarray(alpha, float)
    normal = ~(freedom < _NORMAL_FROM)
    by_t = stdtrit(np.where(normal, 1.0, freedom), 1 - level / sides)
    return np.asarray(np.where(normal, ndtri(1 - level / sides), by_t), dtype=np.float64)


def _beyond(cut: Array, df: Array, shift: Array) -> Array:
    """P(T > cut) of a noncentral t."""
    from scipy.special import nctdtr, ndtr

    normal = ~(df < _NORMAL_FROM)
    by_normal = ndtr(shift - cut)
    with np.errstate(all="ignore"):
        by_t = nctdtr(np.where(normal, 1.0, df), -shift, -cut)
    wrong = ~normal & ~((by_t >= 0) & (by_t <= 1))
    wrong |= ~normal & (shift > _FAR + cut)
    if wrong.any():
        by_t = np.array(by_t)
        by_t[wrong] = _by_quadrature(cut[wrong], df[wrong], shift[wrong])
    return np.asarray(np.where(normal, by_normal, by_t), dtype=np.float64)


def _by_quadrature(cut: Array, df: Array, shift: Array) -> Array:
    """P(T > cut) as the mean over s = sqrt(chi2 / df) of P(Z > cut s - shift)."""
    from scipy.special import chdtri, ndtr

    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    with np.errstate(invalid="ignore"):
        s = np.sqrt(chdtri(df[:, None], (1 - nodes) / 2) / df[:, None])
        return np.asarray(ndtr(shift[:, None] - cut[:, None] * s) @ (weights / 2))
