"""Opening the study's files: inside its folder, of a known kind, of a safe size."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
from collections.abc import Iterable
from pathlib import Path

from splw_eval.core.findings import Severity
from splw_eval.core.plan import File, suggestion
from splw_eval.data.ledger import Ledger
from splw_eval.data.sheet import Sheet, sheet_from_records
from splw_eval.data.workbook import workbook_records

_WORKBOOKS = {".xlsx", ".xlsm"}
_ZIP_MAGIC = b"PK\x03\x04"
_OLE_MAGIC = b"\xd0\xcf\x11\xe0"


def read_sheet(folder: Path, spec: File, ledger: Ledger) -> tuple[Sheet | None, str]:
    """Read one file of the plan.

    Parameters
    ----------
    folder : Path
        The plan's folder; no path may lead out of it.
    spec : File
    ledger : Ledger
        Gets every fault.

    Returns
    -------
    tuple of (Sheet or None, str)
        The cells, None where they cannot be had, and the SHA-256 of the file.
    """
    raw = _bytes(folder, spec, ledger)
    if raw is None:
        return None, ""
    digest = hashlib.sha256(raw).hexdigest()
    is_zip = raw.startswith(_ZIP_MAGIC)
    is_workbook = Path(spec.path).suffix.lower() in _WORKBOOKS
    records: Iterable[list[str]] | None = None
    if is_workbook and raw.startswith(_OLE_MAGIC):
        problem = "is protected by a password, or of an old Excel kind"
        _refuse(ledger, spec, problem, "Save it as xlsx without a password.")
    elif is_workbook and not is_zip:
        _refuse(ledger, spec, "is not a workbook in spite of its name", "Save it as xlsx.")
    elif is_zip and not is_workbook:
        _refuse(ledger, spec, "is a workbook, not text", "Name it .xlsx.")
    elif is_workbook:
        records = workbook_records(spec, raw, ledger)
    else:
        records = _csv_records(spec, raw, ledger)
    return (None if records is None else sheet_from_records(spec, records, ledger)), digest


def _refuse(ledger: Ledger, spec: File, problem: str, remedy: str, code: str = "SW01") -> None:
    ledger.add(Severity.ERROR, code, problem, remedy, file=spec.path)


def _bytes(folder: Path, spec: File, ledger: Ledger) -> bytes | None:
    try:
        path = (folder / spec.path).resolve()
    except (OSError, RuntimeError, ValueError):  # a ring of links, or no possible name
        _refuse(ledger, spec, "cannot be opened", "Correct its path in study.toml.")
        return None
    if not path.is_relative_to(folder.resolve()):
        _refuse(ledger, spec, "lies outside the plan's folder", "Copy the file into it.", "SW21")
        return None
    if path.suffix.lower() not in {".csv", ".txt", ".tsv", *_WORKBOOKS}:
        _refuse(ledger, spec, "is of a kind that cannot be read", "Save it as CSV or xlsx.")
        return None
    try:
        return path.read_bytes()
    except FileNotFoundError:
        near = suggestion(path.name, _names_in(path.parent))
        _refuse(ledger, spec, f"is not there{near}", "Correct its path in study.toml.")
    except OSError:
        _refuse(ledger, spec, "cannot be opened", "Close it elsewhere; check who may read it.")
    return None


def _names_in(folder: Path) -> list[str]:
    try:
        return [path.name for path in folder.iterdir()]
    except OSError:
        return []


def _decoded(spec: File, raw: bytes, ledger: Ledger) -> str | None:
    try:
        encoding = codecs.lookup(spec.encoding).name
        return raw.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeError as error:
        row = raw.count(b"\n", 0, getattr(error, "start", 0)) + 1
        ledger.add(
            Severity.ERROR,
            "SW06",
            f"is not {spec.encoding} text",
            'A file from Excel on Windows is often encoding = "cp1252"; or save it as CSV UTF-8.',
            file=spec.path,
            rows=[row],
        )
    except (LookupError, ValueError):
        _refuse(ledger, spec, f'has an unknown encoding "{spec.encoding}"', "Use utf-8 or cp1252.")
    return None


def _csv_records(spec: File, raw: bytes, ledger: Ledger) -> list[list[str]] | None:
    text = _decoded(spec, raw, ledger)
    if text is None:
        return None
    if "\x00" in text:
        _refuse(ledger, spec, "is not a text file", "Save it as CSV UTF-8.")
        return None
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=spec.delimiter, strict=True)
        return [*reader]
    except csv.Error:
        _refuse(
            ledger,
            spec,
            "has quotation marks that do not close or stand inside a cell",
            "Double every quotation mark inside a quoted cell.",
            "SW05",
        )
        return None
