"""The service's records put together: which contact and support belongs to which referral."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.data import Study
from splw_eval.data.checks.joins import Places, index_of, positions
from splw_eval.data.parse import distinct
from splw_eval.data.tables import Table
from splw_eval.retention.delivery.people_groups import PeopleGroups, people_groups

Which = NDArray[np.bool_]
Days = NDArray[np.datetime64]
LeftOut = tuple[str, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLog:
    """Referrals that are looked at, with what belongs to each.

    Attributes
    ----------
    episodes, contacts, support : Table or None
    person : ndarray of int, shape (episodes,)
        Position in People of every row of the table of episodes; -1 where unknown.
    chosen : ndarray of int, shape (n,)
        Rows of the table of episodes that are looked at, in its order.
    group : ndarray of int, shape (n,)
        Position of each referral's group in ``groups.names``.
    groups : PeopleGroups
    contact_of, support_of : ndarray of int, shape (contacts,), (support rows,)
        Position of each row's episode in `chosen`; -1 where it is not looked at.
    data_cut : datetime64 or None
        Nothing after it is looked at.
    left_out : tuple of (str, int, int)
        What was left out, how many rows, and of how many.
    """

    episodes: Table | None
    contacts: Table | None
    support: Table | None
    person: Places
    chosen: Places
    group: Places
    groups: PeopleGroups
    contact_of: Places
    support_of: Places
    data_cut: np.datetime64 | None
    left_out: tuple[LeftOut, ...]

    def __len__(self) -> int:
        return len(self.chosen)

    def day(self, column: str) -> Days:
        """Date of each referral looked at, shape (n,); NaT where none is kept by the data cut."""
        if self.episodes is None:
            return np.empty(0, dtype="M8[D]")
        days = self.episodes.date(column)[self.chosen]
        days[_after(days, self.data_cut)] = np.datetime64("NaT")
        return days

    def close_reason(self) -> NDArray[Any]:
        """Why each referral was closed, shape (n,); empty where it was not by the data cut."""
        if self.episodes is None:
            return np.empty(0, dtype=object)
        reason = self.episodes.text("close_reason")[self.chosen]
        closed = self.episodes.date("close_date")[self.chosen]
        return np.where(_after(closed, self.data_cut), "", reason)

    def closed(self) -> Which | None:
        """Referrals that are over by the data cut, shape (n,); None where no file says."""
        if self.episodes is None or not {"close_date", "close_reason"} & set(self.episodes.columns):
            return None
        return np.asarray(~np.isnat(self.day("close_date")) | (self.close_reason() != ""))

    def kept(self, table: Table | None, column: str) -> bool:
        """Whether a table is there and a file of it holds a column."""
        return table is not None and column in table.columns

    def attended(self) -> Which:
        """Contacts that took place, of referrals looked at, shape (contacts,).

        An empty `attended` is not attended; where no file holds the column at all, every
        contact that was logged counts, as it does for the first contact.
        """
        if self.contacts is None:
            return np.empty(0, dtype=bool)
        unkept = "attended" not in self.contacts.columns
        held: Which = (unkept | (self.contacts.number("attended") == 1)) & (self.contact_of >= 0)
        return held

    def contact_days(self) -> Days:
        """Date of each contact, shape (contacts,)."""
        if self.contacts is None:
            return np.empty(0, dtype="M8[D]")
        return self.contacts.date("date")

    def by_group(self) -> Iterator[tuple[str, Places]]:
        """Name of each group with a referral, and the positions of its referrals."""
        places = parted(self.group, len(self.groups.names))
        return ((n, p) for n, p in zip(self.groups.names, places, strict=True) if len(p))

    def times(self, which: Which) -> Places:
        """How many of some contacts each referral has, shape (n,)."""
        return np.bincount(self.contact_of[which], minlength=len(self)).astype(np.int64)


def service_log(study: Study, *, which_episode: str = "first", by: str | None = None) -> ServiceLog:
    """Put referrals, contacts and support together.

    Parameters
    ----------
    study : Study
    which_episode : {"first", "each"}
        Whether each person's earliest referral is looked at, or every one.
    by : str or None
        As in `people_groups`.

    Returns
    -------
    ServiceLog
        Empty where there is no table of episodes: a contact then belongs to
        nobody who is known.

    Raises
    ------
    DataError
        As `people_groups`.
    """
    groups, episodes = people_groups(study, by), study.tables.get("episodes")
    contacts, support = study.tables.get("contacts"), study.tables.get("support")
    cut = None if study.plan.data_cut is None else np.datetime64(study.plan.data_cut, "D")
    person, chosen = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    left_out: list[LeftOut] = []
    index: dict[str, int] = {}
    if episodes is not None:
        person = positions(episodes.text("person"), study.people.index)
        chosen, left_out = _chosen(episodes, person, cut, first=which_episode == "first")
        index = index_of(episodes.text("episode"))
    place = np.full(len(person) + 1, -1, dtype=np.int64)
    place[chosen] = np.arange(len(chosen))
    return ServiceLog(
        episodes=episodes,
        contacts=contacts,
        support=support,
        person=person,
        chosen=chosen,
        group=groups.code[person[chosen]],
        groups=groups,
        contact_of=_of(contacts, index, place, cut, left_out),
        support_of=_of(support, index, place, cut, left_out),
        data_cut=cut,
        left_out=tuple(left_out),
    )


def _of(
    table: Table | None,
    index: Mapping[str, int],
    place: Places,
    cut: np.datetime64 | None,
    left_out: list[LeftOut],
) -> Places:
    """Which referral each row belongs to; what belongs to none is counted."""
    if table is None:
        return np.empty(0, dtype=np.int64)
    row = positions(table.text("episode"), index)
    belongs = place[row]
    late = (belongs >= 0) & _after(table.date("date"), cut)
    for times, why in (
        (int((row < 0).sum()), "of no known referral"),
        (int(((row >= 0) & (belongs < 0)).sum()), "of a referral that is not looked at"),
        (int(late.sum()), "dated after the data cut"),
    ):
        if times:
            left_out.append((f"{table.name} {why}", times, len(table)))
    return np.where(late, -1, belongs)


def _after(days: Days, cut: np.datetime64 | None) -> Which:
    return np.zeros(len(days), dtype=bool) if cut is None else np.asarray(days > cut)


def _chosen(
    episodes: Table, person: Places, cut: np.datetime64 | None, *, first: bool
) -> tuple[Places, list[LeftOut]]:
    """Rows looked at, and what was left out."""
    day = episodes.date("referral_date")
    late = (person >= 0) & _after(day, cut)
    known = np.flatnonzero((person >= 0) & ~late)
    chosen = known
    if first:
        when = np.where(np.isnat(day), np.iinfo(np.int64).max, day.astype("M8[D]").astype(np.int64))
        order = known[np.lexsort((known, when[known], person[known]))]
        starts = np.append(True, np.diff(person[order]) != 0)[: len(order)]
        chosen = np.sort(order[starts])
    told = (
        ("referrals of nobody in the study", int((person < 0).sum())),
        ("referrals after the data cut", int(late.sum())),
        ("later referrals of the same people", len(known) - len(chosen)),
    )
    return chosen, [(what, times, len(person)) for what, times in told if times]


def parted(codes: Places, n: int) -> list[Places]:
    """Positions of each code from 0 to n - 1, in their order."""
    ends = np.cumsum(np.bincount(codes, minlength=n))
    return np.split(np.argsort(codes, kind="stable"), ends[:-1])


def codes_of(table: Table, column: str, terms: tuple[str, ...]) -> Places:
    """Position of each cell among some terms, shape (n,); -1 for an empty or other cell."""
    values, where = distinct(table.text(column))
    place = {term: i for i, term in enumerate(terms)}
    return np.array([place.get(value, -1) for value in values], dtype=np.int64)[where]
