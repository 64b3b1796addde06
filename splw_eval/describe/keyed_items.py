"""Answers to the items of a score, each counted as the score counts it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.plan import FromColumn, Outcome
from splw_eval.core.result import Note
from splw_eval.data import Study
from splw_eval.data.asked import as_codes
from splw_eval.describe.instrument_card import score_of
from splw_eval.instruments.options import Chosen, choose
from splw_eval.instruments.recipes import codes_of
from splw_eval.instruments.records import Instrument, Score
from splw_eval.instruments.variants import formula_with

_SUMS = frozenset({"sum", "mean", "percentage"})


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedItems:
    """Items of one outcome, counted from the same end.

    Attributes
    ----------
    values : ndarray of float, shape (people, waves, items), or None
        NaN where not answered; None where the items do not add up to the score.
    why_none : str
        Empty where there are values.
    of : str
        Title of the score that the items add up to, where the outcome's is looked up from it.
    """

    values: NDArray[np.float64] | None
    why_none: str = ""
    of: str = ""


def keyed_items(study: Study, outcome: Outcome) -> KeyedItems | None:
    """Items of an outcome as its score counts them; None where the files hold no items."""
    responses, instrument = study.items.get(outcome.name), study.instruments.get(outcome.name)
    if responses is None or instrument is None:
        return None
    score = score_of(instrument, outcome)
    if len(score.items) == 1:
        return KeyedItems(values=None, why_none="the score has one item only")
    if any(isinstance(value, FromColumn) for value in outcome.options.values()):
        why = "a column says from person to person how the items were answered"
        return KeyedItems(values=None, why_none=why)
    told = {
        name: as_codes(value) if instrument.options[name].kind == "codes" else value
        for name, value in outcome.options.items()
    }
    return _counted(responses, instrument, score, choose(instrument, told))


def looked_up(outcome: Outcome, held: KeyedItems) -> Note | None:
    """Return what to know of the error of a score that is looked up from another; or nothing."""
    if not held.of or held.values is None:
        return None
    of = held.of[:1].lower() + held.of[1:]
    return Note(
        text=f"{outcome.label}: alpha is of the raw answers, which add up to the {of}. The score "
        "is looked up from that in steps of unequal size, and the SD is of the score; so its "
        "standard error of measurement and the change beyond error are approximate, and differ "
        "along the scale."
    )


def _counted(
    responses: NDArray[np.float64], instrument: Instrument, score: Score, chosen: Chosen
) -> KeyedItems:
    formula, _, _ = formula_with(score, chosen.words)
    if formula.how in {"table", "level"}:
        first = instrument.score(formula.of)
        return replace(_counted(responses, instrument, first, chosen), of=first.title)
    if formula.how not in _SUMS | {"count"}:
        return KeyedItems(values=None, why_none="the score is not a sum of its items")
    codes = dict(zip(instrument.items, codes_of(instrument, chosen), strict=True))
    values = responses.astype(float)
    for place, item in enumerate(score.items):
        answers = values[..., place]
        if formula.how == "count":
            counts = np.isin(answers, formula.counted[item]).astype(float)
            values[..., place] = np.where(np.isnan(answers), np.nan, counts)
        elif item in formula.reversed:
            values[..., place] = sum(codes[item]) - answers
    return KeyedItems(values=values)
