"""Curves of few people: steps joined until enough left in each, shares on a coarse grid."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any

from splw_eval.core.result import Note, Result
from splw_eval.core.retention_rows import CurveRow

_SHARES = ("estimate", "conf_low", "conf_high")


def join_steps(result: Result[Any], fewest: int, round_to: int) -> Result[Any]:
    """Join the steps of every curve until each is of enough people, and round its shares.

    Parameters
    ----------
    result : Result of CurveRow
        Not masked. A result of another type is returned as it is.
    fewest : int
        People that a step must be of.
    round_to : int
        What counts are rounded to; 1 leaves shares as they are.

    Returns
    -------
    Result
        Each curve has fewer rows: one for each run of days on which at least `fewest` left
        together, at the round day by which they had. The last few are in no step. A
        curve of fewer leavings in all has one row, whose events are masked afterwards, and no
        share. Shares are whole multiples of so many per cent that one is `round_to` people of
        the rounded number of all, or more; limits are rounded outwards.

    Notes
    -----
    A share rounded so tells no more of people than a count rounded to `round_to`, also beside
    the shares of the other causes: those of one day add up to 1 only before rounding.
    """
    if result.row_type is not CurveRow or (fewest <= 1 and round_to <= 1):
        return result
    rows: list[CurveRow] = []
    for _, curve in groupby(result.rows, key=lambda row: (row.what, row.group, row.cause)):
        rows += _joined(tuple(curve), fewest, round_to)
    if not rows:
        return result
    words = f"No step of a curve is of fewer than {fewest} people: steps of fewer are joined to "
    words += "the next, and stand at a round day by which all of them had left; the last few who "
    words += "left are in no step. "
    words += "Shares are rounded, and their intervals outwards, so that they tell no more of "
    words += "people than rounded counts do."
    return replace(result, rows=tuple(rows), notes=(*result.notes, Note(text=words)))


def _joined(curve: tuple[CurveRow, ...], fewest: int, round_to: int) -> Iterator[CurveRow]:
    left = [row for row in curve if row.events]
    if not left:
        yield from curve
        return
    left = [_one(list(same)) for _, same in groupby(left, key=lambda row: row.round_day)]
    runs = _runs([row.events or 0 for row in left], fewest)
    if not runs:
        nothing: dict[str, Any] = dict.fromkeys(("day", "round_day", *_SHARES))
        yield replace(_one(left), **nothing)
    for first, last in runs:
        row = _one(left[first:last])
        rounded: dict[str, Any] = {name: _rounded(row, name, round_to) for name in _SHARES}
        yield replace(row, **rounded)


def _runs(events: list[int], fewest: int) -> list[tuple[int, int]]:
    """First and last (half open) of each run of steps; a last run of too few is left out."""
    runs, start, found = [], 0, 0
    for place, here in enumerate(events):
        found += here
        if found >= fewest:
            runs.append((start, place + 1))
            start, found = place + 1, 0
    return runs


def _one(steps: list[CurveRow]) -> CurveRow:
    """Several steps as one: the share after the last of them, at its round day."""
    events = sum(row.events or 0 for row in steps)
    return replace(steps[-1], day=steps[-1].round_day, events=events)


def _grid(n: int, round_to: int) -> float:
    """Parts of about `round_to` people; from n as it is shown, so that they tell no more of it."""
    shown = (2 * n + round_to) // (2 * round_to) * round_to
    return math.ceil(100 * round_to / max(shown, 1)) / 100


def _rounded(row: CurveRow, name: str, round_to: int) -> float | None:
    value: float | None = getattr(row, name)
    if value is None or round_to <= 1:
        return value
    grid = _grid(row.n or 1, round_to)
    ways = {"conf_low": math.floor, "conf_high": math.ceil}
    units = ways.get(name, round)(round(value / grid, 9))
    if value + grid / 2 > 1:
        return 1.0 if name != "conf_low" else round(units * grid, 2)
    return min(max(round(units * grid, 2), 0.0), 1.0)
