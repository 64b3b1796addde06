"""Workbooks as text cells, opened only where they cannot fill the memory."""

from __future__ import annotations

import copy
import datetime as dt
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence

from splw_eval.core.findings import Severity
from splw_eval.core.plan import File, suggestion
from splw_eval.data.ledger import Ledger
from splw_eval.data.workbook_parts import cells_spanned, failed_formulas

# A workbook is a zip: a few megabytes can unpack to gigabytes and fill the memory.
UNPACKED_LIMIT_BYTES = 200_000_000
UNPACKED_RATIO = 100
# All cells up to the last one are laid out: one stray cell far below and to the right
# makes thousands of millions of them. A hundred thousand people with 100 columns fit.
SPAN_LIMIT_CELLS = 10_000_000
_SMALL_BYTES = 1_000_000  # a small file may be packed tightly without being a trap
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,  # a password, or a packing that is not known
    ValueError,
    LookupError,
)


def workbook_records(spec: File, raw: bytes, ledger: Ledger) -> Iterator[list[str]] | None:
    """Read one sheet of a workbook.

    Parameters
    ----------
    spec : File
        Names the sheet, and how dates and decimals are written as text.
    raw : bytes
        The workbook.
    ledger : Ledger
        Gets what keeps it from being read.

    Returns
    -------
    iterator of list of str, or None
        Rows of cells as a CSV file of the same data would hold them.
    """
    if not _safe_to_open(spec, raw, ledger):
        return None
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
        sheet = _sheet_name(spec, book.sheet_names, ledger)
        if sheet is None:
            return None
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            failed = failed_formulas(archive, book.sheet_names.index(sheet))
    except (python_calamine.CalamineError, *_DAMAGED):
        _refuse_damaged(spec, ledger)
        return None
    # The reader gives nothing for a failed formula, which would pass for a missing score.
    return (
        [failed.get((i, j)) or _text(cell, spec) for j, cell in enumerate(row)]
        for i, row in enumerate(rows)
    )


def _refuse(ledger: Ledger, spec: File, problem: str, remedy: str, code: str = "SW01") -> None:
    ledger.add(Severity.ERROR, code, problem, remedy, file=spec.path)


def _refuse_damaged(spec: File, ledger: Ledger) -> None:
    _refuse(ledger, spec, "is a damaged workbook", "Open it in Excel and save it again.")


def _safe_to_open(spec: File, raw: bytes, ledger: Ledger) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            stated = sum(entry.file_size for entry in archive.infolist())
            tight = stated > UNPACKED_RATIO * len(raw) and stated > _SMALL_BYTES
            if stated > UNPACKED_LIMIT_BYTES or tight or not _fits(archive):
                problem = "unpacks to more than can be opened safely"
                _refuse(ledger, spec, problem, "Save the sheet that is needed as CSV.", "SW23")
                return False
            cells = cells_spanned(archive)
    except _DAMAGED:
        _refuse_damaged(spec, ledger)
        return False
    if cells > SPAN_LIMIT_CELLS:
        problem = f"spans {cells:,} cells, most of them empty"
        remedy = "Delete the rows below and the columns beside the data, or save it as CSV."
        _refuse(ledger, spec, problem, remedy, "SW23")
        return False
    return True


def _fits(archive: zipfile.ZipFile) -> bool:
    """Whether it really unpacks to no more than the limit, whatever it says of itself."""
    left = UNPACKED_LIMIT_BYTES
    for entry in archive.infolist():
        unbounded = copy.copy(entry)
        unbounded.file_size = left + 2 * _SMALL_BYTES  # not what it says of itself
        with archive.open(unbounded) as packed:
            while chunk := packed.read(_SMALL_BYTES):
                left -= len(chunk)
                if left < 0:
                    return False
    return True


def _sheet_name(spec: File, names: Sequence[str], ledger: Ledger) -> str | None:
    if spec.sheet is None and len(names) == 1:
        return names[0]
    if spec.sheet in names:
        return spec.sheet
    if spec.sheet is None:
        problem = f"has {len(names)} sheets ({', '.join(names)})"
        _refuse(ledger, spec, problem, 'Say which one: sheet = "...".')
    else:
        near = suggestion(spec.sheet, names)
        _refuse(ledger, spec, f'has no sheet "{spec.sheet}"{near}', "Correct it in study.toml.")
    return None


def _text(cell: object, spec: File) -> str:
    """Write a workbook's cell as the text that a CSV of the same data would hold."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        whole = cell.is_integer() and abs(cell) < 1e15  # noqa: PLR2004
        return f"{cell:.0f}" if whole else repr(cell).replace(".", spec.decimal)
    if isinstance(cell, dt.datetime | dt.date):
        return cell.strftime(spec.date_format)
    return str(cell)
