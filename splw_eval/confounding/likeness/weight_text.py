"""Balance, weights and adjusted differences as plain text of 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

WIDTH = 80


def record_text(title: str, table: pd.DataFrame, method: str, notes: Sequence[str]) -> str:
    """A title, a plain table, how it was made, and what to know.

    Parameters
    ----------
    title : str
    table : DataFrame
    method : str
    notes : sequence of str

    Returns
    -------
    str
    """
    shown = table.map(lambda value: "-" if value is None else value)
    body = shown.to_string(
        index=False, float_format=lambda value: f"{value:.3g}", na_rep="-", line_width=WIDTH
    )
    words = [textwrap.fill(text, WIDTH) for text in (f"Method: {method}.", *notes)]
    return "\n".join([textwrap.fill(title, WIDTH), body, *words])


def chosen(table: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Some columns of a table, under short names.

    Parameters
    ----------
    table : DataFrame
    names : mapping of str to str
        Short name by column.

    Returns
    -------
    DataFrame
    """
    return table[list(names)].rename(columns=dict(names))
