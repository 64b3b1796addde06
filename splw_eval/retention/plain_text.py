"""Curves, comparisons and fits as plain text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

NOT_REACHED = "not reached"
_MEDIANS = ("median", "median_low", "median_high")


def curve_text(title: str, table: pd.DataFrame, method: str, notes: Sequence[str]) -> str:
    """A title, a plain table, how it was made, and what to know.

    Parameters
    ----------
    title : str
    table : DataFrame
        Medians that are not reached are told in words.
    method : str
    notes : sequence of str

    Returns
    -------
    str
    """
    shown = table.copy()
    for name in _MEDIANS:
        if name in shown:
            shown[name] = [in_print(day) for day in shown[name]]
    return "\n".join([title, table_text(shown), f"Method: {method}.", *notes])


def table_text(table: pd.DataFrame) -> str:
    """A table in columns, without its index.

    Parameters
    ----------
    table : DataFrame

    Returns
    -------
    str
    """
    shown = table.map(_plain)
    return str(shown.to_string(index=False, float_format=lambda value: f"{value:.4g}", na_rep="-"))


def in_print(day: float) -> str:
    """A day as text; never a number where it was not reached.

    Parameters
    ----------
    day : float

    Returns
    -------
    str
    """
    return NOT_REACHED if math.isnan(day) else f"{day:g}"


def _plain(value: Any) -> Any:
    return "-" if value is None else value
