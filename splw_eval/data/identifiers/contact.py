"""E-mail addresses and telephone numbers."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from splw_eval.data.identifiers.column import Column, Hit, refused
from splw_eval.data.words import listed

_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(\.[\w-]+)*\.[A-Za-z]{2,}")
_DIALLED = re.compile(r"(?!-?9*\.9{2,}$)\+?[9 ().-]{9,22}")  # but no decimal such as 0.1234567891
_MARKS = str.maketrans("", "", " ().-")
# Areas begin 01, 02 and 03, mobiles 07; 070 is for pagers and for numbers padded with zeros.
_UK = re.compile(r"0(1[1-9]\d{7,8}|[23]\d{9}|7[1-9]\d{8})")
_ABROAD = re.compile(r"(\+|00)(440?[1-37]\d{8,9}|[1-9]\d{8,13})")
_LOST_ZERO = re.compile(r"(44)?(1[1-9]\d{7,8}|[23]\d{9}|7[1-9]\d{8})")
_HEADINGS = listed("telephone_headings")
_LOST_MOBILE = re.compile(r"7[1-9]\d{8}")
_TEN_DIGITS = re.compile(r"9{10}(\.9)?")
_MOSTLY, _MOBILE = 0.8, 0.5  # of a column of numbers whose first 0 a spreadsheet took away
_FIRST_MOBILE, _BEYOND_MOBILES = 7_100_000_000, 8_000_000_000
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
    """Find British numbers, with or without +44 or the first 0, and what a heading calls one."""
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
    certain += _without_zero(column)
    if not certain and not many and not (headed and bare):
        return None
    # Written with dots or hyphens a date or a version looks alike: such shapes never pass _UK.
    remedy = "Take the column out where the file is made; nothing here rings anybody up."
    return refused("SW99", "telephone numbers", remedy, [*certain, *bare])


def is_dialled(written: str) -> bool:
    """Whether somebody could be rung up under a number as it stands."""
    dialled = written.translate(_MARKS)
    abroad = dialled.startswith("+") and _ABROAD.fullmatch(dialled)
    return bool(abroad or _UK.fullmatch(dialled))


def may_be_dialled(numbers: NDArray[np.float64]) -> bool:
    """Whether numbers kept as numbers are mostly as long as mobiles without their 0, shape (n,)."""
    given = numbers[~np.isnan(numbers)]
    mobile = (given >= _FIRST_MOBILE) & (given < _BEYOND_MOBILES)
    return bool(mobile.sum() >= _MOSTLY * _MOBILE * max(len(given), 1))


def _without_zero(column: Column) -> list[str]:
    """Numbers that lost their first 0, where a column holds hardly anything else."""
    ten = column.of_shape(_TEN_DIGITS, longest=12)
    like = [v for v in ten if _LOST_ZERO.fullmatch(v.partition(".")[0])]
    mobile = sum(bool(_LOST_MOBILE.match(v)) for v in like)
    mostly = len(like) >= max(_FEWEST, _MOSTLY * len(column.times))
    return like if mostly and mobile >= _MOBILE * len(like) else []
