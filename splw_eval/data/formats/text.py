"""Text files: CSV and its relatives, in a declared encoding."""

from __future__ import annotations

import csv
import io

from splw_eval.core.findings import Severity
from splw_eval.data.formats.garbled import (
    encoding_of,
    is_utf8,
    looks_like_utf16,
    report_garbled,
)
from splw_eval.data.formats.opened import Opened
from splw_eval.data.records import sheet_from_records
from splw_eval.data.sheet import Sheet

_CELL_LIMIT = 131_072  # characters; quotation marks that do not close swallow the file
_SAVE = "save it as CSV UTF-8."


def read_text(file: Opened) -> Sheet | None:
    """Read a CSV, TSV or TXT file.

    Parameters
    ----------
    file : Opened
        Its plan section says the encoding and the delimiter; a .tsv is parted by tabs.

    Returns
    -------
    Sheet or None
        Text cells; None where the text cannot be taken apart.
    """
    records = text_records(file)
    return None if records is None else sheet_from_records(file.spec, records, file.ledger)


def text_records(file: Opened) -> list[list[str]] | None:
    """Rows of cells as they stand, the heading row first; None where there are none to be had."""
    text = _decoded(file)
    if text is None:
        return None
    if "\x00" in text:
        file.refuse("is not a text file", "Save it as CSV UTF-8.")
        return None
    tabs = file.path.suffix.lower() == ".tsv" and "delimiter" not in file.spec.model_fields_set
    delimiter = "\t" if tabs else file.spec.delimiter
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    before = csv.field_size_limit(_CELL_LIMIT)  # one setting for the whole process
    try:
        records = [*reader]
    except csv.Error as error:
        _refuse_cells(file, str(error), reader.line_num)
        return None
    finally:
        csv.field_size_limit(before)
    report_garbled(file, text, records)
    return records


def _refuse_cells(file: Opened, said: str, line: int) -> None:
    if "field limit" in said:
        problem = f"a cell of more than {_CELL_LIMIT:,} characters ends on line {line}"
        remedy = "Look for quotation marks that do not close before it, or shorten the cell."
    else:
        problem = "has quotation marks that do not close or stand inside a cell"
        remedy = "Double every quotation mark inside a quoted cell."
    file.refuse(problem, remedy, "SW05")


def _decoded(file: Opened) -> str | None:
    spec, raw = file.spec, file.raw
    wide = looks_like_utf16(raw)
    try:
        encoding = encoding_of(spec.encoding)
        if wide and not encoding.startswith("utf-16"):
            _refuse_encoding(
                file, f'The file seems to be encoding = "{wide}"; say so, or {_SAVE}', 1
            )
            return None
        if not encoding.startswith("utf") and is_utf8(raw):
            _refuse_encoding(file, f'It is UTF-8: set encoding = "utf-8", or {_SAVE}', 1)
            return None
        return raw.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeError as error:
        row = raw.count(b"\n", 0, getattr(error, "start", 0)) + 1
        remedy = f'A file from Excel on Windows is often encoding = "cp1252"; or {_SAVE}'
        _refuse_encoding(file, remedy, row)
    except (LookupError, ValueError):
        file.refuse(f'has an unknown encoding "{spec.encoding}"', "Use utf-8 or cp1252.")
    return None


def _refuse_encoding(file: Opened, remedy: str, row: int) -> None:
    file.ledger.add(
        Severity.ERROR,
        "SW06",
        f"is not {file.spec.encoding} text",
        remedy,
        file=file.spec.place,
        rows=[row],
    )
