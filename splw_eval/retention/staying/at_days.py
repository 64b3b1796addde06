"""Rows of a curve's table on days that are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.retention.checks import finding, refuse

if TYPE_CHECKING:
    import pandas as pd

BEYOND = "beyond the last day on which anybody was seen"
_COUNTS = ("at_risk", "events", "censored")


def at_days(
    table: pd.DataFrame, days: float | Sequence[float], *, keys: list[str], before: float = 1.0
) -> pd.DataFrame:
    """Carry the values of every curve on to the days that are asked for.

    Parameters
    ----------
    table : DataFrame
        Rows of each curve in order of the days.
    days : float, or sequence of float
    keys : list of str
        Columns that name a curve.
    before : float
        The estimate before the first row.

    Returns
    -------
    DataFrame
        With the columns that `RetentionCurves.at` describes.

    Raises
    ------
    RetentionError
        A day is no number from 0.
    """
    import pandas as pd

    asked = asked_days(days)
    parts = [
        _of_curve(rows, asked, dict(zip(keys, names, strict=True)), before)
        for names, rows in table.groupby(keys, sort=False)
    ]
    return pd.concat(parts, ignore_index=True)


def asked_days(days: Any) -> np.ndarray:
    """Days as an array.

    Parameters
    ----------
    days : float, or sequence of float

    Returns
    -------
    ndarray, shape (days,)

    Raises
    ------
    RetentionError
        A day is no number from 0.
    """
    try:
        asked = np.atleast_1d(np.asarray(days, dtype=float))
    except (TypeError, ValueError):
        asked = np.array([np.nan])
    if not asked.size or asked.ndim != 1 or not (np.isfinite(asked) & (asked >= 0)).all():
        problem = "a day that is asked for is no number from 0"
        refuse([finding("SR12", problem, "Give days such as at([90, 180, 365]).")])
    return asked


def _of_curve(
    rows: pd.DataFrame, asked: np.ndarray, names: dict[str, Any], before: float
) -> pd.DataFrame:
    import pandas as pd

    day = rows["day"].to_numpy(float)
    place = np.searchsorted(day, asked, side="right") - 1
    first = place < 0
    held = rows.iloc[np.maximum(place, 0)]
    # Those who leave or are last seen on the day itself are still at risk as it begins.
    later = np.searchsorted(day, asked, side="left")
    at_risk = np.append(rows["at_risk"].to_numpy(float), 0.0)[later]
    beyond = (asked > day[-1]) & ~_nobody_left(rows)
    made: dict[str, Any] = {**names, "day": asked, "at_risk": at_risk}
    for count, name in (("events", "left_so_far"), ("censored", "censored_so_far")):
        made[name] = np.where(first, 0.0, np.cumsum(rows[count].to_numpy(float))[place])
    for name in rows.columns:
        if name in names or name == "day" or name in _COUNTS:
            continue
        values = held[name].to_numpy(float)
        values = np.where(first, _start_of(name, before), values)
        made[name] = np.where(beyond, np.nan, values)
    made["note"] = np.where(beyond, BEYOND, "")
    return pd.DataFrame(made)


def _start_of(name: str, before: float) -> float:
    if name == "estimate":
        return before
    return 0.0 if name.endswith("std_error") else np.nan


def _nobody_left(rows: pd.DataFrame) -> bool:
    """Whether everybody had left by the last row, so that the curve is known for good."""
    last = rows.iloc[-1]
    return bool(last["censored"] == 0)
