"""Shares of one whole: together they are all of it, or no more than is shown of it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence, Set
from typing import Any

from splw_eval.core.columns import Role, columns_of

_Part = tuple[int, str]  # row and field
_ROUNDING = 1e-9  # three thirds may fall just short of a whole


def exhausting_shares(
    rows: Sequence[Any], row_type: type, masked: Set[tuple[int, str]]
) -> Iterator[tuple[int, str]]:
    """Yield the shares to hide, so that those shown never claim everybody.

    Parameters
    ----------
    rows : sequence
        Masked already, each cell by itself.
    row_type : type
        Their dataclass.
    masked : set of (int, str)
        Row number and field of every cell that is masked.

    Yields
    ------
    (int, str)
        For each whole with a hidden part whose other shares print as 100 per cent or
        more: the largest of those, the first of equal ones. Without it the hidden part
        would read as nobody.
    """
    for parts in _wholes(rows, row_type):
        shown = [part for part in parts if _share(rows, part) is not None]
        if len(shown) == len(parts) or not masked & set(parts):
            continue
        shares = [_share(rows, part) or 0.0 for part in shown]
        if max(sum(shares), sum(map(_printed, shares))) >= 1 - _ROUNDING:
            yield shown[shares.index(max(shares))]


def fitted_shares(
    exact: Sequence[Any], rows: Sequence[Any], row_type: type
) -> Iterator[tuple[int, str, float]]:
    """Yield the shares of each whole that is shown in full, each of the sum of its parts.

    Parameters
    ----------
    exact : sequence
        The rows before they were masked.
    rows : sequence
        The same, masked each cell by itself.
    row_type : type
        Their dataclass.

    Yields
    ------
    (int, str, float)
        Row number, field and share. Rounded by themselves, the parts of 52 people may be 20, 25
        and 10 of 50: as shares of 55 they make one whole, and tell no more than the counts do.
        What had no share before masking is no part.
    """
    columns = columns_of(row_type)
    for named in _wholes(rows, row_type):
        # Those not known have no share, nor has a group that cannot be told: no parts of the whole.
        parts = [part for part in named if _share(exact, part) is not None]
        if not parts or any(_share(rows, part) is None for part in parts):
            continue
        people = [(i, columns[name].numerator) for i, name in parts]
        base = columns[parts[0][1]].base
        if _is_whole(exact, people, parts[0][0], base):
            whole = _sum(rows, people)
            yield from (
                (*part, _sum(rows, [n]) / whole) for part, n in zip(parts, people, strict=True)
            )
            continue
        for (i, name), part in zip(parts, people, strict=True):
            others = (i, columns[name].complement)
            if not columns[name].complement or _count(rows, others) is None:
                continue  # hidden, the others would count as nobody
            both = [part, others]
            if _is_whole(exact, both, i, base):
                yield i, name, _sum(rows, [part]) / _sum(rows, both)


def _is_whole(exact: Sequence[Any], people: Sequence[_Part], row: int, base: str) -> bool:
    """Whether parts are everybody: shares of a lowest and a highest score alone are not."""
    return all(_count(exact, n) is not None for n in people) and _sum(exact, people) == _count(
        exact, (row, base)
    )


def _sum(rows: Sequence[Any], people: Sequence[_Part]) -> int:
    return sum(_count(rows, n) or 0 for n in people)


def _count(rows: Sequence[Any], cell: _Part) -> int | None:
    value: int | None = getattr(rows[cell[0]], cell[1])
    return value


def _wholes(rows: Sequence[Any], row_type: type) -> Iterable[list[_Part]]:
    """Gather the shares of each whole: in one row, or over the rows that `parts_of` names."""
    found: dict[Hashable, list[_Part]] = {}
    shares = [(n, c) for n, c in columns_of(row_type).items() if c.role is Role.SHARE]
    for i, row in enumerate(rows):
        for name, column in shares:
            over = tuple(getattr(row, field) for field in column.parts_of)
            key = (name, *over) if over else (i, column.base)
            found.setdefault(key, []).append((i, name))
    return found.values()


def _share(rows: Sequence[Any], part: _Part) -> float | None:
    value: float | None = getattr(rows[part[0]], part[1])
    return value


def _printed(share: float) -> float:
    """Return a share as whole per cents would give it."""
    return round(100 * share) / 100
