"""Small services by hand: episodes, contacts, support and link workers on counted days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from splw_eval.data import Study
from splw_eval.data.tables import Table
from tests.unit.given_study import plan_of
from tests.unit.loading import loaded

DAY_0 = np.datetime64("2024-01-01", "D")
CUT = 1000  # days after DAY_0
PEOPLE = 8  # p1, p3, ... have a link worker; p2, p4, ... have usual care
Row = dict[str, Any]


def base_study(folder: Path) -> Study:
    """Study of eight people in two arms and four practices, with no records of a service."""
    rows = [
        ["person", "arm", "practice", "phq_0", "phq_3"],
        *(
            [f"p{i}", "usual" if i % 2 == 0 else "link", f"g{(i - 1) // 2}", 10, 9]
            for i in range(1, PEOPLE + 1)
        ),
    ]
    plan = plan_of("controlled_cohort")
    plan["files"][0]["columns"]["cluster"] = "practice"
    return loaded(folder, plan, scores=rows)


def episode(number: int, referred: int | None = 0, **more: Any) -> Row:
    """Episode of a person of the first arm; days are counted from `DAY_0`."""
    row: Row = {
        "episode": f"e{number}",
        "person": f"p{2 * number - 1}",
        "referral_date": referred,
        "first_contact_date": None,
        "close_date": None,
        "close_reason": "",
    }
    return row | more


def contact(number: int, day: int | None, **more: Any) -> Row:
    """Attended contact in person with the first link worker."""
    row: Row = {
        "episode": f"e{number}",
        "date": day,
        "link_worker": "w1",
        "mode": "in person",
        "attended": 1.0,
    }
    return row | more


def support(number: int, day: int | None, cost: float) -> Row:
    """Support with its cost to the person."""
    return {"episode": f"e{number}", "date": day, "cost_to_client": cost}


def worker(name: str, left: int | None = None) -> Row:
    """Link worker with the last day in post."""
    return {"link_worker": name, "end_date": left}


def table(name: str, rows: Sequence[Row]) -> Table:
    """Table of the given rows."""
    columns = {key: _cells(key, [row[key] for row in rows]) for key in rows[0]}
    n = len(rows)
    return Table(name=name, columns=columns, file=np.zeros(n, dtype=np.int64), row=np.arange(n) + 2)


def _cells(key: str, cells: Sequence[Any]) -> Any:
    if key.endswith("date"):
        return np.array(
            [np.datetime64("NaT", "D") if c is None else DAY_0 + c for c in cells], dtype="M8[D]"
        )
    if key in {"attended", "cost_to_client"}:
        return np.array(cells, dtype=np.float64)
    return np.array(cells, dtype=object)


def service(base: Study, *, cut: int | None = CUT, **tables: Sequence[Row]) -> Study:
    """Give a study the records of a service, and a data cut."""
    day = None if cut is None else (DAY_0 + cut).astype(dt.date)
    plan = base.plan.model_copy(update={"data_cut": day})
    return replace(
        base, plan=plan, tables={name: table(name, rows) for name, rows in tables.items()}
    )
