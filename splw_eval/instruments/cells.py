"""Cells of a column to answers: whole numbers also where they are written as text."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import DataError
from splw_eval.core.findings import Finding, Severity
from splw_eval.instruments.recipes import codes_of
from splw_eval.instruments.records import Instrument
from splw_eval.instruments.responses import Rows, report_rows

if TYPE_CHECKING:
    import pandas as pd

    from splw_eval.instruments.options import Chosen

_COMMA = re.compile(r"[+-]?\d+,\d*")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_NO_NUMBER = object()
Missing = Sequence[Any]


def answers_of(
    cells: pd.Series[Any],
    words: Mapping[str, int],
    missing: Missing,
) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Return the answers of one column.

    Parameters
    ----------
    cells : Series, shape (n,)
        Numbers, or numbers written as text.
    words : mapping of str to int
        Words that stand for codes, in any case.
    missing : sequence
        Codes that mean missing, as numbers or text.

    Returns
    -------
    tuple of (ndarray of numbers, ndarray of bool), each of shape (n,)
        The answers, NaN where missing; and which cells are no numbers.
    """
    kind = getattr(cells.dtype, "kind", "O")
    if kind in "biuf" and isinstance(cells.dtype, np.dtype):
        values = cells.to_numpy()
        return _without(values, missing), np.zeros(len(values), dtype=np.bool_)
    if kind in "biuf":  # a pandas type that keeps its own missing values
        values = cells.to_numpy(dtype=np.float64, na_value=np.nan)
        return _without(values, missing), np.zeros(len(values), dtype=np.bool_)
    return _of_objects(cells, {w.casefold(): code for w, code in words.items()}, missing)


def _of_objects(
    cells: pd.Series[Any], words: Mapping[str, int], missing: Missing
) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Convert each distinct cell once."""
    import pandas as pd

    try:
        places, distinct = pd.factorize(cells)  # missing cells have the place -1
    except TypeError:  # a cell that holds a list, or the like
        places, distinct = pd.factorize(cells.map(_single))
    absent = {str(code).strip() for code in missing}
    read = [_number(value, words, absent) for value in distinct]
    values = np.array([*(np.nan if v is None else v for v in read), np.nan])
    wrong = np.array([*(v is None for v in read), False])
    return _without(values[places], missing), wrong[places]


def _single(cell: Any) -> Any:
    """Return a cell that holds one thing; in place of another, what is no number."""
    return cell if isinstance(cell, Hashable) and not isinstance(cell, tuple) else _NO_NUMBER


def _number(value: Any, words: Mapping[str, int], absent: set[str]) -> float | None:
    """Return a cell's number, NaN where it is missing, None where it is none."""
    if isinstance(value, bool | int | float | np.number | np.bool_ | Decimal | Fraction):
        return float(value)
    if not isinstance(value, str):
        return None
    text = value.strip()
    if not text or text in absent:
        return np.nan
    if _NUMBER.fullmatch(text):
        return float(text)
    code = words.get(text.casefold())
    return None if code is None else float(code)


def _without(values: NDArray[Any], missing: Missing) -> NDArray[Any]:
    """Set declared codes to missing."""
    codes = list(_numbers(missing))
    held = np.isin(values, codes) if codes else None
    return values if held is None or not held.any() else np.where(held, np.nan, values)


def _numbers(missing: Iterable[Any]) -> Iterator[float]:
    for code in missing:
        if isinstance(code, int | float | np.number) or _NUMBER.fullmatch(str(code).strip()):
            yield float(code)


def refuse_legal_codes(
    instrument: Instrument, chosen: Chosen, asked: Iterable[str], missing: Missing
) -> None:
    """Refuse codes for missing that are answers, or that an option gives another meaning.

    Raises
    ------
    DataError
    """
    codes = dict(zip(instrument.items, codes_of(instrument, chosen), strict=True))
    wrong = []
    for code in _numbers(missing):
        held = [item for item in asked if codes[item][0] <= code <= codes[item][1]]
        if held:
            problem = f"{code:g} cannot mean missing: it is an answer to {', '.join(held)}"
            remedy = "Empty those cells in the data, and leave the code out."
            wrong.append(_refused(problem, remedy))
        for name in (n for n, others in chosen.codes.items() if code in others):
            problem = f"{code:g} cannot mean missing and {name} as well"
            wrong.append(_refused(problem, "Say which of the two it means."))
    if wrong:
        raise DataError(f"The answers to {instrument.name} cannot be read.", wrong)


def _refused(problem: str, remedy: str) -> Finding:
    return Finding(code="SI08", severity=Severity.ERROR, problem=problem, remedy=remedy)


def not_numbers(
    item: str, cells: pd.Series[Any], wrong: NDArray[np.bool_], rows: Rows, words: Iterable[str]
) -> Finding:
    """Report cells that are no numbers; never what they hold."""
    known = ", ".join(words)
    remedy = "Export codes in place of labels, or declare the words that mean missing."
    if known:
        remedy = f"Write a code or one of: {known}."
    elif all(_COMMA.fullmatch(cell.strip()) for cell in cells[wrong].map(str).unique()):
        remedy = (
            "They are written with decimal commas: say so (--decimal , on the command line, "
            'decimal="," of pandas.read_csv).'
        )
    return report_rows("SI07", "not a whole number", remedy, wrong, rows, item)
