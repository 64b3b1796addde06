"""The same analysis of every completed data set, before pooling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.missing.plain_text import result_text

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Analyses:
    """Estimates of M completed data sets; `pool` joins them.

    Attributes
    ----------
    terms : tuple of str, length k
    estimates : ndarray, shape (M, k)
        In units of the outcome, for a fixed part.
    variances : ndarray, shape (M, k)
        Squares of their standard errors, as though every score had been seen.
    df_complete : ndarray, shape (k,)
        Degrees of freedom that the analysis of complete data has: the smallest over the
        completed data sets, which is the cautious choice where they differ. Infinite where an
        analysis of one's own gives none; 0 where a term has no variance to estimate.
    n : int or None
        People in each analysis; None where an analysis of one's own does not say.
    clusters : int or None
        Practices in the analysis.
    wave : object
        The wave analysed, or None.
    df_rule : str
        Where `df_complete` comes from, in words.
    method : str
    notes : tuple of str
    """

    terms: tuple[str, ...]
    estimates: Array
    variances: Array
    df_complete: Array
    n: int | None
    clusters: int | None
    wave: Any
    df_rule: str
    method: str
    notes: tuple[str, ...]

    @property
    def imputations(self) -> int:
        """Completed data sets, M."""
        return len(self.estimates)

    @property
    def table(self) -> pd.DataFrame:
        """One row for each data set and term: ``imputation term estimate std_error df n``.

        There are no intervals and no p-values: one completed data set is not to be read by
        itself.
        """
        import pandas as pd

        sets, k = self.estimates.shape
        made = {
            "imputation": np.repeat(np.arange(1, sets + 1), k),
            "term": list(self.terms) * sets,
            "estimate": self.estimates.ravel(),
            "std_error": np.sqrt(self.variances).ravel(),
            "df": np.tile(self.df_complete, sets),
            "n": pd.array([self.n] * (sets * k), dtype="Int64"),
        }
        return pd.DataFrame(made)

    def to_frame(self) -> pd.DataFrame:
        """The table."""
        return self.table

    def __repr__(self) -> str:
        return f"<Analyses: {len(self.terms)} terms in {self.imputations} completed data sets>"

    def __str__(self) -> str:
        who = "people not counted" if self.n is None else f"{self.n} people"
        practices = "" if self.clusters is None else f" in {self.clusters} practices"
        title = (
            f"{self.imputations} completed data sets of {who}{practices}, analysed alike; pool() "
            "joins them"
        )
        return result_text(title, self._spread(), self.method, self.notes)

    def _spread(self) -> pd.DataFrame:
        """Lowest and highest estimate of each term, to see how far the data sets differ."""
        import pandas as pd

        made = {
            "term": list(self.terms),
            "lowest": self.estimates.min(axis=0),
            "highest": self.estimates.max(axis=0),
            "std_error": np.sqrt(self.variances.mean(axis=0)),
            "df": self.df_complete,
        }
        return pd.DataFrame(made)
