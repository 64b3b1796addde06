"""Results about missing scores as plain text of 80 columns."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

WIDTH = 80
_ESTIMATED = ("estimate", "conf_low", "conf_high")
_HELD = "\xa0"  # a space at which no line is broken
_WORDS = {"std_error": "standard error", "p_value": "p"}


def result_text(title: str, table: pd.DataFrame, method: str, notes: Sequence[str]) -> str:
    """A title, a plain table, how it was made, and what to know.

    Parameters
    ----------
    title : str
    table : DataFrame
        Where it is wider than a page: estimates with limits have two lines each, other tables
        are broken into blocks of columns.
    method : str
    notes : sequence of str

    Returns
    -------
    str
    """
    told = [textwrap.fill(text, WIDTH) for text in (f"Method: {method}.", *notes)]
    return "\n".join([textwrap.fill(title, WIDTH), table_text(table), *told])


def table_text(table: pd.DataFrame) -> str:
    """A table as lines of a page's width.

    Parameters
    ----------
    table : DataFrame

    Returns
    -------
    str
    """
    shown = _plain_table(table, None)
    if max(map(len, shown.splitlines())) <= WIDTH:
        return shown
    if set(_ESTIMATED) <= set(table.columns):
        return "\n".join(line for row in table.to_dict("records") for line in _two_lines(row))
    return _plain_table(table, WIDTH)


def _plain_table(table: pd.DataFrame, width: int | None) -> str:
    shown = table.to_string(
        index=False, float_format=lambda value: f"{value:.4g}", na_rep="-", line_width=width
    )
    return shown.replace("<NA>", "   -")


def _two_lines(row: dict[Any, Any]) -> Iterator[str]:
    """What a row is of, and its numbers below."""
    names = [str(name) for name in row]
    before = names[: names.index("estimate")]
    label = ", ".join(filter(None, (_named(name, row[name]) for name in before)))
    yield from textwrap.wrap(label, WIDTH, subsequent_indent="  ")
    limits = f"({_limit(row['conf_low'])} to {_limit(row['conf_high'])})"
    told = [name for name in names[len(before) :] if name not in (*_ESTIMATED, "statistic")]
    parts = [f"{row['estimate']:.4g} {limits}"] + [
        f"{_WORDS.get(name, name.replace('_', ' '))} {_value(row[name])}"
        for name in told
        if not _empty(row[name])
    ]
    whole = ", ".join(part.replace(" ", _HELD) for part in parts)
    lines = textwrap.wrap(whole, WIDTH, initial_indent="    ", subsequent_indent="    ")
    yield from (line.replace(_HELD, " ") for line in lines)


def _named(name: str, value: Any) -> str:
    """What a row is of: texts by themselves, other values with their column."""
    if isinstance(value, bool):
        return name if value else f"not {name}"
    if isinstance(value, str):
        return {"per": f"per {value}", "wave": f"wave {value}"}.get(name, value) if value else ""
    return f"{name.replace('_', ' ')} {_value(value)}"


def _value(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _empty(value: Any) -> bool:
    import pandas as pd

    return bool(pd.isna(value))


def _limit(number: float) -> str:
    return f"{number:.4g}" if math.isfinite(number) else "no limit"
