"""Contacts as they stand with their episodes: which can be used, and why others cannot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.data import Study
from splw_eval.data.checks.joins import index_of, positions
from splw_eval.data.parse import distinct, each

Days = NDArray[np.int64]
Flags = NDArray[np.bool_]

NO_DAY = np.iinfo(np.int64).min  # how NumPy writes "not a time" as a whole number
_REMOTE = frozenset({"telephone", "video", "text message", "email", "letter"})
_IN_PERSON = frozenset({"in person", "group"})


def whole_days(dates: NDArray[np.datetime64]) -> Days:
    """Days since 1970-01-01; `NO_DAY` where there is no date."""
    return dates.astype("M8[D]").view(np.int64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Contacts:
    """Contacts that lie within their episode, in the order of episode and day.

    Attributes
    ----------
    episode : ndarray of int, shape (n,)
        Row of the table of episodes.
    day : ndarray of int, shape (n,)
        Days since 1970-01-01.
    attended : ndarray of bool, shape (n,)
    worker : ndarray of int, shape (n,)
        Position in `workers`; -1 where no link worker is named.
    workers : tuple of str
        In the order of the alphabet.
    remote : ndarray of int, shape (n,)
        1 remote, 0 in person, -1 not known.
    row : ndarray of int, shape (n,)
        Row of the table of contacts, from 0.
    left_out : dict of str to ndarray of bool, shape (rows of the table,)
        Contacts that cannot be used, by why.
    """

    episode: Days
    day: Days
    attended: Flags
    worker: Days
    workers: tuple[str, ...]
    remote: Days
    row: Days
    left_out: dict[str, Flags]

    def where(self, kept: Flags) -> tuple[Days, Days]:
        """Episode and day of some contacts."""
        return self.episode[kept], self.day[kept]


def read_contacts(study: Study, begins: Days, ends: Days, cut: int) -> Contacts | None:
    """Place the contacts on their episodes.

    Parameters
    ----------
    study : Study
        With a table of episodes.
    begins, ends : ndarray of int, shape (episodes,)
        First and last day of each episode, since 1970-01-01; `NO_DAY` where it has none.
    cut : int
        Last day covered by the files.

    Returns
    -------
    Contacts or None
        None where there is no table of contacts. The order of the rows of the file makes no
        difference: contacts of one day stand in the order of mode and link worker.
    """
    table = study.tables.get("contacts")
    if table is None:
        return None
    episodes = study.tables["episodes"]
    episode = positions(table.text("episode"), index_of(episodes.text("episode")))
    day = whole_days(table.date("date"))
    begin, end = (np.append(days, NO_DAY)[episode] for days in (begins, ends))
    known = (episode >= 0) & (begin != NO_DAY)
    dated = day != NO_DAY
    left_out = {
        "of no episode that is used": ~known,
        "without a day": known & ~dated,
        "before the referral": known & dated & (day < begin),
        "after the data cut": known & dated & (day > cut),
        "after the close": known & dated & (day > end) & (day <= cut),
    }
    kept = np.flatnonzero(~np.logical_or.reduce(list(left_out.values())))
    workers, worker = _workers(table.text("link_worker")[kept])
    remote = each(table.text("mode")[kept], _remote, np.int64)
    said = "attended" not in table.columns
    attended = said | (table.number("attended")[kept] == 1)
    order = _ordered(episode[kept], day[kept], remote, worker)
    return Contacts(
        episode=episode[kept][order],
        day=day[kept][order],
        attended=attended[order],
        worker=worker[order],
        workers=workers,
        remote=remote[order],
        row=kept[order],
        left_out=left_out,
    )


def _remote(mode: str) -> int:
    if mode in _REMOTE:
        return 1
    return 0 if mode in _IN_PERSON else -1


def _workers(names: NDArray[Any]) -> tuple[tuple[str, ...], Days]:
    values, codes = distinct(names)
    known = sorted(value for value in values if value)
    place = {name: code for code, name in enumerate(known)}
    return tuple(known), np.array([place.get(value, -1) for value in values], dtype=np.int64)[codes]


def _ordered(episode: Days, day: Days, remote: Days, worker: Days) -> Days:
    """Order by episode and day; on one day by mode, then link worker."""
    if not len(day):
        return np.zeros(0, dtype=np.int64)
    first, widest = int(day.min()), int(worker.max()) + 2
    span = int(day.max()) - first + 1
    key = (episode * span + (day - first)) * 3 + remote + 1
    return np.argsort(key * widest + worker + 1, kind="stable")
