"""How numbers and dates are written in cells, and what to say of those that are not."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Severity
from splw_eval.data.ledger import Ledger
from splw_eval.data.lookalikes import DECLARE, parted
from splw_eval.data.serials import SERIALS_REMEDY, looks_like_serial
from splw_eval.data.sheet import Cells, Sheet, report_cells

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
LARGEST = 1e15  # beyond it a number is a slip, and no longer exact
NOT_A_NUMBER = "not a number"
_COMMA = str.maketrans(",.", ".,")
_NO_DATE = np.datetime64("NaT", "D")
# 0,125 is a decimal, as no number begins its thousands with 0.
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+")
_THOUSANDS_AND_DECIMALS = re.compile(_THOUSANDS.pattern + r"(\.\d*)?")
_COUNTED_MONTHS = re.compile(r"[+-]?\d{1,3}(\.0*)?")
NOT_A_MONTH = "neither a month written as 2026-01"
MONTHS_REMEDY = (
    "A month is a date such as 2026-01: turn months that are counted from a start into dates. Only "
    "where such a number stands for no answer, declare it in [files.missing_codes]."
)
_PART = "They seem to hold commas between thousands: remove those commas in the file."


def number_reader(decimal: str) -> Callable[[str], float]:
    """Give the reading of a cell as a number; NaN where it is none."""

    def number(cell: str) -> float:
        # Where the comma is the decimal sign, a point may part thousands: not guessed.
        written = cell.translate(_COMMA) if decimal == "," else cell
        value = float(written) if NUMBER.fullmatch(written) else np.nan
        return value if abs(value) < LARGEST else np.nan

    return number


def date_reader(form: str) -> Callable[[str], np.datetime64]:
    """Give the reading of a cell as a date; NaT where it is none."""

    def date(cell: str) -> np.datetime64:
        try:
            return np.datetime64(dt.datetime.strptime(cell, form).date(), "D")
        except ValueError:
            return _NO_DATE

    return date


def parts_thousands(cell: str) -> bool:
    """Whether a comma that the plan takes for the decimal sign may part thousands."""
    return bool(_THOUSANDS.fullmatch(cell))


def warn_of_thousands(sheet: Sheet, heading: str, cells: Iterable[str], ledger: Ledger) -> None:
    """Warn of a column in which every comma may part thousands, and none a decimal.

    Parameters
    ----------
    sheet : Sheet
        Of a file that declares the comma as its decimal sign.
    heading : str
    cells : iterable of str
        The distinct cells of the column.
    ledger : Ledger
    """
    with_comma = [cell for cell in cells if "," in cell]
    if not with_comma or not all(map(parts_thousands, with_comma)):
        return
    ledger.add(
        Severity.WARNING,
        "SW131",
        "every comma stands before exactly three digits, and was read as a decimal sign",
        "If these commas part thousands, the numbers are a thousand times too small: remove them.",
        file=sheet.spec.place,
        column=sheet.place(heading),
    )


def report_type(
    sheet: Sheet, heading: str, cells: Cells, wrong: NDArray[np.bool_], kind: str, ledger: Ledger
) -> None:
    """Report cells that are not of the declared type, by what may be done about them.

    Parameters
    ----------
    sheet : Sheet
    heading : str
    cells : ndarray of str, shape (n,)
        The column as text.
    wrong : ndarray of bool, shape (n,)
    kind : str
        What they are not, as in ``not a number``.
    ledger : Ledger
    """
    if kind.startswith(NOT_A_MONTH):
        counted = np.zeros(len(wrong), dtype=bool)
        counted[wrong] = [_COUNTED_MONTHS.fullmatch(cell) is not None for cell in cells[wrong]]
        if counted.any():
            told = (Severity.ERROR, "SW04", kind, MONTHS_REMEDY)
            report_cells(sheet, heading, counted, told, ledger)
        wrong = wrong & ~counted
    for rows, missing in parted(wrong, cells[wrong]):
        if missing:
            report_cells(sheet, heading, rows, (Severity.ERROR, "SW04", kind, DECLARE), ledger)
            continue
        for some, remedy in _remedies(sheet, kind, cells, rows):
            report_cells(sheet, heading, some, (Severity.ERROR, "SW04", kind, remedy), ledger)


def _remedies(
    sheet: Sheet, kind: str, cells: Cells, wrong: NDArray[np.bool_]
) -> Iterator[tuple[NDArray[np.bool_], str]]:
    """Give the rows of each remedy; serial numbers may stand among dates written as text."""
    if kind == NOT_A_NUMBER:
        yield wrong, _number_remedy(sheet, cells[wrong])
        return
    serial = np.zeros(len(wrong), dtype=bool)
    serial[wrong] = [looks_like_serial(cell) for cell in cells[wrong]]
    as_written = "Correct them, or set date_format to how the file writes dates."
    for rows, remedy in ((serial, SERIALS_REMEDY), (wrong & ~serial, as_written)):
        if rows.any():
            yield rows, remedy


def _number_remedy(sheet: Sheet, faulty: Cells) -> str:
    if sheet.spec.decimal == "." and all("," in cell for cell in faulty):
        if all(map(_THOUSANDS_AND_DECIMALS.fullmatch, faulty)):
            return _PART
        return 'They hold a comma: set decimal = ",".'
    if any(map(NUMBER.fullmatch, faulty)):
        return "Correct them in the file: a number of more than 15 digits cannot be right."
    return "Correct them in the file."
