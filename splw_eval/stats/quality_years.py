"""Years in full health: the area under a curve of values of health, discounted by years."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError

Array = NDArray[np.float64]
YEAR = 12.0  # months


def quality_years(values: ArrayLike, months: ArrayLike, *, discount_rate: float = 0.0) -> Array:
    """Give the area under values of health that go straight from one time to the next.

    Parameters
    ----------
    values : array_like, shape (..., times)
        Values of health: 1 is full health and 0 as bad as death. NaN gives NaN.
    months : array_like, shape (times,)
        When each was measured, rising, in months from the start.
    discount_rate : float
        Part by which a year later counts less; the first year counts in full, the second is
        divided by 1 + rate, and so on.

    Returns
    -------
    ndarray, shape (...)
        Years in full health (QALYs).

    Raises
    ------
    FitError
        There are fewer than two times, they do not rise from 0 on, or the rate is below 0.

    Sources
    -------
    Manca, Hawkins & Sculpher 2005, Health Econ 14:487 (area under the curve).
    """
    scores, when = np.asarray(values, dtype=float), np.asarray(months, dtype=float)
    if when.ndim != 1 or len(when) < 2 or scores.shape[-1:] != when.shape:
        raise FitError("Years in full health need values at two times or more.")
    if not (np.diff(when) > 0).all() or when[0] < 0:
        raise FitError("The months must rise, from 0 or later on.")
    if not discount_rate >= 0:
        raise FitError("The discount rate must be 0 or above.")
    area: Array = scores @ _weights(when, discount_rate)
    return area


def discount_factors(months: ArrayLike, discount_rate: float) -> Array:
    """Give what a cost in each month counts: all of it in the first year, less in later ones.

    Parameters
    ----------
    months : array_like of int
        0 is the first month.
    discount_rate : float

    Returns
    -------
    ndarray
    """
    years = np.floor_divide(np.asarray(months, dtype=float), YEAR)
    found: Array = (1 + discount_rate) ** -years
    return found


def _weights(when: Array, rate: float) -> Array:
    """Years that each value counts: the trapezium of each stretch, split where a year ends."""
    found = np.zeros(len(when))
    for at, (start, end) in enumerate(pairwise(when)):
        inner = np.arange(np.floor(start / YEAR) + 1, np.ceil(end / YEAR)) * YEAR
        cuts = np.array([start, *inner, end])
        factor = discount_factors(cuts[:-1], rate) * np.diff(cuts) / YEAR
        later = ((cuts[:-1] + cuts[1:]) / 2 - start) / (end - start)
        found[at] += float((factor * (1 - later)).sum())
        found[at + 1] += float((factor * later).sum())
    return found
