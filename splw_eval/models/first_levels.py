"""Which level of a category its coefficients are differences from, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from splw_eval.models.fixed_part import term_name
from splw_eval.models.formula import parse_formula
from splw_eval.models.variables import level_codes, level_label

if TYPE_CHECKING:
    import pandas as pd


def first_level_notes(frame: pd.DataFrame, fixed: str, terms: Sequence[str]) -> Iterator[str]:
    """Say what the sign of coefficients of categories goes by.

    Parameters
    ----------
    frame : DataFrame
        The rows that were used.
    fixed : str
        Formula.
    terms : sequence of str
        Names of the coefficients, such as ``arm[T.b]``.

    Yields
    ------
    str
        One sentence for each category; how to change it stands in the last.
    """
    import pandas as pd

    parts = [part for term in terms for part in term.split(":")]
    ordered = True
    factors = [factor for term in parse_formula(fixed).terms for factor in term]
    for factor in dict.fromkeys(factors):
        named = f"{term_name((factor,))}[T."
        shown = next((part for part in parts if part.startswith(named)), "")
        if not shown:
            continue
        column = frame[factor.name]
        first = level_label(level_codes(column)[1][0])
        ordered &= isinstance(column.dtype, pd.CategoricalDtype)
        yield f'"{shown}": that level less the first in order, "{first}"; its sign goes by that.'
    if not ordered:
        yield (
            "Another level comes first where the column is ordered: "
            "pandas.Categorical(..., categories=[...])."
        )
