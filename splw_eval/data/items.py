"""Answers to the items of a questionnaire, as the columns of one file hold them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Severity
from splw_eval.core.plan import File, FromColumn, Outcome, Wave
from splw_eval.data.attributes import person_index
from splw_eval.data.ledger import Ledger
from splw_eval.data.parse import each, missing_cells, numbers, texts
from splw_eval.data.sheet import Sheet, report_cells
from splw_eval.data.source import Source
from splw_eval.instruments import Instrument

Answers = dict[str, NDArray[np.float64]]


def columns_of(spec: File, instrument: str, wave: Wave | None) -> Mapping[str, str]:
    """Heading of each item of an instrument at one wave; empty where a file has none."""
    wanted = None if wave is None else wave.name
    for name, of_wave, columns in spec.item_columns():
        if name == instrument and of_wave == wanted and isinstance(columns, dict):
            return columns
    return {}


def read_answers(
    source: Source, outcome: Outcome, instrument: Instrument, sheet: Sheet, wave: Wave | None
) -> Answers:
    """Read the answers to every item of an instrument.

    Parameters
    ----------
    source : Source
        Its ledger gets cells that are no numbers.
    outcome : Outcome
        Its options name columns of items that stand elsewhere, such as age.
    instrument : Instrument
    sheet : Sheet
    wave : Wave or None
        None in a long file.

    Returns
    -------
    dict of str to ndarray of float, shape (n,)
        By item, in the order of the instrument; NaN where the cell is missing, or the item
        has no column.
    """
    columns = columns_of(sheet.spec, instrument.name, wave)
    answers: Answers = {}
    for item in instrument.items:
        words, told = instrument.words.get(item, {}), outcome.options.get(item)
        if isinstance(told, FromColumn):
            answers[item] = of_each(source, sheet, told.column, words)
        elif item in columns:
            answers[item] = _answers(sheet, columns[item], words, source.ledger)
        else:
            answers[item] = np.full(len(sheet), np.nan)
    return answers


def _answers(
    sheet: Sheet, heading: str, words: Mapping[str, int], ledger: Ledger
) -> NDArray[np.float64]:
    if words and (sheet.cells[heading].dtype == object or sheet.labels.get(heading)):
        return _coded(sheet, heading, words, ledger)
    return numbers(sheet, heading, ledger)


def _coded(
    sheet: Sheet, heading: str, words: Mapping[str, int], ledger: Ledger
) -> NDArray[np.float64]:
    """Codes of a column of words, such as the sex that a value set asks for."""
    known = {word.casefold(): float(code) for word, code in words.items()}
    known |= {str(code): float(code) for code in words.values()}
    cells = texts(sheet, heading)
    values = each(cells, lambda cell: known.get(cell.casefold(), np.nan), np.float64)
    absent = missing_cells(sheet, heading)
    wrong = np.isnan(values) & ~absent
    if wrong.any():
        remedy = f"Write one of: {', '.join(known)}; declare what means missing."
        told = (Severity.ERROR, "SW04", "not a word that the scoring knows", remedy)
        report_cells(sheet, heading, wrong, told, ledger)
    return np.where(absent, np.nan, values)


def of_each(
    source: Source, sheet: Sheet, heading: str, words: Mapping[str, int]
) -> NDArray[np.float64]:
    """Values for each row of a file, from its own column or from the people's."""
    if heading in sheet.cells:
        return _answers(sheet, heading, words, source.ledger)
    for other in source.sheets:
        if heading in other.cells and other.spec.table in {"people", "measures"}:
            by_person = np.full(len(source.index) + 1, np.nan)  # the last is nobody's
            who, values = (
                person_index(other, source.index),
                _answers(other, heading, words, source.ledger),
            )
            held = np.flatnonzero((who >= 0) & ~np.isnan(values))[::-1]  # the first row stays
            by_person[who[held]] = values[held]
            return by_person[person_index(sheet, source.index)]
    return np.full(len(sheet), np.nan)


def yes_or_no(source: Source, sheet: Sheet, heading: str) -> NDArray[np.float64]:
    """1 where a row of a file says yes in a column of its own, or of its person; NaN if empty."""
    words = {word: 1 for word, term in source.vocabulary.words["yes_no"].items() if term == "yes"}
    words |= {word: 0 for word, term in source.vocabulary.words["yes_no"].items() if term == "no"}
    if not any(heading in held.cells for held in (sheet, *source.sheets)):
        return np.zeros(len(sheet))  # a fault of the plan, told once
    said = of_each(source, sheet, heading, words)
    return np.where(np.isnan(said), np.nan, said == 1)


def told(source: Source, outcome: Outcome, instrument: Instrument, sheet: Sheet) -> dict[str, Any]:
    """Options of an outcome's scoring, with columns read."""
    options = dict(source.options.get(outcome.name, {}))
    for name, value in outcome.options.items():
        if isinstance(value, FromColumn) and name in instrument.options:
            options[name] = yes_or_no(source, sheet, value.column)
    return options
