"""Text that was read in another encoding than it was written in."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence

from splw_eval.core.findings import Severity
from splw_eval.data.formats.opened import Opened

# Codecs that are no encodings of files: they make other text of any text, and report nothing.
_NO_ENCODINGS = frozenset(
    {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "utf-7"}
)
# What two or more bytes of UTF-8 become where each is read as a letter of its own.
_CONTINUED = "\x80-\xbf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
_CONTINUED += (
    "\u2013\u2014\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122"
)
_TWICE = re.compile(f"[\u00c2-\u00f4][{_CONTINUED}]{{1,3}}")
_CONTROL = re.compile("[\x80-\x9f\ufffd]")  # no keyboard writes them
_MARK_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LOOKED_AT = 400  # bytes: enough to see whether every second one is zero


def encoding_of(name: str) -> str:
    """Return the plain name of an encoding.

    Raises
    ------
    LookupError
        There is none of that name, or it is one that no file is kept in.
    """
    plain = codecs.lookup(name).name.replace("_", "-")
    if plain in _NO_ENCODINGS:
        raise LookupError(f"{plain} is no encoding of a file")
    return plain


def looks_like_utf16(raw: bytes) -> str:
    """Name of the encoding of two bytes a letter that a file seems to be in; or empty text."""
    if raw.startswith(_MARK_16):
        return "utf-16"
    for name, zeros in (("utf-16-le", raw[1:_LOOKED_AT:2]), ("utf-16-be", raw[:_LOOKED_AT:2])):
        if len(zeros) > 1 and zeros.count(0) > len(zeros) * 0.8:
            return name
    return ""


def is_utf8(raw: bytes) -> bool:
    """Whether a file holds letters beyond ASCII, all of them written as UTF-8 writes them."""
    try:
        return not raw.decode("utf-8").isascii()
    except UnicodeDecodeError:
        return False


def report_garbled(file: Opened, text: str, records: Sequence[Sequence[str]]) -> None:
    """Warn of cells whose letters were taken through a wrong encoding before.

    Parameters
    ----------
    file : Opened
    text : str
        The whole file: most hold nothing of the kind, and are not looked through cell by cell.
    records : sequence of sequence of str
        Its cells, the heading row first.
    """
    if text.isascii() or not _is_garbled(text):
        return
    rows = [row for row, cells in enumerate(records, start=1) if any(map(_is_garbled, cells))]
    file.ledger.add(
        Severity.WARNING,
        "SW132",
        "text that was taken through a wrong encoding: other signs stand for its letters",
        "Export it anew from where it comes from; names that are spelt in two ways count as two.",
        file=file.spec.place,
        rows=rows,
    )


def _is_garbled(text: str) -> bool:
    if text.isascii():
        return False
    return bool(_CONTROL.search(text)) or any(map(_is_pair, _TWICE.findall(text)))


def _is_pair(letters: str) -> bool:
    """Whether letters are the bytes of one letter of UTF-8, each read as a letter."""
    raw = letters.encode("cp1252", "ignore")
    try:
        return len(raw[: _length(raw[0])].decode("utf-8")) == 1
    except (UnicodeDecodeError, IndexError):
        return False


def _length(first: int) -> int:
    return 2 if first < 0xE0 else 3 if first < 0xF0 else 4  # noqa: PLR2004
