"""What is known of people in the columns that a plan adjusts for, parts by or stratifies by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import errors_of
from splw_eval.core.plan import Plan
from splw_eval.data.attributes import person_index
from splw_eval.data.codebook import codebook
from splw_eval.data.ledger import Ledger
from splw_eval.data.parse import missing_cells, names, numbers
from splw_eval.data.people import People
from splw_eval.data.planned_columns import BASELINE_TABLES, planned_columns
from splw_eval.data.sheet import Sheet
from splw_eval.data.tables import Table
from splw_eval.data.vocabulary import UNMAPPED

_NUMBERS = frozenset({"number", "whole", "yes_no"})
_UNKNOWN = ("", UNMAPPED, "not known")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """One column of one file: its cells, and the person or practice that each row is of."""

    values: NDArray[Any]
    of_practices: bool
    key: NDArray[Any]


def planned_values(
    plan: Plan,
    sheets: Sequence[Sheet],
    tables: Mapping[str, Table],
    people: People,
    ledger: Ledger,
) -> dict[str, NDArray[Any]]:
    """Give everybody's value in each column that the plan names.

    Parameters
    ----------
    plan : Plan
    sheets : sequence of Sheet
    tables : mapping of str to Table
    people : People
    ledger : Ledger
        Gets cells that are no number, in a column that the plan declares to hold numbers.

    Returns
    -------
    dict of str to ndarray, shape (people,)
        By the plan's own name of the column: float64 with NaN, or text with nothing where it
        is not known. What stands of a practice holds for all its people.
    """
    kinds = {c.column: c.kind for c in plan.confounders if c.column is not None}
    practice = _practice_names(sheets, people)
    found = {}
    for column in dict.fromkeys(column for _, column in planned_columns(plan)):
        held = next(_holders(column, sheets, tables, people, kinds.get(column), ledger), None)
        if held is None:
            continue
        values = _of_practices(held, practice) if held.of_practices else _of_people(held, people)
        if kinds.get(column) == "category" and values.dtype.kind == "f":
            values = np.array(["" if np.isnan(v) else f"{v:g}" for v in values], dtype=object)
        found[column] = values
    return found


def _holders(
    column: str,
    sheets: Sequence[Sheet],
    tables: Mapping[str, Table],
    people: People,
    kind: str | None,
    ledger: Ledger,
) -> Iterator[_Held]:
    """Where the column stands, files of people before those of practices."""
    for name in BASELINE_TABLES:
        table = tables.get(name)
        if table is not None and column in table.columns:
            yield _of_table(name, column, table, people)
    for sheet in sheets:
        tells = sheet.spec.table in BASELINE_TABLES or sheet.spec.layout == "wide"
        if tells and column in sheet.cells:
            of_practices = sheet.spec.table == "clusters"
            where = sheet.heading("cluster") if of_practices else sheet.person
            key = names(sheet, where) if of_practices and where else _places(sheet, people)
            values = _read(sheet, column, kind, ledger)
            yield _Held(values=values, of_practices=of_practices, key=key)


def _places(sheet: Sheet, people: People) -> NDArray[np.int64]:
    return person_index(sheet, people.index)


def _of_table(name: str, column: str, table: Table, people: People) -> _Held:
    values = table.columns[column]
    if codebook()[name][column].kind not in _NUMBERS:
        values = np.array(["" if v in _UNKNOWN else str(v) for v in values], dtype=object)
    if name == "clusters":
        return _Held(values=values, of_practices=True, key=table.text("cluster"))
    index = people.index
    places = np.array([index.get(p, -1) for p in table.text("person")], dtype=np.int64)
    return _Held(values=values, of_practices=False, key=places)


def _read(sheet: Sheet, column: str, kind: str | None, ledger: Ledger) -> NDArray[Any]:
    """Numbers where every cell is one or the plan says so, else text."""
    if kind == "number":
        return numbers(sheet, column, ledger)
    aside = Ledger(plan=ledger.plan)
    values = numbers(sheet, column, aside)
    if kind is None and not errors_of(aside.findings):
        return values
    words = np.asarray(names(sheet, column), dtype=object).copy()
    words[missing_cells(sheet, column)] = ""
    return np.array(["" if word in _UNKNOWN else str(word) for word in words], dtype=object)


def _empty(values: NDArray[Any], n: int) -> NDArray[Any]:
    if values.dtype.kind == "f":
        return np.full(n, np.nan)
    return np.full(n, "", dtype=object)


def _of_people(held: _Held, people: People) -> NDArray[Any]:
    """The first value of each person."""
    found = _empty(held.values, len(people))
    known = held.key >= 0
    found[held.key[known][::-1]] = held.values[known][::-1]
    return found


def _of_practices(held: _Held, practice: NDArray[Any]) -> NDArray[Any]:
    """Of each person, the value of the practice."""
    row = {name: i for i, name in reversed(list(enumerate(held.key))) if name}
    where = np.array([row.get(name, -1) for name in practice], dtype=np.int64)
    found = _empty(held.values, len(practice))
    found[where >= 0] = held.values[where[where >= 0]]
    return found


def _practice_names(sheets: Sequence[Sheet], people: People) -> NDArray[Any]:
    """Name of each person's practice, the people file's word first; nothing where unknown."""
    found = np.full(len(people), "", dtype=object)
    if people.cluster is None:
        return found
    for sheet in sorted(sheets, key=lambda sheet: sheet.spec.table != "people"):
        heading = sheet.heading("cluster")
        if heading is None or sheet.spec.table == "clusters" or sheet.heading("person") is None:
            continue
        place, name = person_index(sheet, people.index), names(sheet, heading)
        first = np.full(len(people), "", dtype=object)
        use = (place >= 0) & (name != "")
        first[place[use][::-1]] = name[use][::-1]
        found = np.where(found == "", first, found)
    return found
