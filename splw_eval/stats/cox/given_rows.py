"""Rows as given: found usable, coded, placed on the event times, columns standardised."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.cox.newton import named
from splw_eval.stats.cox.ranks import codes_of
from splw_eval.stats.cox.risk_sums import RiskRows, place_rows

Array = NDArray[np.float64]

_CONSTANT = 1e-12
# Rows copied together, so that they are read from the cache column by column.
_TOGETHER = 1 << 12


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenRows:
    """Rows (start, stop] as arrays.

    Attributes
    ----------
    start : ndarray, shape (n,), or None
    stop : ndarray, shape (n,)
    event : ndarray of bool, shape (n,)
    x : ndarray, shape (n, p)
    weights : ndarray, shape (n,)
    stratum : ndarray of int, shape (n,)
    """

    start: Array | None
    stop: Array
    event: NDArray[np.bool_]
    x: Array
    weights: Array
    stratum: NDArray[np.intp]

    def where(self, kept: NDArray[np.bool_]) -> GivenRows:
        """Some of the rows.

        Parameters
        ----------
        kept : ndarray of bool, shape (n,)

        Returns
        -------
        GivenRows
        """
        return GivenRows(
            start=None if self.start is None else self.start[kept],
            stop=self.stop[kept],
            event=self.event[kept],
            x=self.x[kept],
            weights=self.weights[kept],
            stratum=self.stratum[kept],
        )


def arranged(
    start: ArrayLike | None,
    stop: ArrayLike,
    event: ArrayLike,
    x: ArrayLike,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
) -> GivenRows:
    """Rows as arrays, after they were found usable.

    Parameters
    ----------
    start : array_like, shape (n,), or None
    stop, event : array_like, shape (n,)
    x : array_like, shape (n, p)
    weights, strata : array_like, shape (n,), optional

    Returns
    -------
    GivenRows

    Raises
    ------
    FitError
        Shapes disagree, a value is missing or not finite, an event is not 0 or 1, a weight
        is below 0.
    """
    columns, ended = np.asarray(x, dtype=float), np.asarray(stop, dtype=float)
    began = None if start is None else np.asarray(start, dtype=float)
    flag = np.asarray(event, dtype=float)
    weight = np.ones(ended.shape) if weights is None else np.asarray(weights, dtype=float)
    given = [ended, flag, weight, *([] if began is None else [began])]
    rows = len(columns) if columns.ndim == 2 and columns.shape[1] else -1
    if any(values.shape != (rows,) for values in given):
        raise FitError("start, stop, event, weights (n) and x (n by p) must have the same rows.")
    if not all(np.isfinite(values).all() for values in [columns, *given]):
        raise FitError("Times, events, columns and weights must be finite, none missing.")
    happened = flag == 1.0
    if not (happened | (flag == 0.0)).all():
        raise FitError("event must be 0 or 1 (False or True) in every row.")
    if (weight < 0).any():
        raise FitError(f"{int((weight < 0).sum())} weights are below 0.")
    return GivenRows(
        start=began,
        stop=ended,
        event=happened,
        x=columns,
        weights=weight,
        stratum=codes_of(strata, rows, "strata"),
    )


def laid_out(given: GivenRows) -> tuple[RiskRows, Array, Array]:
    """Rows on the event times, their columns standardised, and the size of each column.

    Parameters
    ----------
    given : GivenRows

    Returns
    -------
    rows : RiskRows
    columns : ndarray, shape (rows, p)
        About their means in each stratum and over their size: the fit is unchanged.
    size : ndarray, shape (p,)

    Raises
    ------
    FitError
        There is no event, a row does not start before it stops, a column is constant.
    """
    rows = place_rows(given.start, given.stop, given.event, given.weights, given.stratum)
    return rows, *_standardised(given.x, rows)


def _standardised(x: Array, rows: RiskRows) -> tuple[Array, Array]:
    """Columns of the rows kept, about their means in each stratum, over their size.

    The fit is unchanged by either. This is the one copy made; each column is contiguous.
    """
    columns = np.empty((x.shape[1], len(rows.kept)))
    for low in range(0, len(rows.kept), _TOGETHER):
        columns[:, low : low + _TOGETHER] = x[rows.kept[low : low + _TOGETHER]].T
    largest = np.maximum(columns.max(axis=1), -columns.min(axis=1))
    count = np.maximum(np.bincount(rows.stratum), 1)
    if len(count) == 1:
        columns -= columns.mean(axis=1)[:, None]
    else:
        for j, column in enumerate(columns):
            columns[j] -= (np.bincount(rows.stratum, column) / count)[rows.stratum]
    size = np.sqrt(np.array([column @ column for column in columns]) / len(rows.kept))
    constant = np.flatnonzero(size <= _CONSTANT * largest)
    if constant.size:
        raise FitError(
            f"Column(s) {named(constant)} of x are constant among those at risk, "
            "so they have no hazard ratio; leave them out."
        )
    columns /= size[:, None]
    return columns.T, size
