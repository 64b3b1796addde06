"""Counts of one result that are all but those of another, where one of them is hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from splw_eval.core.result import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class _Alike:
    """A count of a result, and a count of another one that gives it back."""

    hidden: tuple[str, str]  # key and field
    also: tuple[str, str]
    place: tuple[str, ...]  # what says which rows go together
    which: Callable[[Any], bool] = lambda _row: True
    others: Callable[[Any], bool] = lambda _row: True


_NOBODY = "nobody was seen"
_ALIKE = (
    _Alike(
        hidden=("standing", "there"),
        also=("watched", "at_risk"),
        place=("what", "group", "day"),
    ),
    _Alike(
        hidden=("levels", "n"),
        also=("dose", "none"),
        which=lambda row: row.level == _NOBODY,
        others=lambda row: row.measure == "contacts attended",
        place=("group",),
    ),
    _Alike(
        hidden=("levels", "n"),
        also=("dose", "known"),
        which=lambda row: row.level == _NOBODY,
        others=lambda row: row.measure == "contacts attended, if any",
        place=("group",),
    ),
)


def hide_alike(results: Mapping[str, Result[Any]]) -> dict[str, Result[Any]]:
    """Hide the counts that would give back what another result hides.

    Parameters
    ----------
    results : mapping of str to Result
        Masked, each by itself.

    Returns
    -------
    dict of str to Result
        The same, but that who was still watched on a day is hidden where those still there are,
        and who had contacts where those whom nobody saw are.
    """
    found = dict(results)
    for one in _ALIKE:
        if one.hidden[0] in found and one.also[0] in found:
            cells = set(_cells(one, found))
            if cells:
                found[one.also[0]] = _without(found[one.also[0]], cells)
    return found


def _cells(one: _Alike, results: Mapping[str, Result[Any]]) -> Iterator[tuple[int, str]]:
    (key, name), (other, also) = one.hidden, one.also
    rows = results[key].rows
    hidden = {
        _place(rows[i], one) for i, n in results[key].masked if n == name and one.which(rows[i])
    }
    for i, row in enumerate(results[other].rows):
        if one.others(row) and _place(row, one) in hidden and getattr(row, also) is not None:
            yield i, also


def _place(row: Any, one: _Alike) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in one.place)


def _without(result: Result[Any], cells: set[tuple[int, str]]) -> Result[Any]:
    rows = list(result.rows)
    for i, name in cells:
        rows[i] = replace(rows[i], **{name: None})
    return replace(result, rows=tuple(rows), masked=result.masked | cells)
