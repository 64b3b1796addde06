"""Relations that hold in a study, as equations over its counts."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any

from splw_eval.appraisal.secondary.cells import Cell, Place, Tables, operand
from splw_eval.appraisal.secondary.relations import Adds, Falls, OneOf, Same, Sign, relations
from splw_eval.core.columns import Column, Role, columns_of

_Group = dict[tuple[Hashable, ...], list[Cell]]
Term = tuple[Cell, int]  # a count and its sign


@dataclass(frozen=True, slots=True)
class Equation:
    """Counts whose signed sum is from 0 to `rest`, or 0 or more where `rest` is None."""

    terms: tuple[Term, ...]
    rest: int | None = 0


def equations(tables: Tables, few: int) -> list[Equation]:
    """Give what holds of the counts of a study, of all that is declared.

    Parameters
    ----------
    tables : Tables
    few : int
        Largest number that is suppressed.

    Returns
    -------
    list of Equation
        Also what the columns themselves declare: parts of a row, shares with their
        complements. What does not hold in these tables (waves not yet due, people outside every
        group) is left out.
    """
    found = dict.fromkeys(_of_columns(tables))
    for one in relations():
        if isinstance(one, Same):
            found |= dict.fromkeys(_same(tables, one))
        elif isinstance(one, OneOf):
            found |= dict.fromkeys(_one_of(tables, one))
        elif isinstance(one, Falls):
            found |= dict.fromkeys(_falls(tables, one))
        else:
            found |= dict.fromkeys(_adds(tables, one, few))
    return [e for e in found if len(e.terms) > 1 and _holds(tables, e)]


def _holds(tables: Tables, equation: Equation) -> bool:
    total = sum(sign * (tables.count(cell) or 0) for cell, sign in equation.terms)
    return total >= 0 and (equation.rest is None or total <= equation.rest)


def _grouped(tables: Tables, text: str, by: tuple[str, ...]) -> tuple[tuple[str, ...], _Group]:
    """Cells of an operand by place, and the names of the columns of `by` that its table has."""
    meant = operand(text)
    rows = [(i, p) for i, p in tables.rows(meant.key, meant.view) if meant.holds(p)]
    own = tuple(name for name in by if rows and name in rows[0][1])
    found: _Group = {}
    for i, place in rows:
        if tables.count((meant.key, i, meant.field)) is not None:
            key = tuple(place.get(name) for name in own)
            found.setdefault(key, []).append((meant.key, i, meant.field))
    return own, found


def _same(tables: Tables, one: Same) -> Iterator[Equation]:
    """Chains of equal counts."""
    held: dict[tuple[Hashable, ...], dict[int, Cell]] = {}
    for text in one.of:
        own, found = _grouped(tables, text, one.by)
        if own != one.by and found:
            found = _spread(own, found, one.by, held)
        for place, cells in found.items():
            firsts = held.setdefault(place, {})
            for cell in cells:
                n = tables.count(cell) or 0
                if firsts.setdefault(n, cell) != cell:
                    yield Equation(((firsts[n], 1), (cell, -1)))


def _spread(
    own: tuple[str, ...], found: _Group, by: tuple[str, ...], held: Iterable[tuple[Hashable, ...]]
) -> _Group:
    """What lacks a column of `by` stands in every place that agrees in the others."""
    at = [by.index(name) for name in own]
    return {
        place: cells for place in list(held) if (cells := found.get(tuple(place[i] for i in at)))
    }


def _one_of(tables: Tables, one: OneOf) -> Iterator[Equation]:
    """Each count and the first that it can be; of two equal ones nobody knows which it is."""
    groups = [_grouped(tables, text, one.by) for text in one.among]
    for text in one.of:
        own, found = _grouped(tables, text, one.by)
        for place, cells in found.items():
            at = dict(zip(own, place, strict=True))
            others = [
                other
                for names, held in groups
                for key, among in held.items()
                if all(at.get(n, word) == word for n, word in zip(names, key, strict=True))
                for other in among
            ]
            for cell in cells:
                alike = (o for o in others if tables.count(o) == tables.count(cell))
                yield from (Equation(((first, 1), (cell, -1))) for first in islice(alike, 1))


def _adds(tables: Tables, one: Adds, few: int) -> Iterator[Equation]:
    own, wholes = _grouped(tables, one.whole, one.by)
    parts = [_grouped(tables, text, one.by) for text in one.parts]
    over = max((names for names, _ in parts), key=len, default=())
    places = dict.fromkeys(place for names, found in parts if names == over for place in found)
    for place in places:
        at = dict(zip(over, place, strict=True))
        terms: list[Term] = []
        for names, found in parts:
            terms += [(cell, -1) for cell in found.get(tuple(at.get(n) for n in names), [])]
        rest = None if one.sign != "=" else _rest(tables, terms, one, few)
        for key, cells in wholes.items():
            if all(at.get(name, word) == word for name, word in zip(own, key, strict=True)):
                for cell in dict.fromkeys(cells):
                    yield from _signed(cell, terms, one.sign, rest)


def _signed(whole: Cell, parts: Sequence[Term], sign: Sign, rest: int | None) -> Iterator[Equation]:
    if sign == "each":
        yield from (Equation(((whole, 1), part), None) for part in parts if part[0] != whole)
    elif sign == "<=":
        yield Equation(((whole, -1), *((cell, -own) for cell, own in parts)), rest)
    else:
        yield Equation(((whole, 1), *parts), rest)


def _rest(tables: Tables, terms: Iterable[Term], one: Adds, few: int) -> int:
    """How many may be in no part: so many at most for each word of the column named."""
    if not one.rest:
        return 0
    words = {getattr(tables.exact[key].rows[i], one.rest) for (key, i, _), _ in terms}
    return few * len(words)


def _falls(tables: Tables, one: Falls) -> Iterator[Equation]:
    held: dict[tuple[Hashable, ...], list[tuple[float, int, Cell]]] = {}
    for order, text in enumerate(one.of):
        meant = operand(text)
        for i, place in tables.rows(meant.key, meant.view):
            cell = (meant.key, i, meant.field)
            at = _number(place, one.along)
            if meant.holds(place) and at is not None and tables.count(cell) is not None:
                key = tuple(place.get(name) for name in one.by)
                held.setdefault(key, []).append((at, order, cell))
    turn = -1 if one.rises else 1
    for found in held.values():
        cells = [cell for _, _, cell in sorted(found)]
        for before, after in pairwise(cells):
            yield Equation(((before, turn), (after, -turn)), None)


def _number(place: Place, name: str) -> float | None:
    value = place.get(name)
    return float(value) if isinstance(value, int | float) else None


def _of_columns(tables: Tables) -> Iterator[Equation]:
    """What the columns of a table declare: parts of a row, shares and their complements."""
    for key, result in tables.exact.items():
        columns = columns_of(result.row_type)
        # Link workers are no people: `few_sources` looks after their parts.
        wholes = [one for one in _in_a_row(columns) if columns[one[0]].role is Role.COUNT]
        for i, _ in enumerate(result.rows):
            yield from (_whole(tables, key, i, base, names) for base, names in wholes)
        yield from _over_rows(tables, key, columns)


def _in_a_row(columns: dict[str, Column]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for base in dict.fromkeys(c.part_of for c in columns.values() if c.part_of):
        yield base, tuple(n for n, c in columns.items() if c.part_of == base)
    shares = [c for c in columns.values() if c.role is Role.SHARE]
    for column in shares:
        yield column.base, (column.numerator,)
        if column.complement:
            yield column.base, (column.numerator, column.complement)
    for base in dict.fromkeys(c.base for c in shares):
        names = dict.fromkeys(c.numerator for c in shares if c.base == base and not c.parts_of)
        if len(names) > 1:
            yield base, tuple(names)


def _whole(tables: Tables, key: str, i: int, base: str, names: tuple[str, ...]) -> Equation:
    parts = [(key, i, name) for name in names]
    held = tuple((cell, -1) for cell in parts if tables.count(cell) is not None)
    if tables.count((key, i, base)) is None or not held:
        return Equation(())
    # One part alone is at most the whole.
    return Equation((((key, i, base), 1), *held), 0 if len(names) > 1 else None)


def _over_rows(tables: Tables, key: str, columns: dict[str, Column]) -> Iterator[Equation]:
    for column in columns.values():
        if column.role is not Role.SHARE or not column.parts_of:
            continue
        if columns[column.base].role is not Role.COUNT:
            continue
        found: dict[tuple[Any, ...], list[Cell]] = {}
        for i, row in enumerate(tables.exact[key].rows):
            if getattr(row, column.numerator) is not None:
                place = tuple(getattr(row, name) for name in column.parts_of)
                found.setdefault(place, []).append((key, i, column.numerator))
        for cells in found.values():
            wholes = {(key, i, column.base) for _, i, _ in cells}
            terms = tuple((cell, -1) for cell in cells)
            for whole in sorted(wholes):
                if tables.count(whole) is not None:
                    yield Equation(((whole, 1), *terms))
