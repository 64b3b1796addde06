"""Office files that repeat byte for byte: settled dates, and words that XML can hold."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime

# An office file wants a date of making. One that never changes keeps the bytes the same.
MADE = datetime(2000, 1, 1)
_STAMP = (2000, 1, 1, 0, 0, 0)
_UNIX = 3
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
INSTEAD = "\N{REPLACEMENT CHARACTER}"


def legible(words: str) -> str:
    """Return words with a replacement character for each sign that XML cannot hold."""
    return _ILLEGAL.sub(INSTEAD, words)


def settled(content: bytes) -> bytes:
    """Return an office file with the same parts in the same order, and no date of its own.

    Parameters
    ----------
    content : bytes
        A zip archive.

    Returns
    -------
    bytes
        The same on every day and every machine for the same parts.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            part = zipfile.ZipInfo(name, date_time=_STAMP)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.create_system = _UNIX
            new.writestr(part, old.read(name))
    return made.getvalue()
