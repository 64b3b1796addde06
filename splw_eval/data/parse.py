"""Text cells to numbers, dates and names, by declared type; nothing is guessed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Severity
from splw_eval.data.ledger import Ledger
from splw_eval.data.sheet import Cells, Sheet

T = TypeVar("T")

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_COMMA = str.maketrans(",.", ".,")
# Met often enough in exports to be worth a hint; never taken as missing undeclared.
_LOOKS_MISSING = frozenset(
    {"na", "n/a", "nan", "null", "none", ".", "-", "--", "?", "missing", "unknown", "refused"}
    | {"#n/a", "not asked", "not known", "-9", "-99", "-999", "-1", "9", "99", "999", "9999"}
)


def missing_cells(sheet: Sheet, heading: str) -> NDArray[np.bool_]:
    """Whether each cell is empty or a declared missing code."""
    codes = sheet.spec.missing_codes
    declared = {"", *codes.get("*", {}), *codes.get(heading, {})}
    return _each(sheet.cells[heading], lambda cell: cell in declared, np.bool_)


def _each(cells: Cells, convert: Callable[[str], T], dtype: type) -> NDArray:  # type: ignore[type-arg]
    """Convert cells, each distinct text once."""
    table = {cell: convert(cell) for cell in dict.fromkeys(cells)}
    return np.array([table[cell] for cell in cells], dtype=dtype)


def numbers(sheet: Sheet, heading: str, ledger: Ledger) -> NDArray[np.float64]:
    """Numbers of a column; missing and faulty cells are NaN, faulty ones are reported."""
    decimal = sheet.spec.decimal

    def number(cell: str) -> float:
        # Where the comma is the decimal sign, a point may part thousands: not guessed.
        plain = cell.translate(_COMMA) if decimal == "," else cell
        return float(plain) if _NUMBER.fullmatch(plain) else np.nan

    absent = missing_cells(sheet, heading)
    values = _each(sheet.cells[heading], number, np.float64)
    wrong = np.isnan(values) & ~absent
    if wrong.any():
        _report_type(sheet, heading, wrong, "not a number", ledger)
    values[absent] = np.nan
    return values


def dates(sheet: Sheet, heading: str, ledger: Ledger) -> NDArray[np.datetime64]:
    """Dates of a column; missing and faulty cells are NaT, faulty ones are reported."""
    form = sheet.spec.date_format

    def date(cell: str) -> np.datetime64:
        try:
            return np.datetime64(dt.datetime.strptime(cell, form).date(), "D")
        except ValueError:
            return np.datetime64("NaT", "D")

    absent = missing_cells(sheet, heading)
    values: NDArray[np.datetime64] = _each(sheet.cells[heading], date, np.dtype("M8[D]"))  # type: ignore[arg-type]
    wrong = np.isnat(values) & ~absent
    if wrong.any():
        kind = f"not a date written as {form}"
        _report_type(sheet, heading, wrong, kind, ledger)
    values[absent] = np.datetime64("NaT", "D")
    return values


def names(sheet: Sheet, heading: str) -> Cells:
    """Names of a column; missing ones are empty text."""
    cells = sheet.cells[heading].copy()
    cells[missing_cells(sheet, heading)] = ""
    return cells


def _report_type(
    sheet: Sheet, heading: str, wrong: NDArray[np.bool_], kind: str, ledger: Ledger
) -> None:
    hint = "Correct them in the file."
    if looks_missing(sheet.cells[heading][wrong]):
        hint = "They look like a missing code: declare it in [files.missing_codes]."
    elif kind.startswith("not a date"):
        hint = "Correct them, or set date_format to how the file writes dates."
    elif sheet.spec.decimal == "." and all("," in c for c in sheet.cells[heading][wrong]):
        hint = 'They hold a comma: set decimal = ",".'
    ledger.add(
        Severity.ERROR,
        "SW04",
        kind,
        hint,
        file=sheet.spec.path,
        column=sheet.place(heading),
        rows=sheet.rows[wrong],
        of_rows=len(sheet),
    )


def looks_missing(cells: Iterable[str]) -> bool:
    """Whether every cell is one of the usual ways to write that a value is missing."""
    return all(cell.lower().removesuffix(".0") in _LOOKS_MISSING for cell in cells)


def in_range(
    sheet: Sheet,
    heading: str,
    values: NDArray[np.float64],
    limits: tuple[float, float],
    *,
    set_missing: bool,
    ledger: Ledger,
) -> NDArray[np.float64]:
    """Scores with those outside the instrument's range reported and made NaN."""
    low, high = limits
    wrong = (values < low) | (values > high)
    if not wrong.any():
        return values
    hint = 'Correct them or set out_of_range = "missing".'
    if looks_missing(sheet.cells[heading][wrong]):
        hint = "They may be a missing code: declare it in [files.missing_codes]. " + hint
    ledger.add(
        Severity.WARNING if set_missing else Severity.ERROR,
        "SW18" if set_missing else "SW03",
        f"outside {low:g} to {high:g}" + (" and set to missing" if set_missing else ""),
        "Check the file." if set_missing else hint,
        file=sheet.spec.path,
        column=sheet.place(heading),
        rows=sheet.rows[wrong],
        of_rows=len(sheet),
    )
    return np.where(wrong, np.nan, values)
