"""Places among ordered marks, by a table where the marks are whole numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.few_clusters.cluster_codes import coded

Codes = NDArray[np.intp]

# A table is quicker than a search while it is not much longer than what it serves.
_SPARE = 1 << 16


def not_after(marks: NDArray[Any], values: NDArray[Any]) -> Codes:
    """How many of the marks do not come after each value.

    Parameters
    ----------
    marks : ndarray, shape (m,)
        Distinct, in order, one or more.
    values : ndarray, shape (n,)
        In the unit of the marks.

    Returns
    -------
    ndarray of int, shape (n,)
    """
    low, high = marks[0], marks[-1]
    if high - low > len(values) + _SPARE or (marks != np.floor(marks)).any():
        return np.searchsorted(marks, values, side="right")
    length = int(high - low) + 1
    table = np.zeros(length + 1, dtype=np.intp)
    table[(marks - low).astype(np.intp) + 1] = 1
    place = values - (low - 1)
    np.clip(place, 0, length, out=place)
    # Above 0 the whole part is what is wanted: the marks are whole numbers.
    found: Codes = np.cumsum(table)[place.astype(np.intp)]
    return found


def codes_of(labels: ArrayLike | None, rows: int, name: str) -> Codes:
    """Code of each row's label, in the order of the labels; 0 where there are none.

    Parameters
    ----------
    labels : array_like, shape (rows,), or None
    rows : int
    name : str
        What the labels are called in an error.

    Returns
    -------
    ndarray of int, shape (rows,)

    Raises
    ------
    FitError
        A label is missing, or there is not one for each row.
    """
    if labels is None:
        return np.zeros(rows, dtype=np.intp)
    given: NDArray[Any] = np.asarray(labels)
    if given.shape != (rows,):
        raise FitError(f"{name} must have one label for each of the {rows} rows.")
    if rows and given.dtype.kind in "iu" and given.max() - given.min() <= rows + _SPARE:
        place = (given - given.min()).astype(np.intp)
        present = np.bincount(place) > 0
        found: Codes = (np.cumsum(present) - 1)[place]
        return found
    return coded(given)[0]
