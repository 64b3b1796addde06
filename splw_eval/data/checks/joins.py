"""Which row of one table belongs to which of another."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from splw_eval.data.loaded import Loaded
from splw_eval.data.parse import distinct
from splw_eval.data.sheet import Cells
from splw_eval.data.tables import Table

Places = NDArray[np.int64]
_NO_DAY = np.datetime64("NaT", "D")


def index_of(cells: Cells) -> dict[str, int]:
    """Give the first position of each name; empty text is no name."""
    values, codes = distinct(cells)
    first = np.full(len(values), len(cells), dtype=np.int64)
    np.minimum.at(first, codes, np.arange(len(cells)))
    return {value: int(place) for value, place in zip(values, first, strict=True) if value}


def positions(cells: Cells, index: Mapping[str, int]) -> Places:
    """Position of each name; -1 where it is empty or unknown, shape (n,)."""
    values, codes = distinct(cells)
    return np.array([index.get(value, -1) for value in values], dtype=np.int64)[codes]


def person_of(loaded: Loaded, table: Table) -> Places:
    """Position in People of each row's person; -1 where there is none."""
    return positions(table.text("person"), index_of(loaded.people.ids))


def episode_of(loaded: Loaded, table: Table) -> Places:
    """Position in the table of episodes of each row's episode; -1 where there is none."""
    episodes = loaded.tables.get("episodes")
    if episodes is None:
        return np.full(len(table), -1, dtype=np.int64)
    return positions(table.text("episode"), index_of(episodes.text("episode")))


def taken(values: NDArray[np.datetime64], places: Places) -> NDArray[np.datetime64]:
    """Day at each position; NaT at -1."""
    return np.append(values, _NO_DAY)[places]


def first_contact(loaded: Loaded) -> NDArray[np.datetime64]:
    """Day of each person's first contact that took place; NaT where none is known.

    The earlier of what contacts and episodes say; a contact with `attended` empty
    did not take place, and where no file holds `attended`, every contact did.
    """
    n = len(loaded.people)
    first = np.full(n + 1, np.iinfo(np.int64).max)
    episodes, contacts = loaded.tables.get("episodes"), loaded.tables.get("contacts")
    if episodes is not None:
        person, day = person_of(loaded, episodes), episodes.date("first_contact_date")
        _earliest(first, person, day)
        if contacts is not None:
            held = "attended" not in contacts.columns
            held = held | (contacts.number("attended") == 1)
            seen = np.append(person, -1)[episode_of(loaded, contacts)]
            _earliest(first, np.where(held, seen, -1), contacts.date("date"))
    days = first[:n]
    return np.where(days == np.iinfo(np.int64).max, np.iinfo(np.int64).min, days).astype("M8[D]")


def _earliest(first: Places, person: Places, day: NDArray[np.datetime64]) -> None:
    """Lower each person's first day, where one of these is earlier."""
    usable = (person >= 0) & ~np.isnat(day)
    np.minimum.at(first, person[usable], day[usable].astype("M8[D]").astype(np.int64))
