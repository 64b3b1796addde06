"""Tables of results: one outcome each, named by group and wave."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from splw_eval.core.columns import Column, Role, columns_of
from splw_eval.core.plan import Outcome
from splw_eval.core.result import Result
from splw_eval.report.blocks import Cell, ColumnHead, ReportTable
from splw_eval.report.evidence import ByWave, Entry, Evidence, select
from splw_eval.report.pages.titles import rules_of, text

Lead = tuple[tuple[str, Callable[[Any], str]], ...]


def listed(
    result: Result[Any],
    found: Iterable[Entry[Any]],
    lead: Lead,
    names: Sequence[str],
    *,
    caption: str,
    anchor: str,
    places: Callable[[Any], int | None] = lambda _row: None,
    signed: frozenset[str] = frozenset(),
) -> ReportTable:
    """Return a table of some rows of a result.

    Parameters
    ----------
    result : Result
    found : iterable of Entry
        The rows, in reading order.
    lead : tuple of (str, callable)
        Headings of what names a row, each with how it is read off the row.
    names : sequence of str
        Fields of the row that follow.
    caption, anchor : str
    places : callable, optional
        Decimals of the means of a row that have none of their own.
    signed : frozenset of str, optional
        Fields printed with their sign.

    Returns
    -------
    ReportTable
    """
    columns = columns_of(result.row_type)
    rows = tuple(
        (
            *(text(read(entry.row)) for _, read in lead),
            *(
                entry.cell(n, _decimals(columns[n], places(entry.row)), signed=n in signed)
                for n in names
            ),
        )
        for entry in found
    )
    return ReportTable(
        id=anchor,
        caption=caption,
        columns=(
            *(ColumnHead(title=title) for title, _ in lead),
            *(
                ColumnHead(title=columns[n].title, numeric=columns[n].role is not Role.LABEL)
                for n in names
            ),
        ),
        rows=rows,
        row_heads=len(lead),
        rules=rules_of(result, names),
        file=f"tables/{result.key}.csv",
    )


def group(evidence: Evidence) -> Lead:
    """Return the heading of the group, where there is more than one."""
    return (("Group", lambda row: row.arm),) if evidence.plan.arms else ()


def _decimals(column: Column, places: int | None) -> int | None:
    """Return the decimals of the outcome for what has none of its own."""
    in_units = column.role in {Role.MEAN, Role.SPREAD, Role.QUANTILE}
    return places if in_units and column.decimals is None else None


def by_wave(
    evidence: Evidence,
    result: Result[ByWave],
    outcome: Outcome,
    names: Sequence[str],
    *,
    caption: str,
    suffix: str = "",
    signed: frozenset[str] = frozenset(),
    found: tuple[Entry[ByWave], ...] | None = None,
) -> ReportTable:
    """Return the table of one outcome: a row for each group and wave.

    Parameters
    ----------
    evidence : Evidence
    result : Result
    outcome : Outcome
    names : sequence of str
        Fields of the row, in reading order.
    caption : str
    suffix : str
        Tells two tables of the same result and outcome apart.
    signed : frozenset of str
        Fields printed with their sign.
    found : tuple of Entry, optional
        The rows; without it, all of the outcome.

    Returns
    -------
    ReportTable
    """
    grouped = bool(evidence.plan.arms)
    columns = columns_of(result.row_type)
    found = select(result, outcome.name) if found is None else found
    names = [n for n in names if columns[n].role is not Role.UNITS or _is_used(found, n)]
    lead: list[ColumnHead] = [ColumnHead(title=columns["arm"].title)] if grouped else []
    lead.append(ColumnHead(title=columns["wave"].title))
    rows = tuple(_row(evidence, entry, outcome, names, signed) for entry in found)
    numbers: tuple[ColumnHead, ...] = tuple(
        ColumnHead(title=columns[n].title, numeric=columns[n].role is not Role.LABEL) for n in names
    )
    return ReportTable(
        id=table_id(result, outcome) + suffix,
        caption=caption,
        columns=(*lead, *numbers),
        rows=rows,
        row_heads=len(lead),
        rules=rules_of(result, names),
        file=f"tables/{result.key}.csv",
    )


def of_outcomes(
    evidence: Evidence,
    result: Result[Any],
    found: Iterable[Entry[Any]],
    names: Sequence[str],
    *,
    caption: str,
    anchor: str,
    signed: frozenset[str] = frozenset(),
) -> ReportTable:
    """Return one table of several outcomes: a row for each outcome, group and wave.

    Parameters
    ----------
    evidence : Evidence
    result : Result
    found : iterable of Entry
        The rows, in reading order.
    names : sequence of str
        Fields of the row.
    caption, anchor : str
    signed : frozenset of str
        Fields printed with their sign.

    Returns
    -------
    ReportTable
        Each number with the decimals of its outcome.
    """
    by_name = {outcome.name: outcome for outcome in evidence.outcomes}
    lead: Lead = (("Outcome", lambda row: by_name[row.outcome].label), *group(evidence))
    if "wave" in columns_of(result.row_type):
        lead = (*lead, ("Wave", lambda row: evidence.wave(row.wave).title))
    return listed(
        result,
        found,
        lead,
        names,
        caption=caption,
        anchor=anchor,
        places=lambda row: by_name[row.outcome].decimals,
        signed=signed,
    )


def _is_used(found: Sequence[Entry[ByWave]], name: str) -> bool:
    """Whether any row has practices or link workers; most small studies know none."""
    return any(getattr(e.row, name) is not None or name in e.masked for e in found)


def table_id(result: Result[ByWave], outcome: Outcome) -> str:
    """Return the anchor of the table of one outcome."""
    return f"{result.key}-{outcome.name}-table"


def _row(
    evidence: Evidence,
    entry: Entry[ByWave],
    outcome: Outcome,
    names: Sequence[str],
    signed: frozenset[str],
) -> tuple[Cell, ...]:
    lead: list[Cell] = [text(entry.row.arm)] if evidence.plan.arms else []
    lead.append(text(evidence.wave(entry.row.wave).title))
    columns = columns_of(type(entry.row))
    cells: list[Cell] = []
    for name in names:
        decimals = _decimals(columns[name], outcome.decimals)
        cells.append(entry.cell(name, decimals, signed=name in signed))
    return (*lead, *cells)
