"""Findings about rows of a table, or of questionnaires, one for each file."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from splw_eval.data.loaded import Loaded
from splw_eval.data.sheet import Sheet, Told, report_cells
from splw_eval.data.tables import Table


def tell(loaded: Loaded, table: Table, column: str, wrong: NDArray[np.bool_], told: Told) -> None:
    """Write down rows of a table that are wrong, by the column that shows it."""
    severity, code, problem, remedy = told
    for file in np.unique(table.file[wrong]):
        sheet, of_file = loaded.sheets[file], table.file == file
        heading = sheet.heading(column)
        loaded.ledger.add(
            severity,
            code,
            problem,
            remedy,
            file=sheet.spec.place,
            column=sheet.place(heading) if heading else "",
            rows=table.row[wrong & of_file],
            of_rows=int(of_file.sum()),
        )


def tell_sheet(
    loaded: Loaded, sheet: Sheet, heading: str, wrong: NDArray[np.bool_], told: Told
) -> None:
    """Write down rows of one column of a file that are wrong."""
    if wrong.any():
        report_cells(sheet, heading, wrong, told, loaded.ledger)


def tell_measures(loaded: Loaded, wrong: NDArray[np.bool_], told: Told) -> None:
    """Write down questionnaires that are wrong."""
    severity, code, problem, remedy = told
    measures = loaded.placed.measures
    for file in np.unique(measures.file[wrong]):
        rows = np.unique(measures.row[wrong & (measures.file == file)])
        path = loaded.plan.files[file].place
        loaded.ledger.add(severity, code, problem, remedy, file=path, rows=rows)


def tell_plainly(loaded: Loaded, told: Told, *, file: str = "") -> None:
    """Write down what concerns no single row."""
    severity, code, problem, remedy = told
    loaded.ledger.add(severity, code, problem, remedy, file=file)
