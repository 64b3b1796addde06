"""Lowest and highest score that items, codes and formula can give, against the stated range."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from splw_eval.instruments.formula import Formula
from splw_eval.instruments.options import Chosen
from splw_eval.instruments.profiles import profile_values
from splw_eval.instruments.recipes import Codes, codes_of
from splw_eval.instruments.records import Instrument, Score, Variant
from splw_eval.instruments.variants import formula_with

_WITHIN = 0.002  # of the range: a factor such as 33.33 is written with few decimals
_MOST_WAYS = 64  # of choosing options: beyond it an instrument is no questionnaire


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Lowest and highest possible score.

    Attributes
    ----------
    whole : (float, float)
        Where every item is answered.
    partial : (float, float)
        Also where items are missing and count as zero.
    """

    whole: Codes
    partial: Codes


def range_faults(instrument: Instrument) -> Iterator[str]:
    """Every score whose range is not what its formula can give, as a sentence with both."""
    for score in instrument.scores:
        for words in _ways(instrument, score):
            reach = reach_of(instrument, score, words)
            if reach is not None and not _fits(score.range, reach):
                said = f"{score.range[0]:g} to {score.range[1]:g}"
                given = f"{reach.whole[0]:g} to {reach.whole[1]:g}"
                how = "".join(f", {option} = {choice}" for option, choice in words.items())
                yield (
                    f"score {score.name}: its range is {said}, but its items, codes and formula "
                    f"give {given}{how}"
                )
                break


def reach_of(instrument: Instrument, score: Score, words: Mapping[str, str]) -> Reach | None:
    """Work out the lowest and highest score.

    Parameters
    ----------
    instrument : Instrument
        With its numbers, where a formula takes those of another.
    score : Score
    words : mapping of str to str
        Choices of the options.

    Returns
    -------
    Reach or None
        None where the user's own table or a ready-made score decides.
    """
    formula, _, _ = formula_with(score, words)
    codes = dict(zip(instrument.items, codes_of(instrument, Chosen(words=words)), strict=True))
    own = [codes[item] for item in score.items]
    if formula.how in {"table", "level"}:
        source = reach_of(instrument, instrument.score(formula.of), words)
        return None if source is None else _looked_up(formula, source)
    if formula.how in {"tariff", "crosswalk"}:
        return _of_profiles(formula, score.items, own)
    if formula.how in {"lookup", "given"}:
        return None
    return _added(formula, score.items, own)


def _ways(instrument: Instrument, score: Score) -> list[dict[str, str]]:
    """Every way of choosing the options that change a score."""
    names = dict.fromkeys(v.option for v in (*instrument.variants, *_variants(instrument, score)))
    choices = [tuple(instrument.options[name].choices) for name in names]
    if math.prod(map(len, choices)) > _MOST_WAYS:
        return []
    return [dict(zip(names, words, strict=True)) for words in product(*choices)]


def _variants(instrument: Instrument, score: Score) -> Iterator[Variant]:
    yield from score.variants
    if score.formula.of:
        yield from instrument.score(score.formula.of).variants


def _fits(stated: Codes, reach: Reach) -> bool:
    """Whether a range is that of whole questionnaires, or reaches into that of partial ones."""
    (low, high), whole, partial = stated, reach.whole, reach.partial
    near = _WITHIN * (whole[1] - whole[0])
    lows = partial[0] - near <= low <= whole[0] + near
    return lows and whole[1] - near <= high <= partial[1] + near


def _added(formula: Formula, items: Sequence[str], codes: Sequence[Codes]) -> Reach:
    """Ends of what is made of answers one by one."""
    ends = [_ends(formula, item, pair) for item, pair in zip(items, codes, strict=True)]
    k = len(items)
    fewest = k if formula.fewest is None or formula.fill != "zero" else formula.fewest
    lows, highs = sorted(low for low, _ in ends), sorted((high for _, high in ends), reverse=True)
    whole = (sum(lows), sum(highs))
    partial = (
        min(sum(lows[:n]) for n in range(fewest, k + 1)),
        max(sum(highs[:n]) for n in range(fewest, k + 1)),
    )
    if formula.how in {"mean", "percentage"}:
        factor = (formula.factor or 0.0) if formula.how == "percentage" else 1.0
        whole = _sorted(factor * whole[0] / k, factor * whole[1] / k)
        partial = whole  # what is unanswered is left out of the mean
    return Reach(whole=whole, partial=partial)


def _ends(formula: Formula, item: str, codes: Codes) -> Codes:
    """Least and most that one item adds."""
    low, high = codes
    if formula.how == "count":
        counts = {code in formula.counted[item] for code in range(int(low), int(high) + 1)}
        return float(min(counts)), float(max(counts))
    start = low if formula.from_zero else 0.0
    return low - start, high - start  # counted from the other end, an item has the same ends


def _looked_up(formula: Formula, source: Reach) -> Reach | None:
    low, high = source.whole
    if formula.how == "level":
        levels = tuple(1.0 + sum(value > limit for limit in formula.above) for value in (low, high))
        return Reach(whole=_sorted(*levels), partial=_sorted(*levels))
    first, last = int(low) - formula.lowest, int(high) - formula.lowest
    if first < 0 or last >= len(formula.table):
        return None  # the score that it starts from is at fault
    values = formula.table[first : last + 1]
    ends = (min(values), max(values))
    return Reach(whole=ends, partial=ends)


def _of_profiles(formula: Formula, items: Sequence[str], codes: Sequence[Codes]) -> Reach | None:
    if not formula.add and not formula.subtract:
        return None  # only the user's own tariff tells
    whole = [(int(low), int(high)) for low, high in codes]
    values = profile_values(formula, items, whole, None)
    ends = (float(np.nanmin(values)), float(np.nanmax(values)))
    return Reach(whole=ends, partial=ends)


def _sorted(one: float, other: float) -> Codes:
    return min(one, other), max(one, other)
