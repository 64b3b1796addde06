"""SPSS and Stata files: types, value labels, and why a value is missing."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Severity
from splw_eval.data.formats.opened import Opened
from splw_eval.data.formats.trial import survives
from splw_eval.data.formats.typed import days_from, shortest, stripped
from splw_eval.data.records import sheet_from_columns
from splw_eval.data.sheet import Cells, Sheet

CELL_LIMIT = 50_000_000  # each passes through a Python object; a packed file says little of it
USER_MISSING = "user-missing"  # where the file has no label for such a value
_SPSS_DATE = re.compile(r"([AEJS]?DATE|DATETIME|YMDHMS|MOYR|QYR|WKYR)\d*(\.\d+)?", re.IGNORECASE)
_SPSS_ZERO, _STATA_ZERO = "1582-10-14", "1960-01-01"
_DAY_SECONDS = 86_400.0
_STATA_END = b"</stata_dta>"
_SAVE_AGAIN = "Open it in its own program and save it again, or export it as CSV."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Described:
    """One column with what the file says of it."""

    heading: str
    values: Sequence[Any]
    form: str
    storage: str
    labels: Mapping[Any, str]
    ranges: Sequence[Mapping[str, Any]]


def read_spss(file: Opened) -> Sheet | None:
    """Read an SPSS file: .sav or .zsav.

    Parameters
    ----------
    file : Opened

    Returns
    -------
    Sheet or None
        Numbers with their labels, dates as days, text without spaces at its ends. A user-missing
        value is missing, and its label is the reason; a label of a text value replaces it.
    """
    import pyreadstat

    return _read(file, "SPSS file", pyreadstat.read_sav, user_missing=True, **_encoding(file))


def read_portable(file: Opened) -> Sheet | None:
    """Read an SPSS portable file (.por); its user-missing values stay values, and that is said.

    The reader does not say which values of a portable file are user-missing.
    """
    import pyreadstat

    sheet = _read(file, "SPSS portable file", pyreadstat.read_por)
    if sheet is not None:
        problem = "which values SPSS takes for missing cannot be read from a portable file"
        remedy = "Declare them in [files.missing_codes], or save the file as .sav."
        file.ledger.add(Severity.NOTE, "SW137", problem, remedy, file=file.spec.place)
    return sheet


def read_stata(file: Opened) -> Sheet | None:
    """Read a Stata file; .a to .z are missing, with their labels or letters as reasons."""
    import pyreadstat

    if file.raw.startswith(b"<stata_dta>") and not file.raw.rstrip().endswith(_STATA_END):
        # Without its end the labels are lost, and the reader does not say so.
        file.refuse_damaged("Stata file", "Copy it again. " + _SAVE_AGAIN)
        return None
    return _read(file, "Stata file", pyreadstat.read_dta, user_missing=True, **_encoding(file))


def _encoding(file: Opened) -> dict[str, str]:
    """Give the encoding only where the plan says one: newer files say it themselves."""
    said = "encoding" in file.spec.model_fields_set
    return {"encoding": file.spec.encoding} if said else {}


def _read(file: Opened, kind: str, reader: Callable[..., Any], **options: Any) -> Sheet | None:
    import pyreadstat

    options |= {"output_format": "dict", "disable_datetime_conversion": True}
    if not survives(reader.__name__, file.raw, CELL_LIMIT, options):
        file.refuse_damaged(kind, "Copy it again. " + _SAVE_AGAIN)
        return None
    try:
        _, said = reader(io.BytesIO(file.raw), metadataonly=True, **options)
        limit = CELL_LIMIT // max(len(said.column_names), 1) + 1
        table, about = reader(io.BytesIO(file.raw), row_limit=limit, **options)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, *_DAMAGED):
        file.refuse_damaged(kind, "Copy it again. " + _SAVE_AGAIN)
        return None
    cells = len(table) * max((len(values) for values in table.values()), default=0)
    if cells > CELL_LIMIT:
        file.refuse_large(cells, CELL_LIMIT)
        return None
    return _sheet(file, [_described(name, values, about) for name, values in table.items()])


_DAMAGED = (ValueError, OverflowError, OSError, RuntimeError, LookupError, TypeError)


def _described(name: str, values: Sequence[Any], about: Any) -> _Described:
    return _Described(
        heading=name or "",  # a damaged file may have columns without names
        values=values,
        form=about.original_variable_types.get(name) or "",
        storage=about.readstat_variable_types.get(name) or "",
        labels={
            value: text.strip()
            for value, text in (about.variable_value_labels.get(name) or {}).items()
            if isinstance(text, str) and value is not None
        },
        ranges=[r for r in about.missing_ranges.get(name) or () if None not in r.values()],
    )


def _sheet(file: Opened, described: Sequence[_Described]) -> Sheet | None:
    columns: list[tuple[str, Cells]] = []
    labels: dict[str, dict[float, str]] = {}
    reasons: dict[str, Cells] = {}
    for column in described:
        cells, why = _text(column) if column.storage == "string" else _number(column)
        heading = column.heading.strip()
        if cells.dtype.kind == "f":
            cells = _dated(column, cells, file)
        if cells.dtype.kind == "f":
            labels[heading] = {
                float(v): text for v, text in column.labels.items() if not isinstance(v, str)
            }
        if (why != "").any():
            reasons[heading] = why
        columns.append((heading, cells))
    labels = {heading: of_column for heading, of_column in labels.items() if of_column}
    return sheet_from_columns(file.spec, columns, file.ledger, labels=labels, reasons=reasons)


def _text(column: _Described) -> tuple[Cells, Cells]:
    """Text with its labels, and why it is missing."""
    cells = stripped(column.values)
    why = np.full(len(cells), "", dtype=object)
    labels = {str(value).strip(): text for value, text in column.labels.items()}
    missing = {str(r["lo"]).strip() for r in column.ranges if r["lo"] == r["hi"]} - {""}
    shown = cells.copy()
    for code in (labels.keys() | missing) - {""}:
        here = cells == code
        shown[here] = "" if code in missing else labels[code] or code
        if code in missing:
            why[here] = labels.get(code) or USER_MISSING
    return shown, why


def _number(column: _Described) -> tuple[Cells, Cells]:
    """Numbers, and why they are missing: a letter of Stata's, or a value named by SPSS."""
    why = np.full(len(column.values), "", dtype=object)
    try:
        numbers = np.array(column.values, dtype=np.float64)
    except ValueError:  # letters stand for Stata's extended missing values
        letters = np.array([v if isinstance(v, str) else "" for v in column.values], dtype=object)
        for letter in set(letters) - {""}:
            why[letters == letter] = column.labels.get(letter) or f".{letter}"
        numbers = np.array(
            [np.nan if isinstance(v, str) else v for v in column.values], dtype=np.float64
        )
    if column.storage == "float":
        numbers = shortest(numbers.astype(np.float32))
    for limits in column.ranges:
        held = (numbers >= limits["lo"]) & (numbers <= limits["hi"])
        for value in np.unique(numbers[held]):
            why[numbers == value] = column.labels.get(float(value)) or USER_MISSING
    numbers[why != ""] = np.nan
    return numbers, why


def _dated(column: _Described, numbers: NDArray[np.float64], file: Opened) -> Cells:
    """Days where the column's form is one of a date; otherwise the numbers."""
    form, heading = column.form, column.heading.strip()
    if _SPSS_DATE.fullmatch(form):
        return days_from(numbers / _DAY_SECONDS, _SPSS_ZERO, file, heading)
    if form.startswith(("%tc", "%tC")):
        return days_from(numbers / (_DAY_SECONDS * 1000), _STATA_ZERO, file, heading)
    if form.startswith(("%td", "%d")):
        return days_from(numbers, _STATA_ZERO, file, heading)
    if form.startswith("%tm"):
        return days_from(_month_starts(numbers), _STATA_ZERO, file, heading)
    return numbers


def _month_starts(months: NDArray[np.float64]) -> NDArray[np.float64]:
    """Days since 1960 of the first days of months since 1960."""
    inside = np.abs(months) < 120_000  # noqa: PLR2004  # ten thousand years
    whole = np.where(inside, months, 0).astype(np.int64).astype("M8[M]")
    zero = np.datetime64(_STATA_ZERO, "M") - np.datetime64("1970-01", "M")
    first = (whole + zero).astype("M8[D]") - np.datetime64(_STATA_ZERO, "D")
    days = first.astype(np.float64)
    return np.where(np.isnan(months), np.nan, np.where(inside, days, np.inf))
