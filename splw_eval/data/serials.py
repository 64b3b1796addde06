"""Dates that a spreadsheet wrote as bare numbers of days."""

from __future__ import annotations

import re

# 1954 to 2064 as days since the start of 1900; a year or a score is far smaller.
_FIRST, _LAST = 20_000, 60_000
_NUMBER = re.compile(r"\d{5}(\.\d+)?")
SERIALS_REMEDY = (
    "These look like Excel serial dates: give the column a date format in Excel and save it again."
)


def looks_like_serial(cell: str) -> bool:
    """Whether a cell is a number as a spreadsheet keeps dates; never taken as one unasked."""
    return bool(_NUMBER.fullmatch(cell)) and _FIRST <= float(cell) <= _LAST
