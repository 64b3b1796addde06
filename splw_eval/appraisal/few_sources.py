"""Numbers that rest on too few link workers, and totals that one or two practices make up."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from splw_eval.core.columns import Column, Contributors, Role

FEWEST_WORKERS = 3  # so that none of two learns the other's number from the sum
LARGEST = 0.5  # share of a total above which its largest contributor could be told from it
TWO_LARGEST = 0.75  # the second, who knows its own part, could tell the largest within a third
_NUMBERS = frozenset(Role) - {Role.LABEL, Role.GUARD}
_STEPS = (1, 2, 5, 10)
Part = TypeVar("Part", bound=Hashable)


def resting_on_few(exact: Mapping[str, Any], columns: Mapping[str, Column]) -> set[str]:
    """Name the fields of a row that few link workers or a dominant practice stand behind.

    Parameters
    ----------
    exact : mapping
        The row, not masked.
    columns : mapping of str to Column

    Returns
    -------
    set of str
        Every number of a row that rests on 1 or 2 link workers; parts of 1 or 2 link workers, and
        as many more parts as leave two numbers open; totals of which one practice makes up more
        than half, two more than three quarters, or to which fewer than three add.

    Notes
    -----
    The (1, 50) and (2, 75) dominance rules, as in Hundepool and others (2012), Statistical
    Disclosure Control, section 4.2.2; the first is also that of the European guidelines for
    checking output (Brandt and others 2010).
    """
    found = set(_parts(exact, columns))
    workers = [exact[name] for name, c in columns.items() if c.role is Role.STAFF and c.whole_row]
    if any(n is not None and 1 <= n < FEWEST_WORKERS for n in workers):
        found |= {name for name, c in columns.items() if c.role in _NUMBERS or c.base}
    for name, column in columns.items():
        held = exact[column.dominated_by] if column.dominated_by else None
        if isinstance(held, Contributors) and dominated(held):
            found.add(name)
    return found


def dominated(held: Contributors) -> bool:
    """Whether a total would tell what one practice adds to it."""
    few = 1 <= held.n < FEWEST_WORKERS
    return few or held.largest > LARGEST or held.largest + held.second > TWO_LARGEST


def _parts(exact: Mapping[str, Any], columns: Mapping[str, Column]) -> Iterator[str]:
    """Parts of all link workers of a row: those of 1 or 2, and more while one is told."""
    wholes = dict.fromkeys(
        c.part_of for c in columns.values() if c.role is Role.STAFF and c.part_of
    )
    for whole in wholes:
        held = {n: exact[n] for n, c in columns.items() if c.part_of == whole and exact[n]}
        yield from _not_told(held)


def telling_workers(
    rows: Sequence[Any], columns: Mapping[str, Column]
) -> Iterator[tuple[int, str]]:
    """Yield the parts of all link workers to hide where these stand in several rows.

    Parameters
    ----------
    rows : sequence
        Not masked.
    columns : mapping of str to Column
        Theirs; a share says in `parts_of` which rows make one whole.

    Yields
    ------
    (int, str)
        Row and field: the part, all others beside it, and its share.
    """
    for name, share in columns.items():
        if not share.parts_of or columns[share.numerator].role is not Role.STAFF:
            continue
        wholes: dict[tuple[Any, ...], dict[int, int]] = {}
        for i, row in enumerate(rows):
            if (n := getattr(row, share.numerator)) and getattr(row, name) is not None:
                place = tuple(getattr(row, field) for field in share.parts_of)
                wholes.setdefault(place, {})[i] = n
        for held in wholes.values():
            going = (name, share.numerator, share.complement)
            yield from ((i, field) for i in sorted(_not_told(held)) for field in going if field)


def _not_told(held: Mapping[Part, int]) -> set[Part]:
    """Parts of 1 or 2 link workers, and the next smallest while the others would tell one.

    They are shown as they are, so one hidden part is a difference, and several whose sum is their
    number are 1 each.
    """
    hidden = {name for name, n in held.items() if n < FEWEST_WORKERS}
    others = sorted(held.keys() - hidden, key=lambda name: (held[name], str(name)))
    while hidden and others and (len(hidden) == 1 or all(held[name] == 1 for name in hidden)):
        hidden.add(others.pop(0))
    return hidden


def told_total(value: float, n: int, round_to: int) -> float:
    """Sum over people, rounded so that it tells their number no better than a rounded count.

    Parameters
    ----------
    value : float
    n : int
        People summed over.
    round_to : int
        What counts are rounded to.

    Returns
    -------
    float
        To the next of 1, 2, 5 and their tens and tenths that is `round_to` of the n people or
        more: divided by their mean it leaves n as open as the rounded count does.
    """
    size = abs(value) * round_to / max(n, 1)
    if not size or round_to <= 1:
        return value
    power = 10.0 ** math.floor(math.log10(size))
    unit = next(step * power for step in _STEPS if step * power >= size * (1 - 1e-9))
    return round(value / unit) * unit
