"""Pooled estimates as a record: the table, how it was made, and how far to trust it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from splw_eval.missing.plain_text import result_text

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
_PRINTED = (
    "term",
    "estimate",
    "std_error",
    "df",
    "conf_low",
    "conf_high",
    "p_value",
    "fraction_missing",
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PooledEstimates:
    """Estimates of several completed data sets joined by Rubin's rules.

    Attributes
    ----------
    table : DataFrame
        One row for each term: ``term estimate std_error df statistic p_value conf_low conf_high
        n``, then ``fraction_missing`` (the share of the information that is missing, allowing
        for few data sets; mice's fmi), ``relative_increase`` ((1 + 1/M) between / within),
        ``between`` and ``within`` (variances between and within data sets), ``df_complete`` and
        ``monte_carlo_error`` (root of between / M: how far the estimate would move if the data
        were completed anew).
    imputations : int
        Completed data sets, M.
    n : int or None
        People; None where it was not said.
    method : str
    notes : tuple of str
    conf_level : float
    """

    table: pd.DataFrame
    imputations: int
    n: int | None
    method: str
    notes: tuple[str, ...]
    conf_level: float

    @property
    def estimate(self) -> float | Array:
        """Pooled estimate: a float for one term, else an array of shape (k,)."""
        return self._column("estimate")

    @property
    def std_error(self) -> float | Array:
        """Root of the total variance: a float for one term, else an array."""
        return self._column("std_error")

    @property
    def df(self) -> float | Array:
        """Barnard and Rubin's degrees of freedom: a float for one term, else an array."""
        return self._column("df")

    @property
    def total_variance(self) -> float | Array:
        """Within + (1 + 1/M) between: a float for one term, else an array."""
        factor = 1 + 1 / self.imputations
        total = (self.table["within"] + factor * self.table["between"]).to_numpy(dtype=float)
        return float(total[0]) if len(total) == 1 else total

    def _column(self, name: str) -> float | Array:
        values = self.table[name].to_numpy(dtype=float, copy=True)
        return float(values[0]) if len(values) == 1 else values

    def to_frame(self) -> pd.DataFrame:
        """The table, as a copy."""
        return self.table.copy()

    def __repr__(self) -> str:
        return f"<PooledEstimates: {len(self.table)} terms of {self.imputations} data sets>"

    def __str__(self) -> str:
        title = f"Pooled over {self.imputations} completed data sets"
        if self.n is not None:
            title += f", {self.n} people"
        title += f" ({100 * self.conf_level:.6g}% limits)"
        return result_text(title, self.table[list(_PRINTED)], self.method, self.notes)
