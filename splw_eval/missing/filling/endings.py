"""How many waves come before the programme ended for each person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.core.findings import Finding
from splw_eval.missing.checks import finding, refuse
from splw_eval.models.variables import numbers

if TYPE_CHECKING:
    import pandas as pd

Whole = NDArray[np.int64]


def waves_before_end(
    ended: pd.Series,
    levels: tuple[Any, ...],
    times: Mapping[Any, float] | None = None,
) -> Whole:
    """Count the waves up to the end of the programme, baseline among them.

    Parameters
    ----------
    ended : Series, shape (n,)
        For each person the last wave before the end, as the column of waves writes it; or a
        number on the scale of waves that are numbers (such as months), or of `times` (such as
        days); empty where it did not end.
    levels : tuple, length J
        Waves in order.
    times : mapping of wave to number, optional
        When each wave was, on the scale of `ended`.

    Returns
    -------
    ndarray of int, shape (n,)
        J where it did not end. A wave on the very day counts as before the end, as what is
        missing *after* it is another matter.

    Raises
    ------
    MissingError
        A wave has no time, or a cell is neither a wave nor a number.
    """
    name, never = str(ended.name), ended.isna().to_numpy()
    refuse(_without_a_time(levels, times))
    found = np.full(len(ended), len(levels), dtype=np.int64)
    if times is None and not all(_is_number(level) for level in levels):
        known = {level: place + 1 for place, level in enumerate(levels)}
        wrong = ~ended.isin(list(levels)).to_numpy() & ~never
        if wrong.any():
            told = f"{int(wrong.sum())} people have an end that is no wave"
            remedy = "Name the last wave before the end, or give times= of the waves."
            refuse([finding("SN20", told, remedy, column=name)])
        found[~never] = [known[value] for value in ended[~never]]
        return found
    scale = np.array([float(level if times is None else times[level]) for level in levels])
    try:
        values = np.asarray(numbers(ended, name), dtype=np.float64)
    except FitError as error:
        refuse([finding("SN20", error.message.rstrip("."), error.remedy, column=name)])
        raise
    found[~never] = (scale <= values[~never, None]).sum(axis=1)
    return found


def _is_number(level: Any) -> bool:
    return isinstance(level, int | float | np.number) and not isinstance(level, bool)


def _without_a_time(
    levels: tuple[Any, ...], times: Mapping[Any, float] | None
) -> Iterator[Finding]:
    """Waves that times= leaves out, or in another order."""
    if times is None:
        return
    left = [level for level in levels if not _is_number(times.get(level))]
    if left:
        told = f"times= has no number for {len(left)} of {len(levels)} waves"
        yield finding("SN20", told, "Say of every wave when it was, on the scale of ended=.")
        return
    scale = np.array([float(times[level]) for level in levels])
    if (np.diff(scale) <= 0).any():
        told = "times= does not rise with the waves"
        yield finding("SN20", told, "Put the waves in order, or correct the times.")
