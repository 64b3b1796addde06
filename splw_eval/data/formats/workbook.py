"""Workbooks as text cells, opened only where they cannot fill the memory."""

from __future__ import annotations

import copy
import datetime as dt
import io
import struct
import zipfile
import zlib
from collections.abc import Sequence

from splw_eval.core.findings import Severity
from splw_eval.core.plan import File
from splw_eval.data.formats.kinds import content_kind
from splw_eval.data.formats.ods_parts import (
    ODS_CONTENT,
    Cell,
    failed_in_ods,
    merged_in_ods,
    span_of_ods,
)
from splw_eval.data.formats.opened import Opened
from splw_eval.data.formats.workbook_parts import cells_spanned, failed_formulas, late_in_day
from splw_eval.data.formats.xls_parts import failed_in_xls, workbook_stream
from splw_eval.data.headings import nearest, sayable_names
from splw_eval.data.records import sheet_from_records
from splw_eval.data.sheet import Sheet

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


def read_workbook(file: Opened) -> Sheet | None:
    """Read one sheet of a workbook: xlsx, xlsm, xls or ods.

    Parameters
    ----------
    file : Opened
        Its plan section names the sheet, and says how dates and decimals are written as text.

    Returns
    -------
    Sheet or None
        The cells as a CSV file of the same data would hold them; None where they cannot be had.
    """
    kind = content_kind(file.raw)
    if not _safe_to_open(file, kind):
        return None
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(file.raw))
        name = _sheet_name(file, book.sheet_names)
        if name is None:
            return None
        sheet = book.get_sheet_by_name(name)
        rows = sheet.to_python(skip_empty_area=False)
        position = book.sheet_names.index(name)
        failed, merged = _parts(kind, file.raw, position)
        late = _late(kind, file.raw, position)
        merged = sheet.merged_cell_ranges or merged
    except (python_calamine.CalamineError, *_DAMAGED):
        _refuse_damaged(file)
        return None
    except BaseException as error:  # a Rust library that gives up is no Exception
        if type(error).__name__ != "PanicException":
            raise
        _refuse_damaged(file)
        return None
    # The reader gives nothing for a failed formula, which would pass for a missing score.
    records = (
        [
            failed.get((i, j)) or _text(_day_kept(cell) if (i, j) in late else cell, file.spec)
            for j, cell in enumerate(row)
        ]
        for i, row in enumerate(rows)
    )
    sheet_read = sheet_from_records(file.spec, records, file.ledger)
    if not any(f.code == "SW41" and f.file == file.spec.place for f in file.ledger.findings):
        _report_merged(file, rows, merged)  # a title is merged as a rule, and was reported
    return sheet_read


def _parts(kind: str, raw: bytes, position: int) -> tuple[dict[Cell, str], list[tuple[Cell, Cell]]]:
    """Failed formulas of a sheet, and merged cells where the reader does not tell them."""
    if kind == "xls":
        return failed_in_xls(raw, position), []
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        if kind == "ods":
            content = archive.read(ODS_CONTENT)
            return failed_in_ods(content, position), merged_in_ods(content, position)
        return failed_formulas(archive, position), []


def _late(kind: str, raw: bytes, position: int) -> set[Cell]:
    """Cells whose time the reader rounds up to the next day."""
    if kind != "xlsx":
        return set()
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return late_in_day(archive, position)


def _day_kept(cell: object) -> object:
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell - dt.timedelta(seconds=1)
    return cell


def _refuse_damaged(file: Opened) -> None:
    file.refuse_damaged("workbook", "Open it in Excel and save it again, without a password.")


def _report_merged(
    file: Opened, rows: Sequence[Sequence[object]], merged: Sequence[tuple[Cell, Cell]]
) -> None:
    """Report merged cells that hold something: all but the first of them read empty."""
    inside = [
        (top, bottom)
        for top, bottom in merged
        if top[0] < len(rows) and top[1] < len(rows[top[0]]) and str(rows[top[0]][top[1]]).strip()
    ]
    if any(top[0] == 0 for top, _ in inside):
        file.refuse(
            "has merged cells in its heading row",
            "Part them, and give every column one heading in row 1.",
            "SW42",
        )
    below = {r for top, bottom in inside if top[0] > 0 for r in range(top[0], bottom[0] + 1)}
    if below:
        file.ledger.add(
            Severity.ERROR,
            "SW42",
            "merged cells, of which only the first holds the value",
            "Part them, and fill every cell with its value.",
            file=file.spec.place,
            rows=sorted(r + 1 for r in below),
        )


def _safe_to_open(file: Opened, kind: str) -> bool:
    try:
        if kind == "xls":  # it is not packed, and such a sheet has no more than 65,536 rows
            return bool(workbook_stream(file.raw))
        with zipfile.ZipFile(io.BytesIO(file.raw)) as archive:
            stated = sum(entry.file_size for entry in archive.infolist())
            tight = stated > UNPACKED_RATIO * len(file.raw) and stated > _SMALL_BYTES
            if stated > UNPACKED_LIMIT_BYTES or tight or not _fits(archive):
                problem = "unpacks to more than can be opened safely"
                file.refuse(problem, "Save the sheet that is needed as CSV.", "SW23")
                return False
            cells = span_of_ods(archive.read(ODS_CONTENT)) if kind == "ods" else None
            cells = cells_spanned(archive) if cells is None else cells
    except _DAMAGED:
        _refuse_damaged(file)
        return False
    if cells > SPAN_LIMIT_CELLS:
        problem = f"spans {cells:,} cells, most of them empty"
        remedy = "Delete the rows below and the columns beside the data, or save it as CSV."
        file.refuse(problem, remedy, "SW23")
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


def _sheet_name(file: Opened, names: Sequence[str]) -> str | None:
    wanted = file.spec.sheet
    if wanted is None and len(names) == 1:
        return names[0]
    if wanted in names:
        return wanted
    if wanted is None:
        problem = f"has {len(names)} sheets ({sayable_names(names)})"
        file.refuse(problem, 'Say which one: sheet = "...".')
    else:
        near = nearest(wanted, names)
        file.refuse(f'has no sheet "{wanted}"{near}', "Correct it in study.toml.")
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
