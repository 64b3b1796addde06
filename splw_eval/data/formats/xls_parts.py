"""What the records of an old Excel workbook say: which formulas failed."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_FREE = 0xFFFFFFFA  # from here on, sector numbers have another meaning
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!"}
_NOT_AVAILABLE = "#N/A"
_BOF, _FORMULA, _BOOLERR = 0x0809, 0x0006, 0x0205
_WORKSHEET = 0x0010
_ENTRY_BYTES = 128
_SMALL_STREAM_BYTES = 4096  # shorter streams stand elsewhere; no workbook is that short


def failed_in_xls(raw: bytes, position: int) -> dict[tuple[int, int], str]:
    """Cells of a sheet that hold an error, by row and column from 0.

    Parameters
    ----------
    raw : bytes
        The workbook, a compound file that holds a stream of records.
    position : int
        Position of the sheet among all sheets.

    Returns
    -------
    dict of (int, int) to str
        The text that Excel shows for each, such as ``#DIV/0!``.

    Raises
    ------
    struct.error, ValueError, LookupError
        The file does not hold together.
    """
    failed: dict[tuple[int, int], str] = {}
    sheet = -1
    for kind, data in _records(workbook_stream(raw)):
        if kind == _BOF and len(data) >= 4:  # noqa: PLR2004
            sheet += struct.unpack_from("<H", data, 2)[0] == _WORKSHEET
        elif sheet == position and kind in {_FORMULA, _BOOLERR} and len(data) >= 8:  # noqa: PLR2004
            code = _error(kind, data)
            if code is not None:
                row, column = struct.unpack_from("<HH", data)
                failed[row, column] = _ERRORS.get(code, _NOT_AVAILABLE)
    return failed


def _error(kind: int, data: bytes) -> int | None:
    if kind == _BOOLERR:
        return data[6] if data[7] else None
    is_error = len(data) >= 14 and data[6] == 2 and data[12:14] == b"\xff\xff"  # noqa: PLR2004
    return data[8] if is_error else None


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def workbook_stream(raw: bytes) -> bytes:
    """Bytes of the stream that holds the workbook.

    Raises
    ------
    struct.error, ValueError, LookupError
        The file does not hold together, or ends too soon.
    """
    sector = 1 << min(struct.unpack_from("<H", raw, 30)[0], 16)
    if sector not in {512, 4096}:
        raise ValueError("Sectors of a compound file have 512 or 4096 bytes.")
    table = _allocation(raw, sector)
    directory = _chain(raw, sector, table, struct.unpack_from("<I", raw, 48)[0])
    for at in range(0, len(directory), _ENTRY_BYTES):
        entry = directory[at : at + _ENTRY_BYTES]
        name = entry[: max(struct.unpack_from("<H", entry, 64)[0] - 2, 0)].decode("utf-16-le")
        if name in {"Workbook", "Book"}:
            start, size = struct.unpack_from("<II", entry, 116)
            stream = _chain(raw, sector, table, start)[:size]
            if size < _SMALL_STREAM_BYTES or len(stream) < size:
                raise ValueError("The workbook ends too soon.")
            return stream
    raise LookupError("There is no workbook in it.")


def _allocation(raw: bytes, sector: int) -> list[int]:
    """Which sector follows each sector."""
    places = list(struct.unpack_from("<109I", raw, 76))
    further, many = struct.unpack_from("<II", raw, 68)
    for _ in range(min(many, len(raw) // sector)):
        if further >= _FREE:
            break
        *more, further = struct.unpack_from(f"<{sector // 4}I", raw, (further + 1) * sector)
        places += more
    held: list[int] = []
    for place in places:
        if place < _FREE:
            held += struct.unpack_from(f"<{sector // 4}I", raw, (place + 1) * sector)
    return held


def _chain(raw: bytes, sector: int, table: list[int], start: int) -> bytes:
    parts: list[bytes] = []
    while start < _FREE:
        if len(parts) > len(table):
            raise ValueError("The sectors run in a ring.")
        parts.append(raw[(start + 1) * sector : (start + 2) * sector])
        start = table[start]
    return b"".join(parts)
