"""A table of responses to a table of scores, with bands, flags and how each was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.core.errors import DataError
from splw_eval.core.findings import Finding, Severity
from splw_eval.core.plan import suggestion
from splw_eval.instruments.catalogue import instrument as named
from splw_eval.instruments.cells import answers_of, not_numbers, refuse_legal_codes
from splw_eval.instruments.headings import Found, Items, find_columns
from splw_eval.instruments.options import Chosen, choose
from splw_eval.instruments.records import Instrument
from splw_eval.instruments.responses import Columns, Rows, faults_of
from splw_eval.instruments.scoring import score_columns, with_codes
from splw_eval.instruments.told import columns_of, facts_of

if TYPE_CHECKING:
    import pandas as pd

_FLAG_WORDS = {"yes": 1, "true": 1, "no": 0, "false": 0}


def score(
    frame: pd.DataFrame,
    *,
    instrument: str | Instrument,
    items: Items | None = None,
    id: str | None = None,  # noqa: A002 - the word of the reader's table
    folder: str | Path | None = None,
    missing: Sequence[Any] = (),
    **options: Any,
) -> pd.DataFrame:
    """Score responses to an instrument.

    Parameters
    ----------
    frame : DataFrame
        A row for each questionnaire, a column for each item; whole numbers, also as text.
    instrument : str
        Name in the catalogue (`instruments` lists it).
    items : mapping or sequence, optional
        Item keys to columns, or the columns in the order of the keys. Without it, columns are
        found under the key, ``{instrument}_{key}`` or ``item_{key}``, in any case.
    id : str, optional
        Column that is kept beside the scores.
    folder : str or Path, optional
        The plan's folder: ``instruments/*.toml`` in it are your own instruments.
    missing : sequence, optional
        Codes that mean missing, such as ``[9, 99]``; without it only empty cells do.
    **options
        What the scoring asks, such as ``coding="scored"``; true or false may also be the name
        of a column.

    Returns
    -------
    DataFrame
        Index and order of `frame`. Each score, unrounded, under its name; ``band``,
        ``category``, ``items_answered`` and ``prorated`` where one score was made, else
        ``{score}_band`` and so on; flags under their names; ``maximum`` where items do not
        count for some; ``scoring``, ``recalled`` where a score rests on what was not checked
        at its source. ``attrs["splw_eval"]`` says what was done.

    Raises
    ------
    DataError
        Columns are lacking, answers cannot be, or an option is not said; everything at once,
        with rows counted from 1.
    """
    asked = named(instrument, folder) if isinstance(instrument, str) else instrument
    return score_frame(
        frame, asked, items=items, id=id, missing=missing, options=options, rows=Rows()
    )


def score_frame(
    frame: pd.DataFrame,
    asked: Instrument,
    *,
    items: Items | None,
    id: str | None,  # noqa: A002
    missing: Sequence[Any],
    options: Mapping[str, Any],
    rows: Rows,
) -> pd.DataFrame:
    """Score a table whose rows have numbers of their own (see `score`)."""
    import pandas as pd

    found = find_columns(asked, [*frame.columns], items)
    _refuse_columns(frame, [*found.columns.values(), *([] if id is None else [id])])
    chosen = choose(found.instrument, _with_columns(found.instrument, frame, options))
    refuse_legal_codes(found.instrument, chosen, found.columns, missing)
    called = rows.column
    rows = replace(rows, column=lambda item: called(str(found.columns.get(item, item))))
    columns = _answers(frame, found, missing, chosen, rows)
    scored = score_columns(columns, found.instrument, chosen, rows)
    made = columns_of(found.instrument, chosen, columns, scored)
    kept = {} if id is None else {id: frame[id].to_numpy()}
    result = pd.DataFrame({**kept, **made}, index=frame.index)
    result.attrs["splw_eval"] = facts_of(found.instrument, chosen, given=found.given)
    return result


def _refuse_columns(frame: pd.DataFrame, wanted: Sequence[Any]) -> None:
    """Refuse columns that are not there, or stand more than once."""
    labels = [*frame.columns]
    wrong = [
        Finding(
            code="SI05",
            severity=Severity.ERROR,
            problem=f'there {"is no" if times == 0 else f"are {times}"} column "{label}"'
            f"{suggestion(str(label), map(str, labels)) if times == 0 else ''}",
            remedy="Give each column a name of its own, and name it.",
        )
        for label in dict.fromkeys(wanted)
        if (times := labels.count(label)) != 1
    ]
    if wrong:
        raise DataError("The columns cannot be told apart.", wrong)


def _with_columns(
    instrument: Instrument, frame: pd.DataFrame, options: Mapping[str, Any]
) -> dict[str, Any]:
    """Put columns in place of their names, for options that differ from row to row."""
    found = dict(options)
    for name, option in instrument.options.items():
        if option.kind != "flag":
            continue
        given = found.get(name)
        if given is None:
            names = {name, f"{instrument.name}_{name}"}
            given = next((c for c in frame.columns if str(c).casefold() in names), None)
        if isinstance(given, str) and given in frame.columns:
            values, wrong = answers_of(frame[given], _FLAG_WORDS, ())
            found[name] = np.where(wrong, -1, values)  # refused as neither true nor false
        elif given is not None and not isinstance(given, str | bool | np.bool_):
            found[name] = np.asarray(given)
            if found[name].shape != (len(frame),):
                found[name] = np.array([-1])
    return found


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
        values, faulty = answers_of(frame[found.columns[item]], words, missing)
        if faulty.any():
            wrong.append(not_numbers(item, faulty, rows, words))
        columns.append(values)
    if wrong:
        also = faults_of(with_codes(columns, asked, chosen), asked, chosen, rows)
        raise DataError(f"The answers to {asked.name} cannot be scored.", [*wrong, *also])
    return columns
