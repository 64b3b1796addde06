"""The record of differences within parts of the people, and of how they differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from splw_eval.confounding.basis.printed import level_text, printed

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Subgroups:
    """Interactions that were named beforehand.

    Attributes
    ----------
    table : DataFrame
        One row for each interaction: ``term by level against estimate std_error df conf_low
        conf_high n``: how much larger the difference between the groups is at that level than at
        the reference level, or for each unit of a number. No p-values: those are of `tests`.
        No limits where people of one practice alone tell of a level in one of the groups.
    levels : DataFrame
        For a forest plot: ``by level estimate std_error df conf_low conf_high n n_reference
        n_other``, the difference between the groups at each level, or for a number at its
        quartiles, along the line (everybody counts there). No p-values, as they would answer
        another question.
    tests : DataFrame
        One row for each column: ``by interactions statistic df df_denominator p_value n``, all
        interactions of the column together.
    groups : tuple of str
        The reference and the other group.
    n : int
        People of the model with most.
    practices : int or None
    method : str
    notes : tuple of str
        The first is about how many were looked at.
    conf_level : float
    """

    table: pd.DataFrame
    levels: pd.DataFrame
    tests: pd.DataFrame
    groups: tuple[str, ...]
    n: int
    practices: int | None
    method: str
    notes: tuple[str, ...]
    conf_level: float

    def to_frame(self) -> pd.DataFrame:
        """The interactions, as a copy."""
        return self.table.copy()

    def __repr__(self) -> str:
        return f"<Subgroups: {len(self.table)} interactions, n = {self.n}>"

    def __str__(self) -> str:
        title = (
            f'How the difference between "{self.groups[1]}" and "{self.groups[0]}" differs, with '
            f"{level_text(self.conf_level)} limits"
        )
        return printed(title, self.table, self.method, self.notes)
