"""Shares and words on them once more, where further counts were hidden."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from splw_eval.appraisal.guarded import Possible, verdicts
from splw_eval.appraisal.parts import exhausting_shares, fitted_shares
from splw_eval.core.columns import Role, columns_of
from splw_eval.core.result import Result


def told_again(
    exact: Sequence[Any], before: Result[Any], result: Result[Any], possible: Possible
) -> Result[Any]:
    """Work out again every share of a whole of which something more is hidden.

    Parameters
    ----------
    exact : sequence
        The rows before they were masked.
    before, result : Result
        Masked, and with further counts hidden.
    possible : callable
        Fewest and most that a count can be, by the number that is shown of it.

    Returns
    -------
    Result
        A share that was of the sum of its parts is of the whole again: the sum would tell the
        part that is now hidden.
    """
    if before is result:
        return result
    rows, masked = list(result.rows), set(result.masked)
    columns = columns_of(result.row_type)
    shares = {n: c for n, c in columns.items() if c.role is Role.SHARE}
    for i, row in enumerate(rows):
        for name, column in shares.items():
            people, of = getattr(row, column.numerator), getattr(row, column.base)
            if getattr(row, name) is not None and people is not None and of:
                rows[i] = replace(rows[i], **{name: min(people / of, 1.0)})
    for i, name, value in list(fitted_shares(exact, rows, result.row_type)):
        rows[i] = replace(rows[i], **{name: value})
    _hide(rows, masked, _claiming(exact, rows, result.row_type))
    _hide(rows, masked, lambda: list(exhausting_shares(rows, result.row_type, masked)))
    for i, name, told in list(verdicts(rows, result.row_type, possible)):
        if getattr(rows[i], name) is not None:
            rows[i] = replace(rows[i], **{name: told})
            masked |= {(i, name)} if told is None else set()
    return replace(result, rows=tuple(rows), masked=frozenset(masked))


def _claiming(
    exact: Sequence[Any], rows: Sequence[Any], row_type: type
) -> Callable[[], list[tuple[int, str]]]:
    """Shares that would say 100 per cent and are not."""
    columns = {n: c for n, c in columns_of(row_type).items() if c.role is Role.SHARE}
    return lambda: [
        (i, name)
        for i, row in enumerate(rows)
        for name in columns
        if (getattr(row, name) or 0.0) >= 1 > (getattr(exact[i], name) or 0.0)
        and _has_hidden_others(row, columns[name].complement)
    ]


def _has_hidden_others(row: Any, complement: str) -> bool:
    return not complement or getattr(row, complement) is None


def _hide(
    rows: list[Any], masked: set[tuple[int, str]], found: Callable[[], list[tuple[int, str]]]
) -> None:
    for i, name in found():
        rows[i] = replace(rows[i], **{name: None})
        masked.add((i, name))
