"""Cells to numbers, dates and names, by declared type; nothing is guessed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.data.headings import reason_said
from splw_eval.data.ledger import Ledger
from splw_eval.data.sheet import Cells, Sheet
from splw_eval.data.written import (
    LARGEST,
    NOT_A_NUMBER,
    NUMBER,
    date_reader,
    number_reader,
    report_type,
    warn_of_thousands,
)

Distinct = tuple[list[Any], NDArray[np.int64]]  # distinct cells, and the place of each row's

_MANY = 20_000  # cells that are worth the time pandas takes to start
_NO_DATE = np.datetime64("NaT", "D")


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """A column of names, each distinct one once.

    Attributes
    ----------
    values : tuple of str
        Distinct names, in the order of the file where it holds text.
    codes : ndarray of int, shape (n,)
        Position of each row's name in `values`; -1 where it is missing.
    """

    values: tuple[str, ...]
    codes: NDArray[np.int64]

    def looked_up(self, table: Mapping[str, int], otherwise: int = -1) -> NDArray[np.int64]:
        """Return a number for each row by its name; `otherwise` for others and missing ones."""
        numbers = [table.get(value, otherwise) for value in self.values]
        return np.array([*numbers, otherwise], dtype=np.int64)[self.codes]

    @property
    def held(self) -> list[str]:
        """Distinct names that are not missing, in the order of `values`."""
        seen = np.zeros(len(self.values) + 1, dtype=bool)
        seen[self.codes] = True  # a missing one, -1, marks the last
        if seen[:-1].all():
            return list(self.values)
        return [self.values[code] for code in np.flatnonzero(seen[:-1])]

    @property
    def cells(self) -> Cells:
        """The names row by row; missing ones are empty text."""
        return np.array([*self.values, ""], dtype=object)[self.codes]


def distinct(cells: Cells) -> Distinct:
    """Distinct cells and the position of each row's cell among them."""
    if cells.dtype == object:
        # Rows of one person mostly stand together: only the first of each run is looked up.
        starts = np.flatnonzero(np.concatenate([[True], cells[1:] != cells[:-1]])[: len(cells)])
        return distinct_of_starts(cells, starts)
    sorted_values, where = np.unique(cells, return_inverse=True)
    return list(sorted_values), where.astype(np.int64)


def distinct_of_starts(cells: Cells, starts: NDArray[np.int64]) -> Distinct:
    """Distinct texts of a column, of which each run of equal ones starts at `starts`."""
    if len(starts) == len(cells):
        return _distinct_text(cells)
    values, where = _distinct_text(cells[starts])
    return values, np.repeat(where, np.diff(starts, append=len(cells)))


def _distinct_text(cells: Cells) -> Distinct:
    if len(cells) > _MANY:
        import pandas as pd

        where, values = pd.factorize(cells)
        if (values[where] == cells).all():  # it reads text only up to a zero byte
            return list(values), where.astype(np.int64, copy=False)
    held = cells.tolist()
    place = {value: i for i, value in enumerate(dict.fromkeys(held))}
    return list(place), np.fromiter(map(place.__getitem__, held), dtype=np.int64, count=len(held))


def distinct_of(sheet: Sheet, heading: str) -> Distinct:
    """Distinct cells of a column, worked out once a column."""
    key = f"{heading}\x00distinct"
    if key not in sheet.named:
        sheet.named[key] = distinct(sheet.cells[heading])
    found: Distinct = sheet.named[key]
    return found


def keep_distinct(sheet: Sheet, known: Mapping[str, Distinct]) -> None:
    """Keep distinct cells of columns that were worked out while they were read."""
    for heading, found in known.items():
        if heading in sheet.cells:
            sheet.named[f"{heading}\x00distinct"] = found


def _each_of(sheet: Sheet, heading: str, convert: Callable[[Any], Any], dtype: Any) -> NDArray[Any]:
    """Convert the cells of a column, each distinct one once."""
    values, where = distinct_of(sheet, heading)
    return np.array([convert(value) for value in values], dtype=dtype)[where]


def each(cells: Cells, convert: Callable[[Any], Any], dtype: Any) -> NDArray[Any]:
    """Convert cells, each distinct one once."""
    values, where = distinct(cells)
    return np.array([convert(value) for value in values], dtype=dtype)[where]


def plain(value: float) -> str:
    """Return a number as a CSV of the same data would write it."""
    if np.isnan(value):
        return ""
    return f"{value:.0f}" if float(value).is_integer() else repr(float(value))


def texts(sheet: Sheet, heading: str) -> Cells:
    """Cells as text; a labelled value by its label, a missing one as empty text."""
    cells = sheet.cells[heading]
    if cells.dtype == object:
        return cells
    if cells.dtype.kind == "M":
        form = sheet.spec.date_format
        return each(
            cells, lambda d: "" if np.isnat(d) else d.astype(dt.date).strftime(form), object
        )
    labels = sheet.labels.get(heading, {})
    return each(cells, lambda value: labels.get(float(value), plain(value)), object)


def missing_cells(sheet: Sheet, heading: str) -> NDArray[np.bool_]:
    """Whether each cell is empty or a declared missing code."""
    codes = sheet.spec.missing_codes
    declared = {"", *codes.get("*", {}), *codes.get(heading, {})}
    cells = sheet.cells[heading]
    if cells.dtype == object:
        return _each_of(sheet, heading, declared.__contains__, np.bool_)
    if cells.dtype.kind == "M":
        return np.isnat(cells)
    absent: NDArray[np.bool_] = np.isnan(cells)
    for code in declared:
        if NUMBER.fullmatch(code):
            absent |= cells == float(code)
    return absent


def missing_reasons(sheet: Sheet, heading: str) -> Cells:
    """Why each cell is missing: what the file or the plan says, ``empty``, or empty text."""
    codes = sheet.spec.missing_codes
    said = {**codes.get("*", {}), **codes.get(heading, {})}
    absent = missing_cells(sheet, heading)
    reason = np.full(len(sheet), "", dtype=object)
    reason[absent] = "empty"
    cells = sheet.cells[heading]
    for code, why in said.items():
        if cells.dtype == object:
            reason[cells == code] = why
        elif cells.dtype.kind == "f" and NUMBER.fullmatch(code):
            reason[cells == float(code)] = why
    of_file = sheet.reasons.get(heading)
    if of_file is None:
        return reason
    safe = each(of_file, lambda why: reason_said(why) if why else "", object)
    return np.where(of_file != "", safe, reason)


def numbers(sheet: Sheet, heading: str, ledger: Ledger) -> NDArray[np.float64]:
    """Numbers of a column; missing and faulty cells are NaN, faulty ones are reported."""
    cells = sheet.cells[heading]
    typed = cells.dtype.kind == "f"
    if typed and not _declares_codes(sheet, heading) and not (np.abs(cells) >= LARGEST).any():
        return cells  # what is missing is NaN already
    absent = missing_cells(sheet, heading)
    if typed:
        values = np.where(np.abs(cells) < LARGEST, cells, np.nan)
    elif cells.dtype.kind == "M":
        values = np.full(len(sheet), np.nan)
    else:
        values = _each_of(sheet, heading, number_reader(sheet.spec.decimal), np.float64)
        if sheet.spec.decimal == ",":
            warn_of_thousands(sheet, heading, distinct_of(sheet, heading)[0], ledger)
    wrong = np.isnan(values) & ~absent
    if wrong.any():
        report_type(sheet, heading, texts(sheet, heading), wrong, NOT_A_NUMBER, ledger)
    return np.where(absent | wrong, np.nan, values)


def _declares_codes(sheet: Sheet, heading: str) -> bool:
    """Whether the plan names a missing code for a column."""
    codes = sheet.spec.missing_codes
    return bool(codes.get("*") or codes.get(heading))


def dates(sheet: Sheet, heading: str, ledger: Ledger) -> NDArray[np.datetime64]:
    """Dates of a column; missing and faulty cells are NaT, faulty ones are reported."""
    cells, absent = sheet.cells[heading], missing_cells(sheet, heading)
    form = sheet.spec.date_format
    if cells.dtype.kind == "M":
        values = cells
    elif cells.dtype.kind == "f":
        values = np.full(len(sheet), _NO_DATE)
    else:
        values = _each_of(sheet, heading, date_reader(form), "M8[D]")
    wrong = np.isnat(values) & ~absent
    if wrong.any():
        kind = f"not a date written as {form}"
        report_type(sheet, heading, texts(sheet, heading), wrong, kind, ledger)
    return np.where(absent, _NO_DATE, values)


def named(sheet: Sheet, heading: str) -> Names:
    """Names of a column, each distinct one once; worked out once a column."""
    if heading not in sheet.named:
        sheet.named[heading] = _named(sheet, heading)
    found: Names = sheet.named[heading]
    return found


def _named(sheet: Sheet, heading: str) -> Names:
    cells, labels = sheet.cells[heading], sheet.labels.get(heading)
    if cells.dtype.kind == "f" and not labels:
        values, codes = _whole_numbers(cells)
    else:
        is_text = cells.dtype == object
        values, codes = distinct_of(sheet, heading) if is_text else distinct(texts(sheet, heading))
    absent = missing_cells(sheet, heading)
    return Names(values=tuple(values), codes=np.where(absent, -1, codes))


def _whole_numbers(cells: NDArray[np.float64]) -> tuple[list[str], NDArray[np.int64]]:
    """Distinct numbers as text; whole ones, which pseudonyms mostly are, at once."""
    values, codes = np.unique(cells, return_inverse=True)
    known = values[~np.isnan(values)]
    if len(known) and (np.abs(known) < 2**53).all() and (known == np.floor(known)).all():
        written = [str(value) for value in known.astype(np.int64).tolist()]
        return [*written, *[""] * (len(values) - len(known))], codes.astype(np.int64)
    return [plain(value) for value in values], codes.astype(np.int64)


def names(sheet: Sheet, heading: str) -> Cells:
    """Names of a column, row by row; missing ones are empty text."""
    return named(sheet, heading).cells
