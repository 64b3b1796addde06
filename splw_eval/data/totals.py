"""Rows of totals and means that stand among the data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from splw_eval.core.findings import Severity
from splw_eval.data.codebook import codebook
from splw_eval.data.ledger import Ledger
from splw_eval.data.parse import Distinct
from splw_eval.data.sheet import Cells, Sheet

_WORD = re.compile(
    r"((grand|overall|column) |sub[- ]?)?totals?\b.*"
    r"|(sum|mean|average|median|count)\b[\s:=()n\d.,]*",
    re.IGNORECASE,
)
_FIRST_WORDS = (
    *("grand", "overall", "column", "sub", "total"),
    *("sum", "mean", "average", "median", "count"),
)
_NUMBER = re.compile(r"[+-]?\d+(\.(\d*))?")
_LOOKED_AT = 50  # rows without a key that are compared with the columns' sums and means


def without_totals(
    sheet: Sheet, ledger: Ledger, known: Mapping[str, Distinct] | None = None
) -> Sheet:
    """Report rows that sum the others up; the run stops for them.

    A row is one where the column of the key (the person, the episode, ...) holds a word such as
    Total; where the key is empty and another cell holds such a word; or where the key is empty
    and every number that is given is the sum, or else the mean, of its column.

    Parameters
    ----------
    sheet : Sheet
        Columns of numbers and dates, as typed files have, are not summed up.
    ledger : Ledger
    known : mapping, optional
        Distinct cells of columns, where they are worked out already.

    Returns
    -------
    Sheet
        Without those rows, so that one fault is not reported once for each of their cells.
    """
    first = next(iter(codebook()[sheet.spec.table]))
    heading = sheet.heading(first)
    of_key = heading if heading and heading in sheet.cells else sheet.header[0]
    key = sheet.cells[of_key]
    if key.dtype != object:
        return sheet
    values = known[of_key][0] if known and of_key in known else key
    found = [i for word in _words(values) for i in np.flatnonzero(key == word)]
    unkeyed = np.flatnonzero(key == "")
    if len(unkeyed):
        rest = {name: c for name, c in sheet.cells.items() if name and c.dtype == object}
        for i in unkeyed[:_LOOKED_AT]:
            given = {name: cells[i] for name, cells in rest.items() if cells[i]}
            if _words(given.values()) or _sums_up(sheet, given, key != ""):
                found.append(i)
    if not found:
        return sheet
    ledger.add(
        Severity.ERROR,
        "SW40",
        "totals or means among the data",
        "Remove them from the file: they would be counted as people.",
        file=sheet.spec.place,
        rows=sheet.rows[np.sort(found)],
        of_rows=len(sheet),
    )
    kept = np.delete(np.arange(len(sheet)), found)
    return replace(
        sheet,
        rows=sheet.rows[kept],
        cells={name: cells[kept] for name, cells in sheet.cells.items()},
        reasons={name: cells[kept] for name, cells in sheet.reasons.items()},
        named={},
    )


def _words(cells: Iterable[str]) -> list[str]:
    distinct = list(dict.fromkeys(cells))
    text = "\n".join(["", *distinct]).casefold()
    if not any(f"\n{word}" in text for word in _FIRST_WORDS):  # as for a million pseudonyms
        return []
    return [cell for cell in distinct if _WORD.fullmatch(cell)]


def _sums_up(sheet: Sheet, given: dict[str, str], others: Cells) -> bool:
    """Whether every cell given is the sum, or every one the mean, of its column."""
    comma = sheet.spec.decimal == ","
    written = {name: cell.replace(",", ".") if comma else cell for name, cell in given.items()}
    if not written or others.sum() < 2:  # noqa: PLR2004  # of one row, sum and mean are itself
        return False
    is_sum = is_mean = True
    for name, cell in written.items():
        match = _NUMBER.fullmatch(cell)
        if match is None:
            return False
        column = _numbers(sheet.cells[name][others], comma=comma)
        within = 0.5 * 10.0 ** -len(match[2] or "") + 1e-9
        total, n = column.sum(), max(len(column), 1)
        is_sum &= bool(abs(total - float(cell)) <= within)
        is_mean &= bool(abs(total / n - float(cell)) <= within)
    return is_sum or is_mean


def _numbers(cells: Cells, *, comma: bool) -> Cells:
    written = (cell.replace(",", ".") if comma else cell for cell in cells)
    return np.array([float(cell) for cell in written if _NUMBER.fullmatch(cell)])
