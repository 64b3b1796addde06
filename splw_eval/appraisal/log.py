"""The log of what is not shown: of each column of each table how many cells, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from splw_eval.appraisal.disclosure import PROFILES
from splw_eval.appraisal.few_sources import FEWEST_WORKERS, dominated
from splw_eval.core.columns import Column, Contributors, Role, columns_of
from splw_eval.core.masking_rows import EVERY_COLUMN, EVERY_TABLE, MaskingRow, Why
from splw_eval.core.plan import Plan
from splw_eval.core.result import Note, Result

Results = Mapping[str, Result[Any]]

_DIGITS = frozenset({Role.SPREAD, Role.DF, Role.UNITS, Role.MEAN, Role.QUANTILE})
_REASONS = tuple(Why)
_NOTES = (
    "A cell is counted where its table has a star, as anybody could count it; the reason is the "
    "first of those listed that holds. No number here is a number of people.",
    "Small numbers and those that would tell them have the same reason, so that it does not say "
    "which are small. A number that is not small itself may be hidden so that a small one cannot "
    "be worked out from the others. Whoever adds and subtracts all counts of these tables is left "
    "several numbers that a hidden one can be, nearly always three or more: "
    "docs/methods/disclosure.md.",
    "It does not protect against what somebody knows from elsewhere: a total published in another "
    "place, or an earlier report on nearly the same people. Look at both before this leaves you.",
)
MOST = 0.8  # share of a group's people above which its means are nearly those of one practice
_NEARLY = (
    "{group}: more than {most}% of the people are of one of the {units}. What is told of the group "
    "is nearly what could be told of that one, so treat it as you would treat a table of one."
)


def log_of(exact: Results, masked: Results, told: Results, plan: Plan) -> Result[MaskingRow]:
    """Say of every column how many cells are not shown, and why.

    Parameters
    ----------
    exact : mapping of str to Result
        Not masked, but with the steps of curves joined.
    masked, told : mapping of str to Result
        Masked each by itself, and all together.
    plan : Plan

    Returns
    -------
    Result of MaskingRow
        Not masked itself: it holds no number of people. No rows where every count is shown.
    """
    few = PROFILES[plan.disclosure.profile].largest_suppressed
    rows = [row for key in told for row in _of_table(exact[key], masked[key], told[key], few)]
    nothing = "Nothing is hidden: every count is shown as it is."
    said = (*_NOTES, *_nearly_one(exact, few)) if few else (nothing,)
    return Result(
        key="masking",
        title="What is not shown, and why",
        unit="cells",
        row_type=MaskingRow,
        rows=(*_summed(rows), *rows),
        notes=tuple(Note(text=words) for words in said),
        sources=(
            "NHS Digital (2018), Change to disclosure control methodology for Hospital Episode "
            "Statistics and the Emergency Care Data Set.",
            "Hundepool and others (2012), Statistical Disclosure Control. Wiley.",
            "Fischetti and Salazar (2001), Solving the cell suppression problem on tabular data "
            "with linear constraints. Management Science 47:1008-1027.",
        )
        if few
        else (),
    )


def _nearly_one(exact: Results, few: int) -> Iterator[str]:
    """Name the groups whose means are nearly those of one practice.

    Where the others of a group are few the sentence would tell of those, so there is none.
    """
    for row in exact["reached"].rows if "reached" in exact else ():
        held = row.made_of
        if held is None or held.largest <= MOST or row.people <= few:
            continue
        others = round(row.people * (1 - held.largest))
        if not others or others > few:
            yield _NEARLY.format(group=row.arm, most=round(100 * MOST), units=row.grouped_by)


def _of_table(
    exact: Result[Any], masked: Result[Any], told: Result[Any], few: int
) -> Iterator[MaskingRow]:
    columns = columns_of(told.row_type)
    found: Counter[tuple[str, Why]] = Counter()
    for i, name in told.masked:
        late = (i, name) not in masked.masked
        found[name, _why(exact.rows[i], told.rows[i], name, columns, few=few, late=late)] += 1
    order = {name: place for place, name in enumerate(columns)}
    for name, why in sorted(found, key=lambda one: (order[one[0]], _REASONS.index(one[1]))):
        yield MaskingRow(
            result=told.title, column=columns[name].title, why=why, cells=found[name, why]
        )


def _summed(rows: Sequence[MaskingRow]) -> Iterator[MaskingRow]:
    """Rows that sum up: over everything, and over the columns of each table."""
    for table in (EVERY_TABLE, *dict.fromkeys(row.result for row in rows)):
        own = [row for row in rows if table in {row.result, EVERY_TABLE}]
        for why in _REASONS:
            cells = sum(row.cells for row in own if row.why == why)
            if cells:
                yield MaskingRow(result=table, column=EVERY_COLUMN, why=why, cells=cells)


def _why(
    row: Any, told: Any, name: str, columns: Mapping[str, Column], *, few: int, late: bool
) -> Why:
    """Give the first reason that holds.

    A count that is small and one that would tell such a count have the same reason, and so has
    what rests on either: the log would otherwise say which of the hidden ones are small.
    """
    column = columns[name]
    held = getattr(row, column.dominated_by) if column.dominated_by else None
    rests = [n for n in (column.base, column.numerator, column.complement) if n]
    found = {
        Why.JOINED: column.role is Role.CURVE or name in {"day", "round_day"},
        Why.WORKERS: _by_workers(row, column, columns),
        Why.DOMINATED: isinstance(held, Contributors) and dominated(held),
        Why.FEW: column.role is Role.COUNT,
        Why.RESTS: any(getattr(told, n) is None or 1 <= getattr(row, n) <= few for n in rests),
        Why.TOTAL: late,
        Why.DIGITS: column.role in _DIGITS,
    }
    return next((why for why, holds in found.items() if holds), Why.GIVES)


def _by_workers(row: Any, column: Column, columns: Mapping[str, Column]) -> bool:
    if column.role is Role.STAFF and column.part_of:
        return True
    staff = (n for n, c in columns.items() if c.role is Role.STAFF and c.whole_row)
    return any(0 < (getattr(row, n) or 0) < FEWEST_WORKERS for n in staff)
