"""Comparisons as plain text of 80 columns."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

_WIDTH = 80


def printed(title: str, table: pd.DataFrame, method: str, notes: Sequence[str]) -> str:
    """A title, two lines for each row of the table, how it was made, and what to know.

    Parameters
    ----------
    title : str
    table : DataFrame
        term, estimate, conf_low, conf_high; where there, method, std_error, df, p_value and n.
    method : str
    notes : sequence of str

    Returns
    -------
    str
    """
    lines = textwrap.wrap(title, _WIDTH)
    for row in table.to_dict("records"):
        label = ": ".join(str(row[name]) for name in ("term", "method") if row.get(name))
        lines += textwrap.wrap(label, _WIDTH, subsequent_indent="  ")
        lines += textwrap.wrap(
            _numbers(row), _WIDTH, initial_indent="    ", subsequent_indent="    "
        )
    for note in (f"Method: {method}.", *notes):
        lines += textwrap.wrap(note, _WIDTH)
    return "\n".join(lines)


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


def _numbers(row: dict[Any, Any]) -> str:
    parts = [f"{row['estimate']:.4g} ({_plain(row['conf_low'])} to {_plain(row['conf_high'])})"]
    for name, words in (("std_error", "standard error"), ("df", "df"), ("p_value", "p")):
        if name in row and not math.isnan(row[name]):
            parts.append(f"{words} {row[name]:.4g}")
    if "n" in row:
        parts.append(f"n {row['n']}")
    return ", ".join(parts)


def _plain(number: float) -> str:
    if math.isnan(number):
        return "not known"
    return "no limit" if math.isinf(number) else f"{number:.4g}"
