"""Every questionnaire of every file as a record, with its planned wave and its date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Severity
from splw_eval.core.plan import File, Plan, Wave, suggestion
from splw_eval.data.attributes import Codes, person_index
from splw_eval.data.items import columns_of
from splw_eval.data.ledger import Ledger
from splw_eval.data.maxima import highest_said, whole_range
from splw_eval.data.parse import dates, named
from splw_eval.data.scored import score_items
from splw_eval.data.sheet import Sheet
from splw_eval.data.source import Source
from splw_eval.data.supplied import compare_supplied, read_score
from splw_eval.data.unnamed import date_heading


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
    items : mapping of str to ndarray of float, shape (n, items of the score)
        By name of the outcome, where a file holds items: answers as they were keyed.
    supplied : mapping of str to ndarray of float, shape (n,)
        By name of the outcome, where a total stands beside items: that total.
    maximum : mapping of str to ndarray of float, shape (n,)
        By name of the outcome, where an item does not count for some: the highest possible
        score of each record.
    """

    person: Codes
    planned: Codes
    date: NDArray[np.datetime64]
    file: Codes
    row: Codes
    scores: NDArray[np.float64]
    why: NDArray[np.int16]
    reasons: tuple[str, ...]
    items: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    supplied: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    maximum: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.person)

    @property
    def given(self) -> NDArray[np.bool_]:
        """Whether each score was given, shape (n, outcomes)."""
        return ~np.isnan(self.scores)


def gather_measures(source: Source, sheets: Sequence[Sheet]) -> Measures:
    """Read every score of the plan, or make it from its items.

    Parameters
    ----------
    source : Source
        The completed plan, the position of each person, and the ledger, which gets scores and
        answers that are no numbers or out of range, and unknown waves.
    sheets : sequence of Sheet

    Returns
    -------
    Measures
        A record for each row of a long file, and for each row and wave of a wide one;
        records of nobody and records without any score or reason are left out.
    """
    parts = [
        _occasion(source, sheet, wave)
        for sheet in sheets
        for wave in (source.plan.waves if sheet.spec.layout == "wide" else (None,))
        if sheet.spec.table == "measures"
    ]
    columns = _joined([part.columns for part in parts])
    held = (columns["person"] >= 0) & (~np.isnan(columns["scores"]) | (columns["why"] > 0)).any(1)
    items = _together(parts, [part.items for part in parts])
    supplied = _together(parts, [part.supplied for part in parts])
    maximum = whole_range(source.plan, _together(parts, [part.maximum for part in parts]))
    if not held.all():
        columns, items, supplied, maximum = (
            {name: column[held] for name, column in group.items()}
            for group in (columns, items, supplied, maximum)
        )
    return Measures(
        **columns, items=items, supplied=supplied, maximum=maximum, reasons=tuple(source.reasons)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """Records of one file, or of one wave of a wide one."""

    columns: dict[str, NDArray[Any]]
    items: dict[str, NDArray[np.float64]]
    supplied: dict[str, NDArray[np.float64]]
    maximum: dict[str, NDArray[np.float64]]


def _joined(groups: Sequence[Mapping[str, NDArray[Any]]]) -> dict[str, NDArray[Any]]:
    if len(groups) == 1:
        return dict(groups[0])
    return {name: np.concatenate([group[name] for group in groups]) for name in groups[0]}


def _together(
    parts: Sequence[_Part], groups: Sequence[Mapping[str, NDArray[np.float64]]]
) -> dict[str, NDArray[np.float64]]:
    """Join what some parts hold of items or totals; of the others all of it is missing."""
    shapes = {name: held.shape[1:] for group in groups for name, held in group.items()}
    whole = [
        {
            name: group.get(name, np.full((len(part.columns["row"]), *shape), np.nan))
            for name, shape in shapes.items()
        }
        for part, group in zip(parts, groups, strict=True)
    ]
    return _joined(whole)


def _occasion(source: Source, sheet: Sheet, wave: Wave | None) -> _Part:
    """Every row of a file, for one wave of a wide file or as a long one gives it."""
    plan, n = source.plan, len(sheet)
    shape = (n, len(plan.outcomes))  # read and written column by column, so laid out that way
    scores, why = np.empty(shape, order="F"), np.zeros(shape, dtype=np.int16, order="F")
    items: dict[str, NDArray[np.float64]] = {}
    supplied: dict[str, NDArray[np.float64]] = {}
    maximum: dict[str, NDArray[np.float64]] = {}
    for place, outcome in enumerate(plan.outcomes):
        where = sheet.spec.scores.get(outcome.name)
        heading = where.get(wave.name) if wave and isinstance(where, dict) else where
        highest = None
        if columns_of(sheet.spec, outcome.instrument, wave):
            made = score_items(source, outcome, sheet, wave)
            scores[:, place], why[:, place] = made.scores, made.why
            items[outcome.name], highest = made.items, made.highest
            if isinstance(heading, str):
                supplied[outcome.name] = compare_supplied(source, outcome, sheet, heading, made)
        elif isinstance(heading, str):
            scores[:, place] = read_score(source, outcome, sheet, heading)
            why[:, place] = source.why(sheet, heading, scores[:, place])
            highest = highest_said(source, outcome, sheet)
        else:
            scores[:, place] = np.nan
        if highest is not None:
            maximum[outcome.name] = highest
    date = _dates(plan, sheet, wave, source.ledger)
    if wave is not None:
        nothing = (np.isnan(scores) & (why <= source.reasons["empty"])).all(axis=1)
        for total in supplied.values():
            nothing &= np.isnan(total)
        why[nothing & np.isnat(date)] = 0  # blank and undated: there was no questionnaire
    columns = {
        "person": person_index(sheet, source.index),
        "planned": _planned(plan, sheet, wave, source.ledger),
        "date": date,
        "file": np.full(n, _position(plan, sheet.spec), dtype=np.int64),
        "row": sheet.rows,
        "scores": scores,
        "why": why,
    }
    return _Part(columns=columns, items=items, supplied=supplied, maximum=maximum)


def _position(plan: Plan, spec: File) -> int:
    return next(i for i, file in enumerate(plan.files) if file is spec)


def _planned(plan: Plan, sheet: Sheet, wave: Wave | None, ledger: Ledger) -> Codes:
    known = {word: i for i, w in enumerate(plan.waves) for word in (w.name, *w.written)}
    if wave is not None:
        return np.full(len(sheet), known[wave.name], dtype=np.int64)
    heading = sheet.heading("wave")
    if heading is None:
        return np.full(len(sheet), -1, dtype=np.int64)
    column = named(sheet, heading)
    planned = column.looked_up(known)
    unknown = (planned < 0) & (column.codes >= 0)
    undated = (column.codes < 0) & np.array([date_heading(plan, sheet) is None])
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


def _dates(plan: Plan, sheet: Sheet, wave: Wave | None, ledger: Ledger) -> NDArray[np.datetime64]:
    heading = date_heading(plan, sheet) if wave is None else sheet.spec.dates.get(wave.name)
    if heading is None:
        return np.full(len(sheet), np.datetime64("NaT", "D"))
    return dates(sheet, heading, ledger)
