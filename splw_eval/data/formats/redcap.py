"""REDCap exports (CSV, raw codes) with the data dictionary of their project."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Severity
from splw_eval.data.codebook import codebook
from splw_eval.data.formats.dictionary import COMPLETE, Field, read_dictionary
from splw_eval.data.formats.limits import (
    CHECKBOX,
    NUMBER,
    days,
    is_of_labels,
    report_box,
    report_range,
    report_strange,
)
from splw_eval.data.formats.opened import Opened
from splw_eval.data.formats.text import text_records
from splw_eval.data.records import sheet_from_records
from splw_eval.data.sheet import Cells, Sheet, wanted_headings

_OWN = re.compile(r"redcap_\w+|\w+_timestamp|\w+_complete")
_REPEAT = "redcap_repeat_instrument"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """One column as it leaves, with its labels and reasons, where there are any."""

    cells: Cells
    labels: Mapping[float, str]
    reasons: Cells | None


def read_redcap(file: Opened, dictionary: Opened) -> Sheet | None:
    """Read an export and give each column the type and the labels of the dictionary.

    Parameters
    ----------
    file : Opened
        The export, with raw codes; ``redcap_event_name`` may serve as the column of the wave.
    dictionary : Opened
        The data dictionary of the project.

    Returns
    -------
    Sheet or None
        Choices as numbers with labels where every code is a number, otherwise as labels; dates
        as days; missing data codes as missing, with their reasons. Only the rows that hold
        something on the forms that the plan reads from: an export repeats each person for every
        event and every repeated form.
    """
    fields = read_dictionary(dictionary)
    records = text_records(file)
    if fields is None or records is None:
        return None
    sheet = sheet_from_records(file.spec, records, file.ledger)
    if sheet is None:
        return None
    if not _belong_together(sheet, fields, file):
        return None
    forms = _forms(sheet, fields)
    sheet = _of_these_forms(sheet, fields, forms, file)
    read = _read_columns(sheet, fields, forms)
    columns = {
        h: _column(sheet, h, _field_of(h, fields), file, is_read=h in read) for h in sheet.header
    }
    return replace(
        sheet,
        cells={heading: column.cells for heading, column in columns.items()},
        labels={heading: column.labels for heading, column in columns.items() if column.labels},
        reasons={h: c.reasons for h, c in columns.items() if c.reasons is not None},
    )


def _field_of(heading: str, fields: Mapping[str, Field]) -> Field | None:
    """Field of a column; ``field___code`` belongs to the checkbox field before the code."""
    if heading in fields:
        return fields[heading]
    box = CHECKBOX.fullmatch(heading)
    if box and box[1] in fields and fields[box[1]].kind == "checkbox":
        return fields[box[1]]
    form = heading.removesuffix("_complete")
    if form != heading and any(field.form == form for field in fields.values()):
        return Field(form=form, kind="complete", validation="", choices=COMPLETE)
    return None


def _belong_together(sheet: Sheet, fields: Mapping[str, Field], file: Opened) -> bool:
    """Whether the dictionary knows any heading; those it does not know are reported."""
    unknown = [h for h in sheet.header if h and _field_of(h, fields) is None]
    if not any(h in fields for h in sheet.header):  # row 1 may hold data: it is not repeated
        problem = "has no column of its data dictionary"
        file.refuse(problem, "Name the dictionary of the same project, and export as CSV.", "SW43")
        return False
    strange = [h for h in unknown if not _OWN.fullmatch(h)]
    if strange:
        file.ledger.add(
            Severity.WARNING,
            "SW43",
            f"{len(strange)} of {len(sheet.header)} columns are not in the data dictionary",
            f"Export the dictionary again if the project has changed ({sheet.place(strange[0])}).",
            file=file.spec.place,
        )
    return True


def _of_these_forms(
    sheet: Sheet, fields: Mapping[str, Field], forms: Set[str], file: Opened
) -> Sheet:
    """Keep the rows that hold something on a form which the plan reads from."""
    first = next(iter(fields), "")
    on_them = [
        heading
        for heading in sheet.header
        if heading != first
        and (field := _field_of(heading, fields)) is not None
        and field.form in forms
        and field.kind not in {"complete", "checkbox"}  # never empty, though nothing was filled
    ]
    if not on_them:
        return sheet
    held = np.zeros(len(sheet), dtype=bool)
    for heading in on_them:
        held |= sheet.cells[heading] != ""
    for heading, cells in sheet.cells.items():
        of_heading = _field_of(heading, fields)
        if of_heading and of_heading.form in forms and of_heading.kind == "checkbox":
            held |= cells == "1"
    return _only(sheet, held, file)


def _forms(sheet: Sheet, fields: Mapping[str, Field]) -> set[str]:
    """Forms that the plan reads from.

    Columns of the codebook that happen to stand in the export count for the people alone: a
    practice or a link worker on the form of the start makes no questionnaire and no contact.
    """
    first = next(iter(fields), "")  # the record's own field, filled on every row
    named, by_name = set(wanted_headings(sheet.spec)), set(_of_codebook(sheet))
    for headings in (named | by_name,) if sheet.spec.table == "people" else (named, by_name):
        found = {f.form for h in headings - {first} if (f := _field_of(h, fields)) is not None}
        if found:
            return found
    return {fields[first].form} if first else set()


def _of_codebook(sheet: Sheet) -> Iterable[str]:
    roles = codebook()[sheet.spec.table]
    return (heading for role in roles if (heading := sheet.heading(role)) is not None)


def _only(sheet: Sheet, held: NDArray[np.bool_], file: Opened) -> Sheet:
    if held.all():
        return sheet
    file.ledger.add(
        Severity.NOTE,
        "SW46",
        "rows of other forms or events were left out",
        "Nothing to do if the forms that the plan reads from are empty there.",
        file=file.spec.place,
        rows=sheet.rows[~held],
        of_rows=len(sheet),
    )
    cells = {heading: column[held] for heading, column in sheet.cells.items()}
    return replace(sheet, cells=cells, rows=sheet.rows[held])


def _read_columns(sheet: Sheet, fields: Mapping[str, Field], forms: Set[str]) -> set[str]:
    """Headings that this table reads; what another table reads is told when it is read.

    Dates of the same forms are among them, as time zero may be any.
    """
    named = {*wanted_headings(sheet.spec), *_of_codebook(sheet)}
    return {
        heading
        for heading in sheet.header
        if (field := _field_of(heading, fields)) is not None
        and (heading in named or (field.is_date and field.form in forms))
    }


def _column(
    sheet: Sheet, heading: str, field: Field | None, file: Opened, *, is_read: bool
) -> _Column:
    cells = sheet.cells[heading]
    if field is None:
        return _Column(cells=cells, labels={}, reasons=None)
    codes = file.spec.missing_codes
    missing = {**field.missing, **codes.get("*", {}), **codes.get(heading, {})}
    cells, reasons = _without_missing(cells, missing)
    labels: dict[float, str] = {}
    if field.kind == "checkbox":
        cells = _numbers(cells)
        report_box(sheet, heading, field, file.ledger)
    elif field.choices:
        if is_read:
            report_strange(sheet, heading, cells, field, file.ledger)
        cells, labels = _chosen(cells, field)
    elif field.is_date:
        cells = days(cells)
    if is_read and (field.low or field.high):
        report_range(sheet, heading, cells, field, file.ledger)
    return _Column(cells=cells, labels=labels, reasons=reasons)


def _without_missing(cells: Cells, missing: Mapping[str, str]) -> tuple[Cells, NDArray[Any] | None]:
    """Cells with the missing data codes taken out, and the reasons that these give."""
    reasons = np.full(len(cells), "", dtype=object)
    for code in missing.keys() & set(cells) - {""}:
        reasons[cells == code] = missing[code]
    given = reasons != ""
    return (np.where(given, "", cells), reasons) if given.any() else (cells, None)


def _numbers(cells: Cells) -> Cells:
    """Numbers where every cell is one or empty; the cells otherwise."""
    known = dict.fromkeys(cells)
    if all(not cell or NUMBER.fullmatch(cell) for cell in known):
        return np.array([float(cell) if cell else np.nan for cell in cells])
    return cells


def _chosen(cells: Cells, field: Field) -> tuple[Cells, dict[float, str]]:
    """Codes of choices as numbers with labels, or as labels where a code is no number."""
    if is_of_labels(cells, field):
        return cells, {}  # an export of labels: they say what codes would
    numeric = all(NUMBER.fullmatch(code) for code in field.choices)
    numbers = _numbers(cells) if numeric else cells
    if numbers.dtype == object:
        table = {cell: field.choices.get(cell, cell) for cell in dict.fromkeys(cells)}
        return np.array([table[cell] for cell in cells], dtype=object), {}
    return numbers, {float(code): label for code, label in field.choices.items()}
