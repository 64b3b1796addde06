"""Columns that chained equations are to complete, read as numbers or as places among levels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.core.findings import Finding
from splw_eval.missing.checks import finding, refuse
from splw_eval.models.variables import is_numeric, level_codes, numbers
from splw_eval.stats.imputation.chained import Kind

if TYPE_CHECKING:
    import pandas as pd

KINDS = ("number", "matched", "binary", "ordinal")
_TWO, _MANY = 2, 20


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReadColumn:
    """A column to be completed.

    Attributes
    ----------
    name : str
    kind : str
        As it was asked for.
    model : {"number", "matched", "ordered"}
    values : ndarray, shape (n,)
        NaN where missing; of levels their places from 0.
    levels : tuple
        Labels in order; empty for numbers.
    """

    name: str
    kind: str
    model: Kind
    values: NDArray[np.float64]
    levels: tuple[Any, ...] = ()

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Rows without a value."""
        return np.isnan(self.values)


def read_columns(
    frame: pd.DataFrame, columns: Mapping[str, str], arm: NDArray[np.int64]
) -> list[ReadColumn]:
    """Read the columns, or tell everything that is wrong with them.

    Parameters
    ----------
    frame : DataFrame
    columns : mapping of str to str
    arm : ndarray of int, shape (n,)

    Returns
    -------
    list of ReadColumn

    Raises
    ------
    MissingError
    """
    read, found = [], []
    for name, kind in columns.items():
        wrong = list(_misfit(frame[name], name, kind))
        found += wrong
        if wrong:
            continue
        column = _read(frame[name], name, kind)
        empty = [c for c in np.unique(arm) if column.missing[arm == c].all()]
        if empty:
            where = "in any row" if arm.max() == 0 else f"in {len(empty)} of the groups"
            remedy = "Leave it out, or complete the groups together."
            found.append(finding("SN42", f"no value is seen {where}", remedy, column=name))
        read.append(column)
    refuse(found)
    return read


def _read(values: pd.Series, name: str, kind: str) -> ReadColumn:
    if kind in ("number", "matched"):
        model: Kind = "number" if kind == "number" else "matched"
        read = np.asarray(numbers(values, name), dtype=np.float64)
        return ReadColumn(name=name, kind=kind, model=model, values=read)
    codes, levels = level_codes(values)
    places = np.where(codes < 0, np.nan, codes.astype(float))
    return ReadColumn(name=name, kind=kind, model="ordered", values=places, levels=levels)


def _misfit(values: pd.Series, name: str, kind: str) -> Iterator[Finding]:
    """Why a column is not of its kind."""
    if kind in ("number", "matched"):
        yield from _no_numbers(values, name)
        return
    levels = level_codes(values)[1]
    if kind == "binary" and len(levels) != _TWO:
        remedy = "Two are needed; else take ordinal or number, or leave the column out."
        problem = f"a binary column holds {len(levels)} different values"
        yield finding("SN42", problem, remedy, column=name)
    if kind == "ordinal":
        yield from _no_order(values, name, len(levels))


def _no_numbers(values: pd.Series, name: str) -> Iterator[Finding]:
    try:
        wild = np.flatnonzero(np.isinf(numbers(values, name)))
    except FitError as error:
        yield finding("SN03", error.message.rstrip("."), error.remedy, column=name)
        return
    if len(wild):
        remedy = "Leave such cells empty, or correct them."
        yield finding(
            "SN03", "infinite numbers", remedy, column=name, rows=wild, of_rows=len(values)
        )


def _no_order(values: pd.Series, name: str, levels: int) -> Iterator[Finding]:
    import pandas as pd

    ordered = isinstance(values.dtype, pd.CategoricalDtype) and bool(values.dtype.ordered)
    if not (ordered or is_numeric(values)):
        problem = "an ordinal column holds neither numbers nor ordered categories"
        remedy = "Say in which order its values stand: pandas.Categorical(..., ordered=True)."
        yield finding("SN42", problem, remedy, column=name)
    elif levels < _TWO:
        remedy = "Leave it out: nothing is to be drawn."
        yield finding("SN42", "an ordinal column is the same throughout", remedy, column=name)
    elif levels > _MANY:
        remedy = "Take matched, which keeps the values that occur."
        problem = f"an ordinal column holds {levels} different values"
        yield finding("SN42", problem, remedy, column=name)
