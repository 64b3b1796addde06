"""The cells that name a row of a table, marked as headings in a finished PDF."""

from __future__ import annotations

import re

# Typst marks headings of columns only. Its words for a cell are known, and a replacement of the
# same length leaves every offset of the file as it was.
PLACE = re.compile(rb"(\d{10}) \d{5} [nf]")
CELL = re.compile(
    rb"\d+ 0 obj\n<</Type/StructElem/S/(TD)/P \d+ 0 R/A\[<</O/Table(/Headers\[[^\]]*\])"
)
KIDS = re.compile(rb"/K\[(\d+) 0 R\]")
STRONG = b"/S/Strong"
SCOPE = b"/Scope/Row"


def mark_row_heads(pdf: bytes) -> bytes:
    """Return a PDF in which each cell that holds strong words alone is the heading of its row.

    Parameters
    ----------
    pdf : bytes
        As Typst writes it.

    Returns
    -------
    bytes
        Of the same length. Cells name their headings by scope alone, so that a
        screen reader says those of the row as well as those of the column.
    """
    offsets = _offsets(pdf)
    marked = bytearray(pdf)
    for offset in offsets[1:]:
        cell = CELL.match(pdf, offset)
        if not cell:
            continue
        end = pdf.index(b"endobj", offset)
        room = cell.end(2) - cell.start(2)
        head = _is_head(pdf, offsets, cell.end(), end) and room >= len(SCOPE)
        marked[cell.start(2) : cell.end(2)] = (SCOPE if head else b"").ljust(room)
        if head:
            marked[cell.start(1) : cell.end(1)] = b"TH"
    return bytes(marked)


def _offsets(pdf: bytes) -> list[int]:
    """Return where each object begins, by its number."""
    table = int(pdf[pdf.rindex(b"startxref") :].split()[1])
    return [int(found[1]) for found in PLACE.finditer(pdf, table)]


def _is_head(pdf: bytes, offsets: list[int], start: int, end: int) -> bool:
    kids = KIDS.search(pdf, start, end)
    if not kids:
        return False
    offset = offsets[int(kids[1])]
    return STRONG in pdf[offset : offset + 60]
