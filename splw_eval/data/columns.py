"""One column of a file by the type that the codebook declares."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Severity
from splw_eval.data.bands import age_band, bands_remedy
from splw_eval.data.codebook import CodebookColumn, codebook
from splw_eval.data.ledger import Ledger
from splw_eval.data.lookalikes import DECLARE, parted
from splw_eval.data.parse import (
    dates,
    each,
    missing_cells,
    named,
    names,
    numbers,
    texts,
)
from splw_eval.data.sheet import Cells, Sheet
from splw_eval.data.vocabulary import UNMAPPED, Vocabulary
from splw_eval.data.written import NOT_A_MONTH, date_reader, parts_thousands, report_type

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def unit_keys(table: str) -> tuple[str, ...]:
    """Columns that together tell the rows of a table apart, where it has any.

    Those of people and of measures are looked after where people are gathered.
    """
    if table == "service_use":
        return ("person", "month")
    return tuple(
        c.name for c in codebook()[table].values() if c.kind == "key" and table != "people"
    )


def column_of(
    sheet: Sheet, heading: str, column: CodebookColumn, vocabulary: Vocabulary, ledger: Ledger
) -> NDArray[Any]:
    """Read a column by its kind; faulty cells are reported and missing, shape (n,)."""
    if column.kind == "yes_no":
        return _yes_no(sheet, heading, vocabulary, ledger)
    if column.kind == "term":
        return _terms(sheet, heading, column.vocabulary, vocabulary, ledger)
    monthly = column.unit == "month"
    readers: dict[str, Callable[[Sheet, str, Ledger], NDArray[Any]]] = {
        "date": _months if monthly else dates,
        "number": numbers,
        "whole": _whole,
        "band": _bands,
    }
    read = readers.get(column.kind)
    return read(sheet, heading, ledger) if read else names(sheet, heading)


def _whole(sheet: Sheet, heading: str, ledger: Ledger) -> NDArray[np.float64]:
    values = numbers(sheet, heading, ledger)
    wrong = ~np.isnan(values) & (values != np.floor(values))
    if sheet.spec.decimal == "," and sheet.cells[heading].dtype == object:
        parted_off = each(sheet.cells[heading], parts_thousands, np.bool_) & ~np.isnan(values)
        remedy = "Commas seem to part thousands in them: remove those commas in the file."
        _report(sheet, heading, parted_off, "not a whole number", remedy, ledger)
        values, wrong = np.where(parted_off, np.nan, values), wrong & ~parted_off
    remedy = "Correct them: the codebook counts in whole numbers."
    _report(sheet, heading, wrong, "not a whole number", remedy, ledger)
    return np.where(wrong, np.nan, values)


def _yes_no(
    sheet: Sheet, heading: str, vocabulary: Vocabulary, ledger: Ledger
) -> NDArray[np.float64]:
    cells, codes = _distinct(sheet, heading)
    value_of, is_wrong = vocabulary.yes_no(cells)
    values, wrong = value_of[codes], is_wrong[codes]
    own = "Write yes or no, or declare your words in [vocabulary.terms.yes_no]."
    for rows, missing in parted(wrong, cells[codes[wrong]]):
        remedy = DECLARE if missing else own
        _report(sheet, heading, rows, "neither yes nor no", remedy, ledger)
    return values


def _terms(sheet: Sheet, heading: str, name: str, vocabulary: Vocabulary, ledger: Ledger) -> Cells:
    cells, codes = _distinct(sheet, heading)
    terms = vocabulary.standard(name, cells)[codes]
    if sheet.labels.get(
        heading
    ):  # a label that the vocabulary does not know may stand for a code that it does
        numbers_kept = each(sheet.cells[heading], lambda value: f"{value:g}", object)
        terms = np.where(terms == UNMAPPED, vocabulary.standard(name, numbers_kept), terms)
    unknown = terms == UNMAPPED
    if unknown.any():
        ledger.add(
            Severity.WARNING,
            "SW59",
            f"words that the list {name} of the vocabulary does not know",
            f"Say in [vocabulary.terms.{name}] what they stand for; until then they are "
            "counted as unknown words.",
            file=sheet.spec.place,
            column=sheet.place(heading),
            rows=sheet.rows[unknown],
            of_rows=len(sheet),
        )
    return terms


def _distinct(sheet: Sheet, heading: str) -> tuple[Cells, NDArray[np.int64]]:
    """Give the distinct words of a column, empty text last, and the place of each row's word."""
    column = named(sheet, heading)
    return np.array([*column.values, ""], dtype=object), column.codes


def _bands(sheet: Sheet, heading: str, ledger: Ledger) -> Cells:
    """Bands of ages, each written in one way; whatever else stands there goes no further."""
    cells, codes = _distinct(sheet, heading)
    bands = np.array([age_band(cell) for cell in cells], dtype=object)
    wrong = ((bands == "") & (cells != ""))[codes]
    for rows, missing in parted(wrong, cells[codes[wrong]]):
        remedy = DECLARE if missing else bands_remedy(set(cells[codes[rows]]))
        _report(sheet, heading, rows, "not a band of ages", remedy, ledger)
    return bands[codes]


def _months(sheet: Sheet, heading: str, ledger: Ledger) -> NDArray[np.datetime64]:
    """Give the first day of each month; months may also be written 2026-01."""
    if sheet.cells[heading].dtype != object:
        return _first_days(dates(sheet, heading, ledger))
    form, cells = sheet.spec.date_format, texts(sheet, heading)
    date = date_reader(form)
    values: NDArray[np.datetime64] = each(
        cells, lambda c: np.datetime64(c, "D") if _MONTH.fullmatch(c) else date(c), "M8[D]"
    )
    absent = missing_cells(sheet, heading)
    wrong = np.isnat(values) & ~absent
    if wrong.any():
        kind = f"{NOT_A_MONTH} nor a date written as {form}"
        report_type(sheet, heading, cells, wrong, kind, ledger)
    return _first_days(np.where(absent, np.datetime64("NaT", "D"), values))


def _first_days(days: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
    return days.astype("M8[M]").astype("M8[D]")


def _report(
    sheet: Sheet,
    heading: str,
    wrong: NDArray[np.bool_],
    problem: str,
    remedy: str,
    ledger: Ledger,
) -> None:
    if wrong.any():
        ledger.add(
            Severity.ERROR,
            "SW04",
            problem,
            remedy,
            file=sheet.spec.place,
            column=sheet.place(heading),
            rows=sheet.rows[wrong],
            of_rows=len(sheet),
        )
