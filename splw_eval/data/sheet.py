"""One file as columns of cells, with the row numbers that its owner sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Severity
from splw_eval.core.plan import File
from splw_eval.data.headings import may_be_said, nearest, variant
from splw_eval.data.ledger import Ledger
from splw_eval.data.patterns import absent_patterns

Cells = NDArray[Any]
Told = tuple[Severity, str, str, str]  # severity, code, what is wrong, what to do


ROW_NUMBER = "the row's number"  # what stands for the pseudonym where there is none


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Cells by heading: text, or the types that the file itself keeps.

    Attributes
    ----------
    spec : File
        What the plan says of the file.
    header : tuple of str
        Headings, left to right.
    cells : mapping of str to ndarray, shape (n,)
        Cells of each column. Text (object arrays of str, spaces at both ends removed) from
        CSV and workbooks; float64, datetime64[D] or text from files that keep types, where
        NaN, NaT and empty text are missing.
    labels : mapping of str to mapping of float to str
        Value labels of numeric columns, where the file keeps them.
    reasons : mapping of str to ndarray of str, shape (n,)
        Why a cell is missing, where the file itself says so (user-missing values);
        empty text elsewhere. The cell itself is then NaN or empty.
    named : dict
        Columns already read as names (`parse.named`), each worked out once.
    rows : ndarray of int, shape (n,)
        Row of the file, counted as a spreadsheet does: the heading is row 1.
    """

    spec: File
    header: tuple[str, ...]
    cells: Mapping[str, Cells]
    rows: NDArray[np.int64]
    labels: Mapping[str, Mapping[float, str]] = field(default_factory=dict)
    reasons: Mapping[str, Cells] = field(default_factory=dict)
    named: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def heading(self, column: str) -> str | None:
        """Heading of a column of the codebook: the plan's word, or the same name."""
        named = self.spec.columns.get(column)
        return named if named is not None else column if column in self.cells else None

    @property
    def person(self) -> str:
        """Heading of the person; `missing_columns` has made sure that there is one."""
        return ROW_NUMBER if self.spec.row_is_person else self.heading("person") or "person"

    def __len__(self) -> int:
        return len(self.rows)

    def place(self, heading: str) -> str:
        """Letter and heading, as in ``D (phq_total)``; the letter alone of one not to be said."""
        if heading not in self.header:
            return heading
        of_column = letter(self.header.index(heading))
        said = heading in wanted_headings(self.spec) or may_be_said(heading)
        return f"{of_column} ({heading})" if said else of_column


def report_cells(
    sheet: Sheet, heading: str, rows: NDArray[np.bool_], told: Told, ledger: Ledger
) -> None:
    """Write down rows of one column, with file, column and how many rows there are."""
    severity, code, problem, remedy = told
    ledger.add(
        severity,
        code,
        problem,
        remedy,
        file=sheet.spec.place,
        column=sheet.place(heading),
        rows=sheet.rows[rows],
        of_rows=len(sheet),
    )


def with_row_numbers(sheet: Sheet) -> Sheet:
    """Return a sheet whose rows are people, with their row numbers as pseudonyms."""
    numbers = np.array([str(row) for row in sheet.rows], dtype=object)
    return replace(sheet, cells={**sheet.cells, ROW_NUMBER: numbers})


def letter(index: int) -> str:
    """Letter of a column, counted from 0, as a spreadsheet shows it."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def report_headings_twice(headings: str, spec: File, ledger: Ledger) -> None:
    """Report headings of the plan that the file holds more than once."""
    ledger.add(
        Severity.ERROR,
        "SW07",
        f"these headings stand more than once: {headings}",
        "Give each column a name of its own.",
        file=spec.place,
    )


def wanted_headings(spec: File) -> list[str]:
    """Headings that the plan names, without the dates of time zero."""
    named = list(spec.columns.values())
    needs_person = spec.table in {"people", "measures", "service_use"} and not spec.row_is_person
    if needs_person and "person" not in spec.columns:
        named.append("person")
    for where in spec.scores.values():
        named.extend([where] if isinstance(where, str) else where.values())
    return [*named, *item_headings(spec), *spec.dates.values()]


def item_headings(spec: File) -> list[str]:
    """Headings of every item that a file holds, once the plan is completed."""
    parts = [columns for _, _, columns in spec.item_columns() if isinstance(columns, dict)]
    return [heading for columns in parts for heading in columns.values()]


def missing_columns(sheet: Sheet, ledger: Ledger) -> bool:
    """Report every column that the plan names and the file lacks."""
    wanted = wanted_headings(sheet.spec)
    absent = [name for name in wanted if name not in sheet.cells]
    # Without one known heading, row 1 may hold a person's data: nothing of it is repeated.
    known = len(absent) < len(wanted) or any(variant(name, sheet.header) for name in absent)
    headings = sheet.header if known else ()
    remedy = "Correct the name in study.toml, or the heading in the file."
    if not headings:
        remedy += " Row 1 holds no heading of the plan: check that it is there"
        text = sheet.spec.path.lower().endswith((".csv", ".tsv", ".txt"))
        remedy += ", and the delimiter." if text else "."
    told: set[str] = set()
    for names, problem in absent_patterns(sheet.spec, absent, headings):
        ledger.add(Severity.ERROR, "SW02", problem, remedy, file=sheet.spec.place)
        told.update(names)
    for name in dict.fromkeys(name for name in absent if name not in told):
        problem = f'there is no column "{name}"{nearest(name, headings)}'
        ledger.add(Severity.ERROR, "SW02", problem, remedy, file=sheet.spec.place)
    unknown = [c for c in sheet.spec.missing_codes if c != "*" and c not in sheet.cells]
    for name in unknown:
        ledger.add(
            Severity.ERROR,
            "SW02",
            f'[files.missing_codes] names a column "{name}" that is not there'
            f"{nearest(name, headings)}",
            "Correct the name in study.toml.",
            file=sheet.spec.place,
        )
    return bool(absent or unknown)
