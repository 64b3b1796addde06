"""What was kept: how far each column of the service's records is filled."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.filled import BELOW, ENOUGH
from splw_eval.core.result import Note, Result
from splw_eval.core.rows import FilledRow
from splw_eval.data import Study
from splw_eval.data.codebook import CodebookColumn, codebook
from splw_eval.data.tables import Table
from splw_eval.describe.settings import ENOUGH_FILLED, PROPOSAL

RECORDS = ("contacts", "support", "episodes", "link_workers")
NOT_KEPT = "Not kept"
MAY_BE_EMPTY = "May rightly be empty"
NO_RECORDS = "No records"
# Empty while the episode is open or the link worker in post, or where nobody was met.
_EMPTY_SAYS_SOMETHING = frozenset(
    {
        ("episodes", "first_contact_date"),
        ("episodes", "close_date"),
        ("episodes", "close_reason"),
        ("link_workers", "end_date"),
    }
)


def describe_records(study: Study) -> Result[FilledRow]:
    """Count the filled cells of every column of the service's records.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of FilledRow
        One row for each column that the codebook says must or should be kept, of each
        table that there is. A column that is not there counts as empty throughout.
    """
    rows = tuple(row for name in RECORDS if name in study.tables for row in _rows(study, name))
    cut = Note(
        text=f"The line at {ENOUGH_FILLED:.0%} is {PROPOSAL}. A column below it is "
        "too empty to be summarised without saying so."
    )
    gone = [name.replace("_", " ") for name in RECORDS if name not in study.tables]
    absent = Note(text=f"There is no file of these records at all: {', '.join(gone)}.")
    return Result(
        key="records",
        title="How completely the records were kept",
        unit="records",
        row_type=FilledRow,
        rows=rows,
        notes=(*((cut,) if rows else ()), *((absent,) if gone else ())),
    )


def _rows(study: Study, name: str) -> Iterator[FilledRow]:
    table = study.tables[name]
    for column in codebook()[name].values():
        if column.level in {"must", "should"}:
            filled = int(_filled(table, column).sum())
            yield FilledRow(
                table=name,
                column=column.name,
                meaning=column.meaning.partition(";")[0].partition(":")[0],
                level=column.level,
                records=len(table),
                filled=filled,
                empty=len(table) - filled,
                share_filled=filled / len(table) if len(table) else None,
                verdict=_verdict(table, column, filled),
            )


def _filled(table: Table, column: CodebookColumn) -> NDArray[np.bool_]:
    cells = table.columns.get(column.name)
    filled: NDArray[np.bool_] = np.zeros(len(table), dtype=bool)
    if cells is not None and cells.dtype.kind == "M":
        filled = ~np.isnat(cells)
    elif cells is not None:
        filled = ~np.isnan(cells) if cells.dtype.kind == "f" else cells != ""
    return filled


def _verdict(table: Table, column: CodebookColumn, filled: int) -> str:
    if column.name not in table.columns:
        return NOT_KEPT
    if not len(table):
        return NO_RECORDS
    if (table.name, column.name) in _EMPTY_SAYS_SOMETHING:
        return MAY_BE_EMPTY
    return ENOUGH if filled >= ENOUGH_FILLED * len(table) else BELOW
