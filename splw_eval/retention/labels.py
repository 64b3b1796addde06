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

    codes, levels = level_codes(values)
    named: tuple[Any, ...] = ()
    if isinstance(values.dtype, pd.CategoricalDtype):
        named = tuple(level for level in values.cat.categories if level not in set(levels))
    return Labels(codes=np.asarray(codes, dtype=np.int64), levels=levels, nobody=named)
