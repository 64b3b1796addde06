"""Use of services in a grid of people and months, counted from the month of time zero."""

from __future__ import annotations

import math
import weakref
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.plan import Plan, horizon_of
from splw_eval.core.result import Note
from splw_eval.data import Study
from splw_eval.data.tables import Table

Floats = NDArray[np.float64]
USES = {
    "gp_contacts": "Contacts with the practice",
    "emergency": "Attendances at an emergency department",
    "admissions": "Emergency admissions",
    "prescriptions": "Items prescribed",
}
ENDED = frozenset({"died", "moved"})
_CUT = (
    "Only whole months count: the month in which the data were cut, and later ones, are left out."
)
_ENDED = (
    "People whose episode was closed because they died or moved away count up to the month before "
    "that. Of others nothing says when they died or left the practice."
)
_ZERO = (
    "As the plan says, the table holds rows only for months with some use, so a month without a "
    "row had none, from the first month of the table to its last. Whoever left or died without a "
    "record of it then counts as using nothing."
)
_NOT_KNOWN = (
    "A month without a row, or with an empty cell, is not known and is left out; it is never taken "
    "for no use. If the table holds rows only for months with some use, the plan must say so "
    "([service_use] absent_rows), or use is overstated."
)
MONTH_ZERO = (
    "The month of time zero lies partly before and partly after, so it counts for neither; curves "
    "show it."
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UseGrid:
    """Use of services of everybody, month by month.

    Attributes
    ----------
    months : ndarray of int, shape (m,)
        From time zero; 0 is the month that holds it.
    values : mapping of str to ndarray of float, shape (people, m)
        By name of the column; NaN where it is not known.
    notes : tuple of Note
    """

    months: NDArray[np.int64]
    values: Mapping[str, Floats]
    notes: tuple[Note, ...]

    def between(self, use: str, first: int, last: int) -> tuple[Floats, Floats]:
        """Events and known months of each person from one month to another.

        Parameters
        ----------
        use : str
        first, last : int
            Both count.

        Returns
        -------
        events, known : ndarray of float, shape (people,)
        """
        here = self.values[use][:, (self.months >= first) & (self.months <= last)]
        known = ~np.isnan(here)
        return np.where(known, here, 0.0).sum(axis=1), known.sum(axis=1).astype(float)


_HELD: dict[int, UseGrid] = {}


def grid_of(study: Study) -> UseGrid:
    """Give the grid of a study with a table of service use and dates of time zero; made once.

    Parameters
    ----------
    study : Study

    Returns
    -------
    UseGrid
    """
    key = id(study)
    if key not in _HELD:
        _HELD[key] = _made(study)
        weakref.finalize(study, _HELD.pop, key, None)
    return _HELD[key]


def _made(study: Study) -> UseGrid:
    rules, table = study.plan.service_use, study.tables["service_use"]
    months = np.arange(-rules.months_before, _last(study.plan) + 1)
    zero = _zero(study)
    usable, ended = _whole(study, zero, months)
    notes = [_ZERO if rules.absent_rows == "zero" else _NOT_KNOWN]
    notes += [_CUT] if study.plan.data_cut else []
    notes += [_ENDED] if ended else []
    person, place, rows = _places(study, table, zero, months)
    values = {}
    for name in USES:
        if name not in table.columns:
            continue
        grid = np.full((len(zero), len(months)), np.nan)
        if rules.absent_rows == "zero":
            grid[_covered(table, zero, months)] = 0.0
        grid[person, place] = table.number(name)[rows]
        grid[~usable] = np.nan
        values[name] = grid
    return UseGrid(months=months, values=values, notes=tuple(Note(text=text) for text in notes))


def _last(plan: Plan) -> int:
    """Last month that use or costs are looked at."""
    horizon = horizon_of(plan)
    return max(plan.service_use.months_after, 0 if horizon is None else math.ceil(horizon.month))


def _zero(study: Study) -> NDArray[np.datetime64]:
    zero = study.people.time_zero
    assert zero is not None
    return zero.astype("M8[M]")


def _places(
    study: Study, table: Table, zero: NDArray[np.datetime64], months: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Person, place among the months and row of each row of the table inside the grid."""
    index = study.people.index
    person = np.array([index.get(str(who), -1) for who in table.text("person")], dtype=np.int64)
    since = _since(table.date("month").astype("M8[M]"), zero[person])
    inside = (person >= 0) & (since >= months[0]) & (since <= months[-1])
    rows = np.flatnonzero(inside)
    return person[rows], (since[rows] - months[0]).astype(np.int64), rows


def _since(month: NDArray[np.datetime64], zero: NDArray[np.datetime64]) -> Floats:
    """Months from time zero; NaN where either is not known."""
    apart = month - zero
    found: Floats = np.where(np.isnat(apart), np.nan, apart.astype(np.int64))
    return found


def _whole(
    study: Study, zero: NDArray[np.datetime64], months: NDArray[np.int64]
) -> tuple[NDArray[np.bool_], bool]:
    """Whether each month is whole for each person, and whether anybody's time ended."""
    usable = np.repeat(~np.isnat(zero)[:, None], len(months), axis=1)
    if study.plan.data_cut is not None:
        cut = np.datetime64(study.plan.data_cut, "D") + 1  # the last day itself is covered
        usable &= zero[:, None] + months < cut.astype("M8[M]")
    end = _ends(study)
    known = ~np.isnat(end)
    usable[known] &= (zero[:, None] + months)[known] < end[known, None]
    return usable, bool(known.any())


def _ends(study: Study) -> NDArray[np.datetime64]:
    """Month in which the time of each person ended; NaT where nothing says so."""
    ends = np.full(len(study.people), np.datetime64("NaT", "M"))
    episodes = study.tables.get("episodes")
    if episodes is None:
        return ends
    reasons, closed = episodes.text("close_reason"), episodes.date("close_date").astype("M8[M]")
    for who, reason, month in zip(episodes.text("person"), reasons, closed, strict=True):
        at = study.people.index.get(str(who), -1)
        if at >= 0 and reason in ENDED and not np.isnat(month):
            ends[at] = month if np.isnat(ends[at]) else min(ends[at], month)
    return ends


def _covered(
    table: Table, zero: NDArray[np.datetime64], months: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Whether the table covers each month of each person."""
    held = table.date("month").astype("M8[M]")
    held = held[~np.isnat(held)]
    if not len(held):
        return np.zeros((len(zero), len(months)), dtype=bool)
    when = zero[:, None] + months
    covered: NDArray[np.bool_] = (when >= held.min()) & (when <= held.max())
    return covered
