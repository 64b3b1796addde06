"""One column of a file by the type that the codebook declares."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Severity
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
    if column.kind == "date":
        monthly = column.unit == "month"
        return _months(sheet, heading, ledger) if monthly else dates(sheet, heading, ledger)
    if column.kind == "number":
        return numbers(sheet, heading, ledger)
    if column.kind == "whole":
        return _whole(sheet, heading, ledger)
    if column.kind == "yes_no":
        return _yes_no(sheet, heading, vocabulary, ledger)
    if column.kind == "term":
        return _terms(sheet, heading, column.vocabulary, vocabulary, ledger)
    return names(sheet, heading)


def _whole(sheet: Sheet, heading: str, ledger: Ledger) -> NDArray[np.float64]:
    values = numbers(sheet, heading, ledger)
    wrong = ~np.isnan(values) & (values != np.floor(values))
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


def _months(sheet: Sheet, heading: str, ledger: Ledger) -> NDArray[np.datetime64]:
    """Give the first day of each month; months may also be written 2026-01."""
    cells, absent = texts(sheet, heading), missing_cells(sheet, heading)
    written = each(cells, lambda cell: bool(_MONTH.fullmatch(cell)), np.bool_)
    if (written & ~absent).any() and (written | absent).all():
        values = each(
            np.where(absent, "", cells), lambda c: np.datetime64(c or "NaT", "D"), "M8[D]"
        )
    else:
        values = dates(sheet, heading, ledger)
    return values.astype("M8[M]").astype("M8[D]")


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
