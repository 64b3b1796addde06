"""Answers that cannot be: outside the codes, or not whole numbers; how they may have been keyed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Finding, Severity
from splw_eval.instruments.options import Chosen
from splw_eval.instruments.recipes import codes_of
from splw_eval.instruments.records import Instrument
from splw_eval.instruments.shifts import (
    MISSING_CODES,
    shift_of,
    shift_question,
    shift_remedy,
    shifts_of,
)

Columns = Sequence[NDArray[Any]]
_CORRECT = "Correct them, or declare codes that mean missing."


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """How rows and columns are called in findings.

    Attributes
    ----------
    numbers : ndarray of int, shape (n,), or None
        Number of each row; None counts from 1.
    file : str
    column : callable
        Name of an item's column.
    """

    numbers: NDArray[np.int64] | None = None
    file: str = ""
    column: Callable[[str], str] = field(default=lambda item: item)

    def of(self, chosen: NDArray[np.bool_]) -> tuple[int, ...]:
        """Numbers of the chosen rows."""
        places = np.flatnonzero(chosen)
        return tuple((places + 1 if self.numbers is None else self.numbers[places]).tolist())


def report_rows(
    code: str,
    problem: str,
    remedy: str,
    chosen: NDArray[np.bool_],
    rows: Rows,
    item: str = "",
) -> Finding:
    """One finding about rows of a column."""
    return Finding(
        code=code,
        severity=Severity.ERROR,
        problem=problem,
        remedy=remedy,
        file=rows.file,
        column=rows.column(item) if item else "",
        rows=rows.of(chosen),
        of_rows=len(chosen),
    )


def faulty_columns(
    columns: Columns, instrument: Instrument, chosen: Chosen
) -> Iterator[tuple[str, NDArray[Any], NDArray[np.bool_], NDArray[np.bool_]]]:
    """Item, its answers, which lie outside the codes, and which are not whole numbers."""
    ready = {s.items[0] for s in instrument.scores if s.formula.how == "given"}
    for item, column, (low, high) in zip(
        instrument.items, columns, codes_of(instrument, chosen), strict=True
    ):
        missing = np.isnan(column) if column.dtype.kind == "f" else np.zeros(len(column), np.bool_)
        outside = ~missing & ~((column >= low) & (column <= high))
        parts = ~missing & ~outside & (column != np.floor(column))
        yield item, column, outside, parts if item not in ready else np.zeros_like(outside)


def unsaid_faults(
    columns: Columns, instrument: Instrument, chosen: Chosen, rows: Rows
) -> list[Finding]:
    """Every flag that is empty for somebody who answered: it is taken neither for yes nor no."""
    found = []
    for name, empty in chosen.unsaid.items():
        # NaN alone is not itself.
        here, held = np.flatnonzero(empty), empty.copy()
        answered = [c[here] == c[here] for c in columns]
        held[here] = np.any(answered, axis=0)
        if held.any():
            problem = (
                f"{name} of {instrument.name} is neither true nor false where items are answered"
            )
            remedy = "Fill it in: yes or no. Where an empty cell means no, write no."
            found.append(report_rows("SI08", problem, remedy, held, rows))
    return found


def faults_of(
    columns: Columns, instrument: Instrument, chosen: Chosen, rows: Rows
) -> Iterator[Finding]:
    """Every answer that cannot be, one finding a column and kind; never a value."""
    codes = dict(zip(instrument.items, codes_of(instrument, chosen), strict=True))
    shifts = shifts_of(columns, instrument, chosen)
    for item, column, outside, parts in faulty_columns(columns, instrument, chosen):
        low, high = codes[item]
        if outside.any():
            remedy = f"{keying_hint(column, (low, high))} {_CORRECT}".strip()
            if shifts[item]:  # to declare one of them missing would leave the others wrong
                remedy = shift_remedy(instrument, codes[item], shifts[item])
            problem = f"outside {low:g} to {high:g}"
            yield report_rows("SI06", problem, remedy, outside, rows, item)
        if parts.any():
            remedy = "Answers are whole numbers: correct them, and look whether this is a score."
            yield report_rows("SI07", "not a whole number", remedy, parts, rows, item)


def keying_hint(values: Mapping[str, Any] | NDArray[Any], codes: tuple[float, float]) -> str:
    """Say how answers outside their codes may have been keyed.

    Parameters
    ----------
    values : ndarray, shape (n,)
        All answers to an item; NaN is missing.
    codes : (float, float)
        Lowest and highest answer.

    Returns
    -------
    str
        A question, or empty text where the answers fit or nothing explains them all.
    """
    answers = np.asarray(values, dtype=np.float64)
    held = answers[~np.isnan(answers)]
    low, high = codes
    if not len(held) or (held != np.floor(held)).any():
        return ""
    shift = shift_of(held, codes)
    if shift:
        return shift_question(codes, shift)
    rest = held[(held < low) | (held > high)]
    if len(rest) and np.isin(rest, MISSING_CODES).all():
        return "Codes for missing answers? If so, declare them."
    return ""
