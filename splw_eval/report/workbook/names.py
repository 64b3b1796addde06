"""Which table stands on which sheet of the workbook, and what the sheet is called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from splw_eval.report.archive import INSTEAD, legible
from splw_eval.report.blocks import Block, Fold, Report, ReportTable

COVER = "About"
LONGEST = 31  # signs of a name
LAST_SIGN = "\uffff"
_NOT_IN_A_NAME = re.compile(rf"[\[\]:*?/\\'#%&!\"<>{INSTEAD}]|\s+")
_SHORT = re.compile(r"\(([^()]+)\)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet of the workbook.

    Attributes
    ----------
    name : str
        Unique, whether written in capitals or not.
    page : str
        Title of the page of the report where the table stands.
    section : str
        Heading above it there.
    """

    name: str
    table: ReportTable
    page: str
    section: str


def sheets(report: Report) -> tuple[Sheet, ...]:
    """Return a sheet for each table of a report, in reading order; folded ones among them."""
    held = [
        (table, page.title, section.title)
        for page in report.pages
        for section in page.sections
        for table in _tables(section.blocks)
    ]
    digits = len(str(len(held)))
    return tuple(
        Sheet(name=_name(number, digits, table.caption), table=table, page=page, section=section)
        for number, (table, page, section) in enumerate(held, 1)
    )


def _name(number: int, digits: int, caption: str) -> str:
    """Return a name that begins with the number of the sheet, so that no two are alike."""
    head, colon, rest = legible(caption).partition(": ")
    short = _SHORT.search(head)
    # "Mental wellbeing (SWEMWBS): mean score" would leave no room for what is in it.
    told = f"{short[1]} {rest}" if colon and short else f"{head} {rest}"
    words = " ".join(_NOT_IN_A_NAME.sub(" ", told).split())
    start = f"T{number:0{digits}d}"
    room = LONGEST - len(start) - 1
    # A spreadsheet counts a sign outside the first plane of Unicode twice.
    plain = "".join(sign for sign in words if sign <= LAST_SIGN)
    return f"{start} {_cut(plain, room)}".strip()


def _cut(words: str, room: int) -> str:
    """Return as many whole words as there is room for; one that is too long is cut."""
    if len(words) <= room:
        return words
    cut = words[: room + 1].rpartition(" ")[0]
    return (cut or words[:room]).rstrip(" ,.(-–")


def _tables(blocks: Iterable[Block]) -> Iterator[ReportTable]:
    for block in blocks:
        if isinstance(block, ReportTable):
            yield block
        elif isinstance(block, Fold):
            yield from _tables(block.blocks)
