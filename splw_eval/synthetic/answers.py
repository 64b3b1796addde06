"""Answers to every item of a synthetic programme, and those that nobody gave."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from splw_eval.synthetic.questionnaires import QUESTIONNAIRES, Item
from splw_eval.synthetic.settings import Settings
from splw_eval.synthetic.stream import Flags, Numbers, Stream

_PAGES_SKIPPED = 0.01  # questionnaires left out whole by somebody who answered others


def draw_answers(
    its: Settings, traits: Mapping[str, Numbers], occasion: str = ""
) -> dict[str, Numbers]:
    """Answer every item.

    Parameters
    ----------
    its : Settings
    traits : mapping of str to ndarray of float, shape (...)
        By outcome.
    occasion : str
        Name of a second set of answers by the same people.

    Returns
    -------
    dict of str to ndarray of float, shape (...)
        Codes by column, NaN where the item or the whole questionnaire was left out.
    """
    found = {}
    skipped: dict[str, Flags] = {}
    for outcome, form in QUESTIONNAIRES.items():
        trait = -traits[outcome] if form.worse else traits[outcome]
        stream = Stream(its.seed, f"answers to {outcome}{occasion}")
        if form.instrument not in skipped:  # the four questions of ONS4 stand on one page
            skipped[form.instrument] = stream.happens(_PAGES_SKIPPED, *trait.shape)
        for column, item in form.items.items():
            codes = _codes(stream, item, trait)
            lost = skipped[form.instrument] | stream.happens(its.item_missing, *trait.shape)
            found[column] = np.where(lost, np.nan, codes)
    return found


def _codes(stream: Stream, item: Item, trait: Numbers) -> Numbers:
    noise = math.sqrt(1 - item.loading**2) * stream.normal(*trait.shape)
    behind = item.loading * trait + noise
    return item.lowest + item.step * np.searchsorted(item.limits, behind).astype(np.float64)


def mean_answer(answers: Mapping[str, Numbers], outcome: str) -> Numbers:
    """Mean of the items that were answered; NaN where none was."""
    columns = [answers[name] for name in QUESTIONNAIRES[outcome].items]
    count = sum((~np.isnan(c)).astype(np.float64) for c in columns)
    total = sum(np.nan_to_num(c) for c in columns)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(count > 0, total / count, np.nan)
