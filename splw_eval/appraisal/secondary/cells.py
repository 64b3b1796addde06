"""Every count of every table, where it stands, and what is shown of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from splw_eval.core.columns import Role, columns_of
from splw_eval.core.plan import Plan
from splw_eval.core.result import Result

Cell = tuple[str, int, str]  # key of the result, row, field
Place = Mapping[str, Any]  # what says which rows of several tables go together
Results = Mapping[str, Result[Any]]

_OPERAND = re.compile(r"(?P<key>\w+)(@(?P<view>\w+))?(\[(?P<where>.*)\])?\.(?P<field>\w+)")
_WHERE = re.compile(r"(?P<name>\w+)(?P<how>!=|\^=|\$=|=)(?P<word>.*)")
_MEASURED, _MISSING = "1", "0"  # signs of a pattern, one for each wave


@dataclass(frozen=True, slots=True)
class Operand:
    """A count as a relation names it: of which table, of which rows."""

    key: str
    view: str
    where: tuple[tuple[str, str, str], ...]
    field: str

    def holds(self, place: Place) -> bool:
        """Whether a row is one of those meant."""
        return all(_agrees(place.get(name), how, word) for name, how, word in self.where)


@cache
def operand(text: str) -> Operand:
    """Read a count as a relation names it; see `relations`."""
    read = _OPERAND.fullmatch(text)
    if read is None:
        raise ValueError(f"{text} names no count.")
    where = (_WHERE.fullmatch(one) for one in [read["where"]] if one)
    asked = tuple((w["name"], w["how"], w["word"]) for w in where if w)
    return Operand(read["key"], read["view"] or "", asked, read["field"])


def conditions(text: str, place: Place) -> bool:
    """Whether a place is as a condition says, such as ``method=Unadjusted``."""
    read = _WHERE.fullmatch(text)
    if read is None:
        raise ValueError(f"{text} is no condition.")
    return _agrees(place.get(read["name"]), read["how"], read["word"])


def _agrees(value: Any, how: str, word: str) -> bool:
    said = "" if value is None else str(value)
    if how == "^=":
        return said.startswith(word)
    if how == "$=":
        return said.endswith(word)
    return (said == word) == (how == "=")


class Tables:
    """Rows of all tables by place, and their counts before masking.

    Parameters
    ----------
    exact : mapping of str to Result
        Not masked, but with the steps of curves joined.
    plan : Plan
    """

    def __init__(self, exact: Results, plan: Plan) -> None:
        self.exact = exact
        self._waves = {wave.title: wave.name for wave in plan.waves}
        self._order = [wave.name for wave in plan.waves]
        self._roles = {arm.label: arm.role for arm in plan.arms}
        self._primary = plan.primary.name
        self._days = {row.day for row in self._of("standing")}
        self._seen: dict[tuple[str, str], list[tuple[int, Place]]] = {}

    def rows(self, key: str, view: str = "") -> list[tuple[int, Place]]:
        """Give the rows of a table, each with where it stands."""
        if (key, view) not in self._seen:
            found = [(i, self._place(row)) for i, row in enumerate(self._of(key))]
            held = [(i, p) for i, place in found for p in self._viewed(place, view)]
            self._seen[key, view] = held
        return self._seen[key, view]

    def cells(self) -> Iterator[tuple[Cell, int]]:
        """Give every count that there was before masking."""
        for key, result in self.exact.items():
            names = [n for n, c in columns_of(result.row_type).items() if c.role is Role.COUNT]
            for i, row in enumerate(result.rows):
                for name in names:
                    if (n := getattr(row, name)) is not None:
                        yield (key, i, name), int(n)

    def count(self, cell: Cell) -> int | None:
        """Give a count before masking; None where there was none."""
        key, i, name = cell
        found: int | None = getattr(self.exact[key].rows[i], name, None)
        return found

    def _of(self, key: str) -> Sequence[Any]:
        return self.exact[key].rows if key in self.exact else ()

    def _place(self, row: Any) -> Place:
        columns = columns_of(type(row))
        place = {n: getattr(row, n) for n, c in columns.items() if c.role is Role.LABEL}
        if "group" in place:
            place.setdefault("arm", place["group"])
        if "when" in place:
            place.setdefault("wave", self._waves.get(place["when"], place["when"]))
        if "arm" in place:
            place["role"] = self._roles.get(place["arm"], "")
        if "outcome" in place:
            place["primary"] = "yes" if place["outcome"] == self._primary else "no"
        if "wave" in place:
            place["start"] = "yes" if place["wave"] == self._order[0] else "no"
        return place

    def _viewed(self, place: Place, view: str) -> Iterator[Place]:
        if not view:
            yield place
        elif view == "by_day":  # a step counts on every day listed from its own on
            days = (d for d in self._days if place["day"] is not None and place["day"] <= d)
            yield from ({**place, "day": day} for day in days)
        else:
            sign = _MISSING if view == "missing" else _MEASURED
            for i, (wave, own) in enumerate(zip(self._order, place["pattern"], strict=False)):
                if own == sign and (view != "both" or (i and place["pattern"][0] == _MEASURED)):
                    yield {**place, "wave": wave}
