"""Columns that a file itself types: days, single-precision numbers, text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Severity
from splw_eval.data.formats.opened import Opened
from splw_eval.data.headings import may_be_said

_FIRST, _LAST = np.datetime64("0001-01-01"), np.datetime64("9999-12-31")
_NO_DAY = np.datetime64("NaT", "D")
_YEARS_OF_DAYS = 4_000_000  # more days than this from any time zero lie outside the calendar


def stripped(values: Iterable[str | None]) -> NDArray[Any]:
    """Text without spaces at both ends; empty where there is none."""
    return np.array([value.strip() if value else "" for value in values], dtype=object)


def shortest(values: NDArray[np.float32]) -> NDArray[np.float64]:
    """Single-precision numbers as their owner wrote them.

    6.1 is kept as 6.0999999 in single precision; a limit of 6.1 would then not hold it, and a
    CSV file of the same data would give another number.
    """
    distinct, where = np.unique(values, return_inverse=True)
    return np.array([float(str(value)) for value in distinct], dtype=np.float64)[where]


def days_from(
    count: NDArray[np.float64], zero: str, file: Opened, heading: str
) -> NDArray[np.datetime64]:
    """Dates from days since a day; NaN is missing, days outside the calendar are reported.

    Parameters
    ----------
    count : ndarray of float, shape (n,)
        Days; a part of a day is dropped.
    zero : str
        Day 0, as ``1960-01-01``.
    file : Opened
    heading : str
        Of the column, for the finding.
    """
    given = ~np.isnan(count)
    near = given & (np.abs(count) < _YEARS_OF_DAYS)
    days = np.full(len(count), _NO_DAY)
    whole = np.floor(count[near]).astype(np.int64).astype("m8[D]")
    days[near] = np.datetime64(zero, "D") + whole
    return in_calendar(days, given, file, heading)


def in_calendar(
    days: NDArray[np.datetime64], given: NDArray[np.bool_], file: Opened, heading: str
) -> NDArray[np.datetime64]:
    """Return days of the years 1 to 9999; others that were given are reported and made NaT."""
    inside = (days >= _FIRST) & (days <= _LAST)
    beyond = given & ~inside
    if beyond.any():
        file.ledger.add(
            Severity.ERROR,
            "SW04",
            "dates outside the years 1 to 9999",
            "Correct them in the file.",
            file=file.spec.place,
            column=heading if may_be_said(heading) else "",
            rows=np.flatnonzero(beyond) + 2,
            of_rows=len(days),
        )
    return np.where(inside, days, _NO_DAY)
