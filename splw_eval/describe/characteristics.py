"""What is known of each person beside the scores, as categories and as numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.data import Study
from splw_eval.data.tables import Table

MOST_CATEGORIES = 20  # beyond this a column is free text, and no table of it says anything
OTHER_WORDS = "Other words"
# The vocabulary's word for it. Whoever would not say is another group: "not stated".
UNKNOWN = frozenset({"", "not known"})
_DECILES, _FIFTH = 10, 2
Codes = NDArray[np.int64]
Read = Callable[[Table], tuple[Codes, tuple[str, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Characteristic:
    """One characteristic in categories.

    Attributes
    ----------
    title : str
    codes : ndarray of int, shape (people,)
        Position in `categories`; -1 where it is not known.
    categories : tuple of str
    """

    title: str
    codes: Codes
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """One number that is kept of each person.

    Attributes
    ----------
    title, unit : str
    values : ndarray of float, shape (people,)
        NaN where it is not known.
    """

    title: str
    unit: str
    values: NDArray[np.float64]


def characteristics(study: Study) -> Iterator[Characteristic]:
    """Every characteristic that the people table keeps, in reading order."""
    table = study.tables.get("people")
    if table is None:
        return
    row = _row_of_person(study, table)
    for columns, title, read in _CATEGORIES:
        if all(column in table.columns for column in columns):
            codes, categories = read(table)
            yield Characteristic(
                title=title, codes=_of_people(codes, row, -1), categories=categories
            )


def quantities(study: Study) -> Iterator[Quantity]:
    """Every number that the people table keeps, in reading order."""
    table = study.tables.get("people")
    if table is None:
        return
    row = _row_of_person(study, table)
    for column, title, unit in _QUANTITIES:
        if column in table.columns:
            values = _of_people(table.number(column), row, np.nan)
            yield Quantity(title=title, unit=unit, values=values)


def _row_of_person(study: Study, table: Table) -> Codes:
    """Row of the people table that each person stands in; -1 for none."""
    index = {person: i for i, person in enumerate(study.people.ids)}
    where = np.array([index.get(p, -1) for p in table.text("person")], dtype=np.int64)
    row = np.full(len(study.people), -1, dtype=np.int64)
    row[where[where >= 0]] = np.flatnonzero(where >= 0)
    return row


def _of_people(values: NDArray[Any], row: Codes, none: float) -> NDArray[Any]:
    return np.where(row >= 0, values[row], none).astype(values.dtype) if len(values) else values


def _words(column: str) -> Read:
    """Give the reading of a column of text: its words in their natural order."""

    def read(table: Table) -> tuple[Codes, tuple[str, ...]]:
        words, at, times = np.unique(
            table.text(column).astype(str), return_inverse=True, return_counts=True
        )
        by_use = [word for word in words[np.argsort(-times, kind="stable")] if word not in UNKNOWN]
        shown = sorted(by_use[:MOST_CATEGORIES], key=_natural)
        place = {word: i for i, word in enumerate(shown)} | dict.fromkeys(UNKNOWN, -1)
        codes = np.array([place.get(w, len(shown)) for w in words], dtype=np.int64)[at]
        rest = (OTHER_WORDS,) if len(by_use) > MOST_CATEGORIES else ()
        return codes, (*(_spoken(w) for w in shown), *rest)

    return read


def _natural(word: str) -> list[tuple[int, str]]:
    """Order in which 5-9 stands before 10-14."""
    return [(int(part or 0), rest) for part, rest in re.findall(r"(\d*)(\D*)", word)]


def _spoken(word: str) -> str:
    words = word.replace("_", " ")
    return words[:1].upper() + words[1:]


def _yes_no(column: str) -> Read:
    return lambda table: (_coded(1 - table.number(column)), ("Yes", "No"))


def _fifths(table: Table) -> tuple[Codes, tuple[str, ...]]:
    """Deciles of deprivation in fifths: tenths of a small study hold too few people."""
    fifth = np.ceil(table.number("imd_decile") / _FIFTH) - 1
    ends = {0: " (most deprived)", _DECILES // _FIFTH - 1: " (least deprived)"}
    names = tuple(f"{i + 1}{ends.get(i, '')}" for i in range(_DECILES // _FIFTH))
    inside = (fifth >= 0) & (fifth < len(names))
    return _coded(np.where(inside, fifth, np.nan)), names


def _both_kinds(table: Table) -> tuple[Codes, tuple[str, ...]]:
    physical, mental = table.number("ltc_physical"), table.number("ltc_mental")
    known = ~np.isnan(physical) & ~np.isnan(mental)
    kind = np.where(physical > 0, 0, 2) + np.where(mental > 0, 0, 1)
    names = ("Physical and mental", "Physical only", "Mental only", "Neither")
    return _coded(np.where(known, kind, np.nan)), names


def _coded(codes: NDArray[np.float64]) -> Codes:
    return np.where(np.isnan(codes), -1, np.nan_to_num(codes)).astype(np.int64)


_CATEGORIES: tuple[tuple[tuple[str, ...], str, Read], ...] = (
    (("age_band",), "Age", _words("age_band")),
    (("sex",), "Sex", _words("sex")),
    (("ethnicity",), "Ethnic group", _words("ethnicity")),
    (("imd_decile",), "Deprivation, in fifths", _fifths),
    (("ltc_physical", "ltc_mental"), "Long-term conditions", _both_kinds),
    (("carer",), "Unpaid carer", _yes_no("carer")),
    (("employment",), "Main activity", _words("employment")),
    (("living_alone",), "Lives alone", _yes_no("living_alone")),
    (("interpreter",), "Needs an interpreter", _yes_no("interpreter")),
)
_QUANTITIES = (
    ("ltc_physical", "Physical conditions", "conditions"),
    ("ltc_mental", "Mental-health conditions", "conditions"),
)
