"""Dates that are impossible, unlikely, after the data cut, or in the wrong order."""

from __future__ import annotations

import numpy as np

from splw_eval.core.findings import Severity
from splw_eval.data.checks.plausible import plausible
from splw_eval.data.checks.telling import Told, tell
from splw_eval.data.loaded import Loaded
from splw_eval.data.tables import Table

# Of each table: what starts, and what cannot come before it. That a contact cannot come
# before its referral is another check.
_ORDERED = {
    "episodes": (("referral_date", "close_date"), ("offered_date", "close_date")),
    "link_workers": (("start_date", "end_date"),),
}
_MAY_BE_OLD = frozenset({("link_workers", "start_date"), ("link_workers", "end_date")})
_MAY_BE_AHEAD = frozenset({("link_workers", "end_date")})  # the end of a contract
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
    """Report dates of every table that cannot be, or hardly can be."""
    for table in loaded.tables.values():
        for name, values in table.columns.items():
            if values.dtype.kind == "M":
                _day(loaded, table, name)
        for start, end in _ORDERED.get(table.name, ()):
            wrong = table.date(end) < table.date(start)
            tell(loaded, table, end, wrong, _ENDS_FIRST)


def _day(loaded: Loaded, table: Table, name: str) -> None:
    limits, day = plausible(), table.date(name)
    earliest, early = np.datetime64(limits.earliest, "D"), np.datetime64(limits.birth_like, "D")
    problem, remedy = f"a date before {limits.earliest.year}", "Correct it."
    tell(loaded, table, name, day < earliest, (Severity.ERROR, "SW76", problem, remedy))
    if (table.name, name) not in _MAY_BE_OLD:
        problem = f"a date before {limits.birth_like.year}, as dates of birth are"
        remedy = "Correct it; if these are dates of birth, take them out of the file."
        wrong = (day >= earliest) & (day < early)
        tell(loaded, table, name, wrong, (Severity.WARNING, "SW79", problem, remedy))
    if loaded.plan.data_cut and (table.name, name) not in _MAY_BE_AHEAD:
        tell(loaded, table, name, day > np.datetime64(loaded.plan.data_cut, "D"), _LATE)
