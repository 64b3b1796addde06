"""Numbers and notes of comparisons as a result holds them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from splw_eval.core.errors import FindingsError, SplwError
from splw_eval.core.result import Note, Result

if TYPE_CHECKING:
    import pandas as pd

_CANNOT = "too little in these data carries it."


def known(value: Any) -> float | None:
    """A number, or None where there is none or it has no end.

    Parameters
    ----------
    value : object

    Returns
    -------
    float or None
    """
    return None if value is None or not math.isfinite(value) else float(value)


def interval(row: Mapping[str, Any]) -> dict[str, float | None]:
    """Estimate, error, test and limits of a row in the house's columns."""
    names = ("estimate", "std_error", "df", "p_value", "conf_low", "conf_high")
    return {name: known(row.get(name)) for name in names}


def records_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a table by the names of its columns."""
    return [{str(name): v for name, v in row.items()} for row in table.to_dict("records")]


def refused(what: str, error: SplwError) -> tuple[Note, ...]:
    """Say what could not be done, and why, without a figure that may count people.

    Remedies are for whoever calls the functions, so a report has none of them.
    """
    told = [error.message]
    if isinstance(error, FindingsError):
        told = [finding.problem for finding in error.findings]
    return tuple(Note(text=f"{what}: {_said(words)}") for words in told)


def _said(words: str) -> str:
    if any(sign.isdigit() for sign in words):
        return _CANNOT
    return words if words.endswith(".") else f"{words}."


def result_of(
    key: str,
    title: str,
    row_type: type,
    rows: Iterable[Any],
    notes: Iterable[Note | str],
    sources: tuple[str, ...] = (),
    unit: str = "units of the outcome",
) -> Result[Any]:
    """A result whose sources stand only where it has rows, and whose notes stand once."""
    held = tuple(rows)
    told = (note if isinstance(note, Note) else Note(text=note) for note in notes)
    return Result(
        key=key,
        title=title,
        unit=unit,
        row_type=row_type,
        rows=held,
        notes=tuple({note.text: note for note in told}.values()),
        sources=sources if held else (),
    )
