"""Rows (start, stop] from a wide table: one row for each person and period at risk."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Finding, Severity
from splw_eval.retention.checks import finding, refuse
from splw_eval.retention.columns import check_kind
from splw_eval.retention.service.findings import plain
from splw_eval.retention.service.read_columns import is_whole, read_days, read_endings

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PeriodRows:
    """One row for each person and period at risk.

    Attributes
    ----------
    frame : DataFrame
        Every column of the table but those of the exposures, the time and the event; then
        ``start``, ``stop``, ``event`` and one column for each exposure.
    counts : mapping of str to int
    findings : tuple of Finding
    """

    frame: pd.DataFrame
    counts: Mapping[str, int]
    findings: tuple[Finding, ...]


def person_period_rows(
    frame: pd.DataFrame,
    *,
    id: str,  # noqa: A002 - what such a column is called everywhere
    time: str,
    event: str,
    exposures: Mapping[str, Sequence[str]],
    lag: int = 1,
) -> PeriodRows:
    """Turn columns of one period each into rows of one period each.

    Parameters
    ----------
    frame : DataFrame
        One row for each person.
    id : str
        Column of the person, each in one row.
    time : str
        Column with the last period of each person at risk, a whole number from 1.
    event : str
        Column with 0 where the person was last seen in that period, and the code of a cause
        where it ended; or True and False, not words such as yes and no.
    exposures : mapping of str to sequence of str
        Of each exposure: its columns, that of period 1 first, such as
        ``{"dose": ["dose_1", "dose_2"]}``; one column too is a list.
    lag : int
        A row holds what was so many periods before. The first `lag` periods have no such value
        and are left out. With 0 it is the value of the same period, which may follow from the
        event itself: a warning says so.

    Returns
    -------
    PeriodRows
        Row (t - 1, t] of each person for each period t at risk above `lag`; the order of the
        table is kept.

    Raises
    ------
    RetentionError
        The exposures are no lists of columns by name, a column is not there, a person has
        several rows, a time is no whole number from 1 or lies beyond the columns of an
        exposure, an ending is no code, or the lag is no whole number from 0.
    FitError
        The first argument is no DataFrame.
    """
    check_kind(frame)
    refuse(_lists(exposures))
    refuse(_options(frame, [id, time, event, *_columns(exposures)], exposures, lag))
    last, found = read_days(frame, time, without=("SR03",))
    happened, more = read_endings(frame, event)
    refuse([*found, *more, *_rows(frame, id, time, exposures, last, lag)])
    assert last is not None
    assert happened is not None
    lag, periods = int(lag), last.astype(np.int64)
    person = np.repeat(np.arange(len(frame)), np.maximum(periods - lag, 0))
    begins = np.cumsum(np.maximum(periods - lag, 0)) - np.maximum(periods - lag, 0)
    stop = np.arange(len(person)) - begins[person] + lag + 1
    rest = [c for c in frame.columns if c not in {time, event, *_columns(exposures)}]
    rows = frame[rest].iloc[person].reset_index(drop=True)
    rows["start"], rows["stop"] = stop - 1, stop
    rows["event"] = np.where(stop == periods[person], happened[person], 0)
    for name, columns in exposures.items():
        values = frame[list(columns)].to_numpy()
        rows[name] = values[person, stop - 1 - lag]
    return PeriodRows(
        frame=rows,
        counts={
            "people": len(frame),
            "people in the rows": int((periods > lag).sum()),
            "people who left before the rows begin": int((periods <= lag).sum()),
            "rows": len(rows),
            "endings": int((happened != 0).sum()),
            "endings in the rows": int((rows["event"] != 0).sum()),
            **{f"rows without {name}": int(rows[name].isna().sum()) for name in exposures},
        },
        findings=tuple(_same_period(lag)),
    )


def _lists(exposures: Any) -> Iterator[Finding]:
    """Exposures that are no mapping, or whose columns are no list."""
    remedy = 'Write for example exposures={"dose": ["dose_1", "dose_2"]}, period 1 first.'
    if not isinstance(exposures, Mapping):
        yield finding("SR12", "exposures= gives no columns by name of the exposure", remedy)
    elif not all(_is_list(columns) for columns in exposures.values()):
        problem = "exposures= gives something other than a list of columns; one column too is"
        yield finding("SR12", f"{problem} a list", remedy)


def _is_list(given: Any) -> bool:
    if isinstance(given, str | bytes | Mapping | Set) or not hasattr(given, "__len__"):
        return False
    one_way = getattr(given, "ndim", 1) == 1 and len(given) > 0
    return one_way and all(isinstance(name, Hashable) for name in given)


def _columns(exposures: Mapping[str, Sequence[str]]) -> list[str]:
    return [column for columns in exposures.values() for column in columns]


def _options(
    frame: pd.DataFrame, names: list[str], exposures: Mapping[str, Sequence[str]], lag: Any
) -> Iterator[Finding]:
    for name in dict.fromkeys(names):
        if int((frame.columns == name).sum()) != 1:
            remedy = "Give its name, letter for letter; each name stands once."
            yield finding("SR01", "the data frame has no one such column", remedy, column=name)
    kept = set(frame.columns) - set(names)
    taken = [n for n in ("start", "stop", "event", *exposures) if n in kept]
    if taken:
        problem = f"the data frame has columns of its own called {', '.join(taken)}"
        yield finding("SR12", problem, "Rename them first: the rows need these names.")
    if not is_whole(lag, 0):
        yield finding("SR12", "lag is no whole number from 0", "Give 1, or more.")


def _rows(
    frame: pd.DataFrame,
    who: str,
    time: str,
    exposures: Mapping[str, Sequence[str]],
    last: NDArray[np.float64] | None,
    lag: int,
) -> Iterator[Finding]:
    width = min((len(columns) for columns in exposures.values()), default=np.inf)
    whole = np.ones(len(frame)) if last is None else np.where(np.isfinite(last), last, 1.0)
    longest = f"no exposure may end before; the shortest has {width} columns"
    for code, wrong, problem, remedy, column in (
        ("SR12", frame[who].duplicated(), "a person with a row above", "One row each.", who),
        ("SR04", frame[who].isna(), "an empty cell", "Fill it.", who),
        ("SR02", (whole < 1) | (whole % 1 != 0), "no whole number from 1", "Correct it.", time),
        ("SR02", whole > width + lag, "a time beyond the exposures", longest, time),
    ):
        where = np.flatnonzero(np.asarray(wrong))
        if len(where):
            yield finding(code, problem, remedy, column=column, rows=where, of_rows=len(frame))


def _same_period(lag: int) -> Iterator[Finding]:
    if lag == 0:
        yield plain(
            "SR36",
            Severity.WARNING,
            "exposures are those of the period of the ending itself and may follow from it",
            "Prefer lag=1, so that each comes before what it is to explain.",
        )
