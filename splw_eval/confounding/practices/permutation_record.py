"""Two groups compared by permuting practices, as a record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from splw_eval.confounding.basis.printed import printed

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PermutationTest:
    """Two groups of practices compared by permuting practices.

    Attributes
    ----------
    table : DataFrame
        ``term method default estimate std_error df statistic p_value conf_low conf_high n``, in
        units of the outcome: the permutation (without standard error and df) and the two-stage
        t test, adjusted and unadjusted. n is people.
    groups : tuple of str
        The reference and the other group.
    estimate, p_value, conf_low, conf_high : float
        Of the default: the permutation, adjusted where there are covariates or strata. Limits
        are infinite where even `smallest_p_value` is above 1 - conf_level, and NaN where
        practices of a group do not differ beyond rounding.
    left : float
        Share of a difference between the groups that is left in residual means, once covariates
        were taken out without the group: `estimate` is the plain difference of those means over
        it. 1 without covariates.
    smallest_p_value : float
        The least that these allocations can give.
    allocations : int
        Compared, with the one that was seen.
    exact : bool
        Whether these are all; if not, they were drawn.
    seed : int or None
        Of the draws.
    randomised : bool or None
        Whether chance allocated the practices, as the caller said; None where nothing was said.
    practices : tuple of int
        Of the reference and of the other group.
    summaries : DataFrame
        ``practice group people mean`` and, where adjusted, ``mean_residual``: one row for each
        practice. Means of small practices may tell of single people.
    n : int
    outcome, method : str
    notes : tuple of str
    conf_level : float
    """

    table: pd.DataFrame
    groups: tuple[str, str]
    estimate: float
    p_value: float
    conf_low: float
    conf_high: float
    left: float
    smallest_p_value: float
    allocations: int
    exact: bool
    seed: int | None
    randomised: bool | None
    practices: tuple[int, int]
    summaries: pd.DataFrame
    n: int
    outcome: str
    method: str
    notes: tuple[str, ...]
    conf_level: float

    def to_frame(self) -> pd.DataFrame:
        """The table, as a copy."""
        return self.table.copy()

    def __repr__(self) -> str:
        return (
            f"<PermutationTest: {self.groups[1]} - {self.groups[0]}, {self.estimate:.4g}, "
            f"p {self.p_value:.4g}, {sum(self.practices)} practices, n {self.n:,}>"
        )

    def __str__(self) -> str:
        title = f'Difference in "{self.outcome}" between groups of practices'
        return printed(title, self.table, self.method, self.notes)
