"""Standardised risks of each arm (g-computation), with difference and ratio."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from splw_eval.core.errors import FitError
from splw_eval.models.design import Design
from splw_eval.models.fixed_part import INTERCEPT, Columns
from splw_eval.models.followers import followers_of, row_that_settles
from splw_eval.models.gee_record import GeeRecord
from splw_eval.models.margins import refuse_dose
from splw_eval.models.variables import Floats, level_label
from splw_eval.stats.gee_corrections import CorrectedFit
from splw_eval.stats.proportional_odds import band_derivatives

_MOST_ARMS = 10
_SAME = 1e-12  # rows of the fixed part that differ by less than this do not differ


@dataclass(frozen=True, slots=True, kw_only=True)
class Standardised:
    """Means if everybody were in one arm.

    Attributes
    ----------
    value : ndarray, shape (m,)
        One mean, or the chance of each of m bands.
    gradient : ndarray, shape (m, p)
    x : ndarray, shape (rows, p)
        The fixed part as it was set.
    """

    value: Floats
    gradient: Floats
    x: Floats


def standardised(
    fitted: GeeRecord, arm: str, at: Mapping[str, Any] | None
) -> Iterator[dict[str, Any]]:
    """Rows of the table of risks.

    Every analysed person counts once, with the covariates of their own rows; the arm and the
    columns of `at` are set, and with them every column that is constant wherever they are (the
    square of the wave). Intervals by the delta method with the corrected covariance:
    a risk on the logit scale, a ratio on the log scale, a difference as it is. The people
    are taken as they are: no spread is added for having drawn them.

    Parameters
    ----------
    fitted : GeeRecord
    arm : str
    at : mapping or None

    Yields
    ------
    dict

    Raises
    ------
    FitError
        The arm or a column of `at` is not in the fixed part, or has no such value.

    Sources
    -------
    Robins 1986, Math Modelling 7:1393; Localio, Margolis & Berlin 2007, J Clin Epidemiol 60:874.
    """
    levels = _levels(fitted.design, arm)
    if len(levels) == 1:
        raise FitError(f'Column "{arm}" has one value only, so there is nothing to compare.')
    if len(levels) > _MOST_ARMS:
        raise FitError(
            f'Column "{arm}" has {len(levels)} values; arms are at most {_MOST_ARMS}.',
            remedy="Name the column of arms, or join its values.",
        )
    refuse_dose(fitted.design, arm)
    held = _held(fitted.design, arm, at)
    corrected = fitted.corrected(fitted.correction)
    for values in product(*held.values()):
        place = dict(zip(held, values, strict=True))
        found = {level: _standardise(fitted, {**place, arm: level}) for level in levels}
        yield from _block(fitted, corrected, found, place)


def _block(
    fitted: GeeRecord,
    corrected: CorrectedFit,
    found: Mapping[Any, Standardised],
    place: Mapping[str, Any],
) -> Iterator[dict[str, Any]]:
    """Risks, differences and ratios at one place."""
    quantity = fitted.family.quantity
    first, *others = found
    for level, one in found.items():
        for start, value, row in _each(fitted, quantity, level_label(level), place, one):
            scale = fitted.family.scale
            yield start | fitted.inferred(corrected, row, value, scale=scale, tested=False)
    for level in others:
        a, b = found[first], found[level]
        label = f"{level_label(level)} - {level_label(first)}"
        less = Standardised(value=b.value - a.value, gradient=b.gradient - a.gradient, x=b.x)
        for start, value, row in _each(fitted, f"{quantity} difference", label, place, less):
            yield start | fitted.inferred(corrected, row, value)
        if fitted.family.ratio:
            label = f"{level_label(level)} / {level_label(first)}"
            log = Standardised(
                value=np.log(b.value) - np.log(a.value),
                gradient=b.gradient / b.value[:, None] - a.gradient / a.value[:, None],
                x=b.x,
            )
            for start, value, row in _each(fitted, f"{quantity} ratio", label, place, log):
                yield start | fitted.inferred(corrected, row, value, scale="ratio")
            yield from _common_ratio(fitted, corrected, a.x, b.x, {"arm": label, **place})


def _each(
    fitted: GeeRecord, term: str, arm: str, place: Mapping[str, Any], one: Standardised
) -> Iterator[tuple[dict[str, Any], float, Floats]]:
    start = {"term": term, "arm": arm, **place}
    for number, (value, row) in enumerate(zip(one.value, one.gradient, strict=True)):
        band = {"band": fitted.bands[number]} if fitted.bands else {}
        yield start | band, float(value), row


def _common_ratio(
    fitted: GeeRecord,
    corrected: CorrectedFit,
    reference: Floats,
    other: Floats,
    start: Mapping[str, Any],
) -> Iterator[dict[str, Any]]:
    """The common odds ratio of bands, where it is the same whoever the person is."""
    if not fitted.bands:
        return
    moved = other - reference
    if np.abs(moved - moved[0]).max() > _SAME * max(1.0, np.abs(moved[0]).max()):
        return
    row = np.concatenate([np.zeros(len(fitted.bands) - 1), moved[0]])
    value = float(row @ fitted.fit.estimate)
    found = fitted.inferred(corrected, row, value, scale="ratio")
    yield {"term": fitted.family.ratio, **start, "band": "any"} | found


def _standardise(fitted: GeeRecord, values: Mapping[str, Any]) -> Standardised:
    """Mean over people with some columns set."""
    design = fitted.design
    x = design.part.matrix(_set(design, values), len(design.y))
    person = design.person.codes
    weight = 1.0 / (np.bincount(person)[person] * design.person.count)
    if fitted.bands:
        kept = [place for place, name in enumerate(design.names) if name != INTERCEPT]
        x, cuts = x[:, kept], len(fitted.bands) - 1
        derivative, chances = band_derivatives(fitted.fit.estimate, x, cuts)
        gradient = np.einsum("n,ncj->cj", weight, derivative)
        return Standardised(value=weight @ chances, gradient=gradient, x=x)
    eta = x @ fitted.fit.estimate
    value = np.atleast_1d(weight @ fitted.family.mean(eta))
    gradient = ((weight * fitted.family.slope(eta)) @ x)[None, :]
    return Standardised(value=value, gradient=gradient, x=x)


def _set(design: Design, values: Mapping[str, Any]) -> Columns:
    """Columns with some of them set, and those that follow from them too."""
    place = {name: _coded(design, name, value) for name, value in values.items()}
    following = followers_of(design, list(place))
    columns = dict(design.columns)
    for factor, column in design.columns.items():
        if factor.name in place:
            columns[factor] = np.full(len(column), place[factor.name])
        elif factor.name in following:
            row = row_that_settles(design, following[factor.name], place)
            if row is None:
                raise FitError(
                    f'The value of the column "{factor.name}" follows from those that are set, '
                    "and no row that is used shows it for one of the places.",
                    remedy="Hold columns at values that the data hold, or give its value in at=.",
                )
            columns[factor] = np.full(len(column), column[row])
    return columns


def _held(design: Design, arm: str, at: Mapping[str, Any] | None) -> dict[str, Sequence[Any]]:
    """Columns that are held, each with its values."""
    if at is None:
        wave = design.roles.wave
        named = {factor.name for factor in design.columns}
        if wave is None or design.wave is None or wave not in named or wave == arm:
            return {}
        return {wave: design.wave.levels}
    held: dict[str, Sequence[Any]] = {}
    for name, value in at.items():
        if name == arm:
            raise FitError(f'Column "{arm}" is the arm; it cannot be held as well.')
        several = isinstance(value, list | tuple | set | np.ndarray | range)
        held[name] = list(value) if several else [value]
        for one in held[name]:
            _coded(design, name, one)
    return held


def _levels(design: Design, name: str) -> tuple[Any, ...]:
    """Values of a column of the fixed part, in order."""
    for factor, column in design.columns.items():
        if factor.name == name:
            levels = design.part.variables[factor].levels
            return levels if levels is not None else tuple(np.unique(column).tolist())
    raise FitError(
        f'Column "{name}" is not in the fixed part.',
        remedy=f"It holds: {', '.join(dict.fromkeys(f.name for f in design.columns))}.",
    )


def _coded(design: Design, name: str, value: Any) -> float:
    """A value as the fixed part reads it."""
    levels = _levels(design, name)
    factor = next(factor for factor in design.columns if factor.name == name)
    if design.part.variables[factor].levels is None:
        number = float(value) if isinstance(value, int | float | np.number) else math.nan
        if not math.isfinite(number):
            raise FitError(f'Column "{name}" holds numbers; it can be held at a number only.')
        return number
    if value not in levels:
        shown = ", ".join(level_label(level) for level in levels)
        raise FitError(f'Column "{name}" has no such level.', remedy=f"There are: {shown}.")
    return float(levels.index(value))
