"""Parts of one whole that would tell a hidden part, and words judged from what is shown."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from splw_eval.core.columns import Column, Role, columns_of
from splw_eval.core.judging import Bounds, judged

Possible = Callable[[int], Bounds]  # fewest and most that a count, as it is shown, can be
Part = TypeVar("Part", bound=Hashable)
_LEAST = 5  # values that a hidden part of a flow must be left with


def telling_counts(
    exact: Sequence[Any], rows: Sequence[Any], row_type: type, possible: Possible, few: int
) -> Iterator[tuple[int, str]]:
    """Yield the counts to hide, so that no hidden part of a whole can be told more exactly.

    Parameters
    ----------
    exact : sequence
        The rows before they were masked.
    rows : sequence
        The same, masked each cell by itself.
    row_type : type
        Their dataclass.
    possible : callable
        Fewest and most that a count can be, by the number that is shown of it.
    few : int
        Hidden counts are from 1 to this.

    Yields
    ------
    (int, str)
        The smallest shown part of a whole that is not 0, and then the next, until the total
        and the other parts leave a hidden one anywhere from 1 to `few`. Of parts that have no
        shares of their own, or stand in several rows, until they leave it 5 values.
    """
    columns = columns_of(row_type)
    of_shares = dict(_of_shares(columns))
    wholes = dict(_of_parts(columns)) | of_shares
    if few == 0:
        return
    for places, base in _over_rows(exact, columns):
        shown = {(i, name): getattr(rows[i], name) for i, name in places}
        whole, total = getattr(rows[places[0][0]], base), getattr(exact[places[0][0]], base)
        if whole and sum(getattr(exact[i], name) for i, name in places) == total:
            yield from _to_hide(shown, possible(whole), possible, few, min(_LEAST, few))
    for i, (before, row) in enumerate(zip(exact, rows, strict=True)):
        for base, names in wholes.items():
            parts = {n: getattr(row, n) for n in names if getattr(before, n) is not None}
            whole, total = getattr(row, base), getattr(before, base)
            if not whole or sum(getattr(before, n) for n in parts) != total:
                continue
            least = few if base in of_shares else min(_LEAST, few)
            found = _to_hide(parts, possible(whole), possible, few, least)
            yield from ((i, name) for name in found)


def _of_shares(columns: Mapping[str, Column]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each whole of one row: the count of all, and the counts of its parts."""
    shares = [c for c in columns.values() if c.role is Role.SHARE and not c.parts_of]
    for base in dict.fromkeys(c.base for c in shares):
        held = [c for c in shares if c.base == base]
        names = dict.fromkeys(c.numerator for c in held)
        names |= dict.fromkeys(c.complement for c in held if c.guarded)
        if len(names) > 1:
            yield base, tuple(names)


def _of_parts(columns: Mapping[str, Column]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each whole of one row whose parts say that they are."""
    for base in dict.fromkeys(c.part_of for c in columns.values() if c.part_of):
        yield base, tuple(name for name, c in columns.items() if c.part_of == base)


def _over_rows(
    exact: Sequence[Any], columns: Mapping[str, Column]
) -> Iterator[tuple[list[tuple[int, str]], str]]:
    """Yield each whole over several rows: its parts, and the count of all, where `follows` asks."""
    for column in columns.values():
        if not (column.parts_of and column.complement and columns[column.complement].follows):
            continue
        found: dict[Hashable, list[tuple[int, str]]] = {}
        for i, row in enumerate(exact):
            if getattr(row, column.numerator) is not None:
                key = tuple(getattr(row, name) for name in column.parts_of)
                found.setdefault(key, []).append((i, column.numerator))
        yield from ((places, column.base) for places in found.values())


def following_counts(
    exact: Sequence[Any], rows: Sequence[Any], row_type: type
) -> Iterator[tuple[int, str]]:
    """Yield the counts that follow from others, one of which is hidden.

    Parameters
    ----------
    exact : sequence
        The rows before they were masked.
    rows : sequence
        The same, masked, and guarded by `telling_counts`.
    row_type : type
        Their dataclass.

    Yields
    ------
    (int, str)
        Row number and field.
    """
    columns = columns_of(row_type)
    follow = [name for name, column in columns.items() if column.follows]
    parts = [name for name, column in columns.items() if column.part_of]
    wholes = [[(i, name) for name in parts] for i in range(len(rows))] if parts else []
    wholes += [places for places, _ in _over_rows(exact, columns)]
    for places in wholes if follow else ():
        if any(
            getattr(rows[i], name) is None and getattr(exact[i], name) is not None
            for i, name in places
        ):
            yield from ((i, name) for i in {i for i, _ in places} for name in follow)


def _to_hide(
    parts: Mapping[Part, int | None], whole: Bounds, possible: Possible, few: int, least: int
) -> Iterator[Part]:
    hidden = sum(shown is None for shown in parts.values())
    shown = {name: n for name, n in parts.items() if n is not None}
    while hidden and _narrows(hidden, [possible(n) for n in shown.values()], whole, few, least):
        others = [name for name, n in shown.items() if n]
        if not others:
            return
        smallest = min(others, key=lambda name: shown[name])
        del shown[smallest]
        hidden += 1
        yield smallest


def _narrows(hidden: int, shown: Sequence[Bounds], whole: Bounds, few: int, least: int) -> bool:
    """Whether what is shown of a whole leaves a hidden part fewer than `least` values.

    Nobody is told which of several hidden parts is a small one.
    """
    fewest = whole[0] - sum(most for _, most in shown)
    most = whole[1] - sum(least for least, _ in shown)
    if hidden == 1:
        return min(most, few) - max(fewest, 1) + 1 < least
    return most - (hidden - 1) < least


def verdicts(
    rows: Sequence[Any], row_type: type, possible: Possible
) -> Iterator[tuple[int, str, str | None]]:
    """Yield every word on a share, judged from the counts that are shown.

    Parameters
    ----------
    rows : sequence
        Masked.
    row_type : type
        Their dataclass.
    possible : callable
        As in `telling_counts`.

    Yields
    ------
    (int, str, str or None)
        Row number, field and word; None where a count is hidden.
    """
    columns = {n: c for n, c in columns_of(row_type).items() if c.limit is not None}
    for i, row in enumerate(rows):
        for name, column in columns.items():
            people, of = getattr(row, column.numerator), getattr(row, column.base)
            held = getattr(row, name)
            if column.words and held not in column.words:  # no judgement, such as "Not kept"
                yield i, name, held
                continue
            told, whole = None, possible(of) if of is not None else None
            if people is not None:
                told = _word(column, possible(people), whole)
            elif column.complement and getattr(row, column.complement) is not None and whole:
                others = possible(getattr(row, column.complement))
                least, most = max(whole[0] - others[1], 0), max(whole[1] - others[0], 0)
                told = _word(column, (least, most), whole)
            yield i, name, told


def _word(column: Column, people: Bounds, whole: Bounds | None) -> str | None:
    """Return the word of a column on a share; None where the whole is hidden."""
    if column.limit is None or whole is None:
        return None
    said = judged(people, whole, column.limit)
    if said is None or not column.words:
        return said
    reached, short, left_open = column.words
    if said.endswith("or more"):
        return reached
    return left_open if said.startswith("about") else short
