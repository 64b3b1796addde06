"""Spreads over all groups together, which with those of the other groups give back a hidden one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from splw_eval.core.columns import Role, columns_of
from splw_eval.core.quality_rows import ReliabilityRow, ReliableChangeRow
from splw_eval.core.result import Result

_OF_GROUPS = "scores"  # the result whose rows hold the SD of each group at each wave


def hide_pooled(results: Mapping[str, Result[Any]], start: str) -> dict[str, Result[Any]]:
    """Hide the spreads over all groups where the SD of one group is hidden.

    Parameters
    ----------
    results : mapping of str to Result
        Masked, each by itself.
    start : str
        Name of the first wave.

    Returns
    -------
    dict of str to Result
        The same, without the SD, the errors and the cut-off over everybody of an outcome and
        wave at which a group's SD may not be shown: with the other groups' SDs they give it back.
    """
    scores = results.get(_OF_GROUPS)
    if scores is None:
        return dict(results)
    hidden = {
        (scores.rows[i].outcome, scores.rows[i].wave) for i, name in scores.masked if name == "sd"
    }
    return {
        key: _without(result, set(_cells(result, hidden, start))) for key, result in results.items()
    }


def _cells(
    result: Result[Any], hidden: set[tuple[str, str]], start: str
) -> Iterator[tuple[int, str]]:
    """Yield the cells of a result that rest on the SD of all groups at a wave of `hidden`."""
    if not hidden or result.row_type not in {ReliabilityRow, ReliableChangeRow}:
        return
    names = [n for n, c in columns_of(result.row_type).items() if c.role is Role.SPREAD]
    for i, row in enumerate(result.rows):
        # What counts as reliable change rests on the first wave.
        wave = row.wave if result.row_type is ReliabilityRow else start
        if (row.outcome, wave) in hidden:
            yield from ((i, name) for name in names if getattr(row, name) is not None)


def _without(result: Result[Any], cells: set[tuple[int, str]]) -> Result[Any]:
    if not cells:
        return result
    rows = list(result.rows)
    for i, name in cells:
        rows[i] = replace(rows[i], **{name: None})
    kept = {cell: n for cell, n in result.decimals.items() if cell not in cells}
    return replace(result, rows=tuple(rows), masked=result.masked | cells, decimals=kept)
