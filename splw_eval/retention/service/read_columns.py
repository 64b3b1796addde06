"""Single columns of days and endings of a frame that somebody made, and options in days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Finding
from splw_eval.retention.asked_columns import Asked, ColumnReader

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
LONGEST = 36_500
"""Days: nobody is followed for longer, so a number of days above is a slip."""


def is_number(value: Any) -> bool:
    """Whether an option is a number that is no yes or no, and neither infinite nor missing."""
    known = isinstance(value, int | float | np.integer | np.floating)
    return known and not isinstance(value, bool) and abs(value) < np.inf


def is_whole(value: Any, least: int, most: int = LONGEST) -> bool:
    """Whether an option is a whole number within limits."""
    return is_number(value) and least <= value <= most and value % 1 == 0


def read_days(
    frame: pd.DataFrame, name: str, *, without: tuple[str, ...] = ()
) -> tuple[Floats | None, list[Finding]]:
    """Days of a column and what is wrong with them; dates and text are refused.

    Parameters
    ----------
    frame : DataFrame
    name : str
        A column that is there once.
    without : tuple of str
        Codes of findings that are no fault here: SR03 (below 0), SR04 (missing).

    Returns
    -------
    days : ndarray, shape (rows,), or None
        None where they are no numbers.
    findings : list of Finding
    """
    reader = ColumnReader(frame, Asked(time=name, event=name))
    days = reader.times()
    return days, [f for f in reader.found if f.code not in without]


def read_endings(frame: pd.DataFrame, name: str) -> tuple[NDArray[np.int64] | None, list[Finding]]:
    """Codes of endings and what is wrong with them, as for a curve or a model.

    Parameters
    ----------
    frame : DataFrame
    name : str
        A column that is there once.

    Returns
    -------
    codes : ndarray of int, shape (rows,), or None
        None where they are no numbers, and no yes and no.
    findings : list of Finding
    """
    reader = ColumnReader(frame, Asked(time=name, event=name))
    codes = reader.events()
    return codes, reader.found
