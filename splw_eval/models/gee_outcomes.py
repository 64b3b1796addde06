"""Outcomes of estimating equations, read by family; what does not fit is named by its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.core.findings import Finding
from splw_eval.models.checks import finding, refuse
from splw_eval.models.variables import Floats, levels_of, numbers

if TYPE_CHECKING:
    import pandas as pd

FEWEST_BANDS = 3  # two are a binary outcome
_MOST_BANDS = 12  # more values than this are a score and not bands


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """An outcome as numbers.

    Attributes
    ----------
    values : ndarray, shape (rows,)
        0 or 1; the place of the band; the count; the number. NaN where there is none.
    bands : tuple
        Labels of the bands in order; empty where there are none.
    """

    values: Floats
    bands: tuple[Any, ...] = ()


def read_outcome(values: pd.Series, name: str, family: str) -> Outcome:
    """Read an outcome.

    Parameters
    ----------
    values : Series
    name : str
        Of its column.
    family : str
        One of `FAMILIES`.

    Returns
    -------
    Outcome

    Raises
    ------
    ModelError
        Cells hold what the family cannot use.
    FitError
        Cells hold no numbers.
    """
    if family == "binary":
        return Outcome(values=_binary(values, name))
    if family == "ordinal":
        return _ordinal(values, name)
    read = numbers(values, name)
    if family == "count":
        wrong = ~np.isnan(read) & ((read < 0) | (read != np.floor(read)) | np.isinf(read))
        _refuse_rows(wrong, name, "cells are no whole number from 0 up", "Correct those cells.")
    return Outcome(values=read)


def _binary(values: pd.Series, name: str) -> Floats:
    import pandas as pd

    plain = values.astype("object")
    missing = values.isna().to_numpy()
    number = pd.to_numeric(plain, errors="coerce").to_numpy(dtype=float)
    # A digit that was kept as text is no number yet: what it means is not guessed.
    text = np.array([isinstance(cell, str) for cell in plain], dtype=bool)
    wrong = ~missing & (text | ~np.isin(number, (0.0, 1.0)))
    _refuse_rows(
        wrong,
        name,
        "cells are neither 0 nor 1 (nor False nor True; digits kept as text are neither)",
        "Write 1 for an event and 0 for none, and leave missing ones empty.",
    )
    seen = number[~missing]
    if len(seen) and np.ptp(seen) == 0:
        word = "an event" if seen[0] else "no event"
        refuse(
            [
                finding(
                    "SM10",
                    f"all {len(seen)} rows with an outcome have {word}",
                    "There is no odds or risk ratio to estimate; give the count itself.",
                    column=name,
                )
            ]
        )
    return np.where(missing, np.nan, number)


def _ordinal(values: pd.Series, name: str) -> Outcome:
    import pandas as pd

    kind = values.dtype
    if isinstance(kind, pd.CategoricalDtype):
        if not kind.ordered:
            refuse([_no_order(name, "the categories have no order")])
        bands = levels_of(values)
        codes = pd.Index(list(bands)).get_indexer(pd.Index(values.astype("object")))
        read = np.where(codes < 0, np.nan, codes.astype(float))
        return _enough(Outcome(values=read, bands=bands), name)
    if values.dtype == object and any(isinstance(cell, str) for cell in values):
        refuse([_no_order(name, "the bands are text, which has no order of its own")])
    read = numbers(values, name)
    wrong = ~np.isnan(read) & (read != np.floor(read))
    _refuse_rows(wrong, name, "cells are no whole numbers", "Give bands the numbers 0, 1, 2, ...")
    levels, codes = np.unique(read[~np.isnan(read)], return_inverse=True)
    placed = np.full(len(read), np.nan)
    placed[~np.isnan(read)] = codes
    bands = tuple(int(level) for level in levels)
    return _enough(Outcome(values=placed, bands=bands), name)


def _enough(outcome: Outcome, name: str) -> Outcome:
    count = len(outcome.bands)
    if count < FEWEST_BANDS:
        remedy = (
            'Choose family="binary", with 1 for the upper band.'
            if count > 1
            else ("Nothing can be estimated; look at the column.")
        )
        refuse([finding("SM10", f"only {count} bands occur", remedy, column=name)])
    if count > _MOST_BANDS:
        problem = f"{count} values occur, too many for bands"
        remedy = f'Join them into at most {_MOST_BANDS} bands, or choose family="gaussian".'
        refuse([finding("SM02", problem, remedy, column=name)])
    return outcome


def _no_order(name: str, problem: str) -> Finding:
    remedy = "Give an ordered pandas Categorical, or whole numbers that rise with the bands."
    return finding("SM02", problem, remedy, column=name)


def _refuse_rows(wrong: Any, name: str, problem: str, remedy: str) -> None:
    rows = np.flatnonzero(wrong)
    if len(rows):
        refuse([finding("SM02", problem, remedy, column=name, rows=rows, of_rows=len(wrong))])
