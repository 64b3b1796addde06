"""A table of responses to a table of scores, with bands, flags and how each was made."""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.core.errors import DataError, SplwError
from splw_eval.core.findings import Finding, Severity
from splw_eval.core.plan import suggestion
from splw_eval.instruments.catalogue import instrument_of
from splw_eval.instruments.cells import answers_of, not_numbers, refuse_legal_codes
from splw_eval.instruments.flags import left_out, read_flags
from splw_eval.instruments.given import missing_codes, refused
from splw_eval.instruments.headings import Found, Items, find_columns
from splw_eval.instruments.options import Chosen, choose
from splw_eval.instruments.recipes import recipes_of
from splw_eval.instruments.records import Instrument
from splw_eval.instruments.responses import Columns, Rows, faults_of
from splw_eval.instruments.scoring import score_columns, with_codes
from splw_eval.instruments.shifts import lowest_unused, unused_words
from splw_eval.instruments.told import columns_of, facts_of

if TYPE_CHECKING:
    import pandas as pd


def score(
    frame: pd.DataFrame,
    *,
    instrument: str | Instrument,
    items: Items | None = None,
    id: str | None = None,  # noqa: A002 - the word of the reader's table
    folder: str | Path | None = None,
    missing: Any = (),
    **options: Any,
) -> pd.DataFrame:
    """Score responses to an instrument.

    Parameters
    ----------
    frame : DataFrame
        A row for each questionnaire, a column for each item; whole numbers, also as text.
    instrument : str
        Name in the catalogue (`instruments` lists it); capitals, spaces and hyphens do not
        count.
    items : mapping, sequence or str, optional
        Item keys to columns; the columns in the order of the keys; or a pattern such as
        ``"q{item}"``. Without it, columns are found under the key, ``{instrument}_{key}`` or
        ``item_{key}``, in any case; that of a single item also under the instrument's name.
    id : str, optional
        Column that is kept beside the scores.
    folder : str or Path, optional
        The plan's folder: ``instruments/*.toml`` in it are your own instruments.
    missing : scalar or sequence, optional
        Codes that mean missing, such as ``9`` or ``[9, 99]``; without it only empty cells do.
    **options
        What the scoring asks, such as ``coding="scored"``; true or false may also be the name
        of a column, a list with one for each row, or a Series, which goes by its index. It may
        be empty only where no item is answered.

    Returns
    -------
    DataFrame
        Index and order of `frame`. Each score, unrounded, under its name; ``band``,
        ``category``, ``items_answered`` and ``prorated`` where one score was made, else
        ``{score}_band`` and so on; flags under their names; ``maximum`` where items do not
        count for some; ``scoring``, ``recalled`` where a score rests on what was not checked
        at its source. Words are categorical, bands in their order. ``attrs["splw_eval"]``
        says what was done, and whether bands are recalled.

    Raises
    ------
    SplwError
        `frame` is no data frame.
    DataError
        Columns are lacking, answers cannot be, or an option is not said; everything at once,
        with rows counted from 1.

    Warns
    -----
    UserWarning
        All answers may be, but look as if they were keyed from another first number.

    Notes
    -----
    Identifiers are not looked for in a data frame: a column named as `id` is kept as it is.
    ``splw-eval score`` and a study look for them, and refuse.
    """
    _refuse_other_things(frame)
    asked = instrument_of(instrument, folder)
    made = score_frame(
        frame, asked, items=items, id=id, missing=missing, options=options, rows=Rows()
    )
    for doubt in made.attrs["splw_eval"]["doubts"]:
        warnings.warn(doubt, stacklevel=2)
    return made


def score_frame(
    frame: pd.DataFrame,
    asked: Instrument,
    *,
    items: Items | None,
    id: str | None,  # noqa: A002
    missing: Any,
    options: Mapping[str, Any],
    rows: Rows,
) -> pd.DataFrame:
    """Score a table whose rows have numbers of their own (see `score`)."""
    import pandas as pd

    missing, options = missing_codes(missing), dict(options)
    told = read_flags(asked, frame, options, missing)
    found = find_columns(asked, [*frame.columns], items, left_out=left_out(asked, told))
    _refuse_columns(frame, [*found.columns.values(), *([] if id is None else [_label(id)])])
    chosen = choose(found.instrument, told)
    refuse_legal_codes(found.instrument, chosen, found.columns, missing)
    called = rows.column
    rows = replace(rows, column=lambda item: called(str(found.columns.get(item, item))))
    columns = with_codes(_answers(frame, found, missing, chosen, rows), found.instrument, chosen)
    scored = score_columns(columns, found.instrument, chosen, rows)
    made = columns_of(found.instrument, chosen, columns, scored)
    if id in made:
        remedy = "Rename the column in the data, and name it as id."
        raise refused(
            f'the column "{id}" would stand where the scores have one of its name', remedy
        )
    kept = {} if id is None else {id: frame[id].array.copy()}
    result = pd.DataFrame({**kept, **made}, index=frame.index, copy=False)
    facts = facts_of(found.instrument, chosen, given=found.given)
    result.attrs["splw_eval"] = {**facts, "doubts": _doubts(found.instrument, chosen, columns)}
    return result


def _refuse_other_things(frame: Any) -> None:
    """Refuse what is no data frame, such as the path of a file."""
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        raise SplwError(
            f"score needs a pandas DataFrame, and was given a {type(frame).__name__}.",
            where="splw_eval.score.",
            remedy="Read a file first, such as by pandas.read_csv; or use: splw-eval score FILE.",
        )


def _label(id: Any) -> Any:  # noqa: A002
    """Return the name of one column."""
    if not isinstance(id, Hashable):
        raise refused("id names one column, not several", 'Write it like id="person".')
    return id


def _refuse_columns(frame: pd.DataFrame, wanted: Sequence[Any]) -> None:
    """Refuse columns that are not there, or stand more than once."""
    labels = [*frame.columns]
    wrong = [
        Finding(
            code="SI05",
            severity=Severity.ERROR,
            problem=f'there {"is no column" if times == 0 else f"are {times} columns"} "{label}"'
            f"{suggestion(str(label), map(str, labels)) if times == 0 else ''}",
            remedy="Give each column a name of its own, and name it.",
        )
        for label in dict.fromkeys(wanted)
        if (times := labels.count(label)) != 1
    ]
    if wrong:
        raise DataError("The columns cannot be told apart.", wrong)


def _answers(
    frame: pd.DataFrame, found: Found, missing: Sequence[Any], chosen: Chosen, rows: Rows
) -> Columns:
    """Answers of every item; one that was not asked is missing for everybody."""
    asked, columns, wrong = found.instrument, [], []
    for item in asked.items:
        if item not in found.columns:
            columns.append(np.full(len(frame), np.nan))
            continue
        words = asked.words.get(item, {})
        cells = frame[found.columns[item]]
        values, faulty = answers_of(cells, words, missing)
        if faulty.any():
            wrong.append(not_numbers(item, cells, faulty, rows, words))
        columns.append(values)
    if wrong:
        also = [
            *faults_of(with_codes(columns, asked, chosen), asked, chosen, rows),
            *_faults_of_tables(asked, chosen),
        ]
        raise DataError(f"The answers to {asked.name} cannot be scored.", [*wrong, *also])
    return columns


def _faults_of_tables(instrument: Instrument, chosen: Chosen) -> Sequence[Finding]:
    try:
        recipes_of(instrument, chosen)
    except DataError as error:
        return error.findings
    return ()


def _doubts(instrument: Instrument, chosen: Chosen, columns: Columns) -> list[str]:
    """What is odd about answers that may all be."""
    low, n = lowest_unused(with_codes(columns, instrument, chosen), instrument, chosen)
    problem, remedy = unused_words(instrument, low, n)
    return [f"{problem[:1].upper()}{problem[1:]}. {remedy}"] if n else []
