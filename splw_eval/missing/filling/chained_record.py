"""Data sets completed by chained equations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from splw_eval.missing.filling.chained_columns import ReadColumn
from splw_eval.missing.plain_text import result_text
from splw_eval.models.variables import numbers

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ChainedImputations:
    """Completed data sets; iteration gives them one after the other, for `analyse`.

    Attributes
    ----------
    source : DataFrame
        The frame with its gaps.
    columns : tuple of ReadColumn
        Those that were completed.
    drawn : mapping of str to ndarray, shape (M, gaps)
        What was drawn for each gap, in the order of the rows; places among the levels where a
        column is binary or ordinal.
    trace : ndarray, shape (M, sweeps, columns)
        Mean of what was drawn, sweep by sweep (the mean of the arms' means).
    n : int
        People.
    seed : int
    method : str
    notes : tuple of str
    """

    source: pd.DataFrame
    columns: tuple[ReadColumn, ...]
    drawn: Mapping[str, Array]
    trace: Array
    n: int
    seed: int
    method: str
    notes: tuple[str, ...]

    @property
    def imputations(self) -> int:
        """Completed data sets, M."""
        return len(self.trace)

    def frame(self, m: int) -> pd.DataFrame:
        """One completed data set.

        Parameters
        ----------
        m : int
            0 to M - 1.

        Returns
        -------
        DataFrame
            The rows and columns of the frame given, without gaps in the columns completed.

        Raises
        ------
        IndexError
            There is no such data set.
        """
        if not 0 <= m < self.imputations:
            raise IndexError(f"There are {self.imputations} completed data sets, from 0 on.")
        made = self.source.copy()
        for column in self.columns:
            if column.missing.any():
                made[column.name] = self._filled(column, self.drawn[column.name][m])
        return made

    def _filled(self, column: ReadColumn, drawn: Array) -> pd.Series:
        import pandas as pd

        given = self.source[column.name]
        gaps = np.flatnonzero(column.missing)
        if not column.levels:
            values = numbers(given, column.name).copy()
            values[gaps] = drawn
            return pd.Series(values, index=given.index, name=column.name)
        filled = given.copy()
        filled.iloc[gaps] = [column.levels[place] for place in drawn.astype(int)]
        return filled

    def __len__(self) -> int:
        return self.imputations

    def __iter__(self) -> Iterator[pd.DataFrame]:
        return (self.frame(m) for m in range(self.imputations))

    @property
    def table(self) -> pd.DataFrame:
        """One row for each column completed: what is missing, and means seen and drawn.

        ``column kind n missing share_missing mean_seen mean_drawn``; of binary and ordinal
        columns the means are of places among the levels, from 0.
        """
        import pandas as pd

        made = []
        for column in self.columns:
            gaps, drawn = column.missing, self.drawn[column.name]
            row = {
                "column": column.name,
                "kind": column.kind,
                "n": self.n,
                "missing": int(gaps.sum()),
                "share_missing": float(gaps.mean()),
                "mean_seen": float(column.values[~gaps].mean()),
                "mean_drawn": float(drawn.mean()) if drawn.size else np.nan,
            }
            made.append(row)
        return pd.DataFrame(made)

    def to_frame(self) -> pd.DataFrame:
        """The table."""
        return self.table

    def __repr__(self) -> str:
        return f"<ChainedImputations: {self.imputations} data sets of {self.n} people>"

    def __str__(self) -> str:
        title = f"{self.imputations} data sets completed by chained equations, {self.n} people"
        return result_text(title, self.table, self.method, self.notes)
