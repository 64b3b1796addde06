"""Answers that were coded from another first number than the plan says."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Other ranges in which the same questionnaire is scored, by a word of its name.
OTHER_RANGES = {
    "ucla": ((3.0, 9.0), (0.0, 6.0)),
    "swemwbs": ((7.0, 35.0),),
    "wemwbs": ((14.0, 70.0),),
}


def family_of(instrument: str) -> str:
    """Name in `OTHER_RANGES` that an instrument's name holds; empty where there is none."""
    plain = "".join(c for c in instrument.casefold() if c.isalnum())
    if "wemwbs" in plain:
        short = "swemwbs" in plain or "short" in plain or "wemwbs7" in plain
        return "swemwbs" if short else "wemwbs"
    return "ucla" if "ucla" in plain and "20" not in plain else ""


def keying_hint(
    values: NDArray[np.float64], limits: tuple[float, float], instrument: str = ""
) -> str:
    """Say how scores outside their range may have been coded.

    Parameters
    ----------
    values : ndarray of float
        All scores of a column, also those outside the range; NaN is missing.
    limits : tuple of float
        Lowest and highest score that the plan allows.
    instrument : str
        Its name in the plan, for questionnaires with more than one usual range.

    Returns
    -------
    str
        A sentence, or empty text where the values fit the range or no other way of
        coding explains them all.
    """
    held = values[~np.isnan(values)]
    low, high = limits
    if not len(held) or (held.min() >= low and held.max() <= high):
        return ""
    if (held == np.floor(held)).all():
        if held.min() == low - 1 and held.max() <= high - 1:
            return f"All lie within {low - 1:g} to {high - 1:g}: coded from {low - 1:g} upwards?"
        if held.max() == high + 1 and held.min() >= low + 1:
            return f"All lie within {low + 1:g} to {high + 1:g}: coded from {low + 1:g} upwards?"
    for first, last in OTHER_RANGES.get(family_of(instrument), ()):
        if (first, last) != (low, high) and held.min() >= first and held.max() <= last:
            return f"All lie within {first:g} to {last:g}, another range of this questionnaire."
    return ""
