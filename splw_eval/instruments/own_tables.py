"""Tables of values that the user brings: a tariff by level, a look-up by profile, age and sex."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import DataError
from splw_eval.core.findings import Finding, Severity

AGES = (18, 35, 45, 55, 65)  # first year of each band
OLDEST = 100
SEXES = ("male", "female")  # codes 1 and 2
LIMIT_BYTES = 5_000_000
LOOKUP_COLUMNS = tuple(
    f"{sex}_{first}" + ("plus" if first == AGES[-1] else f"_{AGES[i + 1] - 1}")
    for sex in SEXES
    for i, first in enumerate(AGES)
)


def read_levels(
    file: Path, items: Sequence[str], codes: Sequence[tuple[int, int]]
) -> Mapping[str, tuple[Fraction, ...]]:
    """Read a tariff: a row for each item, a number for each of its codes.

    Parameters
    ----------
    file : Path
        CSV with the headings attribute, level_1, level_2, ...; the numbers of a profile are
        added up.
    items, codes : sequences
        What the rows and columns must be.

    Returns
    -------
    mapping of str to tuple of Fraction

    Raises
    ------
    DataError
    """
    levels = [f"level_{code}" for code in range(codes[0][0], codes[0][1] + 1)]
    form = f"It must have the headings attribute, {', '.join(levels)}, and a row for each of " + (
        f"{', '.join(items)}; every number is added."
    )
    header, rows = _table(_text(file, form))
    if header[:1] != ["attribute"] or not set(levels) <= set(header):
        _refuse(file, "lacks one of its headings", form)
    places = [header.index(level) for level in levels]
    found = {}
    for row in rows:
        try:
            found[row[0]] = tuple(Fraction(row[place]) for place in places)
        except (ValueError, IndexError, ZeroDivisionError):
            _refuse(file, f'holds no number where one must stand, in the row "{row[0]}"', form)
    absent = [item for item in items if item not in found]
    if absent:
        _refuse(file, f"has no row for {', '.join(absent)}", form)
    return {item: found[item] for item in items}


def read_lookup(file: Path, codes: tuple[tuple[int, int], ...]) -> NDArray[np.float64]:
    """Read values by profile, sex and age band.

    Parameters
    ----------
    file : Path
        CSV with the headings state, male_18_34, ..., female_65plus and a row for each
        profile, such as 11121.
    codes : tuple of (int, int)
        Lowest and highest answer of each digit.

    Returns
    -------
    ndarray of float, shape (profiles, 10)
        Columns as `LOOKUP_COLUMNS`; profiles counted with the first item leading.

    Raises
    ------
    DataError
    """
    states = ["".join(map(str, s)) for s in product(*(range(a, b + 1) for a, b in codes))]
    form = (
        f"It must have the headings state, {', '.join(LOOKUP_COLUMNS)} and {len(states):,} rows, "
        f"one for each profile from {states[0]} to {states[-1]}."
    )
    return _lookup(file, _text(file, form), tuple(states), form)


@lru_cache(maxsize=4)
def _lookup(file: Path, content: str, states: tuple[str, ...], form: str) -> NDArray[np.float64]:
    """Values of a table, kept by what it holds: it may be edited between two scorings."""
    header, rows = _table(content)
    if not {"state", *LOOKUP_COLUMNS} <= set(header):
        _refuse(file, "lacks one of its headings", form)
    state = header.index("state")
    places = [header.index(column) for column in LOOKUP_COLUMNS]
    found: dict[str, list[float]] = {}
    for row in rows:
        try:
            found[row[state]] = [float(row[place]) for place in places]
        except (ValueError, IndexError):
            _refuse(file, "holds a row that is not whole, or not of numbers", form)
    if set(found) != set(states) or len(rows) != len(states):
        _refuse(file, f"does not hold each of the {len(states):,} profiles once", form)
    values = np.array([found[s] for s in states])
    if not np.isfinite(values).all():
        _refuse(file, "holds a value that is not a number", form)
    return values


def band_of(age: NDArray[np.float64]) -> NDArray[np.float64]:
    """Age band, counted from 0; NaN outside 18-100 or where the age is missing."""
    band = np.searchsorted(AGES, age, side="right") - 1.0
    return np.where((age >= AGES[0]) & (age <= OLDEST), band, np.nan)


def _text(file: Path, form: str) -> str:
    try:
        if file.stat().st_size > LIMIT_BYTES:
            _refuse(file, "is too large for such a table", form)
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        _refuse(file, "is not text in UTF-8", form)
    except (OSError, ValueError):
        _refuse(file, "cannot be opened", f"Check its path. {form}")


def _table(content: str) -> tuple[list[str], list[list[str]]]:
    """Headings and rows of a plain CSV of numbers; nothing in it needs quotation marks."""
    lines = content.splitlines()
    cells = [[c.strip().strip('"') for c in line.split(",")] for line in lines if line.strip()]
    return (cells[0], cells[1:]) if cells else ([], [])


def _refuse(file: Path, problem: str, remedy: str) -> NoReturn:
    found = Finding(
        code="SI10", severity=Severity.ERROR, problem=problem, remedy=remedy, file=file.name
    )
    raise DataError("The table of values cannot be used.", [found])
