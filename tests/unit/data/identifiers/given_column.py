"""Sheets with one column to look at, beside what every file of measures holds."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from splw_eval.core.findings import Finding
from splw_eval.core.plan import Plan
from splw_eval.data.identifiers.refusal import refuse_identifiers
from splw_eval.data.ledger import Ledger
from splw_eval.data.sheet import Sheet
from tests.unit.given_study import pre_post_plan

Cells = Any  # a list of cells, or the array of a typed column
WEIGHTS = range(10, 1, -1)


def plan(table: str = "measures", **columns: str) -> Plan:
    """Plan of a file of scores, and of a file of another table if one is asked for."""
    made = pre_post_plan()
    if table == "measures":
        made["files"][0]["columns"] |= columns
    else:
        made["files"].append({"table": table, "path": "other.csv", "columns": columns})
    return Plan.model_validate_json(json.dumps(made))


def sheet(of: Plan, heading: str, cells: Cells, **more: Cells) -> Sheet:
    """Sheet of the last file of a plan: pseudonyms, the column, and more columns."""
    held = {heading: _array(cells)} | {name: _array(column) for name, column in more.items()}
    people = _array([f"p{i}" for i in range(len(cells))])
    held = held if heading == "person" else {"person": people, **held}
    rows = np.arange(2, len(cells) + 2)
    return Sheet(spec=of.files[-1], header=tuple(held), cells=held, rows=rows)


def _array(cells: Cells) -> Any:
    return cells if isinstance(cells, np.ndarray) else np.array(list(cells), dtype=object)


def found(heading: str, cells: Cells, of: Plan | None = None, **more: Any) -> list[Finding]:
    """What is found in one column."""
    of = of or plan()
    ledger = Ledger()
    refuse_identifiers(of, [sheet(of, heading, cells, **more)], ledger)
    return ledger.findings


def codes(heading: str, cells: Cells, of: Plan | None = None, **more: Any) -> list[str]:
    """Codes of what is found in one column."""
    return [finding.code for finding in found(heading, cells, of, **more)]


def check_digit(nine: str) -> str:
    """Number of ten digits that passes Modulus 11; empty text where there is none."""
    check = 11 - sum(w * int(d) for w, d in zip(WEIGHTS, nine, strict=True)) % 11
    return "" if check == 10 else nine + str(0 if check == 11 else check)


def nhs_numbers(n: int, start: int = 943_476_591) -> list[str]:
    """Give numbers that pass, whoever they may belong to."""
    made = (check_digit(str(nine)) for nine in range(start, start + 2 * n + 10))
    return [number for number in made if number][:n]


def chi_numbers(n: int) -> list[str]:
    """Give numbers of people born in January 1950."""
    made = (check_digit(f"{1 + i % 28:02}0150{100 + i}") for i in range(2 * n + 10))
    return [number for number in made if number][:n]
