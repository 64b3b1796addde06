"""The record of an effect among those whom the allocation moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from splw_eval.confounding.basis.printed import level_text, printed

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ComplierEffect:
    """The effect among compliers, beside intention to treat and two contrasts that mislead.

    Attributes
    ----------
    table : DataFrame
        ``term method default misleading estimate std_error df statistic p_value conf_low
        conf_high n``. Anderson and Rubin's row has no standard error.
    first_stage : DataFrame
        One row: ``term estimate std_error df statistic p_value conf_low conf_high n f df_above
        df_below``; how many more of the other group received it, and the F of that.
    received : DataFrame
        ``group n received share``.
    groups : tuple of str
        The reference and the other group.
    weak : bool
        Whether the first stage is weak: F below 10.
    practices : int or None
    n : int
    method : str
    notes : tuple of str
    conf_level : float
    """

    table: pd.DataFrame
    first_stage: pd.DataFrame
    received: pd.DataFrame
    groups: tuple[str, ...]
    weak: bool
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
        """The effect among compliers."""
        return float(self.table.loc[self.table["default"], "estimate"].iloc[0])

    @property
    def std_error(self) -> float:
        """Of the effect among compliers."""
        return float(self.table.loc[self.table["default"], "std_error"].iloc[0])

    @property
    def p_value(self) -> float:
        """Of the effect among compliers."""
        return float(self.table.loc[self.table["default"], "p_value"].iloc[0])

    @property
    def f(self) -> float:
        """F of the first stage."""
        return float(self.first_stage["f"].iloc[0])

    def __repr__(self) -> str:
        return f"<ComplierEffect: {self.estimate:.4g}, first-stage F {self.f:.4g}, n = {self.n}>"

    def __str__(self) -> str:
        title = (
            f'Effect among compliers, "{self.groups[1]}" against "{self.groups[0]}", with '
            f"{level_text(self.conf_level)} limits"
        )
        return printed(title, self.table, self.method, self.notes)
