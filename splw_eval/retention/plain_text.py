"""Curves, comparisons and fits as plain text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

NOT_REACHED = "not reached"
NO_LIMIT = "none"
_MEDIANS = ("median", "median_low", "median_high")


def curve_text(title: str, table: pd.DataFrame, method: str, notes: Sequence[str]) -> str:
    """A title, a plain table, how it was made, and what to know.

    Parameters
    ----------
    title : str
    table : DataFrame
        Medians that are not reached, and limits that cannot be had, are told in words.
    method : str
    notes : sequence of str

    Returns
    -------
    str
    """
    shown = table.copy()
    for name in _MEDIANS:
        if name in shown:
            words = NOT_REACHED if name == _MEDIANS[0] else NO_LIMIT
            shown[name] = [in_print(day, words) for day in shown[name]]
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


def level_text(conf_level: float) -> str:
    """A level of confidence as text, such as "95%".

    Parameters
    ----------
    conf_level : float

    Returns
    -------
    str
    """
    return f"{100 * conf_level:.6g}%"


def in_print(day: float, words: str = NOT_REACHED) -> str:
    """A day as text; never a number where there is none.

    Parameters
    ----------
    day : float
    words : str
        What is said where there is none.

    Returns
    -------
    str
    """
    return words if math.isnan(day) else f"{day:g}"


def _plain(value: Any) -> Any:
    return "-" if value is None else value


def quoted(names: Sequence[str], places: Sequence[int]) -> str:
    """Names in quotes.

    Parameters
    ----------
    names : sequence of str
    places : sequence of int

    Returns
    -------
    str
    """
    return ", ".join(f'"{names[place]}"' for place in places)
