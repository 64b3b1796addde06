"""Cells that look like a code for a missing value, which nobody declared as one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

# Met often enough in exports to be worth a hint; never taken as missing undeclared.
_WORDS = frozenset(
    {"na", "n/a", "n.a.", "nan", "null", "none", ".", "-", "--", "?", "??", "missing", "unknown"}
    | {"#n/a", "not asked", "not known", "refused", "not recorded", "not stated", "not applicable"}
    | {"unspecified", "tbc", "blank", "(blank)"}
)
_NEGATIVE = frozenset({"-1", "-9", "-99", "-999"})
# Among numbers; among names they may be a practice or a person like any other.
_NUMBERS = frozenset({"9", "99", "999", "9999"})
DECLARE = "They look like a missing code: declare it in [files.missing_codes]."

Rows = NDArray[np.bool_]


def look_missing(cells: Iterable[str]) -> list[bool]:
    """Whether each cell, where a number or a date belongs, is a usual way to say missing."""
    known = _WORDS | _NEGATIVE | _NUMBERS
    return [cell.lower().removesuffix(".0") in known for cell in cells]


def name_looks_missing(cell: str) -> bool:
    """Whether a name is a usual way to say that there is none."""
    return cell.lower().removesuffix(".0") in _WORDS | _NEGATIVE


def parted(wrong: Rows, cells: Iterable[str]) -> Iterator[tuple[Rows, bool]]:
    """Give rows whose cells look like a missing code, then the other rows; each if any.

    Parameters
    ----------
    wrong : ndarray of bool, shape (n,)
        Faulty rows.
    cells : iterable of str
        The cells of the faulty rows.

    Yields
    ------
    tuple of (ndarray of bool, bool)
        Rows, and whether they look like a missing code.
    """
    looks = np.zeros(len(wrong), dtype=bool)
    looks[wrong] = look_missing(cells)
    for rows, missing in ((looks, True), (wrong & ~looks, False)):
        if rows.any():
            yield rows, missing
