"""A service of six people by hand, whose delivery can be counted on paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from splw_eval.data import Study
from splw_eval.data.tables import Table
from tests.unit.describe.given_tables import table

DAY_0 = np.datetime64("2024-01-01", "D")
Columns = Mapping[str, Sequence[Any]]

# Six referrals, one of each of six people:
# e1 went all the way; e2 declined; e3 is open and was met, with no other record; e4 was closed
# as planned with no record but a plan; e5 was closed and never met; e6 was closed without a
# reason, after a contact of which nobody wrote down whether it took place.
EPISODES: Columns = {
    "episode": ["e1", "e2", "e3", "e4", "e5", "e6"],
    "person": ["p1", "p2", "p3", "p4", "p5", "p6"],
    "referral_date": [0, 0, 10, 0, 0, 0],
    "accepted": [1, 0, 1, 1, None, 1],
    "first_contact_date": [7, None, None, None, None, None],
    "close_date": [100, 5, None, 80, 60, 90],
    "close_reason": ["goals met", "declined", "", "planned completion", "lost contact", ""],
    "reason": ["money;loneliness", "money", "money", "", "money", "money"],
    "declared_level": ["medium", "", "light", "medium", "", "light"],
}
CONTACTS: Columns = {
    "contact": ["c1", "c2", "c3", "c4", "c5", "c6", "c7"],
    "episode": ["e1", "e1", "e1", "e3", "e4", "e4", "e6"],
    "date": [7, 14, 28, 20, 10, 12, 9],
    "link_worker": ["w1", "w1", "w2", "w1", "w2", "w2", "w3"],
    "mode": ["in person", "telephone", "telephone", "", "in person", "telephone", "video"],
    "minutes": [40, None, 20, 30, None, 10, None],
    "attended": [1, 1, 1, 1, 0, 1, None],
    "purpose": ["First conversation", "planning", "review", "review", "", "Goal-setting", ""],
    "home_visit": [1, 0, 0, None, 0, 0, 0],
}
SUPPORT: Columns = {
    "episode": ["e1", "e1", "e4", "e6"],
    "category": [
        "arranging support",
        "therapeutic relationship",
        "arranging support",
        "arranging support",
    ],
    "date": [14, 20, 12, 30],
    "level": ["refer", "direct help", "signpost", ""],
    "activity_attended": [1, None, None, None],
}


def without(columns: Columns, *names: str) -> Columns:
    """Leave columns out of a table."""
    return {name: cells for name, cells in columns.items() if name not in names}


def given(name: str, columns: Columns) -> Table:
    """Make a table; days are counted from `DAY_0`."""
    held = {
        key: [None if c is None else DAY_0 + c for c in cells] if key.endswith("date") else cells
        for key, cells in columns.items()
    }
    made = table(name, **held)
    never = [key for key in held if key.endswith("date") and made.columns[key].dtype.kind != "M"]
    none = dict.fromkeys(never, np.full(len(made), np.datetime64("NaT", "D")))
    return replace(made, columns={**made.columns, **none})


def delivery(
    base: Study,
    *,
    episodes: Columns | None = EPISODES,
    contacts: Columns | None = CONTACTS,
    support: Columns | None = SUPPORT,
    cut: int | None = 200,
    **more: Columns,
) -> Study:
    """Give a study the records of the service; None leaves a table out."""
    tables = {"episodes": episodes, "contacts": contacts, "support": support, **more}
    day = None if cut is None else (DAY_0 + cut).astype(dt.date)
    return replace(
        base,
        plan=base.plan.model_copy(update={"data_cut": day}),
        tables={name: given(name, held) for name, held in tables.items() if held is not None},
    )


def without_table(study: Study, name: str) -> Study:
    """Take a table from a study."""
    return replace(study, tables={k: held for k, held in study.tables.items() if k != name})


def row(frame: pd.DataFrame, **where: Any) -> dict[str, Any]:
    """The one row of a table with these cells."""
    kept = frame
    for column, cell in where.items():
        kept = kept[kept[column] == cell]
    (found,) = kept.to_dict("records")
    return {str(column): cell for column, cell in found.items()}


def codes(findings: Sequence[Any]) -> list[str]:
    """Codes of findings."""
    return [finding.code for finding in findings]
