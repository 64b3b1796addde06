"""Groups of people that figures of delivery are told for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import DataError
from splw_eval.core.findings import Finding, Severity
from splw_eval.data import Study
from splw_eval.data.checks.joins import Places, positions
from splw_eval.data.codebook import codebook
from splw_eval.data.parse import distinct
from splw_eval.data.tables import Table

EVERYBODY = "everybody"
NOT_RECORDED = "not recorded"
QUINTILE = "imd_quintile"
# A figure of one link worker is about a member of staff; a person is no group.
_NO_GROUPS = frozenset({"person", "link_worker"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleGroups:
    """Which group each person is in.

    Attributes
    ----------
    by : str
        What forms them; empty where everybody is one group.
    names : tuple of str
        In reading order; `NOT_RECORDED` comes last, where somebody is in no group.
    code : ndarray of int, shape (people,)
        Position in `names`.
    """

    by: str
    names: tuple[str, ...]
    code: Places


def people_groups(study: Study, by: str | None) -> PeopleGroups:
    """Put everybody of a study into groups.

    Parameters
    ----------
    study : Study
    by : str or None
        ``"arm"``, ``"cluster"``, a column of the people table, or ``"imd_quintile"``, made of
        the deciles (1 is the most deprived fifth). None: everybody is one group.

    Returns
    -------
    PeopleGroups

    Raises
    ------
    DataError
        SR40, where no file holds the column, or where it forms no groups of people: a
        person, a link worker, a day.
    """
    if by is None:
        everybody = np.zeros(len(study.people), dtype=np.int64)
        return PeopleGroups(by="", names=(EVERYBODY,), code=everybody)
    if by == "arm":
        return _named(by, study.plan.groups, study.people.arm)
    table = study.tables.get("people")
    column = "imd_decile" if by == QUINTILE else by
    held = table is not None and column in table.columns
    if by == "cluster" and not held and study.people.cluster is not None:
        code = study.people.cluster  # of the measures file: practices have no other name here
        named = tuple(f"practice {i + 1}" for i in range(int(code.max(initial=-1)) + 1))
        return _named(by, named, code)
    if table is None or not held or _forms_none(column):
        raise DataError("The groups cannot be formed.", [_fault(by, held=held)])
    return _of_column(study, by, table, column)


def _forms_none(column: str) -> bool:
    return column in _NO_GROUPS or codebook()["people"][column].kind == "date"


def _fault(by: str, *, held: bool) -> Finding:
    why = "its values are not groups of people" if held else "the people table holds no such column"
    return Finding(
        code="SR40",
        severity=Severity.ERROR,
        problem=f'no groups by "{by}": {why}',
        remedy='Use "arm", "cluster" or a column of the people table that says what people are.',
    )


def _of_column(study: Study, by: str, table: Table, column: str) -> PeopleGroups:
    cells, kind = table.columns[column], codebook()["people"][column].kind
    if cells.dtype.kind == "f":
        values = np.ceil(cells / 2) if by == QUINTILE else cells
        found, where = np.unique(values[~np.isnan(values)], return_inverse=True)
        names = tuple(_number(value, kind) for value in found.tolist())
        row = np.full(len(table), -1, dtype=np.int64)
        row[~np.isnan(values)] = where
    else:
        held, where = distinct(cells)
        names = tuple(sorted(value for value in held if value))
        place = {name: i for i, name in enumerate(names)}
        row = np.array([place.get(value, -1) for value in held], dtype=np.int64)[where]
    person = positions(table.text("person"), study.people.index)
    code = np.full(len(study.people) + 1, -1, dtype=np.int64)
    code[person[::-1]] = row[::-1]  # written last, so the first row of a person stays
    return _named(by, names, code[:-1])


def _number(value: float, kind: str) -> str:
    if kind == "yes_no":
        return "yes" if value else "no"
    return f"{value:g}"


def _named(by: str, names: tuple[str, ...], code: NDArray[Any]) -> PeopleGroups:
    """Groups with one more for those in none."""
    if (code >= 0).all():
        return PeopleGroups(by=by, names=names, code=code.astype(np.int64))
    without = np.where(code < 0, len(names), code).astype(np.int64)
    return PeopleGroups(by=by, names=(*names, NOT_RECORDED), code=without)
