"""Flags that differ from row to row, and items that count for nobody."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.instruments.cells import answers_of
from splw_eval.instruments.given import refused
from splw_eval.instruments.options import flag_of
from splw_eval.instruments.records import Instrument

if TYPE_CHECKING:
    import pandas as pd

_WORDS = {"yes": 1, "true": 1, "no": 0, "false": 0}
_NEITHER = -1.0  # refused by `choose` as neither true nor false


def read_flags(
    instrument: Instrument,
    frame: pd.DataFrame,
    options: Mapping[str, Any],
    missing: Sequence[float | str],
) -> dict[str, Any]:
    """Put answers in place of columns, Series and lists, for options that differ by row.

    Parameters
    ----------
    instrument : Instrument
    frame : DataFrame, shape (n, columns)
    options : mapping
        As the user gave them.
    missing : sequence
        See `missing_codes`.

    Returns
    -------
    dict
        The options; a flag that differs by row is an ndarray of float, shape (n,): 1, 0, NaN
        where it is empty, -1 where it is neither.

    Raises
    ------
    DataError
        A Series has rows of its own, or a column stands more than once.
    """
    found = dict(options)
    for name, option in instrument.options.items():
        if option.kind == "flag":
            cells = _cells(name, found.get(name), instrument, frame)
            if cells is not None:
                values, wrong = answers_of(cells, _WORDS, missing)
                found[name] = np.where(wrong, _NEITHER, values)
            elif name in found and not isinstance(found[name], str | bool | np.bool_):
                found[name] = None if found[name] is None else np.array([_NEITHER])
    return found


def _cells(
    name: str, given: Any, instrument: Instrument, frame: pd.DataFrame
) -> pd.Series[Any] | None:
    """Cells of a flag, row by row; None where it is the same for everybody, or of another form."""
    import pandas as pd

    if given is None:
        names = {name, f"{instrument.name}_{name}"}
        given = next((c for c in frame.columns if str(c).casefold() in names), None)
    if isinstance(given, str) and given in frame.columns:
        column = frame[given]
        if isinstance(column, pd.DataFrame):
            raise refused(f'there are several columns "{given}"', "Give each its own name.")
        return column
    if isinstance(given, pd.Series):
        return _aligned(name, given, frame)
    if pd.api.types.is_list_like(given) and isinstance(given, Collection):
        in_order = not isinstance(given, Set | Mapping) and getattr(given, "ndim", 1) == 1
        if in_order and len(given) == len(frame):
            return pd.Series(given, index=frame.index)
    return None


def _aligned(name: str, given: pd.Series[Any], frame: pd.DataFrame) -> pd.Series[Any]:
    """Cells in the order of the table's rows: a Series goes by its index, not by its place."""
    if given.index.equals(frame.index):
        return given
    unique = given.index.is_unique and frame.index.is_unique
    if unique and len(given) == len(frame) and given.index.isin(frame.index).all():
        return given.reindex(frame.index)
    remedy = "Give it the index of the table; or, where both have the same order, as a list."
    raise refused(f"the index of {name} is not that of the table", remedy)


def left_out(instrument: Instrument, options: Mapping[str, Any]) -> frozenset[str]:
    """Items that count for nobody, so that they need no column.

    Parameters
    ----------
    instrument : Instrument
    options : mapping
        See `read_flags`; true or false for everybody may also be a word.
    """

    def names() -> Iterator[str]:
        for name, option in instrument.options.items():
            given = options.get(name)
            if option.leaves_out and given is not None:
                said = flag_of(given)
                if said is not None and np.size(said) and np.all(said):
                    yield from option.leaves_out

    return frozenset(names())
