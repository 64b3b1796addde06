"""Many groups told side by side, in one small table in the place of many sentences."""

from __future__ import annotations

from typing import Any

from splw_eval.report.blocks import Cell, ReportTable
from splw_eval.report.evidence import Entry, Evidence
from splw_eval.report.numbers import number
from splw_eval.report.pages.staying import ENGAGEMENT
from splw_eval.report.pages.titles import MASK_NOTE, heads, text
from splw_eval.report.readers import wording as say

TABLE = "groups-table"
FEW = 2  # groups: as many have room in sentences
WAITED, CONTACTS = "days from referral to first contact", "contacts attended"
MORE = "Further figures of each group stand in the evaluator's report."
NOTHING = Cell(value=None)


def many(evidence: Evidence) -> bool:
    """Whether so many groups were referred that a table says it on less paper."""
    return len({e.row.group for e in say.rows_of(evidence, "uptake")}) > FEW


def table(evidence: Evidence, day: float) -> ReportTable:
    """Return how far the people of each group came, where they stood and what they got.

    Parameters
    ----------
    evidence : Evidence
    day : float
        Day after referral on which it is told where people stood.

    Returns
    -------
    ReportTable
    """
    there = {e.row.group for e in say.rows_of(evidence, "uptake")}
    groups = tuple(group for group in evidence.plan.groups if group in there)
    rows = tuple((text(group), *_cells(evidence, group, day)) for group in groups)
    masked = any(cell.masked for row in rows for cell in row)
    last = number(day, 0)
    return ReportTable(
        id=TABLE,
        caption="The groups side by side",
        columns=heads(
            "Group",
            "Referred",
            "Accepted",
            "First contact",
            "Median wait, days",
            f"Completed by day {last}",
            f"Dropped out by day {last}",
            "Median contacts attended",
        ),
        rows=rows,
        footnotes=(MASK_NOTE,) if masked else (),
    )


def _cells(evidence: Evidence, group: str, day: float) -> tuple[Cell, ...]:
    stages = {e.row.stage: e for e in _of(evidence, "uptake", group)}
    doses = {e.row.measure: e for e in _of(evidence, "dose", group)}
    stood = [
        e for e in _of(evidence, "standing", group) if e.row.what == ENGAGEMENT and e.row.day == day
    ]
    standing = stood[0] if stood else None
    return (
        _cell(stages.get("referred"), "referred"),
        _cell(stages.get("accepted"), "share_passed"),
        _cell(stages.get("contacted"), "share_passed"),
        _cell(doses.get(WAITED), "median"),
        _cell(standing, "completed"),
        _cell(standing, "dropped_out"),
        _cell(doses.get(CONTACTS), "median"),
    )


def _of(evidence: Evidence, key: str, group: str) -> list[Entry[Any]]:
    return [e for e in say.rows_of(evidence, key) if e.row.group == group]


def _cell(entry: Entry[Any] | None, name: str) -> Cell:
    return NOTHING if entry is None else entry.cell(name)
