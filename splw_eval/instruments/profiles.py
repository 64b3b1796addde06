"""Values of every profile of answers: tariffs, crosswalks and the user's own tariff, exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import product
from math import floor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from splw_eval.instruments.formula import Formula
from splw_eval.instruments.own_tables import read_levels

_Codes = tuple[tuple[int, int], ...]
_ONE = Fraction(1)


def profile_values(
    formula: Formula, items: Sequence[str], codes: Sequence[tuple[int, int]], file: Path | None
) -> NDArray[np.float64]:
    """Value of every profile, counted as a number whose digits are the answers.

    Parameters
    ----------
    formula : Formula
        ``tariff`` or ``crosswalk``.
    items : sequence of str
        Items in order; the first is the leading digit.
    codes : sequence of (int, int)
        Lowest and highest answer of each.
    file : Path or None
        The user's own tariff, where the formula has none.

    Returns
    -------
    ndarray of float, shape (number of profiles,)
        The nearest floats to the exact values; NaN where no value is confirmed.

    Raises
    ------
    DataError
        The user's file cannot be used.

    Sources
    -------
    Dolan (1997) and the tariffs named in the catalogue; van Hout et al. (2012) for the
    crosswalk: independent shares by dimension, so only the constants need products.
    """
    if formula.how == "tariff" and not formula.add and not formula.subtract:
        if file is None:
            return _anchored(formula, codes)
        add = read_levels(file, items, codes)
        return _of_tariff(repr(add), tuple(add[item] for item in items), (_ONE * 0,) * 3, ())
    levels, constants = _levels(formula, items), _constants(formula)
    if formula.how == "tariff":
        return _of_tariff(repr(formula), levels, constants, formula.rounding)
    shares = tuple(
        tuple(tuple(Fraction(share) for share in code) for code in formula.shares[item])
        for item in items
    )
    return _of_crosswalk(repr(formula), levels, constants, shares, formula.rounding)


def _anchored(formula: Formula, codes: Sequence[tuple[int, int]]) -> NDArray[np.float64]:
    """Values of those profiles only that have one answer throughout and a published value."""
    sizes = [high - low + 1 for low, high in codes]
    values = np.full(int(np.prod(sizes)), np.nan)
    for code, value in formula.anchors:
        values[np.ravel_multi_index([code - low for low, _ in codes], sizes)] = value
    return values


def _exact(number: float | str) -> Fraction:
    return Fraction(repr(number) if isinstance(number, float) else number)


_Levels = tuple[tuple[Fraction, ...], ...]


def _levels(formula: Formula, items: Sequence[str]) -> _Levels:
    """What each answer adds, by item and code."""

    def of(table: Mapping[str, tuple[float, ...]], item: str, sign: int) -> list[Fraction]:
        return [sign * _exact(number) for number in table.get(item, ())]

    return tuple(
        tuple(of(formula.add, item, 1) or of(formula.subtract, item, -1)) for item in items
    )


def _constants(formula: Formula) -> tuple[Fraction, Fraction, Fraction]:
    return (
        _exact(formula.start),
        _exact(formula.any_above_lowest),
        _exact(formula.any_at_highest),
    )


@lru_cache(maxsize=32)
def _of_tariff(
    _key: str, levels: _Levels, constants: tuple[Fraction, ...], rounding: tuple[int, ...]
) -> NDArray[np.float64]:
    # In whole units of the last decimal, so that sums are exact and quick.
    unit = int(np.lcm.reduce([q.denominator for q in (*constants, *sum(levels, ()))]))
    start, above, highest = (int(c * unit) for c in constants)
    whole = [np.array([int(q * unit) for q in item], dtype=np.int64) for item in levels]
    total = _over_profiles(np.add, whole) + start
    first = _over_profiles(np.maximum, [np.minimum(np.arange(len(i)), 1) for i in whole])
    last = _over_profiles(np.maximum, [(np.arange(len(i)) == len(i) - 1) * 1 for i in whole])
    total -= above * first + highest * last
    if rounding:
        return np.array([_rounded(Fraction(int(t), unit), rounding) for t in total])
    return np.asarray(total / unit)


def _over_profiles(join: np.ufunc, columns: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    found = columns[0]
    for column in columns[1:]:
        found = join.outer(found, column).ravel()
    return found


@lru_cache(maxsize=32)
def _of_crosswalk(
    _key: str,
    levels: _Levels,
    constants: tuple[Fraction, ...],
    shares: tuple[tuple[tuple[Fraction, ...], ...], ...],
    rounding: tuple[int, ...],
) -> NDArray[np.float64]:
    start, above, highest = constants
    # By answer: chance of the lowest code, chance of not the highest, expected addition.
    told = [
        [
            (code[0], 1 - code[-1], sum((p * q for p, q in zip(code, item, strict=True)), 0 * _ONE))
            for code in of_item
        ]
        for item, of_item in zip(levels, shares, strict=True)
    ]
    front = [(_ONE, _ONE, 0 * _ONE)]
    for of_item in told:
        front = [(a * p, b * q, c + r) for (a, b, c), (p, q, r) in product(front, of_item)]
    exact = (start - above * (1 - p) - highest * (1 - q) + r for p, q, r in front)
    return np.array([_rounded(value, rounding) for value in exact])


def _rounded(value: Fraction, rounding: tuple[int, ...]) -> float:
    """Round half away from zero, to each number of decimals in turn."""
    for decimals in rounding:
        unit = 10**decimals
        size = Fraction(floor(abs(value) * unit + Fraction(1, 2)), unit)
        value = size if value >= 0 else -size
    return float(value)
