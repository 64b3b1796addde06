"""Dates that are impossible, unlikely, after the data cut, or in the wrong order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Severity
from splw_eval.data.checks.plausible import plausible
from splw_eval.data.checks.telling import tell, tell_sheet
from splw_eval.data.codebook import codebook
from splw_eval.data.ledger import Ledger
from splw_eval.data.loaded import Loaded
from splw_eval.data.parse import dates
from splw_eval.data.sheet import Told
from splw_eval.data.unnamed import date_heading

# Of each table: what starts, and what cannot come before it. That a contact cannot come
# before its referral is another check.
_ORDERED = {
    "episodes": (("referral_date", "close_date"), ("offered_date", "close_date")),
    "link_workers": (("start_date", "end_date"),),
}
_MAY_BE_OLD = frozenset({("link_workers", "start_date"), ("link_workers", "end_date")})
_MAY_BE_AHEAD = frozenset({("link_workers", "end_date")})  # the end of a contract
_OF_TIME_ZERO = frozenset({"people", "measures", "episodes"})  # where its column is looked for
_ENDS_FIRST: Told = (
    Severity.ERROR,
    "SW77",
    "an end before its start",
    "Correct one of the two dates.",
)
_LATE: Told = (
    Severity.WARNING,
    "SW80",
    "a date after the data cut",
    "It is used; correct the date, or move data_cut.",
)


def check(loaded: Loaded) -> None:
    """Report dates of every table, and of time zero, that cannot be, or hardly can be."""
    for table in loaded.tables.values():
        for name, values in table.columns.items():
            if values.dtype.kind == "M":
                old, ahead = ((table.name, name) in may for may in (_MAY_BE_OLD, _MAY_BE_AHEAD))
                cut = None if ahead else loaded.plan.data_cut
                day = table.date(name)
                for wrong, told in _unlikely(day, cut, may_be_old=old, may_be_ahead=ahead):
                    tell(loaded, table, name, wrong, told)
        for start, end in _ORDERED.get(table.name, ()):
            wrong = table.date(end) < table.date(start)
            tell(loaded, table, end, wrong, _ENDS_FIRST)
    _time_zero(loaded)
    _of_measurement(loaded)


def _of_measurement(loaded: Loaded) -> None:
    """Report dates of questionnaires; that one lies after the data cut, placing them has said."""
    for sheet in (s for s in loaded.sheets if s.spec.table == "measures"):
        of_rows = date_heading(loaded.plan, sheet) if sheet.spec.layout == "long" else None
        headings = [heading for heading in (of_rows, *sheet.spec.dates.values()) if heading]
        for heading in dict.fromkeys(headings):
            # Faulty cells were reported when the dates were read: a ledger of its own is enough.
            for wrong, told in _unlikely(dates(sheet, heading, Ledger()), None):
                tell_sheet(loaded, sheet, heading, wrong, told)


def _time_zero(loaded: Loaded) -> None:
    """Report dates of time zero in columns that no table of the codebook has."""
    for heading in {zero.column for zero in loaded.plan.time_zero if zero.column}:
        for sheet in (s for s in loaded.sheets if heading in s.cells):
            own = codebook()[sheet.spec.table].values()
            dated = {sheet.heading(column.name) for column in own if column.kind == "date"}
            if sheet.spec.table not in _OF_TIME_ZERO or heading in dated:
                continue
            day = dates(sheet, heading, loaded.ledger)
            for wrong, told in _unlikely(day, loaded.plan.data_cut):
                tell_sheet(loaded, sheet, heading, wrong, told)


def _unlikely(
    day: NDArray[np.datetime64],
    cut: dt.date | None,
    *,
    may_be_old: bool = False,
    may_be_ahead: bool = False,
) -> Iterator[tuple[NDArray[np.bool_], Told]]:
    """Give each kind of unlikely day, with what to say of it."""
    limits = plausible()
    earliest, early = np.datetime64(limits.earliest, "D"), np.datetime64(limits.birth_like, "D")
    problem, remedy = f"a date before {limits.earliest.year}", "Correct it."
    yield day < earliest, (Severity.ERROR, "SW76", problem, remedy)
    latest = np.datetime64(limits.latest, "D")
    if not may_be_ahead:
        problem = f"a date of {limits.latest.year} or later"
        remedy = "Correct it, or leave the cell empty where there is no day yet."
        yield day >= latest, (Severity.ERROR, "SW76", problem, remedy)
    if not may_be_old:
        problem = f"a date before {limits.birth_like.year}, as dates of birth are"
        remedy = "Correct it; if these are dates of birth, take them out of the file."
        yield (day >= earliest) & (day < early), (Severity.WARNING, "SW79", problem, remedy)
    if cut is not None:
        yield (day > np.datetime64(cut, "D")) & ~(day >= latest), _LATE
