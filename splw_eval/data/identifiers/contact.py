"""E-mail addresses and telephone numbers."""

from __future__ import annotations

import re

from splw_eval.data.identifiers.column import Column, Hit, refused
from splw_eval.data.identifiers.words import listed

_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(\.[\w-]+)*\.[A-Za-z]{2,}")
_DIALLED = re.compile(r"(?!-?9*\.9{2,}$)\+?[9 ().-]{9,22}")  # but no decimal such as 0.1234567891
_MARKS = str.maketrans("", "", " ().-")
# Areas begin 01, 02 and 03, mobiles 07; 070 is for pagers and for numbers padded with zeros.
_UK = re.compile(r"0(1[1-9]\d{7,8}|[23]\d{9}|7[1-9]\d{8})")
_ABROAD = re.compile(r"(\+|00)(440?[1-37]\d{8,9}|[1-9]\d{8,13})")
_LOST_ZERO = re.compile(r"(44)?(1[1-9]\d{7,8}|[23]\d{9}|7[1-9]\d{8})")
_HEADINGS = listed("telephone_headings")
# Bare digits may be a study number: only a column of them is taken for telephone numbers.
_FEWEST, _SHARE = 3, 0.5


def find_emails(column: Column) -> Hit | None:
    """Find any value that holds an e-mail address."""
    found = [v for v in column.times if "@" in v and _EMAIL.search(v)]
    if not found:
        return None
    remedy = "Take the column out, or put a pseudonym in its place, where the file is made."
    return refused("SW98", "e-mail addresses", remedy, found)


def find_telephones(column: Column) -> Hit | None:
    """Find British numbers, with or without +44, and whatever a heading calls a number."""
    candidates = column.of_shape(_DIALLED, longest=25)
    if not candidates:
        return None
    headed = bool(_HEADINGS & {*column.words, "".join(column.words)})
    certain: list[str] = []
    bare: list[str] = []
    for value in candidates if headed else (v for v in candidates if v[0] in "+0("):
        dialled = value.removesuffix(".0").translate(_MARKS)
        if _ABROAD.fullmatch(dialled) and dialled.startswith("+"):
            certain.append(value)
        elif _UK.fullmatch(dialled):
            (bare if value.isdigit() else certain).append(value)
        elif headed and (_LOST_ZERO.fullmatch(dialled) or _ABROAD.fullmatch(dialled)):
            certain.append(value)
    many = len(bare) >= max(_FEWEST, _SHARE * len(column.times))
    if not certain and not many and not (headed and bare):
        return None
    # Written with dots or hyphens a date or a version looks alike: such shapes never pass _UK.
    remedy = "Take the column out where the file is made; nothing here rings anybody up."
    return refused("SW99", "telephone numbers", remedy, [*certain, *bare])
