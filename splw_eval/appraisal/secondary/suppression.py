"""Secondary suppression over all tables of a study: what is hidden so that no total tells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from splw_eval.appraisal.secondary.cells import Cell, Results, Tables
from splw_eval.appraisal.secondary.linking import equations
from splw_eval.appraisal.secondary.numbers import Numbers, bounds_of, gathered
from splw_eval.appraisal.secondary.protecting import Protection
from splw_eval.appraisal.secondary.reckoning import Floats
from splw_eval.core.columns import Column, Role, columns_of
from splw_eval.core.plan import Plan
from splw_eval.core.result import Result

LEAST = 3  # values that everything shown together must leave a hidden small number
_MEAN, _SHARE = 5.0, 1.0  # prices of a mean and of a share; a bare count costs 1
# Times as dear: numbers of page one of the report, and then those that a reader looks for first.
_DEAR = dict.fromkeys(("flow", "change", "responders", "contrasts", "uptake", "setting"), 20.0)
_DEAR |= dict.fromkeys(("characteristics", "baseline", "scores", "standing"), 4.0)
_PEOPLE = "people"  # the name in a note of a count that tables have too
_FOLLOWING = frozenset(Role) - {Role.COUNT, Role.SHARE, Role.GUARD}


def hide_further(
    exact: Results,
    shown: Results,
    plan: Plan,
    *,
    few: int,
    possible: Callable[[int], tuple[int, int]],
) -> dict[str, Result[Any]]:
    """Hide further counts, so that no small one can be reckoned from all tables together.

    Parameters
    ----------
    exact : mapping of str to Result
        Not masked, but with the steps of curves joined.
    shown : mapping of str to Result
        The same, masked each by itself; shares are not worked out anew here.
    plan : Plan
    few : int
        Counts from 1 to this are suppressed; 0 where every count is shown.
    possible : callable
        Fewest and most that a count can be, by the number that is shown of it.

    Returns
    -------
    dict of str to Result
        With `None` in every further cell, and in what rests on it, and these in `masked`.
        Afterwards every suppressed count can still be any of at least `LEAST` values that
        differ, whoever adds and subtracts what the relations declare; and it can be so even
        for somebody who knows which of the hidden counts are small.

    Sources
    -------
    Fischetti and Salazar (2001), Management Science 47:1008, for the integer programme; Hundepool
    and others (2012), Statistical Disclosure Control, chapter 4.
    """
    if not few:
        return dict(shown)
    tables = Tables(exact, plan)
    counts = dict(tables.cells())
    seen = {
        (key, i, name): possible(n)
        for key, i, name in counts
        if (n := getattr(shown[key].rows[i], name)) is not None
    }
    numbers = gathered(counts, equations(tables, few))
    low, high, open_ = bounds_of(numbers, seen, few)
    prices = _prices(numbers, shown, plan, seen)
    search = Protection(numbers, low, high, open_, prices, few=few, least=LEAST)
    search.run()
    cells = {cell for v in search.hidden for cell in numbers.cells[v] if cell in seen}
    gone = {int(numbers.truth[v]) for v in search.hidden}
    found = _without(shown, cells)
    return {key: _without_notes(exact[key], held, gone) for key, held in found.items()}


def _prices(numbers: Numbers, shown: Results, plan: Plan, seen: Iterable[Cell]) -> Floats:
    """What hiding each number costs: the cells that go, dearer on page one; the smaller first."""
    prices = numbers.truth / 1000.0
    for cell in seen:
        prices[numbers.of[cell]] += _price(cell, shown[cell[0]], plan)
    return np.asarray(prices)


def _price(cell: Cell, result: Result[Any], plan: Plan) -> float:
    key, i, name = cell
    row = result.rows[i]
    price = 1.0
    for other, column in columns_of(result.row_type).items():
        if getattr(row, other) is not None:
            price += _MEAN if _rests(column, name) else _SHARE if _is_of(column, name) else 0.0
    first = getattr(row, "outcome", plan.primary.name) == plan.primary.name
    return price * (_DEAR.get(key, 1.0) if first else 1.0)


def _rests(column: Column, name: str) -> bool:
    return column.base == name and column.role in _FOLLOWING


def _is_of(column: Column, name: str) -> bool:
    return column.role is Role.SHARE and name in {column.base, column.numerator}


def _without(shown: Results, cells: Iterable[Cell]) -> dict[str, Result[Any]]:
    by_key: dict[str, dict[int, set[str]]] = {}
    for key, i, name in cells:
        by_key.setdefault(key, {}).setdefault(i, set()).add(name)
    return {
        key: _hidden(held, by_key[key]) if key in by_key else held for key, held in shown.items()
    }


def _without_notes(exact: Result[Any], held: Result[Any], gone: set[int]) -> Result[Any]:
    """Hide a number of people in a note that is one of those hidden in the tables."""
    notes = list(held.notes)
    for i, (before, note) in enumerate(zip(exact.notes, held.notes, strict=True)):
        also = {n for n, was in before.counts.items() if n == _PEOPLE and was in gone}
        if also:
            counts = {n: None if n in also else told for n, told in note.counts.items()}
            notes[i] = replace(note, counts=counts)
    return replace(held, notes=tuple(notes)) if notes != list(held.notes) else held


def _hidden(result: Result[Any], places: Mapping[int, set[str]]) -> Result[Any]:
    """Hide counts and what rests on them; shares of them too."""
    rows, masked = list(result.rows), set(result.masked)
    columns = columns_of(result.row_type)
    for i, names in places.items():
        going = names | set(_following(columns, names))
        masked |= {(i, name) for name in going if getattr(rows[i], name) is not None}
        rows[i] = replace(rows[i], **dict.fromkeys(going))
    kept = {cell: n for cell, n in result.decimals.items() if cell not in masked}
    return replace(result, rows=tuple(rows), masked=frozenset(masked), decimals=kept)


def _following(columns: Mapping[str, Column], names: set[str]) -> Iterator[str]:
    for other, column in columns.items():
        if any(_rests(column, name) or _is_of(column, name) for name in names):
            yield other
