"""Columns whose value follows from other columns, such as the square of the wave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, combinations

import numpy as np

from splw_eval.models.design import Design
from splw_eval.models.formula import Factor
from splw_eval.models.variables import Codes

# In smaller cells than this, columns are constant by chance.
_PEOPLE = 2
_SAME = 1e-9
Sets = tuple[tuple[str, ...], ...]


def followers_of(design: Design, given: Sequence[str]) -> dict[str, Sets]:
    """Find the columns of the fixed part that are constant wherever some others are.

    Parameters
    ----------
    design : Design
    given : sequence of str
        Columns of the fixed part whose values are known.

    Returns
    -------
    dict
        Of each column that follows, the sets of given columns that settle it, small ones first.
        Cells of fewer than two people on average settle nothing.
    """
    sets = [
        (some, codes)
        for some in chain.from_iterable(
            combinations(given, size) for size in range(1, len(given) + 1)
        )
        if _people(design, codes := _cells(design, some)) >= _PEOPLE
    ]
    found = {}
    for factor in design.columns:
        if factor.name not in given and factor.name not in found:
            settling = tuple(some for some, codes in sets if _constant(design, factor, codes))
            if settling:
                found[factor.name] = settling
    return found


def row_that_settles(design: Design, sets: Sets, place: Mapping[str, float]) -> int | None:
    """Find a row that shows the value of a column that follows.

    Parameters
    ----------
    design : Design
    sets : tuple of tuple of str
        As `followers_of` gives them.
    place : mapping of str to float
        Values of the given columns, as `Variable.read` gives them.

    Returns
    -------
    int or None
        None where no row has these values.
    """
    for some in sets:
        inside = np.ones(len(design.y), dtype=bool)
        for name in some:
            inside &= design.columns[factor_named(design, name)] == place[name]
        if inside.any():
            return int(np.argmax(inside))
    return None


def factor_named(design: Design, name: str) -> Factor:
    """First factor of the fixed part that reads a column."""
    return next(factor for factor in design.columns if factor.name == name)


def _cells(design: Design, names: Sequence[str]) -> Codes:
    columns = [design.columns[factor_named(design, name)] for name in names]
    return np.unique(np.stack(columns), axis=1, return_inverse=True)[1].reshape(-1)


def _people(design: Design, codes: Codes) -> float:
    """People in a cell, on average."""
    pairs = np.unique(codes * design.person.count + design.person.codes)
    return len(pairs) / (int(codes.max()) + 1)


def _constant(design: Design, factor: Factor, codes: Codes) -> bool:
    values = design.columns[factor]
    lowest = np.full(int(codes.max()) + 1, np.inf)
    highest = -lowest
    np.minimum.at(lowest, codes, values)
    np.maximum.at(highest, codes, values)
    return bool((highest - lowest).max() <= _SAME * np.abs(values).max())
