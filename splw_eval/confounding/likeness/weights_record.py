"""Weights that make two groups alike: the weights, and what is said of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from splw_eval.confounding.likeness.balance_record import Balance
from splw_eval.confounding.likeness.weight_text import record_text

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Weights:
    """Weights for two groups.

    Attributes
    ----------
    weights : Series
        One for each row of the frame, in its order and with its index; NaN for rows left out.
    propensity : Series
        Chance of belonging to the group that is not the reference; NaN for rows left out, and
        throughout for entropy balancing.
    target : str
        Whom the answer is about, in plain words.
    coefficients : DataFrame
        Of the logistic model, in logits per unit (``term estimate std_error df statistic
        p_value conf_low conf_high n``); of entropy balancing the slopes of the log weights,
        without errors. People count as independent here.
    effective_size : mapping of str to float
        Effective number of people, (sum w)^2 / sum w^2, by group.
    table : DataFrame
        One row for each group: ``group n effective_size practices effective_practices
        largest_share``.
    balance : Balance
        Before and after weighting.
    groups : tuple of str
        The reference, and the group that is compared with it.
    method : str
    notes : tuple of str
    n : int
    conf_level : float
        Of the coefficients.
    """

    weights: pd.Series
    propensity: pd.Series
    target: str
    coefficients: pd.DataFrame
    effective_size: Mapping[str, float]
    table: pd.DataFrame
    balance: Balance
    groups: tuple[str, ...]
    method: str
    notes: tuple[str, ...]
    n: int
    conf_level: float

    def to_frame(self) -> pd.DataFrame:
        """Weights and chances side by side, with the index of the frame."""
        import pandas as pd

        return pd.DataFrame({"weight": self.weights, "propensity": self.propensity})

    def __repr__(self) -> str:
        sizes = ", ".join(f"{size:.1f} {name}" for name, size in self.effective_size.items())
        return f"<Weights for {self.target}: {sizes} effective people>"

    def __str__(self) -> str:
        title = f"Weights for {self.target} ({self.n} people)"
        return record_text(title, self.table, self.method, self.notes)
