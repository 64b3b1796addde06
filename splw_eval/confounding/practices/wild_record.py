"""One coefficient tested by the wild bootstrap of practices, as a record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from splw_eval.confounding.basis.printed import printed

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class WildBootstrapTest:
    """One coefficient tested by the wild bootstrap of practices.

    Attributes
    ----------
    table : DataFrame
        ``term method default estimate std_error df statistic p_value conf_low conf_high n``, in
        units of the outcome: the bootstrap (its error is CR1S, and p hangs on signs, not on a
        df), CR2 with t, and both without the other terms of the model.
    estimate, p_value, conf_low, conf_high : float
        Of the default: the bootstrap in the model. Limits are infinite where no null is far
        enough.
    smallest_p_value : float
        The least that so many sign vectors can give.
    signs : int
        Sign vectors compared, with the one that changes nothing.
    exact : bool
        Whether these are all; if not, they were drawn.
    seed : int or None
        Of the draws.
    null : float
    term, outcome, method : str
    n, clusters : int
        Rows and practices that count.
    notes : tuple of str
    conf_level : float
    """

    table: pd.DataFrame
    estimate: float
    p_value: float
    conf_low: float
    conf_high: float
    smallest_p_value: float
    signs: int
    exact: bool
    seed: int | None
    null: float
    term: str
    outcome: str
    method: str
    n: int
    clusters: int
    notes: tuple[str, ...]
    conf_level: float

    def to_frame(self) -> pd.DataFrame:
        """The table, as a copy."""
        return self.table.copy()

    def __repr__(self) -> str:
        return (
            f"<WildBootstrapTest: {self.term}, {self.estimate:.4g}, p {self.p_value:.4g}, "
            f"{self.clusters} practices, n {self.n:,}>"
        )

    def __str__(self) -> str:
        title = f'Coefficient of "{self.term}" for "{self.outcome}"'
        return printed(title, self.table, self.method, self.notes)
