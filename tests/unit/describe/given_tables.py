"""Small studies with tables of the service's records, by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from splw_eval.data import Study
from splw_eval.data.tables import Table


def table(name: str, **columns: Sequence[Any]) -> Table:
    """Give a table; text stays text, numbers and None become numbers, dates become days."""
    held = {key: _cells(cells) for key, cells in columns.items()}
    n = len(next(iter(held.values())))
    return Table(name=name, columns=held, file=np.zeros(n, dtype=np.int64), row=np.arange(n) + 2)


def _cells(cells: Sequence[Any]) -> Any:
    if any(isinstance(cell, np.datetime64) for cell in cells):
        return np.array([np.datetime64("NaT") if c is None else c for c in cells], dtype="M8[D]")
    if all(isinstance(cell, str) for cell in cells):
        return np.array(cells, dtype=object)
    return np.array([np.nan if cell is None else cell for cell in cells], dtype=float)


def with_tables(study: Study, *tables: Table, **changes: Any) -> Study:
    """Give a study some tables, and other changes of its fields."""
    held: Mapping[str, Table] = {one.name: one for one in tables}
    return replace(study, tables=held, **changes)


def with_people(study: Study, **changes: Any) -> Study:
    """Give a study other attributes of its people."""
    return replace(study, people=replace(study.people, **changes))


def days(*cells: str | None) -> list[np.datetime64 | None]:
    """Give days as cells of a table."""
    return [None if cell is None else np.datetime64(cell, "D") for cell in cells]
