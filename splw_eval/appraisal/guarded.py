"""Parts of one whole that would tell a hidden part, and words judged from what is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from splw_eval.core.columns import Column, Role, columns_of
from splw_eval.core.judging import Bounds, judged

Possible = Callable[[int], Bounds]  # fewest and most that a count, as it is shown, can be


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
        and the other parts leave a hidden one anywhere from 1 to `few`.
    """
    wholes = dict(_wholes(columns_of(row_type)))
    if few == 0 or not wholes:
        return
    for i, (before, row) in enumerate(zip(exact, rows, strict=True)):
        for base, names in wholes.items():
            parts = {n: getattr(row, n) for n in names if getattr(before, n) is not None}
            whole, total = getattr(row, base), getattr(before, base)
            if not whole or sum(getattr(before, n) for n in parts) != total:
                continue
            yield from ((i, name) for name in _to_hide(parts, possible(whole), possible, few))


def _wholes(columns: Mapping[str, Column]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each whole of one row: the count of all, and the counts of its parts."""
    shares = [c for c in columns.values() if c.role is Role.SHARE and not c.parts_of]
    for base in dict.fromkeys(c.base for c in shares):
        held = [c for c in shares if c.base == base]
        names = dict.fromkeys(c.numerator for c in held)
        names |= dict.fromkeys(c.complement for c in held if c.guarded)
        if len(names) > 1:
            yield base, tuple(names)


def _to_hide(
    parts: Mapping[str, int | None], whole: Bounds, possible: Possible, few: int
) -> Iterator[str]:
    hidden = sum(shown is None for shown in parts.values())
    shown = {name: n for name, n in parts.items() if n is not None}
    while hidden and _narrows(hidden, [possible(n) for n in shown.values()], whole, few):
        others = [name for name, n in shown.items() if n]
        if not others:
            return
        smallest = min(others, key=lambda name: shown[name])
        del shown[smallest]
        hidden += 1
        yield smallest


def _narrows(hidden: int, shown: Sequence[Bounds], whole: Bounds, few: int) -> bool:
    """Whether what is shown of a whole says of a hidden part that it is not 1, or not `few`.

    Nobody is told which of several hidden parts is a small one.
    """
    fewest = whole[0] - sum(most for _, most in shown)
    most = whole[1] - sum(least for least, _ in shown)
    if hidden == 1:
        return fewest > 1 or most < few
    return most < few + hidden - 1


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
            told = None
            if column.limit is not None and people is not None and of is not None:
                told = judged(possible(people), possible(of), column.limit)
            yield i, name, told
