"""Allocations of practices that could have been, as a user gives them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.asking import Teller
from splw_eval.core.findings import Finding

Flags = NDArray[np.bool_]


def read_practice_allocations(
    given: Any, levels: Sequence[Any], seen: Flags, teller: Teller, code: str
) -> Flags:
    """Read the allocations that could have been, with practices in the order of their codes.

    Parameters
    ----------
    given : array_like of bool, or DataFrame
        One row for each allocation, practices in columns in the order of `levels` (or by
        name): True where a practice stands in the other group than the reference.
    levels : sequence
        Practices.
    seen : ndarray of bool, shape (practices,)
        The allocation that was seen.
    teller : Teller
    code : str
        Of the findings.

    Returns
    -------
    ndarray of bool, shape (allocations, practices)

    Raises
    ------
    FindingsError
        They are no table of True and False by practice; one stands there twice, has other
        numbers of practices in the groups than were seen; or the one seen is not there.
    """
    teller.refuse(_named(given, levels, teller, code))
    table = _table(given, levels)
    teller.refuse(_shape(table, len(seen), teller, code))
    allocations: Flags = table.astype(bool)
    teller.refuse(_rows(allocations, seen, teller, code))
    return allocations


def _named(given: Any, levels: Sequence[Any], teller: Teller, code: str) -> Iterator[Finding]:
    import pandas as pd

    if not isinstance(given, pd.DataFrame):
        return
    remedy = "Give one column for each practice, under its name."
    if given.columns.has_duplicates:
        problem = "several columns of allocations= have one name"
        yield teller.finding(code, problem, remedy)
    elif set(given.columns) != set(levels):
        problem = "the columns of allocations= are not the practices of the data"
        yield teller.finding(code, problem, remedy)


def _table(given: Any, levels: Sequence[Any]) -> NDArray[Any]:
    import pandas as pd

    if isinstance(given, pd.DataFrame):
        return np.asarray(given[list(levels)].to_numpy())
    try:
        return np.asarray(given)
    except ValueError:  # rows of several lengths
        return np.asarray(None)


def _shape(table: NDArray[Any], practices: int, teller: Teller, code: str) -> Iterator[Finding]:
    if table.ndim != 2 or table.shape[1] != practices or not len(table):  # noqa: PLR2004 - a table
        problem = "allocations= is no table with a row for each allocation"
        remedy = f"Give a column for each of the {practices} practices, and at least one row."
        yield teller.finding(code, problem, remedy)
    elif table.dtype != bool and not all(isinstance(x, bool | np.bool_) for x in table.flat):
        problem = "allocations= holds something else than True and False"
        remedy = "Give True where a practice stands in the other group than the reference."
        yield teller.finding(code, problem, remedy)


def _rows(allocations: Flags, seen: Flags, teller: Teller, code: str) -> Iterator[Finding]:
    order = np.unique(allocations, axis=0, return_index=True)[1]
    twice = np.setdiff1d(np.arange(len(allocations)), order)
    if twice.size:
        problem = "allocations that stand in allocations= before"
        remedy = "Give each allocation once: each counts once."
        yield teller.finding(code, problem, remedy, rows=twice, of_rows=len(allocations))
    other = np.flatnonzero(allocations.sum(axis=1) != seen.sum())
    if other.size:
        problem = "allocations with other numbers of practices in the groups than were seen"
        remedy = "Give those with as many practices in each group as there were."
        yield teller.finding(code, problem, remedy, rows=other, of_rows=len(allocations))
    if not (allocations == seen).all(axis=1).any():
        problem = "the allocation that was seen is not in allocations="
        remedy = "Add it; is True where a practice stands in the other group than the reference?"
        yield teller.finding(code, problem, remedy)
