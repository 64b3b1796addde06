"""Studies of several tables to check, laid out in memory from rows of cells."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from splw_eval.core.findings import Finding
from splw_eval.core.plan import Plan
from splw_eval.data.checks import Check
from splw_eval.data.ledger import Ledger
from splw_eval.data.loaded import Loaded
from splw_eval.data.measures import gather_measures
from splw_eval.data.people import gather_people
from splw_eval.data.sheet import Sheet
from splw_eval.data.source import Source
from splw_eval.data.tables import Table, read_tables
from splw_eval.data.vocabulary import Vocabulary, standard_vocabulary
from splw_eval.data.windows import place_measures
from tests.unit.given_study import PlanTable, Rows, long_plan

PEOPLE: Rows = [["person", "referred"], ["p1", "2025-01-10"], ["p2", "2025-01-10"]]
MEASURES: Rows = [
    ["person", "wave", "date", "phq"],
    ["p1", "baseline", "2025-01-12", "10"],
    ["p1", "month_3", "2025-04-12", "5"],
    ["p2", "baseline", "2025-01-12", "12"],
]
EPISODES: Rows = [
    ["episode", "person", "referral_date", "first_contact_date", "close_date"],
    ["e1", "p1", "2025-01-10", "2025-02-01", "2025-06-01"],
    ["e2", "p2", "2025-01-10", "2025-02-01", ""],
]


def plan_with(*tables: str, **changes: Any) -> PlanTable:
    """Give a dated plan of people, measures and further tables."""
    plan = long_plan(dated=True)
    plan["files"] += [{"table": table, "path": f"{table}.csv"} for table in tables]
    return plan | changes


def valid(plan: Mapping[str, Any]) -> Plan:
    """Give a plan from its sections."""
    return Plan.model_validate_json(json.dumps(plan, default=str))


def sheet_of(plan: Plan, place: int, rows: Rows) -> Sheet:
    """Lay out rows of cells as the file at a place of the plan."""
    header = tuple(rows[0])
    cells = np.array([[*map(str, row)] for row in rows[1:]], dtype=object)
    cells = cells.reshape(len(rows) - 1, len(header))
    return Sheet(
        spec=plan.files[place],
        header=header,
        cells={name: cells[:, i] for i, name in enumerate(header)},
        rows=np.arange(2, len(rows) + 1, dtype=np.int64),
    )


def tables_of(
    plan: Mapping[str, Any], *rows: Rows, vocabulary: Vocabulary | None = None
) -> tuple[dict[str, Table], list[Finding]]:
    """Read the tables of files, in the order of the plan, with what was found."""
    held, ledger = valid(plan), Ledger()
    sheets = [sheet_of(held, i, each) for i, each in enumerate(rows)]
    words = vocabulary or standard_vocabulary()
    return read_tables(held, sheets, words, ledger), ledger.findings


def loaded_of(plan: Mapping[str, Any], *rows: Rows) -> Loaded:
    """Load files, in the order of the plan, with an empty ledger for the checks."""
    held, ledger = valid(plan), Ledger()
    sheets = [sheet_of(held, i, each) for i, each in enumerate(rows)]
    defining = [sheet for sheet in sheets if sheet.spec.table in {"people", "measures"}]
    people = gather_people(held, defining, ledger)
    index = {person: i for i, person in enumerate(people.ids)}
    nothing = dict.fromkeys([outcome.name for outcome in held.outcomes])
    source = Source(plan=held, index=index, ledger=ledger, instruments=nothing)
    measures = gather_measures(source, sheets)
    placed = place_measures(held, people, measures, ledger)
    return Loaded(
        plan=held,
        sheets=sheets,
        tables=read_tables(held, sheets, standard_vocabulary(), ledger),
        people=people,
        placed=placed,
        ledger=Ledger(),
    )


def found(check: Check, plan: Mapping[str, Any], *rows: Rows) -> dict[str, list[Finding]]:
    """What a check finds in files, by code."""
    loaded = loaded_of(plan, *rows)
    check(loaded)
    codes: dict[str, list[Finding]] = {}
    for finding in loaded.ledger.findings:
        codes.setdefault(finding.code, []).append(finding)
    return codes


def only(check: Check, plan: Mapping[str, Any], *rows: Rows) -> Finding:
    """The one finding of a check."""
    ((finding,),) = found(check, plan, *rows).values()
    assert finding.remedy
    return finding


def changed(rows: Rows, row: int, column: str, value: Any) -> Rows:
    """Return rows with one cell changed; the heading is row 1."""
    copy = [[*each] for each in rows]
    copy[row - 1][rows[0].index(column)] = value
    return copy


def added(rows: Rows, column: str, *values: Any) -> Rows:
    """Return rows with one column more."""
    return [[*row, cell] for row, cell in zip(rows, (column, *values), strict=True)]
