"""Tables of results: one outcome each, named by group and wave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from splw_eval.core.columns import Role, columns_of
from splw_eval.core.plan import Outcome
from splw_eval.core.result import Result
from splw_eval.core.rows import ChangeRow, FunnelRow, ResponderRow, SummaryRow
from splw_eval.report.blocks import Cell, ColumnHead, ReportTable
from splw_eval.report.evidence import Entry, Evidence, select
from splw_eval.report.pages.titles import table_notes, text

ByWave = TypeVar("ByWave", FunnelRow, SummaryRow, ChangeRow, ResponderRow)


def by_wave(
    evidence: Evidence,
    result: Result[ByWave],
    outcome: Outcome,
    names: Sequence[str],
    *,
    caption: str,
    suffix: str = "",
    signed: frozenset[str] = frozenset(),
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

    Returns
    -------
    ReportTable
    """
    grouped = bool(evidence.plan.arms)
    columns = columns_of(result.row_type)
    found = select(result, outcome.name)
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
        footnotes=table_notes(rows, result),
        file=f"tables/{result.key}.csv",
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
        in_units = columns[name].role is Role.MEAN and columns[name].decimals is None
        decimals = outcome.decimals if in_units else None
        cells.append(entry.cell(name, decimals, signed=name in signed))
    return (*lead, *cells)
