"""Causes that change over time, as each was known by a given day of an episode."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.data import Study
from splw_eval.data.checks.joins import index_of, positions
from splw_eval.retention.service.contact_log import NO_DAY, Contacts, Days, whole_days

Floats = NDArray[np.float64]
NEVER = np.iinfo(np.int64).max // 4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Marks:
    """Days of episodes on which something was recorded, in the order of episode and day.

    Attributes
    ----------
    place, day : ndarray of int, shape (n,)
        Position of the episode, and days from its day 0.
    """

    place: Days
    day: Days

    def last_by(self, place: Days, by: Days) -> Days:
        """Position of the last mark of each episode up to a day; -1 where there is none."""
        if not len(self.day):
            return np.full(len(by), -1, dtype=np.int64)
        low = min(int(self.day.min()), int(by.min(initial=0)))
        span = max(int(self.day.max()), int(by.max(initial=0))) - low + 1
        keys = self.place * span + (self.day - low)
        found = np.searchsorted(keys, place * span + (by - low), side="right") - 1
        return np.where((found >= 0) & (self.place[found] == place), found, -1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Log:
    """What the files record of the episodes that are used.

    Attributes
    ----------
    attended : Marks
        Attended contacts.
    remote : ndarray of int
        Of each of them: 1 remote, 0 in person, -1 not known.
    named_day, change_day, gone_day : ndarray of int, shape (episodes,)
        First day on which a link worker is known, on which another one is, and on which the
        post of the first had ended; `NEVER`.
    costs : Marks
        Support whose cost to the person is known, and ...
    cost : ndarray of float
        ... that cost, in pounds.
    cost_row : ndarray of int
        Row of the table of support, from 0.
    """

    attended: Marks
    remote: Days
    named_day: Days
    change_day: Days
    gone_day: Days
    costs: Marks
    cost: Floats
    cost_row: Days

    def recorded(self) -> Iterator[tuple[Days, Days]]:
        """Episode and day of what was recorded of the person after day 0 and changes a cause."""
        changed = np.flatnonzero(self.change_day < NEVER)
        for place, day in (
            (self.attended.place, self.attended.day),
            (changed, self.change_day[changed]),
            (self.costs.place, self.costs.day),
        ):
            yield place[day > 0], day[day > 0]

    def posts(self) -> Iterator[tuple[Days, Days]]:
        """Episode and day of each end of a post."""
        gone = np.flatnonzero(self.gone_day < NEVER)
        yield gone, self.gone_day[gone]


def read_log(study: Study, contacts: Contacts | None, used: Days, zero: Days) -> Log:
    """Gather what changes over time of the episodes that are used.

    Parameters
    ----------
    study : Study
    contacts : Contacts or None
    used : ndarray of int, shape (episodes,)
        Rows of the table of episodes.
    zero : ndarray of int, shape (episodes,)
        Day 0 of each, since 1970-01-01.

    Returns
    -------
    Log
    """
    place_of = np.full(len(study.tables["episodes"]) + 1, -1, dtype=np.int64)
    place_of[used] = np.arange(len(used))
    costs, cost, row = _costs(study, place_of, zero)
    nothing = np.zeros(0, dtype=np.int64)
    never = np.full(len(used), NEVER, dtype=np.int64)
    if contacts is None:
        empty = Marks(place=nothing, day=nothing)
        return Log(
            attended=empty,
            remote=nothing,
            named_day=never,
            change_day=never,
            gone_day=never,
            costs=costs,
            cost=cost,
            cost_row=row,
        )
    place = place_of[contacts.episode]
    held = place >= 0
    place, day = place[held], contacts.day[held] - zero[place[held]]
    attended, worker = contacts.attended[held], contacts.worker[held]
    named, change = _changes(place, day, attended, worker, never)
    leaves = _leaves(study, contacts.workers)
    first = _first_worker(place, attended, worker, len(used))
    left = np.where(first >= 0, np.append(leaves, NO_DAY)[first], NO_DAY)
    gone = np.where(left != NO_DAY, left + 1 - zero, NEVER)
    gone = np.where(gone > named, gone, NEVER)  # a contact after the last day in post: unknown
    return Log(
        attended=Marks(place=place[attended], day=day[attended]),
        remote=contacts.remote[held][attended],
        named_day=named,
        change_day=change,
        gone_day=gone,
        costs=costs,
        cost=cost,
        cost_row=row,
    )


def _first_worker(place: Days, attended: NDArray[np.bool_], worker: Days, n: int) -> Days:
    first = np.full(n, -1, dtype=np.int64)
    rows = np.flatnonzero(attended & (worker >= 0))
    at, where = np.unique(place[rows], return_index=True)
    first[at] = worker[rows[where]]
    return first


def _changes(
    place: Days, day: Days, attended: NDArray[np.bool_], worker: Days, never: Days
) -> tuple[Days, Days]:
    """First day with a known link worker, and first later one attended with another."""
    named, change = never.copy(), never.copy()
    first = _first_worker(place, attended, worker, len(never))
    known = attended & (worker >= 0)
    np.minimum.at(named, place[known], day[known])
    # Attended alone: a missed contact may be a call after somebody who has left, by anybody.
    other = known & (worker != first[place]) & (day > named[place])
    np.minimum.at(change, place[other], day[other])
    return named, change


def _leaves(study: Study, workers: tuple[str, ...]) -> Days:
    """Last day in post of each link worker; `NO_DAY` where none is known."""
    table = study.tables.get("link_workers")
    if table is None or not workers:
        return np.full(len(workers), NO_DAY, dtype=np.int64)
    names = np.array(workers, dtype=object)
    at = positions(names, index_of(table.text("link_worker")))
    return np.append(whole_days(table.date("end_date")), NO_DAY)[at]


def _costs(study: Study, place_of: Days, zero: Days) -> tuple[Marks, Floats, Days]:
    """Support with a known cost, in the order of episode, day and cost."""
    table = study.tables.get("support")
    if table is None:
        nothing = np.zeros(0, dtype=np.int64)
        return Marks(place=nothing, day=nothing), np.zeros(0), nothing
    episodes = index_of(study.tables["episodes"].text("episode"))
    place = place_of[positions(table.text("episode"), episodes)]
    day, cost = whole_days(table.date("date")), table.number("cost_to_client")
    rows = np.flatnonzero((place >= 0) & (day != NO_DAY) & ~np.isnan(cost))
    day = day[rows] - zero[place[rows]]
    order = np.lexsort((cost[rows], day, place[rows]))
    rows = rows[order]
    return Marks(place=place[rows], day=day[order]), cost[rows], rows


def share_remote(log: Log, place: Days, by: Days, last: int) -> Floats:
    """Share of remote contacts among the last ones attended up to a day; NaN where unknown."""
    at = log.attended.last_by(place, by)
    seen = at >= 0
    known = np.concatenate([[0], np.cumsum(log.remote >= 0)])
    remote = np.concatenate([[0], np.cumsum(log.remote == 1)])
    begins = np.searchsorted(log.attended.place, place, side="left")
    low = np.maximum(at - last + 1, begins)
    n = np.where(seen, known[at + 1] - known[np.minimum(low, at + 1)], 0)
    some = np.where(seen, remote[at + 1] - remote[np.minimum(low, at + 1)], 0)
    share = np.full(len(place), np.nan)
    np.divide(some, n, out=share, where=n > 0)
    return share


def worker_changes(log: Log, place: Days, by: Days, told: Days) -> tuple[Floats, Floats]:
    """Whether the link worker had changed (1, 0, NaN unknown), and days since then.

    Parameters
    ----------
    log : Log
    place : ndarray of int, shape (rows,)
    by, told : ndarray of int, shape (rows,)
        Days up to which the end of a post is known, and what contacts tell.
    """
    change, gone = log.change_day[place], log.gone_day[place]
    by_contact, by_post = np.where(change <= told, change, NEVER), np.where(gone <= by, gone, NEVER)
    day = np.minimum(by_contact, by_post)
    unknown = log.named_day[place] > told
    changed = np.where(unknown, np.nan, (day < NEVER).astype(float))
    return changed, np.where(unknown, np.nan, np.where(day < NEVER, by - day, 0))


def travel_cost(log: Log, place: Days, by: Days) -> Floats:
    """Cost to the person of the last support whose cost was known by a day; NaN where none."""
    at = log.costs.last_by(place, by)
    found: Floats = np.append(log.cost, np.nan)[at]
    return np.where(at >= 0, found, np.nan)
