"""Balance of two groups: the table, and what is said of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from splw_eval.confounding.likeness.weight_text import chosen, record_text

if TYPE_CHECKING:
    import pandas as pd

BALANCE_COLUMNS = (
    "covariate",
    "term",
    "mean",
    "mean_reference",
    "mean_weighted",
    "mean_reference_weighted",
    "std_difference_before",
    "std_difference_after",
    "chance_limit",
    "variance_ratio_before",
    "variance_ratio_after",
    "practice_difference_before",
    "practice_difference_after",
    "intraclass",
    "n",
)
_SHORT = {
    "term": "term",
    "std_difference_before": "before",
    "std_difference_after": "after",
    "chance_limit": "limit",
    "variance_ratio_before": "ratio",
    "practice_difference_before": "practices",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Balance:
    """How far two groups lie apart in their covariates.

    Attributes
    ----------
    table : DataFrame
        One row for each column that the covariates make: ``covariate term mean mean_reference
        mean_weighted mean_reference_weighted std_difference_before std_difference_after
        chance_limit variance_ratio_before variance_ratio_after practice_difference_before
        practice_difference_after intraclass n``. Means in the covariate's units (shares for
        categories), differences in standard deviations, group less reference. NaN in what needs
        weights or practices where there are none.
    groups : tuple of str
        The reference, and the group that is compared with it.
    sizes : DataFrame
        One row for each group: ``group n effective_size practices``.
    method : str
    notes : tuple of str
    n : int
        People.
    practices : int or None
    conf_level : float
        Of the chance limit.
    """

    table: pd.DataFrame
    groups: tuple[str, ...]
    sizes: pd.DataFrame
    method: str
    notes: tuple[str, ...]
    n: int
    practices: int | None
    conf_level: float

    def to_frame(self) -> pd.DataFrame:
        """The table, as a copy."""
        return self.table.copy()

    def __repr__(self) -> str:
        return f"<Balance: {self.notes[0]}>"

    def __str__(self) -> str:
        title = (
            f"Differences of {self.groups[1]} from {self.groups[0]} in standard deviations "
            f"({self.n} people)"
        )
        return record_text(title, chosen(self.table, _SHORT), self.method, self.notes)
