"""Weights that make two groups alike: the weights, and what is said of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from splw_eval.confounding.likeness.balance_record import Balance
from splw_eval.confounding.likeness.weight_text import record_text
from splw_eval.models.variables import level_codes, level_label

if TYPE_CHECKING:
    import pandas as pd


class SizesByGroup(dict[Any, float]):
    """Sizes by the group's own labels, which are found by their text too."""

    def __missing__(self, key: Any) -> float:
        """The size of the group whose label reads so."""
        for label, size in self.items():
            if level_label(label) == key:
                return size
        raise KeyError(key)


def sizes_by_group(sizes: pd.DataFrame, group: pd.Series) -> SizesByGroup:
    """Effective sizes by the labels of the group as its column holds them.

    Parameters
    ----------
    sizes : DataFrame
        With ``group`` (text) and ``effective_size``.
    group : Series

    Returns
    -------
    SizesByGroup
    """
    own = {level_label(level): level for level in level_codes(group)[1]}
    pairs = zip(sizes["group"], sizes["effective_size"].tolist(), strict=True)
    return SizesByGroup({own[label]: size for label, size in pairs})


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
    effective_size : mapping of object to float
        Effective number of people, (sum w)^2 / sum w^2, by group: as its column holds it, or
        its text.
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
    effective_size: Mapping[Any, float]
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
        pairs = self.effective_size.items()
        sizes = ", ".join(f"{size:.1f} {level_label(name)}" for name, size in pairs)
        return f"<Weights for {self.target}: {sizes} effective people>"

    def __str__(self) -> str:
        title = f"Weights for {self.target} ({self.n} people)"
        return record_text(title, self.table, self.method, self.notes)
