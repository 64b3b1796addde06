"""Scores of another form or first number than the plan says, told by where they lie."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.plan import bare_name
from splw_eval.instruments import read_catalogue
from splw_eval.instruments.catalogue import named

Limits = tuple[float, float]

# Ranges in which the same questionnaire is usually scored, by a word of its name.
OTHER_RANGES = {
    "ucla": ((3.0, 9.0), (0.0, 6.0)),
    "swemwbs": ((7.0, 35.0),),
    "wemwbs": ((14.0, 70.0),),
}
# Questionnaires of the catalogue that are taken for each other.
_TAKEN_FOR_EACH_OTHER = (
    ("swemwbs", "wemwbs"),
    ("phq9", "gad7", "phq4"),
    ("k6", "k10"),
)
# How the catalogue's scores may be worked out otherwise.
_WORKED_OUT = {
    "ucla3": (((0.0, 6.0), "as if its answers were coded 0 to 2"),),
    "hads": (((0.0, 42.0), "as if anxiety and depression were added together"),),
    "brs": (((6.0, 30.0), "the sum of its items in place of their mean"),),
    "core10": (((0.0, 4.0), "the mean of its items in place of their sum"),),
    "k6": (((6.0, 30.0), "as if its answers were coded 1 to 5"),),
    "k10": (((0.0, 40.0), "as if its answers were coded 0 to 4"),),
}
_FEWEST_LETTERS = 4  # shorter names may stand in any text by chance
_SHARE = 0.05  # of the scores: fewer outside the range are slips, not another questionnaire


def family_of(instrument: str) -> str:
    """Name in `OTHER_RANGES` that an instrument's name holds; empty where there is none."""
    plain = "".join(c for c in instrument.casefold() if c.isalnum())
    if "wemwbs" in plain:
        short = "swemwbs" in plain or "short" in plain or "wemwbs7" in plain
        return "swemwbs" if short else "wemwbs"
    return "ucla" if "ucla" in plain and "20" not in plain else ""


def likely_name(instrument: str) -> str:
    """Name of the catalogue that the words of a plan most likely mean; for hints only."""
    catalogue = read_catalogue()
    found = named(instrument, catalogue)
    if not found:
        family = family_of(instrument)
        found = "ucla3" if family == "ucla" else family
    if not found:
        plain = "".join(c for c in bare_name(instrument) if c.isalnum())
        held = [n for n in catalogue if len(n) >= _FEWEST_LETTERS and bare_name(n) in plain]
        found = max(held, key=len, default="")
    return found


def other_ranges(instrument: str) -> Iterator[tuple[Limits, str]]:
    """Ranges that scores may have by mistake, each with what it is the range of."""
    name, catalogue = likely_name(instrument), read_catalogue()
    if not name:
        return
    for score in catalogue[name].scores:
        yield score.range, f"the range of its score {score.name}"
    yield from _WORKED_OUT.get(name, ())
    for alike in (group for group in _TAKEN_FOR_EACH_OTHER if name in group):
        for other in (catalogue[each] for each in alike if each != name):
            yield other.scores[0].range, f"the range of another questionnaire, {other.title}"


def keying_hint(values: NDArray[np.float64], limits: Limits, instrument: str = "") -> str:
    """Say how scores outside their range may have been coded.

    Parameters
    ----------
    values : ndarray of float
        All scores of a column, also those outside the range; NaN is missing.
    limits : tuple of float
        Lowest and highest score that the plan allows.
    instrument : str
        Its name in the plan, for the other ranges that its scores may have.

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
    if ((held < low) | (held > high)).mean() < _SHARE:
        return ""
    for (first, last), what in other_ranges(instrument):
        if (first, last) != (low, high) and held.min() >= first and held.max() <= last:
            return f"All lie within {first:g} to {last:g}, {what}."
    return ""
