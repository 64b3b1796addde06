"""Patterns of the columns of items, as a completed plan writes them out one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from splw_eval.core.plan import File, suggestion
from splw_eval.core.plan.measurement import ITEM
from splw_eval.data.headings import may_be_said

_SEVERAL = 2
_NAMED = 5


def absent_patterns(
    spec: File, absent: Sequence[str], headings: Sequence[str]
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Tell of patterns of items of which several columns are not there.

    Parameters
    ----------
    spec : File
        Of the completed plan.
    absent : sequence of str
        Headings that the plan names and the file lacks.
    headings : sequence of str
        Those that the file has and that may be offered.

    Yields
    ------
    tuple of (tuple of str, str)
        The absent headings of one pattern, and what is wrong, with the nearest pattern of the
        file.
    """
    for name, wave, columns in spec.item_columns():
        if not isinstance(columns, dict):
            continue
        lacking = tuple(heading for heading in columns.values() if heading in absent)
        pattern = pattern_of(columns)
        if not pattern or len(lacking) < _SEVERAL:
            continue
        where = f"[files.items] {name}" + (f".{wave}" if wave else "")
        said = f'{where} = "{pattern}" names {len(columns)} columns, and '
        if len(lacking) == len(columns):
            near = nearest_pattern(pattern, columns, headings)
            yield lacking, f"{said}none of them is there{near}"
        else:
            shown = ", ".join(lacking[:_NAMED]) + (", ..." if len(lacking) > _NAMED else "")
            yield lacking, f"{said}{len(lacking)} of them are not there: {shown}"


def pattern_of(columns: Mapping[str, str]) -> str:
    """Pattern that headings by item follow; empty text where they follow none."""
    item, heading = next(iter(columns.items()), ("", ""))
    for pattern in _patterns(item, heading):
        if all(pattern.replace(ITEM, key) == column for key, column in columns.items()):
            return pattern
    return ""


def nearest_pattern(pattern: str, columns: Mapping[str, str], headings: Iterable[str]) -> str:
    """``; did you mean ...?`` among the patterns of which a file has every column."""
    held, first = set(headings), next(iter(columns))
    known = {
        other
        for heading in held
        if may_be_said(heading)
        for other in _patterns(first, heading)
        if all(other.replace(ITEM, key) in held for key in columns)
    }
    return suggestion(pattern, known)


def _patterns(item: str, heading: str) -> Iterator[str]:
    """Every way in which a heading may hold the key of an item."""
    place = heading.find(item) if item else -1
    while place >= 0:
        yield heading[:place] + ITEM + heading[place + len(item) :]
        place = heading.find(item, place + 1)
