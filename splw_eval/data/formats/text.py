"""Text files: CSV and its relatives, in a declared encoding."""

from __future__ import annotations

import codecs
import csv
import io

from splw_eval.core.findings import Severity
from splw_eval.data.formats.opened import Opened
from splw_eval.data.records import sheet_from_records
from splw_eval.data.sheet import Sheet


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
    try:
        return [*csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)]
    except csv.Error:
        file.refuse(
            "has quotation marks that do not close or stand inside a cell",
            "Double every quotation mark inside a quoted cell.",
            "SW05",
        )
        return None


def _decoded(file: Opened) -> str | None:
    spec, raw = file.spec, file.raw
    try:
        encoding = codecs.lookup(spec.encoding).name
        return raw.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeError as error:
        row = raw.count(b"\n", 0, getattr(error, "start", 0)) + 1
        file.ledger.add(
            Severity.ERROR,
            "SW06",
            f"is not {spec.encoding} text",
            'A file from Excel on Windows is often encoding = "cp1252"; or save it as CSV UTF-8.',
            file=spec.place,
            rows=[row],
        )
    except (LookupError, ValueError):
        file.refuse(f'has an unknown encoding "{spec.encoding}"', "Use utf-8 or cp1252.")
    return None
