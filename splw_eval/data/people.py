"""One row a person: arm, practice, link worker and time zero, gathered from every file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Severity
from splw_eval.core.plan import Plan
from splw_eval.data.attributes import (
    Codes,
    Said,
    arms,
    check_confounders,
    clusters,
    link_workers,
    time_zero,
)
from splw_eval.data.ledger import Ledger
from splw_eval.data.parse import names
from splw_eval.data.sheet import Cells, Sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who is in the study.

    Attributes
    ----------
    ids : ndarray of str, shape (n,)
        Pseudonyms, in the order of the files; they leave this room in no output.
    arm : ndarray of int, shape (n,)
        Position in ``plan.groups``.
    cluster, link_worker : ndarray of int, shape (n,), or None
        Code of the practice and of the first link worker; -1 where there is none;
        None where no file holds them.
    time_zero : ndarray of datetime64[D], shape (n,), or None
        NaT where it was not recorded; None where the plan names no column.
    """

    ids: Cells
    arm: Codes
    cluster: Codes | None
    link_worker: Codes | None
    time_zero: NDArray[np.datetime64] | None

    def __len__(self) -> int:
        return len(self.ids)


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
    ids = _ids(sheets, ledger)
    said = Said(sheets=sheets, index={p: i for i, p in enumerate(ids)}, ledger=ledger)
    check_confounders(plan, said)
    arm = arms(plan, said)
    return People(
        ids=np.array(ids, dtype=object),
        arm=arm,
        cluster=clusters(said),
        link_worker=link_workers(said),
        time_zero=time_zero(plan, said, arm),
    )


def _ids(sheets: Sequence[Sheet], ledger: Ledger) -> list[str]:
    """Everybody in the study, each once."""
    for sheet in sheets:
        _report_rows_without_person(sheet, ledger)
    defining = [s for s in sheets if s.spec.table == "people"] or list(sheets)
    ids = dict.fromkeys(p for s in defining for p in names(s, s.spec.columns.person) if p)
    for sheet in sheets:
        person = names(sheet, sheet.spec.columns.person)
        unknown = np.array([bool(p) and p not in ids for p in person], dtype=np.bool_)
        if unknown.any():
            ledger.add(
                Severity.ERROR,
                "SW12",
                "people who are not in the people file",
                "Add them there, or correct the pseudonym.",
                file=sheet.spec.path,
                column=sheet.place(sheet.spec.columns.person),
                rows=sheet.rows[unknown],
                of_rows=len(sheet),
            )
        if sheet.spec.layout == "wide":
            _report_twice(sheet, person, ledger)
    return list(ids)


def _report_rows_without_person(sheet: Sheet, ledger: Ledger) -> None:
    empty = names(sheet, sheet.spec.columns.person) == ""
    if empty.any():
        ledger.add(
            Severity.ERROR,
            "SW08",
            "no person",
            "Give the pseudonym, or remove totals and remarks below the data.",
            file=sheet.spec.path,
            column=sheet.place(sheet.spec.columns.person),
            rows=sheet.rows[empty],
            of_rows=len(sheet),
        )


def _report_twice(sheet: Sheet, person: Cells, ledger: Ledger) -> None:
    """Report a wide file that holds a person on two rows."""
    first: dict[str, int] = {}
    again = np.array(
        [bool(p) and first.setdefault(p, i) != i for i, p in enumerate(person)], dtype=np.bool_
    )
    if again.any():
        ledger.add(
            Severity.ERROR,
            "SW09",
            "a person who already has a row",
            'Keep one row a person, or set layout = "long".',
            file=sheet.spec.path,
            column=sheet.place(sheet.spec.columns.person),
            rows=sheet.rows[again],
            of_rows=len(sheet),
        )
