"""Stays of people in states, one row a stay: checks, and counts by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError

Codes = NDArray[np.int64]
# In place of a next state: last seen in the state, or the row was only cut here.
STAYED = -1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StateRows:
    """Checked stays in order of person and day.

    Attributes
    ----------
    states : tuple of str
    person : ndarray of int, shape (rows,)
        From 0, in the order of the people's own codes.
    entered, left : ndarray of int, shape (rows,)
        The row covers the days after `entered` up to and with `left`.
    from_state, to_state : ndarray of int, shape (rows,)
        Positions in `states`; `to_state` is -1 where the person was last seen in the state.
    cluster : ndarray of int, shape (rows,)
    n : int
        People.
    clustered : bool
    """

    states: tuple[str, ...]
    person: Codes
    entered: Codes
    left: Codes
    from_state: Codes
    to_state: Codes
    cluster: Codes
    n: int
    clustered: bool

    @property
    def days(self) -> int:
        """Days from 0 to the last of any row."""
        return int(self.left.max()) + 1

    @property
    def clusters(self) -> int:
        """Clusters with anybody in them."""
        return int(np.unique(self.cluster).size)

    def at_risk(self) -> Codes:
        """Count the people in each state as each day begins.

        Returns
        -------
        ndarray of int, shape (states, clusters, days)
        """
        shape = (len(self.states), int(self.cluster.max()) + 1, self.days + 1)
        group = (self.from_state * shape[1] + self.cluster) * shape[2]
        size = int(np.prod(shape))
        change = np.bincount(group + self.entered + 1, minlength=size)
        change -= np.bincount(group + self.left + 1, minlength=size)
        return np.cumsum(change.reshape(shape), axis=2)[:, :, :-1]

    def moves(self) -> dict[tuple[int, int], Codes]:
        """Count the moves between states, by cluster and day.

        Returns
        -------
        dict of (from, to) to ndarray of int, shape (clusters, days)
            Of the moves that were made at all.
        """
        moved = self.to_state >= 0
        K, G, T = len(self.states), int(self.cluster.max()) + 1, self.days
        kind = self.from_state[moved] * K + self.to_state[moved]
        kinds, place = np.flatnonzero(np.bincount(kind, minlength=K * K)), np.zeros(K * K, int)
        place[kinds] = np.arange(kinds.size)
        cells = (place[kind] * G + self.cluster[moved]) * T + self.left[moved]
        counts = np.bincount(cells, minlength=kinds.size * G * T).reshape(kinds.size, G, T)
        return {divmod(int(one), K): counts[i] for i, one in enumerate(kinds)}

    def starters(self) -> NDArray[np.bool_]:
        """Mark the rows in view as the day of the first move begins; with no move, at the start.

        Returns
        -------
        ndarray of bool, shape (rows,)
            At most one row a person.
        """
        moved = self.to_state >= 0
        first = int(self.left[moved].min() if moved.any() else self.entered.min() + 1)
        where: NDArray[np.bool_] = (self.entered < first) & (self.left >= first)
        return where


def read_states(
    entered: ArrayLike,
    left: ArrayLike,
    from_state: ArrayLike,
    to_state: ArrayLike,
    *,
    person: ArrayLike,
    states: Sequence[str],
    cluster: ArrayLike | None = None,
) -> StateRows:
    """Check stays in states.

    Parameters
    ----------
    entered, left : array_like of int, shape (rows,)
        The stay covers the days after `entered` up to and with `left`, on which the person
        moves or is last seen. `entered` is 0 for those whose time begins on day 0, or -1 where
        they may already move on day 0.
    from_state : array_like of int, shape (rows,)
        Positions in `states`.
    to_state : array_like of int, shape (rows,)
        Positions in `states`, or -1 where the person was last seen in the state. A row may be
        cut: -1, or the same state, and a next row from there.
    person : array_like of int, shape (rows,)
        Any codes: rows with the same one belong to one person.
    states : sequence of str
        Names of the states.
    cluster : array_like of int, shape (rows,), optional
        Codes from 0, the same in all rows of a person.

    Returns
    -------
    StateRows

    Raises
    ------
    FitError
        Nobody, arrays of different lengths or not of whole numbers, names given twice, and,
        each with the number of rows: stays that end before they began, unknown states, gaps
        and overlaps in a person's rows, rows that begin in another state than the last one
        led to, or people with rows in several clusters.
    """
    names = tuple(states)
    if not names or len(set(names)) != len(names):
        raise FitError("states must hold at least one name, and each name once.")
    values = {"entered": entered, "left": left, "from_state": from_state, "to_state": to_state}
    values |= {"person": person} | ({} if cluster is None else {"cluster": cluster})
    found = {name: _whole(name, given) for name, given in values.items()}
    if len({one.size for one in found.values()}) > 1:
        raise FitError(f"{', '.join(found)} must have the same length.")
    found.setdefault("cluster", np.zeros_like(found["left"]))
    _tell(_each_row(found, len(names)))
    order = _order(found["person"], found["entered"])
    found = {name: one[order] for name, one in found.items()}
    found["to_state"] = np.where(
        found["to_state"] == found["from_state"], STAYED, found["to_state"]
    )
    new = np.append(True, found["person"][1:] != found["person"][:-1])
    _tell(_each_person(found, ~new[1:]))
    found["person"] = np.cumsum(new) - 1
    return StateRows(states=names, n=int(new.sum()), clustered=cluster is not None, **found)


def _each_row(found: dict[str, Codes], states: int) -> dict[str, int]:
    begun, ended = found["from_state"], found["to_state"]
    unknown = (begun < 0) | (begun >= states) | (ended < STAYED) | (ended >= states)
    return {
        "lie before day 0: entered must be at least -1": _count(found["entered"] < -1),
        "do not end after they began": _count(found["left"] <= found["entered"]),
        f"name a state that is not one of the {states}": _count(unknown),
        "have a cluster below 0": _count(found["cluster"] < 0),
    }


def _each_person(found: dict[str, Codes], same: NDArray[np.bool_]) -> dict[str, int]:
    step = found["entered"][1:] - found["left"][:-1]
    led = np.where(found["to_state"] == STAYED, found["from_state"], found["to_state"])[:-1]
    another = found["from_state"][1:] != led
    moved = found["cluster"][1:] != found["cluster"][:-1]
    return {
        "leave a gap after the person's row before": _count(same & (step > 0)),
        "overlap the person's row before": _count(same & (step < 0)),
        "begin in another state than the person's row before led to": _count(same & another),
        "lie in another cluster than the person's row before": _count(same & moved),
    }


def _tell(problems: dict[str, int]) -> None:
    told = [f"{count} rows {what}." for what, count in problems.items() if count]
    if told:
        raise FitError(" ".join(told) + " Each person's rows must follow one another.")


def _count(where: NDArray[np.bool_]) -> int:
    return int(np.count_nonzero(where))


def _order(person: Codes, entered: Codes) -> Codes | slice:
    step = np.diff(person)
    if bool(((step > 0) | ((step == 0) & (np.diff(entered) >= 0))).all()):
        return slice(None)
    return np.lexsort((entered, person))


def _whole(name: str, values: ArrayLike) -> Codes:
    found = np.asarray(values)
    if found.ndim != 1 or not found.size:
        raise FitError(f"{name} must be a one-dimensional array with at least one value.")
    if found.dtype.kind not in "iub":
        raise FitError(f"{name} must hold whole numbers of an integer type.")
    return found.astype(np.int64)
