"""Responses to scores: arrays in, arrays out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import DataError
from splw_eval.core.findings import Finding, Severity
from splw_eval.instruments.blocks import (
    COPIED,
    MOST_ROWS,
    ROWS,
    Answers,
    Buffers,
    Kept,
    Mask,
    Out,
    examine,
    score_block,
)
from splw_eval.instruments.catalogue import instrument_of
from splw_eval.instruments.options import Chosen, choose
from splw_eval.instruments.recipes import Recipe, codes_of, recipes_of
from splw_eval.instruments.records import Instrument
from splw_eval.instruments.responses import (
    Columns,
    Rows,
    faults_of,
    faulty_columns,
    report_rows,
    unsaid_faults,
)
from splw_eval.instruments.variants import ready_items

Responses = NDArray[Any] | Sequence[NDArray[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One score of everybody.

    Attributes
    ----------
    values : ndarray of float, shape (n,)
        The score, unrounded; NaN where there is none.
    answered : ndarray of int, shape (n,)
        Items answered, of those that count.
    prorated : ndarray of bool, shape (n,)
        Whether the person's mean stands for items that were not answered.
    """

    values: NDArray[np.float64]
    answered: NDArray[np.signedinteger[Any]]
    prorated: NDArray[np.bool_]


def score_responses(
    responses: Responses, instrument: Instrument | str, **options: Any
) -> Mapping[str, Scored]:
    """Score responses to the items of an instrument.

    Parameters
    ----------
    responses : ndarray, shape (n, k), or sequence of k ndarrays, shape (n,)
        Answers as they were keyed, in the order of ``instrument.items``: whole numbers, as
        integers or floats; NaN is unanswered.
    instrument : Instrument or str
        What was asked, or its name in the catalogue.
    **options
        What the scoring asks, such as ``coding="scored"``; a flag may be an array of shape (n,),
        NaN only where nothing was answered.

    Returns
    -------
    mapping of str to Scored
        By the name of the score. Unrounded.

    Raises
    ------
    DataError
        Answers lie outside the codes or are not whole numbers (all are listed, with their
        places counted from 1), or an option is not said.

    Notes
    -----
    Works through blocks of rows, so that no array as long as the data is made but the
    results.
    """
    asked = instrument_of(instrument)
    columns = as_columns(responses, asked)
    return score_columns(columns, asked, choose(asked, options), Rows())


def faulty_responses(
    responses: Responses, instrument: Instrument | str, **options: Any
) -> Mapping[str, NDArray[np.bool_]]:
    """Find answers outside the codes of their items, or that are not whole numbers.

    Parameters
    ----------
    responses, instrument, **options
        As for `score_responses`.

    Returns
    -------
    mapping of str to ndarray of bool, shape (n,)
        Every item by its key; all False where its answers may be.

    Raises
    ------
    DataError
        An option is not said, or the columns are not those of the items.
    """
    asked = instrument_of(instrument)
    chosen = choose(asked, options)
    columns = with_codes(as_columns(responses, asked), asked, chosen)
    return {
        item: outside | parts for item, _, outside, parts in faulty_columns(columns, asked, chosen)
    }


def as_columns(responses: Responses, instrument: Instrument) -> Columns:
    """Return the responses as one array an item.

    Raises
    ------
    DataError
        There are not as many columns as items, or not of one length.
    """
    if isinstance(responses, np.ndarray) and responses.ndim != 1:
        columns = list(responses.T) if responses.ndim == 2 else []  # noqa: PLR2004
    else:
        given: Any = responses
        columns = [np.asarray(c) for c in given] if isinstance(given, Iterable) else []
    k = len(instrument.items)
    same = len({column.shape for column in columns}) <= 1 and all(c.ndim == 1 for c in columns)
    if len(columns) != k or not same or any(c.dtype.kind not in "biuf" for c in columns):
        problem = (
            f"{instrument.name} needs {k} columns of numbers of one length, got {len(columns)}"
        )
        remedy = f"Give them in the order {', '.join(instrument.items)}."
        found = Finding(code="SI05", severity=Severity.ERROR, problem=problem, remedy=remedy)
        raise DataError("The responses cannot be scored.", [found])
    return columns


def score_columns(
    columns: Columns, instrument: Instrument, chosen: Chosen, rows: Rows
) -> dict[str, Scored]:
    """Score columns whose rows and headings have names of their own (see `score_responses`)."""
    columns = with_codes(columns, instrument, chosen)
    try:
        recipes = recipes_of(instrument, chosen)
    except DataError as error:  # of a table of values: it hides no faults of the answers
        also = faults_of(columns, instrument, chosen, rows)
        raise DataError(error.message, [*error.findings, *also]) from None
    n = len(columns[0]) if columns else 0
    results: dict[str, Scored] = {}
    for recipe in recipes:
        results[recipe.name] = _empty(recipe, n, results.get(recipe.of))
    wrong = unsaid_faults(columns, instrument, chosen, rows)
    if wrong or not _score_blocks(columns, instrument, chosen, recipes, results):
        raise DataError(
            f"The answers to {instrument.name} cannot be scored.",
            [*wrong, *faults_of(columns, instrument, chosen, rows)],
        )
    for recipe in recipes:
        _refuse_unconfirmed(recipe, results[recipe.name], instrument, rows)
    return {score.name: results[score.name] for score in instrument.scores}


def with_codes(columns: Columns, instrument: Instrument, chosen: Chosen) -> Columns:
    """Put the answers that they count as in place of codes with a meaning of their own."""
    kept, ready = list(columns), ready_items(instrument)
    for name, codes in chosen.codes.items():
        option = instrument.options[name]
        value = np.nan if option.counts_as is None else float(option.counts_as)
        for i, item in enumerate(instrument.items):
            if item not in ready and (not option.items or item in option.items):
                held = np.isin(kept[i], codes)
                kept[i] = np.where(held, value, kept[i]) if held.any() else kept[i]
    return kept


def _empty(recipe: Recipe, n: int, source: Scored | None) -> Scored:
    """Room for a score; one that starts from another has the answers of that one."""
    if source is not None:
        return Scored(values=np.empty(n), answered=source.answered, prorated=source.prorated)
    return Scored(
        values=np.empty(n),
        answered=np.empty(n, dtype=np.min_scalar_type(-len(recipe.items))),
        prorated=np.zeros(n, dtype=np.bool_),
    )


def _score_blocks(
    columns: Columns,
    instrument: Instrument,
    chosen: Chosen,
    recipes: Sequence[Recipe],
    results: Mapping[str, Scored],
) -> bool:
    """Score block by block; False as soon as an answer may not be."""
    codes = codes_of(instrument, chosen)
    ready = {s.items[0] for s in instrument.scores if s.formula.how == "given"}
    whole = [item not in ready for item in instrument.items]
    skips = _skips(instrument, chosen)
    buffers, n = Buffers(), len(columns[0])
    rows = MOST_ROWS if all(column.itemsize <= 2 for column in columns) else ROWS  # noqa: PLR2004
    rooms = [np.empty(rows, c.dtype) if not c.flags.c_contiguous else None for c in columns]
    for start in range(0, n, rows):
        here = slice(start, min(start + rows, n))
        parts, missing = _side_by_side(columns, rooms, here), []
        for part, pair, is_whole in zip(parts, codes, whole, strict=True):
            good, absent = examine(part, pair, is_whole, buffers)
            if not good:
                return False
            missing.append(absent)
        skipped = [_skipped(skip, here, len(parts[0])) for skip in skips]
        answers = Answers(parts=parts, missing=missing, skipped=skipped)
        kept: dict[str, Kept] = {}
        for recipe in recipes:
            made = results[recipe.name]
            out = Out(
                values=made.values[here], answered=made.answered[here], prorated=made.prorated[here]
            )
            score_block(recipe, answers, out, kept, buffers)
    return True


def _side_by_side(
    columns: Columns, rooms: Sequence[NDArray[Any] | None], here: slice
) -> list[NDArray[Any]]:
    """Answers of a block by item; what lies row by row is copied in steps that the cache holds."""
    parts = [column[here] for column in columns]
    m = len(parts[0])
    for start in range(0, m, COPIED) if any(room is not None for room in rooms) else ():
        step = slice(start, min(start + COPIED, m))
        for part, room in zip(parts, rooms, strict=True):
            if room is not None:
                np.copyto(room[step], part[step])
    return [p if r is None else r[:m] for p, r in zip(parts, rooms, strict=True)]


def _skips(instrument: Instrument, chosen: Chosen) -> list[bool | Mask | None]:
    """By item: for whom it does not count."""
    held: list[bool | Mask | None] = [None] * len(instrument.items)
    for name, flag in chosen.flags.items():
        for item in set(instrument.options[name].leaves_out) & set(instrument.items):
            held[instrument.items.index(item)] = flag
    return held


def _skipped(skip: bool | Mask | None, here: slice, m: int) -> Mask | None:
    if skip is None or skip is False:
        return None
    if skip is True:
        return np.ones(m, dtype=np.bool_)
    part = skip[here]
    return part if part.any() else None


def _refuse_unconfirmed(recipe: Recipe, made: Scored, instrument: Instrument, rows: Rows) -> None:
    """Refuse complete profiles for which no value is confirmed."""
    if recipe.table is None or recipe.of or not np.isnan(recipe.table[1:]).any():
        return
    unknown = np.isnan(made.values) & (made.answered == len(recipe.items))
    if unknown.any():
        option = instrument.score(recipe.name).formula.file_option
        found = report_rows(
            "SI09",
            f"the value of these profiles of {instrument.name} is not confirmed at its source",
            f"Give ready-made values in a column {recipe.name}, or your own table: "
            f"{option} = a CSV file.",
            unknown,
            rows,
        )
        raise DataError(f"The answers to {instrument.name} cannot be scored.", [found])
