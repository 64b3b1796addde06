"""What a workbook's own XML says of a sheet: how far it reaches, which formulas failed."""

from __future__ import annotations

import re
import zipfile

_NS = rb"<(?:\w+:)?"  # a tag may carry the prefix of its name space
_PLACE = rb"""\br=["']([A-Z]{1,3})([0-9]{1,7})["']"""
_CELL = re.compile(_PLACE)
_ERROR = re.compile(
    _NS + rb"""c\s(?=[^>]*\bt=["']e["'])[^>]*?""" + _PLACE + rb"[^>]*>"
    rb"(?:" + _NS + rb"f\b[^>]*(?:/>|>[^<]*</[^>]*>))?\s*" + _NS + rb"v>([^<]*)<"
)
_UNWORKED = re.compile(
    _NS
    + rb"c\s(?![^>]*\bt=)[^>]*?"
    + _PLACE
    + rb"[^>]*>\s*"
    + _NS
    + rb"f\b[^>]*(?:/>|>[^<]*</[^>]*>)\s*"
    rb"(?:" + _NS + rb"v\s*/>|" + _NS + rb"v></[^>]*>)?\s*</"
)
_LATE = re.compile(
    _NS + rb"c\s[^>]*?" + _PLACE + rb"[^>]*>"
    rb"(?:" + _NS + rb"f\b[^>]*(?:/>|>[^<]*</[^>]*>))?\s*" + _NS + rb"v>\d+\.99999999\d*<"
)
_SHEET = re.compile(_NS + rb"""sheet\s[^>]*?\w:id=["']([^"']+)["']""")
_RELATION = re.compile(_NS + rb"Relationship\s[^>]*>")
_ATTRIBUTE = re.compile(rb"""(\w+)=["']([^"']*)["']""")


def cells_spanned(archive: zipfile.ZipFile) -> int:
    """Cells from the first to the last row and column of the widest sheet."""
    sheets = (e for e in archive.infolist() if "worksheets/" in e.filename)
    return max((_span(archive.read(entry)) for entry in sheets), default=0)


def _span(sheet: bytes) -> int:
    columns, rows = set(), 0
    for letters, row in _CELL.findall(sheet):
        columns.add(letters)
        rows = max(rows, int(row))
    return rows * max(map(_column, columns), default=0)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64  # A is 65
    return number


def failed_formulas(archive: zipfile.ZipFile, position: int) -> dict[tuple[int, int], str]:
    """Cells of a sheet that hold an error, or a formula that was never worked out.

    Parameters
    ----------
    archive : ZipFile
        The workbook.
    position : int
        Position of the sheet among all sheets.

    Returns
    -------
    dict of (int, int) to str
        Row and column from 0, with the text that a CSV of the same data would hold.

    Raises
    ------
    KeyError, IndexError
        The workbook does not say where its sheets stand.
    """
    sheet = archive.read(_part(archive, position))
    found = {_at(*m.groups()[:2]): m[3].decode("utf-8", "replace") for m in _ERROR.finditer(sheet)}
    return found | {_at(*m.groups()): "=" for m in _UNWORKED.finditer(sheet)}


def late_in_day(archive: zipfile.ZipFile, position: int) -> set[tuple[int, int]]:
    """Cells of a sheet within a millisecond of the next day, by row and column from 0.

    The reader rounds a time to milliseconds, which would make a questionnaire of 23:59:59.9999
    one of the day after.
    """
    sheet = archive.read(_part(archive, position))
    return {_at(*found.groups()) for found in _LATE.finditer(sheet)}


def _at(letters: bytes, row: bytes) -> tuple[int, int]:
    return int(row) - 1, _column(letters) - 1


def _part(archive: zipfile.ZipFile, position: int) -> str:
    wanted = _SHEET.findall(archive.read("xl/workbook.xml"))[position]
    relations = _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {a[b"Id"]: a[b"Target"] for a in (dict(_ATTRIBUTE.findall(r)) for r in relations)}
    target: str = targets[wanted].decode()
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
