"""Small groups: how few people share what the people table says of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Severity
from splw_eval.data.checks.telling import tell_plainly
from splw_eval.data.codebook import codebook
from splw_eval.data.loaded import Loaded
from splw_eval.data.parse import distinct
from splw_eval.data.tables import Table

FEWEST = 5  # k: people who share one description; fewer may be known to a neighbour
_MASKED = 7  # numbers of people up to this are given in no message, as in every table
_LIMIT = 2**62


def check_quasi(loaded: Loaded) -> None:
    """Note how many people share their arm, practice, age band and the like with few others.

    Parameters
    ----------
    loaded : Loaded
        Its people table; the columns are those that the codebook calls quasi, and the arm.

    Notes
    -----
    It is advice on keeping and sharing the files, not a decision on any table of the report:
    k-anonymity says nothing of what a group has in common. Only per cent are given, and no
    number of people from 1 to 7.
    """
    table = loaded.tables.get("people")
    columns = {} if table is None else quasi_columns(table)
    if table is None or len(columns) < 2 or len(table) <= _MASKED:  # noqa: PLR2004
        return
    sizes = group_sizes(list(columns.values()))
    few = int((sizes < FEWEST).sum())
    if not few:
        return
    problem = (
        f"{_share(few, len(table))} of people share {', '.join(columns)} with fewer than "
        f"{FEWEST - 1} others ({_smallest(int(sizes.min()))})"
    )
    told = (Severity.NOTE, "SW107", problem, _advice(columns, few, len(table)))
    tell_plainly(loaded, told, file=loaded.sheets[int(table.file[0])].spec.place)


def group_sizes(columns: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Count the rows that are alike in all columns.

    Parameters
    ----------
    columns : sequence of ndarray of int, shape (n,)
        Codes from 0.

    Returns
    -------
    ndarray of int, shape (n,)
        For each row the number of rows like it, itself included.
    """
    key, width = np.zeros(len(columns[0]), dtype=np.int64), 1
    for column in columns:
        values = int(column.max(initial=0)) + 1
        if width * values > _LIMIT:  # numbered anew, there are never more than rows
            known, key = np.unique(key, return_inverse=True)
            width = len(known)
        key, width = key * values + column, width * values
    _, where, times = np.unique(key, return_inverse=True, return_counts=True)
    return times[where].astype(np.int64)


def quasi_columns(table: Table) -> dict[str, NDArray[np.int64]]:
    """Give codes of each column that differs between people; an empty cell is a value too."""
    quasi = ["arm", *(c.name for c in codebook()["people"].values() if c.quasi)]
    held = {
        name: distinct(_comparable(table.columns[name])) for name in quasi if name in table.columns
    }
    return {name: codes for name, (values, codes) in held.items() if len(values) > 1}


def _comparable(cells: NDArray[np.generic]) -> NDArray[np.generic]:
    return np.nan_to_num(cells, nan=-1.0) if cells.dtype.kind == "f" else cells


def _advice(columns: Mapping[str, NDArray[np.int64]], few: int, n: int) -> str:
    """Name the one column without which the fewest people stand out."""
    left = {}
    for name in columns:
        others = [codes for other, codes in columns.items() if other != name]
        left[name] = int((group_sizes(others) < FEWEST).sum())
    best = min(left, key=lambda name: left[name])
    helps = (
        f"Coarser groups of {best} help most (without it: {_share(left[best], n)})"
        if left[best] < few
        else "No single column helps: group several"
    )
    return f"{helps}. Advice for whoever keeps or shares the files; the analysis goes on."


def _share(people: int, n: int) -> str:
    """Per cent, rounded so that no small number of people can be worked out."""
    if people == 0:
        return "none"
    if people <= _MASKED:
        return f"under {max(np.ceil(100 * (_MASKED + 1) / n), 1):.0f}%"
    if n - people <= _MASKED:
        return "nearly all"
    return f"{100 * people / n:.0f}%"


def _smallest(k: int) -> str:
    return "some are alone" if k == 1 else f"the smallest group is below {FEWEST}"
