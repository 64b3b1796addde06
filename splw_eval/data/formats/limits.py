"""Cells of a REDCap export held against its data dictionary: choices, boxes and limits."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Severity
from splw_eval.data.formats.dictionary import Field
from splw_eval.data.ledger import Ledger
from splw_eval.data.sheet import Cells, Sheet, report_cells

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
CHECKBOX = re.compile(r"(.+?)___(.+)")
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[ T]\d{2}:\d{2}(:\d{2})?)?")


def days(cells: Cells) -> Cells:
    """Days where every cell is a date or a time as REDCap writes it; the cells otherwise."""
    table: dict[str, np.datetime64] = {}
    for cell in dict.fromkeys(cells):
        match = _DAY.fullmatch(cell)
        if cell and match is None:
            return cells
        try:
            table[cell] = np.datetime64(match[1] if match else "NaT", "D")
        except ValueError:
            return cells
    return np.array([table[cell] for cell in cells], dtype="M8[D]")


def is_of_labels(cells: Cells, field: Field) -> bool:
    """Whether every cell is the label of a choice: then the export was made with labels."""
    labels = set(field.choices.values())
    given = [cell for cell in dict.fromkeys(cells) if cell]
    return bool(given) and all(cell in labels and cell not in field.choices for cell in given)


def report_strange(sheet: Sheet, heading: str, cells: Cells, field: Field, ledger: Ledger) -> None:
    """Report cells that are no choice of the dictionary."""
    if is_of_labels(cells, field):
        return
    known = dict.fromkeys(cells)
    strange = np.isin(cells, [cell for cell in known if cell and cell not in field.choices])
    told = ("SW45", "not among the choices of the dictionary", "Check them in REDCap.")
    _report(sheet, heading, strange, ledger, told)


def report_box(sheet: Sheet, heading: str, field: Field, ledger: Ledger) -> None:
    """Report a box that the dictionary does not list."""
    box = CHECKBOX.fullmatch(heading)
    known = {_box_code(code) for code in (*field.choices, *field.missing)}
    if box and box[2] not in known:
        every = np.ones(len(sheet), dtype=bool)
        told = ("SW45", "a box that the dictionary does not list", "Export the dictionary again.")
        _report(sheet, heading, every, ledger, told)


def _box_code(code: str) -> str:
    """Code as REDCap writes it into the heading of a box: -9 becomes _9."""
    return code.lower().replace("-", "_")


def report_range(sheet: Sheet, heading: str, cells: Cells, field: Field, ledger: Ledger) -> None:
    """Report what lies outside the dictionary's limits; limits that refer elsewhere are not met."""
    dates = cells.dtype.kind == "M"
    values = cells if dates else _loose_numbers(cells)
    wrong = np.zeros(len(sheet), dtype=bool)
    for written, below in ((field.low, True), (field.high, False)):
        if dates and (match := _DAY.fullmatch(written)):
            limit = days(np.array([match[1]], dtype=object))[0]
        elif not dates and NUMBER.fullmatch(written):
            limit = float(written)
        else:
            continue
        if not isinstance(limit, str):
            wrong |= (values < limit) if below else (values > limit)
    told = ("SW44", "outside the limits of the dictionary", "Check them in REDCap; they are used.")
    _report(sheet, heading, wrong, ledger, told)


def _loose_numbers(cells: Cells) -> NDArray[np.float64]:
    if cells.dtype.kind == "f":
        return cells
    table = {c: float(c) if NUMBER.fullmatch(c) else np.nan for c in dict.fromkeys(cells)}
    return np.array([table[cell] for cell in cells], dtype=np.float64)


def _report(
    sheet: Sheet, heading: str, which: NDArray[np.bool_], ledger: Ledger, told: tuple[str, str, str]
) -> None:
    if which.any():
        report_cells(sheet, heading, which, (Severity.WARNING, *told), ledger)
