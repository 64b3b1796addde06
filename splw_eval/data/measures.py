"""Every questionnaire of every file as a record, with its planned wave and its date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Severity
from splw_eval.core.plan import File, Outcome, Plan, Wave, suggestion
from splw_eval.data.attributes import Codes, person_index
from splw_eval.data.ledger import Ledger
from splw_eval.data.parse import dates, missing_cells, missing_reasons, named, numbers
from splw_eval.data.possible import in_range, report_off_grid
from splw_eval.data.sheet import Sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """Questionnaires as records: one person on one occasion, with every score of it.

    Attributes
    ----------
    person : ndarray of int, shape (n,)
        Position in People.
    planned : ndarray of int, shape (n,)
        Position in ``plan.waves`` that the file gives; -1 where it gives none.
    date : ndarray of datetime64[D], shape (n,)
        NaT where none was recorded.
    file : ndarray of int, shape (n,)
        Position in ``plan.files``.
    row : ndarray of int, shape (n,)
        Row of that file.
    scores : ndarray of float, shape (n, outcomes)
        In the order of ``plan.outcomes``; NaN where there is none.
    why : ndarray of int, shape (n, outcomes)
        Why a score is missing, as a position in `reasons`; 0 where it is not, or where the
        file has no such score.
    reasons : tuple of str
        ``("", "empty", ...)``, then what the plan and the files say of missing values.
    """

    person: Codes
    planned: Codes
    date: NDArray[np.datetime64]
    file: Codes
    row: Codes
    scores: NDArray[np.float64]
    why: NDArray[np.int16]
    reasons: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.person)

    @property
    def given(self) -> NDArray[np.bool_]:
        """Whether each score was given, shape (n, outcomes)."""
        return ~np.isnan(self.scores)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """What every part of the records is read with."""

    plan: Plan
    index: Mapping[str, int]
    ledger: Ledger
    reasons: dict[str, int]


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
        A record for each row of a long file, and for each row and wave of a wide one;
        records of nobody and records without any score or reason are left out.
    """
    source = _Source(plan=plan, index=index, ledger=ledger, reasons={"": 0, "empty": 1})
    parts = [
        _occasion(source, sheet, wave)
        for sheet in sheets
        for wave in (plan.waves if sheet.spec.layout == "wide" else (None,))
        if sheet.spec.table == "measures"
    ]
    columns = parts[0]
    if len(parts) > 1:
        columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    held = (columns["person"] >= 0) & (~np.isnan(columns["scores"]) | (columns["why"] > 0)).any(1)
    kept = columns if held.all() else {name: column[held] for name, column in columns.items()}
    return Measures(**kept, reasons=tuple(source.reasons))


def _occasion(source: _Source, sheet: Sheet, wave: Wave | None) -> dict[str, NDArray[Any]]:
    """Every row of a file, for one wave of a wide file or as a long one gives it."""
    plan, n = source.plan, len(sheet)
    shape = (n, len(plan.outcomes))  # read and written column by column, so laid out that way
    scores, why = np.empty(shape, order="F"), np.zeros(shape, dtype=np.int16, order="F")
    for place, outcome in enumerate(plan.outcomes):
        where = sheet.spec.scores.get(outcome.name)
        heading = where.get(wave.name) if wave and isinstance(where, dict) else where
        if isinstance(heading, str):
            scores[:, place] = _scores(outcome, sheet, heading, source.ledger)
            why[:, place] = _why(sheet, heading, scores[:, place], source.reasons)
        else:
            scores[:, place] = np.nan
    return {
        "person": person_index(sheet, source.index),
        "planned": _planned(plan, sheet, wave, source.ledger),
        "date": _dates(sheet, wave, source.ledger),
        "file": np.full(n, _position(plan, sheet.spec), dtype=np.int64),
        "row": sheet.rows,
        "scores": scores,
        "why": why,
    }


def _why(
    sheet: Sheet, heading: str, scores: NDArray[np.float64], reasons: dict[str, int]
) -> NDArray[np.int16]:
    """Code of each missing score's reason; new reasons are added."""
    why = np.zeros(len(sheet), dtype=np.int16)
    absent = np.isnan(scores)
    if not absent.any():
        return why
    codes = sheet.spec.missing_codes
    if heading not in sheet.reasons and not (codes.get("*") or codes.get(heading)):
        why[absent & missing_cells(sheet, heading)] = reasons["empty"]
        absent &= why == 0
    if absent.any():
        said = missing_reasons(sheet, heading)[absent]
        said[said == ""] = "out of range"
        for reason in dict.fromkeys(said):
            reasons.setdefault(reason, len(reasons))
        why[absent] = [reasons[reason] for reason in said]
    return why


def _position(plan: Plan, spec: File) -> int:
    return next(i for i, file in enumerate(plan.files) if file is spec)


def _scores(outcome: Outcome, sheet: Sheet, heading: str, ledger: Ledger) -> NDArray[np.float64]:
    scores = in_range(
        sheet,
        heading,
        numbers(sheet, heading, ledger),
        outcome.range,
        set_missing=outcome.out_of_range == "missing",
        ledger=ledger,
        instrument=outcome.instrument,
    )
    report_off_grid(outcome, sheet, heading, scores, ledger)
    return scores


def _planned(plan: Plan, sheet: Sheet, wave: Wave | None, ledger: Ledger) -> Codes:
    known = {word: i for i, w in enumerate(plan.waves) for word in (w.name, *w.written)}
    if wave is not None:
        return np.full(len(sheet), known[wave.name], dtype=np.int64)
    heading = sheet.spec.columns.get("wave")
    if heading is None:
        return np.full(len(sheet), -1, dtype=np.int64)
    column = named(sheet, heading)
    planned = column.looked_up(known)
    unknown = (planned < 0) & (column.codes >= 0)
    undated = (column.codes < 0) & np.array(["date" not in sheet.spec.columns])
    if (unknown | undated).any():
        words = {column.values[code] for code in np.unique(column.codes[unknown])}
        short = {word for word in words if len(word) <= 40 and not word.isdigit()}  # noqa: PLR2004
        near = "".join(sorted({suggestion(word, known) for word in short})[:1])
        ledger.add(
            Severity.ERROR,
            "SW13",
            f"no wave of the plan{near}",
            f"Use the names of [[waves]]: {', '.join(known)}.",
            file=sheet.spec.place,
            column=sheet.place(heading),
            rows=sheet.rows[unknown | undated],
            of_rows=len(sheet),
        )
    return planned


def _dates(sheet: Sheet, wave: Wave | None, ledger: Ledger) -> NDArray[np.datetime64]:
    heading = sheet.spec.columns.get("date") if wave is None else sheet.spec.dates.get(wave.name)
    if heading is None:
        return np.full(len(sheet), np.datetime64("NaT", "D"))
    return dates(sheet, heading, ledger)
