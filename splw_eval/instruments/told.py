"""What stands beside a score: bands, categories, flags, how many were answered, and its source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.instruments.labels import (
    LIMIT_TOLERANCE,
    band_column,
    category_column,
    status_column,
)
from splw_eval.instruments.meanings import Flag
from splw_eval.instruments.options import Chosen
from splw_eval.instruments.recipes import codes_of, recipes_of
from splw_eval.instruments.records import Instrument, Score
from splw_eval.instruments.responses import Columns
from splw_eval.instruments.scoring import Scored
from splw_eval.instruments.variants import bands_with, formula_with, status_with


def columns_of(
    instrument: Instrument, chosen: Chosen, columns: Columns, scored: Mapping[str, Scored]
) -> dict[str, Any]:
    """Columns of the table of scores, in order."""
    several = len(instrument.scores) > 1
    made: dict[str, Any] = {}
    after: dict[str, Any] = {}
    several_bands = sum(bool(bands_with(s, chosen.words)) for s in instrument.scores) > 1
    several_names = sum(bool(s.categories) for s in instrument.scores) > 1
    for score in instrument.scores:
        held = scored[score.name]
        made[score.name] = held.values
        bands = bands_with(score, chosen.words)
        highest = highest_of(instrument, score, chosen, len(held.values))
        if bands is not None:
            # The limits are those of the whole scale.
            without = None if highest is None else highest < score.range[1]
            made[_named(score, "band", several_bands)] = band_column(held.values, bands, without)
        if score.categories:
            names = category_column(held.values, score.categories)
            made[_named(score, "category", several_names)] = names
        # What starts from another score has its arrays: a table must not hold them twice.
        shared = bool(score.formula.of)
        after[_named(score, "items_answered", several)] = np.array(held.answered, copy=shared)
        after[_named(score, "prorated", several)] = np.array(held.prorated, copy=shared)
        if highest is not None:
            after[_named(score, "maximum", several)] = highest
    flags = {f.name: _flag(f, instrument, columns, scored) for f in instrument.flags}
    recalled = _recalled(instrument, chosen, scored)
    return {**made, **flags, **after, "scoring": status_column(recalled)}


def _named(score: Score, what: str, several: bool) -> str:
    return f"{score.name}_{what}" if several else what


def _flag(
    flag: Flag, instrument: Instrument, columns: Columns, scored: Mapping[str, Scored]
) -> Any:
    """Yes, no, or missing where what it looks at is missing."""
    import pandas as pd

    place = None if flag.score else instrument.items.index(flag.item)
    values = scored[flag.score].values if place is None else columns[place]
    with np.errstate(invalid="ignore"):
        if flag.at_least is not None:
            held = values >= flag.at_least - LIMIT_TOLERANCE
        else:
            held = values < (flag.below or 0.0) - LIMIT_TOLERANCE
    return pd.arrays.BooleanArray(np.asarray(held), np.isnan(values))


def highest_of(
    instrument: Instrument, score: Score, chosen: Chosen, n: int
) -> NDArray[np.float64] | None:
    """Highest possible score by person, where an item does not count for some.

    Returns
    -------
    ndarray of float, shape (n,), or None
        None where every item counts for everybody.
    """
    if not any(instrument.options[name].leaves_out for name in chosen.flags):
        return None
    less = np.zeros(n)
    recipe = next(r for r in recipes_of(instrument, chosen) if r.name == score.name)
    pairs = codes_of(instrument, chosen)
    for name, flag in chosen.flags.items():
        for item in set(instrument.options[name].leaves_out) & set(instrument.items):
            place = instrument.items.index(item)
            if place in recipe.items and recipe.factor is None and recipe.weights:
                j = recipe.items.index(place)
                ends = [recipe.weights[j] * code + recipe.constants[j] for code in pairs[place]]
                less += np.where(flag, max(ends), 0.0)
    return score.range[1] - less if less.any() else None


def _recalled(
    instrument: Instrument, chosen: Chosen, scored: Mapping[str, Scored]
) -> NDArray[np.bool_]:
    """Rows whose scoring is recalled, or a rule for missing items that a score rests on."""
    n = len(next(iter(scored.values())).values)
    recalled = np.full(n, status_with(instrument, chosen.words) == "recalled")
    for score in instrument.scores:
        _, _, rule_status = formula_with(score, chosen.words)
        if rule_status == "recalled":
            np.logical_or(recalled, scored[score.name].prorated, out=recalled)
    return recalled


def facts_of(instrument: Instrument, chosen: Chosen, *, given: bool) -> dict[str, Any]:
    """What was done, in plain words and numbers, for whoever reads the scores later."""
    bands = {s.name: bands_with(s, chosen.words) for s in instrument.scores}
    return {
        "instrument": instrument.name,
        "title": instrument.title,
        "options": chosen.said(),
        "given": given,
        "status": status_with(instrument, chosen.words),
        "recalled": list(instrument.recalled),
        "warning": instrument.warning,
        "range": {s.name: list(s.range) for s in instrument.scores},
        "direction": {s.name: s.direction for s in instrument.scores},
        "bands": {name: held.set for name, held in bands.items() if held is not None},
        "bands_status": {name: held.status for name, held in bands.items() if held is not None},
        "missing_rule": {s.name: formula_with(s, chosen.words)[1] for s in instrument.scores},
        "sources": list(instrument.sources),
    }
