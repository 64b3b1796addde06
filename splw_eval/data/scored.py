"""Scores made from the answers to items, with what stood in their way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import DataError
from splw_eval.core.findings import Severity
from splw_eval.core.plan import Outcome, Wave
from splw_eval.data.completing import score_of
from splw_eval.data.items import Answers, columns_of, read_answers, told
from splw_eval.data.parse import missing_reasons
from splw_eval.data.possible import report_outside
from splw_eval.data.sheet import Sheet, report_cells
from splw_eval.data.source import EMPTY, OUTSIDE, Source, says_why
from splw_eval.instruments import Instrument, Scored
from splw_eval.instruments.options import Chosen, choose
from splw_eval.instruments.recipes import codes_of
from splw_eval.instruments.responses import Rows, faulty_columns
from splw_eval.instruments.scoring import score_columns, with_codes
from splw_eval.instruments.shifts import lowest_unused, shift_remedy, shifts_of, unused_words
from splw_eval.instruments.told import highest_of

TOO_FEW = "too few items answered"
_NOT_WHOLE = (
    Severity.ERROR,
    "SW04",
    "not a whole number",
    "Answers are codes, so they are whole numbers: correct them. If it is the column of a "
    "score, name it in [files.scores].",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """Scores of one outcome, made from items.

    Attributes
    ----------
    scores : ndarray of float, shape (n,)
        NaN where none can be made.
    why : ndarray of int, shape (n,)
        Code of the reason why there is none; 0 where there is one.
    items : ndarray of float, shape (n, items of the score)
        Answers as they were keyed; NaN is missing.
    every : mapping of str to Scored
        Every score of the instrument.
    highest : ndarray of float, shape (n,), or None
        Highest possible score of each row; None where every item counts for everybody.
    """

    scores: NDArray[np.float64]
    why: NDArray[np.int16]
    items: NDArray[np.float64]
    every: Mapping[str, Scored]
    highest: NDArray[np.float64] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """One questionnaire at one wave of one file."""

    source: Source
    outcome: Outcome
    instrument: Instrument
    sheet: Sheet
    columns: Mapping[str, str]
    chosen: Chosen


def score_items(source: Source, outcome: Outcome, sheet: Sheet, wave: Wave | None) -> Made:
    """Score the items of one outcome in one file.

    Parameters
    ----------
    source : Source
        Its ledger gets answers outside their codes, and counts scores made of fewer items.
    outcome : Outcome
        Its instrument is one of the catalogue.
    sheet : Sheet
    wave : Wave or None
        None in a long file.

    Returns
    -------
    Made
    """
    instrument = source.instrument(outcome)
    score = score_of(outcome, instrument)
    form = _Form(
        source=source,
        outcome=outcome,
        instrument=instrument,
        sheet=sheet,
        columns=columns_of(sheet.spec, instrument.name, wave),
        chosen=choose(instrument, told(source, outcome, instrument, sheet)),
    )
    answers = read_answers(source, outcome, instrument, sheet, wave)
    every, outside = _scored(form, answers)
    made = every[score.name]
    _report(form, made, wave)
    return Made(
        scores=made.values,
        why=_reasons(form, made, outside),
        items=_items(form, answers, score.items),
        every=every,
        highest=highest_of(instrument, score, form.chosen, len(sheet)),
    )


def _scored(form: _Form, answers: Answers) -> tuple[Mapping[str, Scored], NDArray[np.bool_]]:
    """Every score, and the rows that hold an answer outside its codes (then made missing)."""
    rows = Rows(
        numbers=form.sheet.rows,
        file=form.sheet.spec.place,
        column=lambda item: form.sheet.place(form.columns.get(item, item)),
    )
    outside = np.zeros(len(form.sheet), dtype=bool)
    _report_unused(form, answers)
    try:
        return score_columns(list(answers.values()), form.instrument, form.chosen, rows), outside
    except DataError:
        outside = _without_faulty(form, answers)
    try:
        return score_columns(list(answers.values()), form.instrument, form.chosen, rows), outside
    except DataError as error:  # of a table of values, or of profiles without one
        form.source.ledger.take(error.findings)
        return {score.name: _nothing(len(outside)) for score in form.instrument.scores}, outside


def _nothing(n: int) -> Scored:
    return Scored(
        values=np.full(n, np.nan), answered=np.zeros(n, dtype=np.int8), prorated=np.zeros(n, bool)
    )


def _without_faulty(form: _Form, answers: Answers) -> NDArray[np.bool_]:
    """Report answers that cannot be and make them NaN; gives the rows that hold any."""
    any_outside = np.zeros(len(form.sheet), dtype=bool)
    limits = dict(zip(form.instrument.items, codes_of(form.instrument, form.chosen), strict=True))
    columns = with_codes(list(answers.values()), form.instrument, form.chosen)
    shifts = shifts_of(columns, form.instrument, form.chosen)
    for item, _, outside, parts in faulty_columns(columns, form.instrument, form.chosen):
        if outside.any() or parts.any():
            _report_faulty(form, item, (outside, parts), limits[item], shifts[item])
        answers[item] = np.where(outside | parts, np.nan, answers[item])
        any_outside |= outside
    return any_outside


def _report_unused(form: _Form, answers: Answers) -> None:
    """Warn where nobody ever gave the lowest answer, as if all were keyed one too high."""
    columns = with_codes(list(answers.values()), form.instrument, form.chosen)
    low, n = lowest_unused(columns, form.instrument, form.chosen)
    if n:
        problem, remedy = unused_words(form.instrument, low, n)
        place = form.sheet.spec.place
        form.source.ledger.add(Severity.WARNING, "SW74", problem, remedy, file=place)


def _report_faulty(
    form: _Form,
    item: str,
    wrong: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    limits: tuple[float, float],
    shift: int,
) -> None:
    (outside, parts), ledger = wrong, form.source.ledger
    heading = form.columns.get(item, "")
    if not heading:  # an option's column, perhaps of another file
        remedy = "Correct the column that [outcomes.options] names for it."
        problem = f"{item} of these people is outside {limits[0]:g} to {limits[1]:g}, or no whole"
        told = (Severity.ERROR, "SW110", f"{problem} number", remedy)
        report_cells(form.sheet, item, outside | parts, told, ledger)
        return
    if parts.any():
        report_cells(form.sheet, heading, parts, _NOT_WHOLE, ledger)
    if outside.any():
        report_outside(
            form.sheet,
            heading,
            outside,
            limits,
            hint=shift_remedy(form.instrument, limits, shift) if shift else "",
            codes=("SW110", "SW111"),
            set_missing=form.outcome.out_of_range == "missing",
            ledger=ledger,
            shifted=bool(shift),
        )


def _items(form: _Form, answers: Answers, items: tuple[str, ...]) -> NDArray[np.float64]:
    """Answers to the items of a score; codes with a meaning of their own count as they do."""
    columns = with_codes(list(answers.values()), form.instrument, form.chosen)
    held = dict(zip(form.instrument.items, columns, strict=True))
    return np.column_stack([held[item] for item in items]).astype(np.float64, copy=False)


def _reasons(form: _Form, made: Scored, outside: NDArray[np.bool_]) -> NDArray[np.int16]:
    """Code of the reason for each score that could not be made."""
    why = np.zeros(len(form.sheet), dtype=np.int16)
    without = np.isnan(made.values)
    if not without.any():
        return why
    partly = without & (made.answered > 0)
    rows = np.flatnonzero(without & ~partly)
    said = np.full(len(rows), EMPTY, dtype=object)
    said[outside[rows]] = OUTSIDE
    for heading in form.columns.values():
        if says_why(form.sheet, heading):
            of_item = missing_reasons(form.sheet, heading)[rows]
            telling = np.isin(said, (EMPTY, OUTSIDE)) & ~np.isin(of_item, ("", EMPTY))
            said[telling] = of_item[telling]
    why[rows] = form.source.codes(said)
    if partly.any():
        why[partly] = form.source.codes(np.array([TOO_FEW], dtype=object))
    return why


def _report(form: _Form, made: Scored, wave: Wave | None) -> None:
    """Count scores made of fewer items, and questionnaires with too few for a score."""
    at = form.outcome.label + (f", {wave.title}" if wave else "")
    known = ~np.isnan(made.values)
    told_of = (
        (
            made.prorated & known,
            "SW118",
            f"{at}: scores made though items were missing",
            "The rule for missing items allows it; it stands with the instrument.",
        ),
        (
            ~known & (made.answered > 0),
            "SW119",
            f"{at}: partly answered, with too few items for a score",
            "They count as questionnaires without a score; nothing is filled in.",
        ),
    )
    for rows, code, problem, remedy in told_of:
        if rows.any():
            form.source.ledger.add(
                Severity.NOTE,
                code,
                problem,
                remedy,
                file=form.sheet.spec.place,
                rows=form.sheet.rows[rows],
                of_rows=len(form.sheet),
            )
