"""One row a person: arm, practice, link worker and time zero, gathered from every file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import ROWS_NAMED, Severity
from splw_eval.core.plan import Plan
from splw_eval.data.attributes import (
    Codes,
    Said,
    arms,
    clusters,
    keep_person_index,
    link_workers,
    person_index,
    time_zero,
)
from splw_eval.data.ledger import Ledger
from splw_eval.data.parse import Names, named
from splw_eval.data.pseudonyms import rows_left_out, what_to_do
from splw_eval.data.sheet import Cells, Sheet, report_cells

_ADD = "Add them there, or correct the pseudonym."


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who is in the study.

    Attributes
    ----------
    ids : ndarray of str, shape (n,)
        Pseudonyms, in the order of the files; they leave this room in no output.
    index : mapping of str to int
        Position of each pseudonym.
    arm : ndarray of int, shape (n,)
        Position in ``plan.groups``.
    cluster, link_worker : ndarray of int, shape (n,), or None
        Code of the practice and of the first link worker; -1 where there is none;
        None where no file holds them.
    time_zero : ndarray of datetime64[D], shape (n,), or None
        NaT where it was not recorded; None where the plan names no column.
    """

    ids: Cells
    index: Mapping[str, int]
    arm: Codes
    cluster: Codes | None
    link_worker: Codes | None
    time_zero: NDArray[np.datetime64] | None

    def __len__(self) -> int:
        return len(self.ids)

    def arms_of_one_cluster(self) -> tuple[int, ...]:
        """Positions of arms whose people are all of one practice that has no other arm."""
        if self.cluster is None:
            return ()
        pairs = np.unique(np.column_stack((self.arm, self.cluster))[self.arm >= 0], axis=0)
        arms = {int(a): set(pairs[pairs[:, 0] == a, 1].tolist()) for a in np.unique(pairs[:, 0])}
        return tuple(
            arm
            for arm, clusters in sorted(arms.items())
            if len(clusters) == 1
            and not any(clusters & others for a, others in arms.items() if a != arm)
        )


def gather_people(plan: Plan, sheets: Sequence[Sheet], ledger: Ledger) -> People:
    """Put every file's word on each person together.

    Parameters
    ----------
    plan : Plan
    sheets : sequence of Sheet
        All files; a people file, if there is one, decides who is in the study.
    ledger : Ledger
        Gets what does not agree.

    Returns
    -------
    People
    """
    defining = [sheet for sheet in sheets if sheet.spec.table in {"people", "measures"}]
    episodes = [sheet for sheet in sheets if sheet.spec.table == "episodes"]
    index = _index(defining, ledger)
    said = Said(sheets=defining, index=index, ledger=ledger)
    arm = arms(plan, said)
    return People(
        ids=np.array(list(index), dtype=object),
        index=index,
        arm=arm,
        cluster=clusters(said),
        link_worker=link_workers(said),
        time_zero=time_zero(plan, said, episodes, arm),
    )


def _index(sheets: Sequence[Sheet], ledger: Ledger) -> dict[str, int]:
    """Everybody in the study, each once."""
    for sheet in sheets:
        _report_rows_without_person(sheet, ledger)
    defining = [s for s in sheets if s.spec.table == "people"] or list(sheets)
    each = [_in_order(sheet) for sheet in defining]
    ids = each[0] if len(each) == 1 else dict.fromkeys(p for people in each for p in people)
    index = dict(zip(ids, range(len(ids)), strict=True))
    _keep_positions(defining, index)
    for sheet in sheets:
        person = named(sheet, sheet.person)
        unknown = (person_index(sheet, index) < 0) & (person.codes >= 0)
        if unknown.any():
            others = {person.values[code] for code in np.unique(person.codes[unknown])}
            lost = rows_left_out(sheets, "people", ledger)
            remedy = what_to_do(others, index, "the people file", _ADD, lost)
            if remedy:
                what = "people who are not in the people file"
                told = (Severity.ERROR, "SW12", what, remedy)
                report_cells(sheet, sheet.person, unknown, told, ledger)
        if sheet.spec.layout == "wide":
            _report_twice(sheet, person, ledger)
    return index


def _keep_positions(defining: Sequence[Sheet], index: Mapping[str, int]) -> None:
    """Where one file of text defines everybody, its names are the index already."""
    sheet = defining[0] if len(defining) == 1 else None
    if sheet is not None and named(sheet, sheet.person).values == tuple(index):
        keep_person_index(sheet, index, named(sheet, sheet.person).codes)


def _in_order(sheet: Sheet) -> list[str]:
    """Distinct people in the order of the file."""
    person = named(sheet, sheet.person)
    if sheet.cells[sheet.person].dtype == object:  # text is kept in the order of the file
        return person.held
    first = np.full(len(person.values) + 1, len(person.codes), dtype=np.int64)
    rows = np.arange(len(person.codes))[::-1]
    first[person.codes[::-1]] = rows  # written last, the first row stays
    order = np.argsort(first[:-1], kind="stable")
    return [person.values[code] for code in order if first[code] < len(person.codes)]


def _report_rows_without_person(sheet: Sheet, ledger: Ledger) -> None:
    empty = named(sheet, sheet.person).codes < 0
    if empty.any():
        ledger.add(
            Severity.ERROR,
            "SW08",
            "no person",
            "Give the pseudonym, or remove totals and remarks below the data.",
            file=sheet.spec.place,
            column=sheet.place(sheet.person),
            rows=sheet.rows[empty],
            of_rows=len(sheet),
        )


def _report_twice(sheet: Sheet, person: Names, ledger: Ledger) -> None:
    """Report a wide file that holds a person on two rows."""
    filled = np.flatnonzero(person.codes >= 0)
    again = np.zeros(len(sheet), dtype=bool)
    again[np.delete(filled, np.unique(person.codes[filled], return_index=True)[1])] = True
    if again.any():
        held = np.isin(person.codes, person.codes[again]) & ~again & (person.codes >= 0)
        stands = "; their first rows are" if held.sum() > 1 else "; the first row is"
        shown = ", ".join(map(str, sheet.rows[held][:ROWS_NAMED]))
        more = ", ..." if held.sum() > ROWS_NAMED else ""
        may_be_long = sheet.spec.table == "measures"
        ledger.add(
            Severity.ERROR,
            "SW09",
            f"a person who already has a row{stands} {shown}{more}; again",
            "Keep one row a person" + (', or set layout = "long".' if may_be_long else "."),
            file=sheet.spec.place,
            column=sheet.place(sheet.person),
            rows=sheet.rows[again],
            of_rows=len(sheet),
        )
