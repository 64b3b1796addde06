"""Labels of groups, practices and people as codes from 0."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.models.variables import level_codes, level_label

if TYPE_CHECKING:
    import pandas as pd

Codes = NDArray[np.int64]

_SPARE = 1 << 16  # a table of labels may be so much longer than the column


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Labels:
    """A column of labels.

    Attributes
    ----------
    codes : ndarray of int, shape (rows,)
        Places among the levels; -1 where the cell is empty.
    levels : tuple
        In the order of pandas' categories, else sorted.
    nobody : tuple
        Categories that no row has.
    """

    codes: Codes
    levels: tuple[Any, ...]
    nobody: tuple[Any, ...] = ()

    @property
    def count(self) -> int:
        """Levels that occur."""
        return len(self.levels)

    @property
    def names(self) -> tuple[str, ...]:
        """Levels as text."""
        return tuple(level_label(level) for level in self.levels)


def labels_of(values: pd.Series) -> Labels:
    """Read a column of labels.

    Parameters
    ----------
    values : Series

    Returns
    -------
    Labels
    """
    import pandas as pd

    if isinstance(values.dtype, pd.CategoricalDtype):
        return _of_categories(values)
    if isinstance(values.dtype, np.dtype) and values.dtype.kind in "iu" and len(values):
        low, high = int(values.min()), int(values.max())
        if high - low <= len(values) + _SPARE and high <= np.iinfo(np.int64).max:
            return _of_whole_numbers(values.to_numpy(), low)
    codes, levels = level_codes(values)
    return Labels(codes=np.asarray(codes, dtype=np.int64), levels=levels)


def _of_categories(values: pd.Series) -> Labels:
    """Labels from pandas' own codes."""
    categories, codes = tuple(values.cat.categories), values.cat.codes.to_numpy().astype(np.int64)
    full = not codes.size or codes.min() >= 0
    there = np.bincount(codes if full else codes[codes >= 0], minlength=len(categories)) > 0
    levels = tuple(level for level, some in zip(categories, there, strict=True) if some)
    nobody = tuple(level for level, some in zip(categories, there, strict=True) if not some)
    if nobody:
        codes = np.append(np.cumsum(there) - 1, -1)[codes]  # a code of -1 takes the last
    return Labels(codes=codes, levels=levels, nobody=nobody)


def _of_whole_numbers(values: NDArray[Any], low: int) -> Labels:
    """Labels from a table of the numbers there may be."""
    place = values.astype(np.int64)
    place -= low
    there = np.bincount(place) > 0
    levels = tuple((np.flatnonzero(there) + low).tolist())
    return Labels(codes=place if there.all() else (np.cumsum(there) - 1)[place], levels=levels)
