"""Answers keyed from another first number than their codes: told by which codes are used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.instruments.options import Chosen
from splw_eval.instruments.recipes import Codes, codes_of
from splw_eval.instruments.records import Instrument

MISSING_CODES = (-999, -99, -9, -8, -1, 8, 9, 88, 98, 99, 998, 999)  # usual in exports
_MOST_CODES = 12  # an age or a scale to 100 is not keyed by its place in a list
_ENOUGH = 20  # answers to one item, from which its codes tell something by themselves
_MANY = 50  # answers to all items, of which some would be the lowest code
_SEVERAL = 4  # items of a questionnaire whose lowest code says "not at all"


def shift_of(answers: NDArray[Any], codes: Codes) -> int:
    """Say by how much all answers are too high, if that explains those outside their codes.

    Parameters
    ----------
    answers : ndarray, shape (n,)
        All answers, also those outside their codes; NaN is missing.
    codes : (float, float)
        Lowest and highest answer.

    Returns
    -------
    int
        1 or -1; 0 where the answers fit, or no other first number explains them. Usual codes
        for missing answers beyond the shifted codes are left out of account.
    """
    low, high = codes
    held = np.asarray(answers, dtype=np.float64)
    held = np.unique(held[~np.isnan(held)])
    near = (held >= low - 1) & (held <= high + 1)
    if high - low > _MOST_CODES or not np.isin(held[~near], MISSING_CODES).all():
        return 0
    held = held[near]
    if not len(held) or (held != np.floor(held)).any():
        return 0
    if held[-1] == high + 1 and held[0] > low:
        return 1
    return -1 if held[0] == low - 1 >= 0 and held[-1] < high else 0


def shifts_of(
    columns: Iterable[NDArray[Any]], instrument: Instrument, chosen: Chosen
) -> Mapping[str, int]:
    """Shift of each item: that of all items with the same codes, or its own where it has many.

    Parameters
    ----------
    columns : iterable of ndarray, shape (n,)
        Answers to each item in the order of the instrument; NaN is missing.
    instrument : Instrument
    chosen : Chosen

    Returns
    -------
    mapping of str to int
        By item: see `shift_of`.
    """
    held, limits = list(columns), codes_of(instrument, chosen)
    pooled: dict[Codes, list[NDArray[Any]]] = {}
    for pair, column in zip(limits, held, strict=True):
        pooled.setdefault(pair, []).append(np.unique(column).astype(np.float64))
    together = {pair: shift_of(np.concatenate(parts), pair) for pair, parts in pooled.items()}
    ready = {score.items[0] for score in instrument.scores if score.formula.how == "given"}
    found = {}
    for item, pair, column in zip(instrument.items, limits, held, strict=True):
        alone = int((~np.isnan(column)).sum()) >= _ENOUGH
        own = shift_of(column, pair) if alone else 0
        found[item] = 0 if item in ready else together[pair] or own
    return found


def shift_question(codes: Codes, shift: int) -> str:
    """Ask whether answers were keyed from another first number."""
    low, high = codes
    return f"Keyed from {low + shift:g} to {high + shift:g} instead of {low:g} to {high:g}?"


def shift_remedy(instrument: Instrument, codes: Codes, shift: int) -> str:
    """Say what to do of answers that are all one too high or too low."""
    way, recode = ("high", "take 1 off") if shift > 0 else ("low", "add 1 to")
    shifted = (codes[0] + shift, codes[1] + shift)
    ways = [f'{v.option} = "{v.choice}"' for v in instrument.variants if v.codes == shifted]
    option = f", or set the option {ways[0]}" if ways else ""
    return (
        f"{shift_question(codes, shift)} Then all the others are one too {way} as well: {recode} "
        f"every answer in the file{option}. If only these are slips, correct or empty them there."
    )


def lowest_unused(
    columns: Iterable[NDArray[Any]], instrument: Instrument, chosen: Chosen
) -> tuple[float, int]:
    """Find a questionnaire about complaints of which nobody ever gave the lowest answer.

    Parameters
    ----------
    columns, instrument, chosen
        As for `shifts_of`.

    Returns
    -------
    tuple of (float, int)
        The lowest code and how many answers there are; 0 answers where nothing is odd. Asked
        only of 4 or more items keyed from 0 whose scores are better when lower: there, 0 is
        the answer of whoever does not have the complaint.
    """
    worse = all(score.direction == "lower_is_better" for score in instrument.scores)
    limits = codes_of(instrument, chosen)
    if not worse or len(limits) < _SEVERAL or {low for low, _ in limits} != {0.0}:
        return 0.0, 0
    n = 0
    for column, (low, high) in zip(columns, limits, strict=True):
        if ((column == low) | (column == high + 1)).any():
            return 0.0, 0
        n += int((~np.isnan(column)).sum())
    return 0.0, n if n >= _MANY else 0


def unused_words(instrument: Instrument, low: float, n: int) -> tuple[str, str]:
    """Say that the lowest answer never occurs, and what to do."""
    return (
        f"none of {n:,} answers to {instrument.name} is {low:g}, the lowest code, as if they were "
        f"keyed from {low + 1:g}",
        "Ask how answers were keyed: if from another first number, every score is too high; "
        "recode them in the file.",
    )
