"""Every score of every file as long records, with its planned wave and its date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Severity
from splw_eval.core.plan import File, Outcome, Plan, suggestion
from splw_eval.data.attributes import Codes, person_index
from splw_eval.data.ledger import Ledger
from splw_eval.data.parse import dates, in_range, names, numbers
from splw_eval.data.sheet import Sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """Scores that were given, one record each; nothing is dropped.

    Attributes
    ----------
    person : ndarray of int, shape (n,)
        Position in People.
    outcome : ndarray of int, shape (n,)
        Position in ``plan.outcomes``.
    planned : ndarray of int, shape (n,)
        Position in ``plan.waves`` that the file gives; -1 where it gives none.
    date : ndarray of datetime64[D], shape (n,)
        NaT where none was recorded.
    score : ndarray of float, shape (n,)
    file : ndarray of int, shape (n,)
        Position in ``plan.files``.
    row : ndarray of int, shape (n,)
        Row of that file.
    """

    person: Codes
    outcome: Codes
    planned: Codes
    date: NDArray[np.datetime64]
    score: NDArray[np.float64]
    file: Codes
    row: Codes

    def __len__(self) -> int:
        return len(self.person)

    def taken(self, chosen: NDArray[np.generic]) -> Measures:
        """Return some of the records, by position or by mask."""
        return Measures(**{name: getattr(self, name)[chosen] for name in self.__slots__})


def gather_measures(
    plan: Plan, sheets: Sequence[Sheet], index: Mapping[str, int], ledger: Ledger
) -> Measures:
    """Read every score column of the plan.

    Parameters
    ----------
    plan : Plan
    sheets : sequence of Sheet
    index : mapping of str to int
        Position of each person.
    ledger : Ledger
        Gets scores that are no numbers or out of range, and unknown waves.

    Returns
    -------
    Measures
    """
    parts = [
        _column(plan, sheet, outcome, wave, heading, index, ledger)
        for sheet in sheets
        for file, outcome, wave, heading in plan.score_columns()
        if file is sheet.spec
    ]
    joined = {
        name: np.concatenate([getattr(part, name) for part in parts]) for name in Measures.__slots__
    }
    measures = Measures(**joined)
    return measures.taken(~np.isnan(measures.score) & (measures.person >= 0))


def _column(
    plan: Plan,
    sheet: Sheet,
    outcome: str,
    wave: str | None,
    heading: str,
    index: Mapping[str, int],
    ledger: Ledger,
) -> Measures:
    place = {o.name: i for i, o in enumerate(plan.outcomes)}[outcome]
    n = len(sheet)
    return Measures(
        person=person_index(sheet, index),
        outcome=np.full(n, place, dtype=np.int64),
        planned=_planned(plan, sheet, wave, ledger),
        date=_dates(sheet, wave, ledger),
        score=_scores(plan.outcomes[place], sheet, heading, ledger),
        file=np.full(n, _position(plan, sheet.spec), dtype=np.int64),
        row=sheet.rows,
    )


def _position(plan: Plan, spec: File) -> int:
    return next(i for i, file in enumerate(plan.files) if file is spec)


def _scores(outcome: Outcome, sheet: Sheet, heading: str, ledger: Ledger) -> NDArray[np.float64]:
    return in_range(
        sheet,
        heading,
        numbers(sheet, heading, ledger),
        outcome.range,
        set_missing=outcome.out_of_range == "missing",
        ledger=ledger,
    )


def _planned(plan: Plan, sheet: Sheet, wave: str | None, ledger: Ledger) -> Codes:
    known = {w.name: i for i, w in enumerate(plan.waves)}
    if wave is not None:
        return np.full(len(sheet), known[wave], dtype=np.int64)
    heading = sheet.spec.columns.wave
    if heading is None:
        return np.full(len(sheet), -1, dtype=np.int64)
    cells = names(sheet, heading)
    planned = np.array([known.get(cell, -1) for cell in cells], dtype=np.int64)
    unknown = (planned < 0) & (cells != "")
    undated = (planned < 0) & (cells == "") & np.array([sheet.spec.columns.date is None])
    if (unknown | undated).any():
        words = {cell for cell in cells[unknown] if len(cell) <= 40 and not cell.isdigit()}  # noqa: PLR2004
        near = "".join(sorted({suggestion(word, known) for word in words})[:1])
        ledger.add(
            Severity.ERROR,
            "SW13",
            f"no wave of the plan{near}",
            f"Use the names of [[waves]]: {', '.join(known)}.",
            file=sheet.spec.path,
            column=sheet.place(heading),
            rows=sheet.rows[unknown | undated],
            of_rows=len(sheet),
        )
    return planned


def _dates(sheet: Sheet, wave: str | None, ledger: Ledger) -> NDArray[np.datetime64]:
    heading = sheet.spec.columns.date if wave is None else sheet.spec.dates.get(wave)
    if heading is None:
        return np.full(len(sheet), np.datetime64("NaT", "D"))
    return dates(sheet, heading, ledger)
