"""Differences between groups where the count of one of these groups is hidden."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import permutations
from typing import Any

from splw_eval.appraisal.secondary.cells import Cell, Place, Results, Tables, conditions, operand
from splw_eval.core.columns import columns_of
from splw_eval.core.plan import Plan
from splw_eval.core.result import Result

_BETWEEN = (" compared with ", " – ", " - ")  # how a row names the two groups that it compares
_SHARED = ("outcome", "what")  # beside group and wave


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Rows that compare two groups; what each field says stands in compared.toml."""

    of: str
    same: tuple[str, ...]
    plain: tuple[str, ...] = ()

    def is_plain(self, place: Place) -> bool:
        """Whether the figure of a row is a difference of means as they were found."""
        return any(conditions(one, place) for one in self.plain)


@cache
def comparisons() -> tuple[Compared, ...]:
    """Return every comparison that is declared in compared.toml."""
    text = files(__package__).joinpath("compared.toml").read_text(encoding="utf-8")
    return tuple(
        Compared(of=one["of"], same=tuple(one["same"]), plain=tuple(one.get("plain", ())))
        for one in tomllib.loads(text)["compared"]
    )


def hide_compared(exact: Results, shown: Results, plan: Plan) -> dict[str, Result[Any]]:
    """Hide what compares groups where it would give back the hidden count or mean of one.

    Parameters
    ----------
    exact : mapping of str to Result
        Not masked, but with the steps of curves joined.
    shown : mapping of str to Result
        The same, after all other masking.
    plan : Plan

    Returns
    -------
    dict of str to Result
        The same. Where the smallest count of the two groups is hidden, so is the row's count of the
        smaller group and all that rests on it. Where any count of the two is, so is a difference
        of means as they were found: less the other group's mean it is the hidden one.
    """
    tables, found = Tables(exact, plan), dict(shown)
    for one in comparisons():
        key, field = operand(one.of).key, operand(one.of).field
        if key not in found:
            continue
        columns = columns_of(found[key].row_type)
        resting = {name for name, column in columns.items() if column.base == field}
        cells = {
            (i, name)
            for i, also in _telling(one, tables, shown, plan)
            for name in (resting | {field} if also else resting)
            if getattr(found[key].rows[i], name) is not None
        }
        found[key] = _without(found[key], cells)
    return found


def _telling(
    one: Compared, tables: Tables, shown: Results, plan: Plan
) -> Iterator[tuple[int, bool]]:
    """Yield the rows that would tell a hidden count or mean, and whether their count does."""
    meant = operand(one.of)
    for i, place in tables.rows(meant.key):
        if not meant.holds(place):
            continue
        arms, waves = _groups(place["compared"], plan), _waves(place, plan)
        held = [(c, own) for c, own in _counts(one, tables, place) if own["arm"] in arms]
        then = {None, *waves}  # counts without a wave too, such as those of use
        sizes: dict[bool, list[int]] = {True: [], False: []}
        for cell, own in held:
            if own.get("wave") in {plan.waves[0].name, *then}:
                sizes[_is_hidden(cell, shown)].append(tables.count(cell) or 0)
        hidden, seen = sizes[True], sizes[False]
        if hidden and min(hidden) <= min(seen, default=min(hidden)):
            yield i, True
        elif one.is_plain(place) and any(
            _is_hidden(cell, shown) for cell, own in held if own.get("wave") in then
        ):
            yield i, False


def _counts(one: Compared, tables: Tables, place: Place) -> Iterator[tuple[Cell, Place]]:
    """Counts of single groups beside which a row stands; a group of nobody hides nothing."""
    for text in one.same:
        meant = operand(text)
        for i, own in tables.rows(meant.key):
            alike = all(own[n] == place[n] for n in _SHARED if n in own and n in place)
            cell = (meant.key, i, meant.field)
            if alike and meant.holds(own) and tables.count(cell):
                yield cell, own


def _is_hidden(cell: Cell, shown: Results) -> bool:
    key, i, name = cell
    return getattr(shown[key].rows[i], name) is None


def _groups(compared: str, plan: Plan) -> frozenset[str]:
    """Labels of the two groups that are compared; none where a row tells of one group."""
    labels = [arm.label for arm in plan.arms]
    return frozenset(
        label
        for pair in permutations(labels, 2)
        if any(compared == words.join(pair) for words in _BETWEEN)
        for label in pair
    )


def _waves(place: Place, plan: Plan) -> tuple[str, ...]:
    """Waves that a row tells of: its own, or those of the plan's contrast, or all later ones."""
    later = tuple(wave.name for wave in plan.waves[1:])
    if place.get("wave") in {wave.name for wave in plan.waves}:
        return (place["wave"],)
    asked = plan.estimand.contrast.waves
    return tuple(name for name in later if name in asked) or later


def _without(result: Result[Any], cells: set[tuple[int, str]]) -> Result[Any]:
    if not cells:
        return result
    gone: dict[int, dict[str, None]] = {}
    for i, name in cells:
        gone.setdefault(i, {})[name] = None
    rows = [replace(row, **gone[i]) if i in gone else row for i, row in enumerate(result.rows)]
    kept = {cell: n for cell, n in result.decimals.items() if cell not in cells}
    return replace(result, rows=tuple(rows), masked=result.masked | cells, decimals=kept)
