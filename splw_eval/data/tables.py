"""The tables of a study: the codebook's columns of each file, by declared type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Severity
from splw_eval.core.plan import Plan
from splw_eval.data.codebook import LINKS, NOT_IN_TABLES, CodebookColumn, codebook
from splw_eval.data.columns import column_of, unit_keys
from splw_eval.data.headings import may_be_said, variant
from splw_eval.data.ledger import Ledger
from splw_eval.data.parse import distinct, missing_cells
from splw_eval.data.sheet import Sheet, report_headings_twice, wanted_headings
from splw_eval.data.vocabulary import UNMAPPED, Vocabulary

_OF_ARMS = frozenset({"arm", "allocation_method", "allocation_date"})
_EMPTY: dict[str, Any] = {
    "date": np.datetime64("NaT", "D"),
    **dict.fromkeys(("key", "text", "term", "band"), ""),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How many words of a column the vocabulary knows.

    Attributes
    ----------
    mapped, filled : int
        Cells with a word that it knows, and cells with any word.
    """

    mapped: int
    filled: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table of the codebook, of one file or of several below each other.

    Attributes
    ----------
    name : str
    columns : mapping of str to ndarray, shape (n,)
        By the codebook's names, only those that a file holds: text and terms as object
        arrays of str (empty text is missing), numbers as float64 (NaN), dates as
        datetime64[D] (NaT), yes/no as float64 (1, 0, NaN). A word that the vocabulary
        does not know is `UNMAPPED`.
    file : ndarray of int, shape (n,)
        Position of the sheet among the study's sheets.
    row : ndarray of int, shape (n,)
        Row of that file.
    coverage : mapping of str to Coverage
        Of each column of terms that a file holds.
    """

    name: str
    columns: Mapping[str, NDArray[Any]]
    file: NDArray[np.int64]
    row: NDArray[np.int64]
    coverage: Mapping[str, Coverage] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.row)

    def text(self, column: str) -> NDArray[Any]:
        """Return a column of text; empty text throughout where no file holds it."""
        return self.columns.get(column, np.full(len(self), "", dtype=object))

    def number(self, column: str) -> NDArray[np.float64]:
        """Return a column of numbers; NaN throughout where no file holds it."""
        return self.columns.get(column, np.full(len(self), np.nan))

    def date(self, column: str) -> NDArray[np.datetime64]:
        """Return a column of dates; NaT throughout where no file holds it."""
        return self.columns.get(column, np.full(len(self), np.datetime64("NaT", "D")))


def read_tables(
    plan: Plan, sheets: Sequence[Sheet], vocabulary: Vocabulary, ledger: Ledger
) -> dict[str, Table]:
    """Read the codebook's columns of every file.

    Parameters
    ----------
    plan : Plan
    sheets : sequence of Sheet
        Every file of the study.
    vocabulary : Vocabulary
        The standard term of each word.
    ledger : Ledger
        Gets cells that are not of the declared type, keys that are empty or stand twice,
        words that the vocabulary does not know, and columns that no file holds.

    Returns
    -------
    dict of str to Table
        Only tables that the plan has a file of; several files of one table stand below
        each other. Of measures there are the descriptive columns only.
    """
    tables = {}
    for name, columns in codebook().items():
        held = [(i, sheet) for i, sheet in enumerate(sheets) if sheet.spec.table == name]
        if held:
            _report_lacking(plan, name, [sheet for _, sheet in held], ledger)
            read = [c for c in columns.values() if c.name not in NOT_IN_TABLES.get(name, ())]
            tables[name] = table = _table(name, held, read, vocabulary, ledger)
            _report_doubles(table, sheets, ledger)
    return tables


def _table(
    name: str,
    held: Sequence[tuple[int, Sheet]],
    read: Sequence[CodebookColumn],
    vocabulary: Vocabulary,
    ledger: Ledger,
) -> Table:
    columns: dict[str, NDArray[Any]] = {}
    for column in read:
        if any(sheet.heading(column.name) for _, sheet in held):
            parts = [_part(sheet, column, vocabulary, ledger) for _, sheet in held]
            columns[column.name] = np.concatenate(parts)
    return Table(
        name=name,
        columns=columns,
        file=np.concatenate([np.full(len(sheet), i, dtype=np.int64) for i, sheet in held]),
        row=np.concatenate([sheet.rows for _, sheet in held]),
        coverage={
            c.name: _coverage(columns[c.name])
            for c in read
            if c.kind == "term" and c.name in columns
        },
    )


def _part(
    sheet: Sheet, column: CodebookColumn, vocabulary: Vocabulary, ledger: Ledger
) -> NDArray[Any]:
    """Read a column of one file, or as many empty cells as the file has rows."""
    heading = sheet.heading(column.name)
    if heading is not None:
        if sheet.header.count(heading) > 1:
            report_headings_twice(heading, sheet.spec, ledger)
        return column_of(sheet, heading, column, vocabulary, ledger)
    empty = _EMPTY.get(column.kind, np.nan)
    return np.full(len(sheet), empty, dtype=object if empty == "" else None)


def _coverage(terms: NDArray[Any]) -> Coverage:
    filled = int((terms != "").sum())
    return Coverage(mapped=filled - int((terms == UNMAPPED).sum()), filled=filled)


def _report_lacking(plan: Plan, name: str, sheets: Sequence[Sheet], ledger: Ledger) -> None:
    """Report columns that no file of a table holds: those that join it, those that must be kept."""
    absent = [
        column
        for column in codebook()[name].values()
        if not any(sheet.heading(column.name) for sheet in sheets)
        and (plan.arms or column.name not in _OF_ARMS)
    ]
    path = ", ".join(sheet.spec.place for sheet in sheets)
    others = _unread_headings(name, sheets)
    joining = [c.name for c in absent if c.name in LINKS.get(name, ())]
    if joining:
        ledger.add(
            Severity.ERROR,
            "SW55",
            f"the table {name} cannot be joined to the others without: {_listed(joining, others)}",
            "Name the column in [files.columns].",
            file=path,
        )
    must = [
        c.name
        for c in absent
        if c.name not in joining and (c.level == "must" or variant(c.name, others))
    ]
    if must:
        ledger.add(
            Severity.WARNING,
            "SW50",
            f"columns that the table {name} should hold and no file does: {_listed(must, others)}",
            "Name them in [files.columns] if they are there under another heading.",
            file=path,
        )


def _unread_headings(name: str, sheets: Sequence[Sheet]) -> list[str]:
    """Headings that neither the plan nor the codebook has a use for, and that may be said."""
    return [
        heading
        for sheet in sheets
        for heading in sheet.header
        if heading not in codebook()[name]
        and heading not in wanted_headings(sheet.spec)
        and may_be_said(heading)
    ]


def _listed(names: Sequence[str], headings: Sequence[str]) -> str:
    """Names of columns, each with the heading that differs from it only in how it is written."""
    near = ((name, variant(name, headings)) for name in names)
    return ", ".join(f'{name} (is it "{found}"?)' if found else name for name, found in near)


def _report_doubles(table: Table, sheets: Sequence[Sheet], ledger: Ledger) -> None:
    """Report keys that are empty, and rows whose key stands above already."""
    names = unit_keys(table.name)
    if not names or any(name not in table.columns for name in names):
        return
    keys = [table.columns[name] for name in names]
    # A cell that is no month was reported as such: it is not empty, and equals no other.
    faulty = np.logical_or.reduce([_faulty(table, name, sheets) for name in names])
    empty = np.logical_or.reduce([np.isnat(k) if k.dtype.kind == "M" else k == "" for k in keys])
    again, empty = _stands_above(keys) & ~faulty, empty & ~faulty
    what = " and ".join(names)
    told = (
        (empty, "SW52", f"no {what}", "Give each row its own, and remove totals and remarks."),
        (again & ~empty, "SW53", f"the same {what} as a row above", "Keep one, or correct it."),
    )
    for wrong, code, problem, remedy in told:
        for file in np.unique(table.file[wrong]):
            sheet, here = sheets[file], wrong & (table.file == file)
            ledger.add(
                Severity.ERROR,
                code,
                problem,
                remedy,
                file=sheet.spec.place,
                column=sheet.place(sheet.heading(names[0]) or names[0]),
                rows=table.row[here],
                of_rows=int((table.file == file).sum()),
            )


def _faulty(table: Table, name: str, sheets: Sequence[Sheet]) -> NDArray[np.bool_]:
    """Whether a cell of dates holds something that is no date."""
    key = table.columns[name]
    faulty = np.isnat(key) if key.dtype.kind == "M" else np.zeros(len(key), dtype=bool)
    for file in np.unique(table.file[faulty]):
        sheet = sheets[file]
        heading = sheet.heading(name)
        if heading is not None:
            faulty[table.file == file] &= ~missing_cells(sheet, heading)
    return faulty


def _stands_above(keys: Sequence[NDArray[Any]]) -> NDArray[np.bool_]:
    """Whether the same key stands in a row above."""
    code = np.zeros(len(keys[0]), dtype=np.int64)
    for key in keys:
        values, place = distinct(key)
        code = code * (len(values) + 1) + place
    again = np.ones(len(code), dtype=np.bool_)
    again[np.unique(code, return_index=True)[1]] = False
    return again
