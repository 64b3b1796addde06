"""A difference between groups as it stands and adjusted, always side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from splw_eval.confounding.basis.printed import level_text, printed
from splw_eval.confounding.likeness.balance_record import Balance

if TYPE_CHECKING:
    import pandas as pd

UNADJUSTED = "unadjusted"
ADJUSTED_COLUMNS = (
    "term",
    "method",
    "inference",
    "default",
    "estimate",
    "std_error",
    "df",
    "statistic",
    "p_value",
    "conf_low",
    "conf_high",
    "n",
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class AdjustedDifference:
    """A difference between two groups, unadjusted and adjusted.

    Attributes
    ----------
    table : DataFrame
        ``term method inference default estimate std_error df statistic p_value conf_low
        conf_high n``, in the outcome's units. The first row is unadjusted; of the others those
        with `default` are to be told first, one for each way of adjusting.
    groups : tuple of str
        The reference, and the group that is compared with it.
    target : str
        Whom the adjusted answer is about, in plain words.
    balance : Balance
        Of the covariates, before and after weighting where weights were made.
    outcome : str
    method : str
    notes : tuple of str
    n : int
    practices : int or None
    conf_level : float
    """

    table: pd.DataFrame
    groups: tuple[str, ...]
    target: str
    balance: Balance
    outcome: str
    method: str
    notes: tuple[str, ...]
    n: int
    practices: int | None
    conf_level: float

    def to_frame(self) -> pd.DataFrame:
        """The table, as a copy."""
        return self.table.copy()

    @property
    def estimate(self) -> float:
        """Adjusted difference by the first way of adjusting."""
        return float(self.table.loc[self.table["default"], "estimate"].iloc[0])

    @property
    def unadjusted(self) -> float:
        """Difference of plain means."""
        return float(self.table["estimate"].iloc[0])

    def __repr__(self) -> str:
        return (
            f"<AdjustedDifference in {self.outcome}: {self.estimate:.4g} adjusted, "
            f"{self.unadjusted:.4g} unadjusted, n={self.n}>"
        )

    def __str__(self) -> str:
        title = (
            f"Adjusted difference in {self.outcome}, {self.groups[1]} less {self.groups[0]}, with "
            f"{level_text(self.conf_level)} limits"
        )
        shown = self.table.assign(
            method=[
                f"{how} ({inference})"
                for how, inference in zip(
                    self.table["method"], self.table["inference"], strict=True
                )
            ]
        )
        return printed(title, shown, self.method, self.notes)
