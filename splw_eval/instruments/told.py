"""What stands beside a score: bands, categories, flags, how many were answered, and its source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.instruments.meanings import Bands, Flag
from splw_eval.instruments.options import Chosen
from splw_eval.instruments.recipes import codes_of, recipes_of
from splw_eval.instruments.records import Instrument, Score
from splw_eval.instruments.responses import Columns
from splw_eval.instruments.scoring import Scored
from splw_eval.instruments.variants import bands_with, formula_with

# A mean of thirds may lie a rounding error below the limit that it equals.
LIMIT_TOLERANCE = 1e-9


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
        if bands is not None:
            made[_named(score, "band", several_bands)] = band_labels(held.values, bands)
        if score.categories:
            made[_named(score, "category", several_names)] = _categories(held.values, score)
        after[_named(score, "items_answered", several)] = held.answered.astype(np.int64)
        after[_named(score, "prorated", several)] = held.prorated
        highest = _highest(instrument, score, chosen, len(held.values))
        if highest is not None:
            after[_named(score, "maximum", several)] = highest
    flags = {f.name: _flag(f, instrument, columns, scored) for f in instrument.flags}
    return {**made, **flags, **after, "scoring": _status(instrument, chosen, scored)}


def _named(score: Score, what: str, several: bool) -> str:
    return f"{score.name}_{what}" if several else what


def band_labels(values: NDArray[np.float64], bands: Bands) -> NDArray[Any]:
    """Band of each score, compared unrounded with the lowest score of each band.

    Parameters
    ----------
    values : ndarray of float, shape (n,)
    bands : Bands

    Returns
    -------
    ndarray of str or None, shape (n,)
        None where there is no score, or it lies below every band.
    """
    limits = [limit for limit, _ in bands.limits]
    labels = np.array([None, *(label for _, label in bands.limits)], dtype=object)
    place = np.searchsorted(limits, values + LIMIT_TOLERANCE, side="right")
    found: NDArray[Any] = labels[np.where(np.isnan(values), 0, place)]
    return found


def _categories(values: NDArray[np.float64], score: Score) -> NDArray[Any]:
    names = {float(code): name for code, name in score.categories.items()}
    return np.array([names.get(value) for value in values.tolist()], dtype=object)


def _flag(
    flag: Flag, instrument: Instrument, columns: Columns, scored: Mapping[str, Scored]
) -> Any:
    """Yes, no, or missing where what it looks at is missing."""
    import pandas as pd

    if flag.score:
        values = scored[flag.score].values
    else:
        values = np.asarray(columns[instrument.items.index(flag.item)], dtype=np.float64)
    with np.errstate(invalid="ignore"):
        if flag.at_least is not None:
            held = values >= flag.at_least - LIMIT_TOLERANCE
        else:
            held = values < (flag.below or 0.0) - LIMIT_TOLERANCE
    return pd.arrays.BooleanArray(held, np.isnan(values))


def _highest(
    instrument: Instrument, score: Score, chosen: Chosen, n: int
) -> NDArray[np.float64] | None:
    """Highest possible score by person, where an item does not count for some."""
    less = np.zeros(n)
    recipe = next(r for r in recipes_of(instrument, chosen) if r.name == score.name)
    pairs = codes_of(instrument, chosen)
    for name, flag in chosen.flags.items():
        for item in instrument.options[name].leaves_out:
            place = instrument.items.index(item)
            if place in recipe.items and recipe.factor is None and recipe.weights:
                j = recipe.items.index(place)
                ends = [recipe.weights[j] * code + recipe.constants[j] for code in pairs[place]]
                less += np.where(flag, max(ends), 0.0)
    return score.range[1] - less if less.any() else None


def _status(instrument: Instrument, chosen: Chosen, scored: Mapping[str, Scored]) -> NDArray[Any]:
    """``recalled`` where the scoring is, or where a score rests on a rule that is."""
    n = len(next(iter(scored.values())).values)
    recalled = np.full(n, instrument.status == "recalled")
    for score in instrument.scores:
        _, _, rule_status = formula_with(score, chosen.words)
        if rule_status == "recalled":
            recalled |= scored[score.name].prorated
    return np.where(recalled, "recalled", "checked").astype(object)


def facts_of(instrument: Instrument, chosen: Chosen, *, given: bool) -> dict[str, Any]:
    """What was done, in plain words and numbers, for whoever reads the scores later."""
    bands = {s.name: bands_with(s, chosen.words) for s in instrument.scores}
    return {
        "instrument": instrument.name,
        "title": instrument.title,
        "options": chosen.said(),
        "given": given,
        "status": instrument.status,
        "recalled": list(instrument.recalled),
        "warning": instrument.warning,
        "range": {s.name: list(s.range) for s in instrument.scores},
        "direction": {s.name: s.direction for s in instrument.scores},
        "bands": {name: held.set for name, held in bands.items() if held is not None},
        "missing_rule": {s.name: formula_with(s, chosen.words)[1] for s in instrument.scores},
        "sources": list(instrument.sources),
    }
