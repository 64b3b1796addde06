"""One column as the detectors see it: its heading, its place in the plan, distinct values."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Severity
from splw_eval.core.plan import Plan
from splw_eval.data.codebook import codebook
from splw_eval.data.parse import distinct, distinct_of
from splw_eval.data.sheet import Cells, Sheet, item_headings
from splw_eval.data.words import listed

LONGEST_IDENTIFIER = 100  # characters; what is longer can only be free text
_LONGEST_WORD = 30
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_PRACTICES = listed("practice_headings")
_ASCII = range(128)
_SHAPE = {i: "9" for i in _ASCII if chr(i).isdigit()}
_SHAPE |= {i: "A" for i in _ASCII if chr(i).isupper()} | {
    i: "a" for i in _ASCII if chr(i).islower()
}
_SMALL_NUMBER = re.compile(r"[+-]?9{0,7}([.,]9*)?([eE][+-]?9{1,3})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """What a detector found in a column.

    Attributes
    ----------
    code : str
    severity : Severity
    problem, remedy : str
        Without any value of the column.
    values : collection of str
        The values in question, for the numbers of their rows.
    """

    code: str
    severity: Severity
    problem: str
    remedy: str
    values: frozenset[str]


class Column:
    """One column of text cells.

    Detectors look at each distinct value once, and first at its shape: digits as 9, letters
    as A and a. A million pseudonyms have a handful of shapes.

    Attributes
    ----------
    sheet : Sheet
    heading : str
    role : str
        The codebook's name of the column, ``score`` or ``date``; empty where it has none.
    needed : bool
        Whether the plan or the codebook has a use for the column.
    words : tuple of str
        Words of the heading in small letters.
    times : mapping of str to int
        Rows of each distinct value; empty cells are left out.
    """

    def __init__(self, plan: Plan, sheet: Sheet, heading: str, cells: Cells) -> None:
        self.sheet = sheet
        self.heading = heading
        self.role = role_of(sheet, heading)
        self.needed = bool(self.role) or heading in named_anywhere(plan)
        self.words = heading_words(heading)
        own = cells is sheet.cells[heading]  # then its distinct cells are worked out once for all
        self._values, self._where = distinct_of(sheet, heading) if own else distinct(cells)
        times = np.bincount(self._where, minlength=len(self._values)).tolist()
        self.times = Counter(dict(zip(self._values, times, strict=True)))
        self.times.pop("", None)

    @cached_property
    def shapes(self) -> dict[str, list[str]]:
        """Values by shape, without those that are too long for an identifier.

        A long value without a space is at most a hash, and has no shape worth keeping.
        """
        shapes: dict[str, list[str]] = defaultdict(list)
        for value in self.times:
            if len(value) <= _LONGEST_WORD or (len(value) <= LONGEST_IDENTIFIER and " " in value):
                shapes[value.translate(_SHAPE)].append(value)
        return shapes

    @cached_property
    def _shapes_by_length(self) -> dict[int, list[str]]:
        by_length: dict[int, list[str]] = defaultdict(list)
        for shape in self.shapes:
            by_length[len(shape)].append(shape)
        return by_length

    @property
    def filled(self) -> int:
        """Rows that hold anything."""
        return self.times.total()

    @property
    def about_practices(self) -> bool:
        """Whether the column is about practices and other organisations."""
        practices = {"cluster", "ods_code", "pcn_code"}
        return self.role in practices or bool(_PRACTICES & set(self.words))

    @property
    def small_numbers(self) -> bool:
        """Whether every value is a number of at most seven digits, as scores and counts are."""
        shaped = sum(map(len, self.shapes.values()))
        return shaped == len(self.times) and all(map(_SMALL_NUMBER.fullmatch, self.shapes))

    def of_shape(self, shape: re.Pattern[str], *, longest: int = 40) -> list[str]:
        """Values of at most `longest` characters whose whole shape fits."""
        return [
            value
            for length, shapes in self._shapes_by_length.items()
            if length <= longest
            for s in shapes
            if shape.fullmatch(s)
            for value in self.shapes[s]
        ]

    def rows(self, values: frozenset[str]) -> NDArray[np.int64]:
        """Rows of the file that hold one of some values."""
        held = np.array([value in values for value in self._values], dtype=bool)
        rows: NDArray[np.int64] = self.sheet.rows[held[self._where]]
        return rows


Detector = Callable[[Column], Hit | None]


def refused(code: str, problem: str, remedy: str, values: Iterable[str]) -> Hit:
    """Return a hit that stops the run."""
    return Hit(
        code=code,
        severity=Severity.ERROR,
        problem=problem,
        remedy=remedy,
        values=frozenset(values),
    )


def warned(code: str, problem: str, remedy: str, values: Iterable[str]) -> Hit:
    """Return a hit that the report tells of."""
    return Hit(
        code=code,
        severity=Severity.WARNING,
        problem=problem,
        remedy=remedy,
        values=frozenset(values),
    )


def heading_words(heading: str) -> tuple[str, ...]:
    """Return the words of a heading: ``DateOfBirth`` and ``date_of_birth`` alike."""
    return tuple(word.lower() for word in _WORD.findall(heading))


def role_of(sheet: Sheet, heading: str) -> str:
    """Return what a column is to the plan or the codebook; empty text for nothing."""
    spec = sheet.spec
    for role, named in spec.columns.items():
        if named == heading:
            return role
    if heading in codebook().get(spec.table, {}) and heading not in spec.columns:
        return heading
    if heading in spec.dates.values():
        return "date"
    for where in spec.scores.values():
        if heading == where or (not isinstance(where, str) and heading in where.values()):
            return "score"
    return "score" if heading in item_headings(spec) else ""


def named_anywhere(plan: Plan) -> frozenset[str]:
    """Headings that the plan names for no file in particular."""
    zero = {zero.column for zero in plan.time_zero if zero.column}
    return frozenset(zero | {c.column for c in plan.confounders if c.column})
