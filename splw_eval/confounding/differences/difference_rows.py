"""The record of a doubly robust difference in differences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from splw_eval.confounding.basis.printed import level_text, printed

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class DifferenceInDifferences:
    """Changes of two groups compared, unadjusted and adjusted, with ANCOVA beside it.

    Attributes
    ----------
    table : DataFrame
        ``term method default estimate std_error df statistic p_value conf_low conf_high n``,
        the other group less the reference, in the unit of the outcome. The row to be told first
        is the default.
    groups : tuple of str
        The reference and the other group.
    baseline_difference, baseline_difference_adjusted : float
        Of the means at the start, and with the covariates alike.
    slope : float
        Coefficient of the score at the start in ANCOVA.
    effective_reference : float
        People that the weighted reference group is worth.
    practices : int or None
    n : int
    method : str
    notes : tuple of str
        The first says why difference in differences and ANCOVA differ.
    conf_level : float
    """

    table: pd.DataFrame
    groups: tuple[str, ...]
    baseline_difference: float
    baseline_difference_adjusted: float
    slope: float
    effective_reference: float
    practices: int | None
    n: int
    method: str
    notes: tuple[str, ...]
    conf_level: float

    def to_frame(self) -> pd.DataFrame:
        """The table, as a copy."""
        return self.table.copy()

    @property
    def estimate(self) -> float:
        """The doubly robust difference."""
        return float(self.table.loc[self.table["default"], "estimate"].iloc[0])

    @property
    def std_error(self) -> float:
        """Of the doubly robust difference."""
        return float(self.table.loc[self.table["default"], "std_error"].iloc[0])

    @property
    def p_value(self) -> float:
        """Of the doubly robust difference."""
        return float(self.table.loc[self.table["default"], "p_value"].iloc[0])

    def __repr__(self) -> str:
        return f"<DifferenceInDifferences: {self.estimate:.4g}, n = {self.n}>"

    def __str__(self) -> str:
        title = (
            f'Change of "{self.groups[1]}" less change of "{self.groups[0]}", with '
            f"{level_text(self.conf_level)} limits"
        )
        return printed(title, self.table, self.method, self.notes)
