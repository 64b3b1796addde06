"""Formulas made ready for arrays: what each answer adds, and what the sum is looked up in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.instruments.formula import Formula
from splw_eval.instruments.options import Chosen
from splw_eval.instruments.own_tables import LOOKUP_COLUMNS, read_lookup
from splw_eval.instruments.profiles import profile_values
from splw_eval.instruments.records import Instrument, Score
from splw_eval.instruments.variants import formula_with, limits_of

Codes = tuple[float, float]
_FEW = range(1, 100)  # sums below the first that the table may as well hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One score, ready for arrays.

    Attributes
    ----------
    name : str
    items : tuple of int
        Positions of its items among the instrument's.
    weights, constants : tuple of float
        An answer x of item j adds ``weights[j] * x + constants[j]``.
    counted : tuple of tuple of int
        Of a count: the codes of each item that add 1 instead; empty otherwise.
    fewest : int
        Items that must be answered.
    fill : str
        See `Formula`.
    factor : float or None
        The mean of the items is multiplied by it; None for a sum.
    table : ndarray of float, shape (q,), or None
        Value of each sum less `first`; the value at 0 is NaN, for sums that are missing.
    first : float
    of : str
        The score that it starts from, where it is not made of items.
    above : tuple of float
        Limits of levels.
    person : tuple of int
        Positions of age and sex, where the table goes by them.
    sums_to : float
        Bound of every partial sum, which decides how small its numbers may be kept.
    """

    name: str
    items: tuple[int, ...]
    weights: tuple[float, ...]
    constants: tuple[float, ...]
    counted: tuple[tuple[int, ...], ...] = ()
    fewest: int
    fill: str = "none"
    factor: float | None = None
    table: NDArray[np.float64] | None = None
    first: float = 0.0
    of: str = ""
    above: tuple[float, ...] = ()
    person: tuple[int, ...] = ()
    sums_to: float = 0.0

    @property
    def needs_all(self) -> bool:
        """Whether there is no score where an item is missing."""
        return self.fewest == len(self.items)


def codes_of(instrument: Instrument, words: Chosen) -> tuple[Codes, ...]:
    """Lowest and highest answer of each item; the score's range for ready-made scores."""
    return tuple(limits_of(instrument, words.words).values())


def recipes_of(instrument: Instrument, chosen: Chosen) -> tuple[Recipe, ...]:
    """Every score of an instrument, those that others start from first.

    Raises
    ------
    DataError
        The user's own table cannot be used.
    """
    codes = codes_of(instrument, chosen)
    made = [_recipe(instrument, score, codes, chosen) for score in instrument.scores]
    return tuple(sorted(made, key=lambda recipe: bool(recipe.of)))


def _recipe(instrument: Instrument, score: Score, codes: Sequence[Codes], chosen: Chosen) -> Recipe:
    formula, _, _ = formula_with(score, chosen.words)
    places = tuple(instrument.items.index(item) for item in score.items)
    own = [codes[place] for place in places]
    if formula.how in {"table", "level"}:
        return _started(score, formula, places)
    if formula.how in {"tariff", "crosswalk", "lookup"}:
        return _profile(instrument, score, formula, places, chosen)
    if formula.how == "count":
        counted = tuple(formula.counted[item] for item in score.items)
        weights: list[float] = [0.0] * len(places)
        constants = [0.0] * len(places)
    else:
        counted = ()
        weights, constants = _linear(score, formula, own)
    factor = {"mean": 1.0, "percentage": formula.factor}.get(formula.how)
    return Recipe(
        name=score.name,
        items=places,
        weights=tuple(weights),
        constants=tuple(constants),
        counted=counted,
        fewest=len(places) if formula.fewest is None else formula.fewest,
        fill=formula.fill,
        factor=factor,
        sums_to=_bound(weights, constants, own),
    )


def _linear(
    score: Score, formula: Formula, codes: Sequence[Codes]
) -> tuple[list[float], list[float]]:
    weights, constants = [], []
    for item, (low, high) in zip(score.items, codes, strict=True):
        turned = item in formula.reversed
        weights.append(-1.0 if turned else 1.0)
        constants.append((low + high if turned else 0.0) - (low if formula.from_zero else 0.0))
    return weights, constants


def _bound(weights: Sequence[float], constants: Sequence[float], codes: Sequence[Codes]) -> float:
    """Sum of the largest sizes that any term can have, so that no partial sum exceeds it."""
    most = [abs(w) * max(map(abs, pair)) for w, pair in zip(weights, codes, strict=True)]
    return float(sum(most) + sum(map(abs, constants)) + 1)


def _started(score: Score, formula: Formula, places: tuple[int, ...]) -> Recipe:
    """Return what starts from another score."""
    return Recipe(
        name=score.name,
        items=places,
        weights=(),
        constants=(),
        fewest=len(places),
        of=formula.of,
        table=_padded(formula.table, formula.lowest) if formula.how == "table" else None,
        first=0.0 if formula.lowest in _FEW else formula.lowest - 1.0,
        above=formula.above,
    )


def _padded(values: Sequence[float] | NDArray[np.float64], lowest: int) -> NDArray[np.float64]:
    """Put NaN before a table: where a missing sum is looked up, and up to a small first sum."""
    before = lowest if lowest in _FEW else 1
    return np.concatenate([np.full(before, np.nan), values])


def _profile(
    instrument: Instrument, score: Score, formula: Formula, places: tuple[int, ...], chosen: Chosen
) -> Recipe:
    """Return a look-up by profile: the answers are the digits of its number."""
    keep = [i for i, item in enumerate(score.items) if item not in {"age", "sex"}]
    items = [score.items[i] for i in keep]
    all_codes = codes_of(instrument, chosen)
    codes = [(int(all_codes[places[i]][0]), int(all_codes[places[i]][1])) for i in keep]
    sizes = [high - low + 1 for low, high in codes]
    digits = [float(np.prod(sizes[i + 1 :])) for i in range(len(sizes))]
    file = chosen.files.get(formula.file_option)
    if formula.how == "lookup":
        assert file is not None  # the option is required
        table = read_lookup(file, tuple(codes)).ravel()
        digits = [digit * len(LOOKUP_COLUMNS) for digit in digits]
        person = tuple(places[score.items.index(item)] for item in ("age", "sex"))
    else:
        table, person = profile_values(formula, items, codes, file), ()
    constants = [-low * digit for (low, _), digit in zip(codes, digits, strict=True)]
    constants[0] += 1  # the table starts with NaN, for profiles that are not whole
    return Recipe(
        name=score.name,
        items=tuple(places[i] for i in keep),
        weights=tuple(digits),
        constants=tuple(constants),
        fewest=len(keep),
        table=_padded(table, 0),
        person=person,
        sums_to=_bound(digits, constants, codes) + len(LOOKUP_COLUMNS),
    )
