"""Rows of what is not shown and why, and of how easily people could be told in the files."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from splw_eval.core.columns import count, label, share

EVERY_TABLE, EVERY_COLUMN = "All tables", "All columns"


class Why(StrEnum):
    """Why a number is not shown."""

    FEW = "too few people, or it would tell of too few"
    RESTS = "rests on a number of people that is not shown"
    GIVES = "would give another number of its table back"
    TOTAL = "a total over several tables would give it back"
    DIGITS = "its digits would tell a number of people"
    WORKERS = "fewer than 3 link workers"
    DOMINATED = "one or two practices make up most of it"
    JOINED = "a curve of too few people"


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskingRow:
    """How many cells of one column of one table are not shown, for one reason.

    Attributes
    ----------
    result : str
        Title of the table, or `EVERY_TABLE` in a row that sums up.
    column : str
        Its heading, or `EVERY_COLUMN`.
    why : str
        One of `Why`.
    cells : int
        Cells with a star, as anybody could count them in the table; no number of people.
    """

    result: Annotated[str, label("Table")]
    column: Annotated[str, label("Column")]
    why: Annotated[str, label("Why")]
    cells: Annotated[int, label("Cells")]


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifiabilityRow:
    """How many people share what a few columns of the files say of them with few others."""

    columns: Annotated[str, label("Columns")]
    people: Annotated[int | None, count("People")]
    in_small: Annotated[int | None, count("In groups of fewer than 5", part_of="people")]
    in_large: Annotated[int | None, count("In larger groups", part_of="people")]
    share_small: Annotated[
        float | None,
        share(
            "In groups of fewer than 5, per cent",
            numerator="in_small",
            of="people",
            complement="in_large",
        ),
    ]
    smallest: Annotated[str | None, label("Smallest group", of="people")]


MaskedRow = MaskingRow | IdentifiabilityRow
