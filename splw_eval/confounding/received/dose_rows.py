"""The record of outcomes by how much was received."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from splw_eval.confounding.basis.printed import level_text, printed

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class DoseResponse:
    """Outcomes by dose, within those who were offered it; exploratory only.

    Attributes
    ----------
    exploratory : bool
        Always True: no row may be read as an effect.
    table : DataFrame
        ``term method estimate std_error df statistic p_value conf_low conf_high n``: the
        difference for each unit of the dose, then of each level against the lowest.
    levels : DataFrame
        ``level n mean`` of the outcome, unadjusted; no mean of one person.
    dose : str
        Column of doses.
    group : str or None
        The group whose people these are.
    practices : int or None
    n : int
    method : str
    notes : tuple of str
        The first says why this is no effect.
    conf_level : float
    """

    exploratory: ClassVar[bool] = True

    table: pd.DataFrame
    levels: pd.DataFrame
    dose: str
    group: str | None
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
        """Difference for each unit of the dose."""
        return float(self.table["estimate"].iloc[0])

    def __repr__(self) -> str:
        return f"<DoseResponse, exploratory: {self.estimate:.4g} per unit, n = {self.n}>"

    def __str__(self) -> str:
        whose = f' in "{self.group}"' if self.group else ""
        title = (
            f"EXPLORATORY, no effect: outcome by {self.dose}{whose}, with "
            f"{level_text(self.conf_level)} limits"
        )
        return printed(title, self.table, self.method, self.notes)
