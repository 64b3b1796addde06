"""REDCap exports (CSV, raw codes) with the data dictionary of their project."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Severity
from splw_eval.data.codebook import codebook
from splw_eval.data.formats.dictionary import COMPLETE, Field, read_dictionary
from splw_eval.data.formats.opened import Opened
from splw_eval.data.formats.text import text_records
from splw_eval.data.records import sheet_from_records
from splw_eval.data.sheet import Cells, Sheet, wanted_headings

_OWN = re.compile(r"redcap_\w+|\w+_timestamp|\w+_complete")
_REPEAT = "redcap_repeat_instrument"
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[ T]\d{2}:\d{2}(:\d{2})?)?")
_CHECKBOX = re.compile(r"(.+?)___(.+)")


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
    sheet = _of_these_forms(sheet, fields, file)
    columns = {h: _column(sheet, h, _field_of(h, fields), file) for h in sheet.header}
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
    box = _CHECKBOX.fullmatch(heading)
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


def _of_these_forms(sheet: Sheet, fields: Mapping[str, Field], file: Opened) -> Sheet:
    """Keep the rows that hold something on a form which the plan reads from."""
    named = {*wanted_headings(sheet.spec), *_of_codebook(sheet)}
    first = next(iter(fields), "")  # the record's own field, filled on every row
    forms = {f.form for h in named - {first} if (f := _field_of(h, fields)) is not None}
    if not forms:
        forms = {fields[first].form} if first else set()
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


def _column(sheet: Sheet, heading: str, field: Field | None, file: Opened) -> _Column:
    cells = sheet.cells[heading]
    if field is None:
        return _Column(cells=cells, labels={}, reasons=None)
    codes = file.spec.missing_codes
    missing = {**field.missing, **codes.get("*", {}), **codes.get(heading, {})}
    cells, reasons = _without_missing(cells, missing)
    labels: dict[float, str] = {}
    if field.kind == "checkbox":
        cells = _numbers(cells)
        _report_box(sheet, heading, field, file)
    elif field.choices:
        cells, labels = _chosen(sheet, heading, cells, field, file)
    elif field.validation.startswith(("date_", "datetime_")):
        cells = _days(cells)
    if field.low or field.high:
        _report_range(sheet, heading, cells, field, file)
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
    if all(not cell or _NUMBER.fullmatch(cell) for cell in known):
        return np.array([float(cell) if cell else np.nan for cell in cells])
    return cells


def _chosen(
    sheet: Sheet, heading: str, cells: Cells, field: Field, file: Opened
) -> tuple[Cells, dict[float, str]]:
    """Codes of choices as numbers with labels, or as labels where a code is no number."""
    labels = set(field.choices.values())
    given = [cell for cell in dict.fromkeys(cells) if cell]
    if given and all(cell in labels and cell not in field.choices for cell in given):
        return cells, {}  # an export of labels: they say what codes would
    strange = np.isin(cells, [cell for cell in given if cell not in field.choices])
    _report(
        sheet,
        heading,
        strange,
        file,
        ("SW45", "not among the choices of the dictionary", "Check them in REDCap."),
    )
    numeric = all(_NUMBER.fullmatch(code) for code in field.choices)
    numbers = _numbers(cells) if numeric else cells
    if numbers.dtype == object:
        table = {cell: field.choices.get(cell, cell) for cell in dict.fromkeys(cells)}
        return np.array([table[cell] for cell in cells], dtype=object), {}
    return numbers, {float(code): label for code, label in field.choices.items()}


def _days(cells: Cells) -> Cells:
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


def _report_box(sheet: Sheet, heading: str, field: Field, file: Opened) -> None:
    box = _CHECKBOX.fullmatch(heading)
    known = {_box_code(code) for code in (*field.choices, *field.missing)}
    if box and box[2] not in known:
        every = np.ones(len(sheet), dtype=bool)
        told = ("SW45", "a box that the dictionary does not list", "Export the dictionary again.")
        _report(sheet, heading, every, file, told)


def _box_code(code: str) -> str:
    """Code as REDCap writes it into the heading of a box: -9 becomes _9."""
    return code.lower().replace("-", "_")


def _report_range(sheet: Sheet, heading: str, cells: Cells, field: Field, file: Opened) -> None:
    """Report what lies outside the dictionary's limits; limits that refer elsewhere are not met."""
    dates = cells.dtype.kind == "M"
    values = cells if dates else _loose_numbers(cells)
    wrong = np.zeros(len(sheet), dtype=bool)
    for written, below in ((field.low, True), (field.high, False)):
        if dates and (match := _DAY.fullmatch(written)):
            limit = _days(np.array([match[1]], dtype=object))[0]
        elif not dates and _NUMBER.fullmatch(written):
            limit = float(written)
        else:
            continue
        if not isinstance(limit, str):
            wrong |= (values < limit) if below else (values > limit)
    told = ("SW44", "outside the limits of the dictionary", "Check them in REDCap; they are used.")
    _report(sheet, heading, wrong, file, told)


def _loose_numbers(cells: Cells) -> NDArray[np.float64]:
    if cells.dtype.kind == "f":
        return cells
    table = {c: float(c) if _NUMBER.fullmatch(c) else np.nan for c in dict.fromkeys(cells)}
    return np.array([table[cell] for cell in cells], dtype=np.float64)


def _report(
    sheet: Sheet, heading: str, which: NDArray[np.bool_], file: Opened, told: tuple[str, str, str]
) -> None:
    code, problem, remedy = told
    if which.any():
        file.ledger.add(
            Severity.WARNING,
            code,
            problem,
            remedy,
            file=file.spec.place,
            column=sheet.place(heading),
            rows=sheet.rows[which],
            of_rows=len(sheet),
        )
