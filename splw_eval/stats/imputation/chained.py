"""Chained equations: each incomplete column drawn in turn, given all the others; arrays only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.imputation.column_draws import draw_matched, draw_numbers, draw_ordered

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
Kind = Literal["number", "matched", "ordered"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChainColumn:
    """A column that is to be completed.

    Attributes
    ----------
    kind : {"number", "matched", "ordered"}
        Numbers drawn from a normal distribution, numbers taken from people alike, or places
        among levels.
    values : ndarray, shape (n,)
        NaN where missing; of ordered columns places from 0.
    levels : int
        How many levels there are; 0 for numbers.
    """

    kind: Kind
    values: Array
    levels: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChainDraw:
    """One completion of all columns.

    Attributes
    ----------
    values : tuple of ndarray, shape (n,)
        Complete columns, in the order given.
    trace : ndarray, shape (sweeps, columns)
        Mean of what was drawn, sweep by sweep; NaN for a column without gaps.
    """

    values: tuple[Array, ...]
    trace: Array


def complete_by_chain(
    columns: Sequence[ChainColumn],
    given: Array,
    *,
    practice: Codes | None = None,
    sweeps: int = 10,
    generator: np.random.Generator,
) -> ChainDraw:
    """Complete columns once.

    Parameters
    ----------
    columns : sequence of ChainColumn
        Each with a value seen.
    given : ndarray, shape (n, q)
        Complete columns, without a column of ones.
    practice : ndarray of int, shape (n,), optional
        Codes; each practice has a column of its own, and people of a practice where nobody was
        seen are drawn as of the average practice.
    sweeps : int
        Times that all columns are gone through.
    generator : numpy.random.Generator

    Returns
    -------
    ChainDraw

    Raises
    ------
    FitError
        A column has no value seen, or its model cannot be fitted.

    Notes
    -----
    Gaps begin with values seen, drawn at random; columns with fewest gaps are gone through
    first. Parameters are drawn too, so that their uncertainty is in the answer. Source: van
    Buuren 2007, Stat Methods Med Res 16:219.
    """
    missing = [np.isnan(column.values) for column in columns]
    filled = [
        _begun(column, gaps, generator) for column, gaps in zip(columns, missing, strict=True)
    ]
    blocks = [_block(column, values) for column, values in zip(columns, filled, strict=True)]
    order = sorted(
        (k for k in range(len(columns)) if missing[k].any()), key=lambda k: missing[k].sum()
    )
    trace = np.full((sweeps, len(columns)), np.nan)
    for sweep in range(sweeps):
        for k in order:
            others = [block for j, block in enumerate(blocks) if j != k]
            x = _predictors(np.hstack([given, *others]), practice, ~missing[k])
            filled[k][missing[k]] = _drawn(columns[k], x, missing[k], generator)
            blocks[k] = _block(columns[k], filled[k])
            trace[sweep, k] = filled[k][missing[k]].mean()
    return ChainDraw(values=tuple(filled), trace=trace)


def _begun(column: ChainColumn, gaps: NDArray[np.bool_], generator: np.random.Generator) -> Array:
    """Gaps filled with values seen, at random."""
    seen = column.values[~gaps]
    if not len(seen):
        raise FitError("A column to be completed has no value at all.")
    return np.where(gaps, generator.choice(seen, len(gaps)), column.values)


def _block(column: ChainColumn, values: Array) -> Array:
    """A column as it enters the models of others: numbers, or one column for each level."""
    if column.kind != "ordered":
        return values[:, None]
    return np.asarray(values[:, None] == np.arange(1, column.levels), dtype=np.float64)


def _predictors(x: Array, practice: Codes | None, seen: NDArray[np.bool_]) -> Array:
    """Columns in units of their spread, centred; those that are the same for all seen left out."""
    if practice is not None:
        labels = np.unique(practice[seen])
        own = np.asarray(practice[:, None] == labels[1:], dtype=np.float64)
        own[~np.isin(practice, labels)] = own[seen].mean(axis=0)
        x = np.hstack([x, own])
    mean, spread = x[seen].mean(axis=0), x[seen].std(axis=0)
    kept = spread > np.finfo(float).eps * np.maximum(np.abs(mean), 1e-300) * len(x)
    return np.asarray((x[:, kept] - mean[kept]) / spread[kept])


def _drawn(
    column: ChainColumn, x: Array, gaps: NDArray[np.bool_], generator: np.random.Generator
) -> Array:
    """New values for the gaps of one column."""
    y, seen, wanted = column.values[~gaps], x[~gaps], x[gaps]
    if column.kind == "number":
        return draw_numbers(y, seen, wanted, generator)
    if column.kind == "matched":
        return draw_matched(y, seen, wanted, generator)
    return draw_ordered(y.astype(np.int64), column.levels, seen, wanted, generator)
