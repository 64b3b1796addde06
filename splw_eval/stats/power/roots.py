"""Where rising functions cross 0, of many elements at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
_STEPS = 200
_BELOW = -1.0  # stands for no number
_WIDTH = 4 * float(np.finfo(np.float64).eps)


def crossing(
    rising: Callable[[Array], Array], low: float, high: float, shape: tuple[int, ...]
) -> Array:
    """Where a rising function crosses 0, for each element, to the last digits.

    Parameters
    ----------
    rising : callable
        Of arrays of this shape; not a number counts as below 0.
    low, high : float
    shape : tuple of int

    Returns
    -------
    ndarray
        The end of the last bracket at which the function is not below 0; `high` where it is so
        nowhere.

    Sources
    -------
    Chandrupatla 1997, Adv Eng Softw 28:145: inverse quadratic steps, or halving where these
    cannot be trusted.
    """
    x1, x2 = np.full(shape, high), np.full(shape, low)
    f1, f2 = np.ones(shape), np.full(shape, _BELOW)  # by the meaning of a bracket
    x3, f3, part = x2, f2, np.full(shape, 0.5)
    for _ in range(_STEPS):
        x = np.asarray(x1 + part * (x2 - x1))
        f = _known(rising(x), shape)
        same = (f >= 0) == (f1 >= 0)
        x3, f3 = np.where(same, x1, x2), np.where(same, f1, f2)
        x2, f2 = np.where(same, x2, x1), np.where(same, f2, f1)
        x1, f1 = x, f
        with np.errstate(all="ignore"):
            least = _WIDTH * np.maximum(np.abs(x1), 1.0) / np.abs(x2 - x1)
            if (least > 0.5).all():  # no room for a step
                break
            part = np.clip(_share(x1, f1, x2, f2, x3, f3), np.minimum(least, 0.5), None)
            part = np.minimum(part, 1 - np.minimum(least, 0.5))
    return np.asarray(np.where(f1 >= 0, x1, x2))


def _known(found: Array, shape: tuple[int, ...]) -> Array:
    f = np.broadcast_to(np.asarray(found, dtype=np.float64), shape)
    return np.where(np.isfinite(f), f, _BELOW)


def _share(x1: Array, f1: Array, x2: Array, f2: Array, x3: Array, f3: Array) -> Array:
    """How far from the last point towards the other end to go next."""
    xi, phi = (x1 - x2) / (x3 - x2), (f1 - f2) / (f3 - f2)
    trusted = (phi**2 < xi) & ((1 - phi) ** 2 < 1 - xi)
    first = f1 / (f2 - f1) * f3 / (f2 - f3)
    second = (x3 - x1) / (x2 - x1) * f1 / (f3 - f1) * f2 / (f3 - f2)
    step = first + second
    return np.where(trusted & np.isfinite(step), step, 0.5)
