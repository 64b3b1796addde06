"""Rows (start, stop] of people looked over: lengths, overlaps, gaps, endings, late causes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Finding, Severity
from splw_eval.retention.codes import RETENTION_CODES
from splw_eval.retention.columns import check_kind
from splw_eval.retention.service.read_columns import is_number, read_days, read_endings
from splw_eval.retention.service.states import BEFORE

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

_NEAR = 8  # steps of a decimal number, within which days that were added up are the same


def check_rows(
    frame: pd.DataFrame,
    id: str,  # noqa: A002 - what such a column is called everywhere
    start: str,
    stop: str,
    event: str | None = None,
    *,
    measured: Mapping[str, str] | None = None,
    lag: float = 1,
) -> tuple[Finding, ...]:
    """Look rows (start, stop] of people over.

    Parameters
    ----------
    frame : DataFrame
        One row for each stretch of days of a person; in any order.
    id, start, stop : str
        Columns: whose row it is (a person or an episode), and the days after which it begins
        and up to and on which it lasts, as numbers; fractions of days may be. A start of -1 lets
        day 0 count.
    event : str, optional
        Column with 0 where the row ended with nothing, and the code of a cause where it ended
        with one; or True and False, not words such as yes and no.
    measured : mapping of str to str, optional
        Of each cause that changes over time: the column with the day on which it was measured
        (missing where it was not).
    lag : float
        Days that must lie between the measurement and the first day of its row; 1 or more.

    Returns
    -------
    tuple of Finding
        Errors: a column that is not there, a missing day, dates or text in place of numbers, a
        day below 0, an ending that is no code, a row that does not start before it stops,
        overlaps, an ending before the last row, and a cause measured less than `lag` days before
        the row begins, or on or after the day of the event itself. A warning: days between two
        rows of one person that no row covers. Rows are counted from 1.

    Raises
    ------
    FitError
        The first argument is no DataFrame.
    """
    check_kind(frame)
    measured = {} if measured is None else measured
    if not isinstance(measured, Mapping):
        remedy = 'Write for example measured={"caseload": "day_of_caseload"}.'
        return (_finding("SR12", "measured= gives no columns by name of the cause", remedy, ""),)
    columns = [c for c in (id, start, stop, event, *measured.values()) if c is not None]
    found = [*_columns(frame, columns), *_lag(lag)]
    if found:
        return tuple(found)
    begins, found = read_days(frame, start, without=("SR03",))
    ends, more = read_days(frame, stop)
    found = [*_missing(frame, (id,)), *found, *more]
    happened = np.zeros(len(frame), dtype=np.int64)
    if event is not None:
        codes, more = read_endings(frame, event)
        found += more
        happened = happened if codes is None else codes
    times = {
        cause: read_days(frame, name, without=("SR03", "SR04")) for cause, name in measured.items()
    }
    found += [fault for _, faults in times.values() for fault in faults]
    if found or begins is None or ends is None:
        return tuple(found)
    found += _wrong("SR03", begins < BEFORE, "a start below day 0", start)
    found += _wrong("SR08", begins >= ends, "a row that does not start before it stops", stop)
    over = happened != 0
    found += _between(_codes(frame, id), begins, ends, over, (start, stop, event or ""))
    for cause, column in measured.items():
        known = times[cause][0]
        if known is not None:
            found += _late(cause, column, known, begins, ends, over, lag)
    return tuple(found)


def _columns(frame: pd.DataFrame, names: list[str]) -> Iterator[Finding]:
    for name in dict.fromkeys(names):
        count = int((frame.columns == name).sum())
        if count != 1:
            said = "has no such column" if count == 0 else f"has {count} columns of this name"
            yield _finding(
                "SR01", f"the data frame {said}", "Give its name, letter for letter.", name
            )


def _lag(lag: Any) -> Iterator[Finding]:
    if not is_number(lag) or lag < 1:
        problem = "with a lag below 1 a cause could be the consequence of what it explains"
        yield _finding("SR36", problem, "Give a lag of 1 or more.", "")


def _codes(frame: pd.DataFrame, name: str) -> Places:
    import pandas as pd

    return pd.factorize(frame[name])[0].astype(np.int64)


def _missing(frame: pd.DataFrame, names: tuple[str, ...]) -> Iterator[Finding]:
    for name in names:
        yield from _wrong("SR04", frame[name].isna().to_numpy(), "an empty cell", name)


def _between(
    who: Places, begins: Floats, ends: Floats, happened: Any, names: tuple[str, str, str]
) -> Iterator[Finding]:
    """What is wrong between a row and the one before it of the same person."""
    start, stop, event = names
    order = np.lexsort((ends, begins, who))
    same = who[order][1:] == who[order][:-1]
    later, earlier = order[1:][same], order[:-1][same]
    # The latest stop so far, and not only that of the row before: a long row may hold others.
    reached = _reached(who[order], ends[order])[:-1][same]
    apart = begins[later] - reached
    near = _NEAR * np.spacing(np.maximum(np.abs(begins[later]), np.abs(reached)))
    for code, wrong, problem, column in (
        ("SR17", apart < -near, "a row that begins before the last one ended", start),
        ("SR34", apart > near, "a row that begins days after the last one", start),
        ("SR35", happened[earlier], "an ending with a later row of the same person", event),
    ):
        rows = np.zeros(len(who), dtype=bool)
        rows[(earlier if code == "SR35" else later)[wrong]] = True
        yield from _wrong(code, rows, problem, column or stop)


def _reached(who: Places, ends: Floats) -> Floats:
    """Latest stop of a person up to each row; rows of one person stand together."""
    if not len(who):
        return ends
    place = np.concatenate([[0], np.cumsum(who[1:] != who[:-1])])
    days, code = np.unique(ends, return_inverse=True)
    reached: Floats = days[np.maximum.accumulate(place * len(days) + code) % len(days)]
    return reached


def _late(
    cause: str,
    column: str,
    measured: Floats,
    begins: Floats,
    ends: Floats,
    happened: Any,
    lag: float,
) -> Iterator[Finding]:
    """Causes measured too late: against the first day of the row, or the day of the event."""
    after = happened & (measured >= ends)
    problem = f"{cause} measured on or after the day of the ending that it is to explain"
    yield from _wrong("SR36", after, problem, column)
    latest = begins + 1 - lag
    late = ~after & (measured - latest > _NEAR * np.spacing(np.maximum(np.abs(begins), 1.0)))
    problem = f"{cause} measured less than {lag:g} day(s) before the row begins"
    yield from _wrong("SR36", late, problem, column)


_REMEDY = {
    "SR03": "Look at both dates: time runs from 0.",
    "SR04": "Fill in those cells, or leave the rows out and say so.",
    "SR08": "Leave such rows out, or correct their days.",
    "SR17": "Cut the rows so that one begins where the other ends.",
    "SR34": "Nothing, if the person was not under observation on those days.",
    "SR35": "Put the ending into the last row of the person.",
    "SR36": "Take the cause as it stood earlier, or cut the row where it was measured.",
}


def _wrong(code: str, rows: Any, problem: str, column: str) -> Iterator[Finding]:
    where = np.flatnonzero(rows)
    if len(where):
        yield _finding(
            code, problem, _REMEDY[code], column, tuple(int(r) + 1 for r in where), len(rows)
        )


def _finding(
    code: str,
    problem: str,
    remedy: str,
    column: str,
    rows: tuple[int, ...] = (),
    of_rows: int | None = None,
) -> Finding:
    assert code in RETENTION_CODES
    return Finding(
        code=code,
        severity=Severity.WARNING if code == "SR34" else Severity.ERROR,
        problem=problem,
        remedy=remedy,
        column=column,
        rows=rows,
        of_rows=of_rows,
    )
