"""Marginal means: what the model expects on a grid of its columns, averaged over the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.core.errors import FitError
from splw_eval.models.design import Design
from splw_eval.models.estimates import estimates
from splw_eval.models.fit_record import FitRecord
from splw_eval.models.formula import Factor
from splw_eval.models.variables import Floats, level_label

if TYPE_CHECKING:
    import pandas as pd


WEIGHTS = ("equal", "observed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Cells of marginal means.

    Attributes
    ----------
    by : tuple of str
    cells : tuple of tuple
        Values of the columns of `by`.
    rows : ndarray, shape (cells, p)
        What each takes of the coefficients.
    n : tuple of int
        People with an outcome in each cell.
    """

    by: tuple[str, ...]
    cells: tuple[tuple[Any, ...], ...]
    rows: Floats
    n: tuple[int, ...]


def marginal_means(
    fitted: FitRecord,
    by: Sequence[str] | None,
    *,
    at: Mapping[str, Any] | None,
    weights: str,
) -> pd.DataFrame:
    """See `FittedMixedModel.marginal_means`."""
    names = default_by(fitted.design) if by is None else tuple(by)
    grid = grid_of(fitted.design, names, at=at or {}, weights=weights)
    labels = [", ".join(level_label(value) for value in cell) for cell in grid.cells]
    table = estimates(fitted, grid.rows, labels, list(grid.n)).drop(columns="term")
    for place, name in enumerate(reversed(names)):
        table.insert(0, name, [cell[len(names) - 1 - place] for cell in grid.cells])
    return table


def default_by(design: Design) -> tuple[str, ...]:
    """The arm and the wave, those of them that the formula holds."""
    names = {factor.name for factor in design.part.variables}
    return tuple(
        name for name in (design.roles.arm, design.roles.wave) if name is not None and name in names
    )


def grid_of(
    design: Design, by: tuple[str, ...], *, at: Mapping[str, Any], weights: str = "equal"
) -> Grid:
    """Rows of coefficients that give the mean of every cell.

    Parameters
    ----------
    design : Design
    by : tuple of str
    at : mapping of str to object
    weights : str
        ``equal`` or ``observed``.

    Returns
    -------
    Grid

    Raises
    ------
    FitError
        A column is not in the formula, or a value is no level of it.
    """
    if weights not in WEIGHTS:
        raise FitError(f'weights="{weights}" is not known.', remedy='"equal" or "observed".')
    names = dict.fromkeys(factor.name for factor in design.part.variables)
    for name in [*by, *at]:
        if name not in names:
            raise FitError(
                f'The fixed part holds no column "{name}".',
                remedy=f"It holds: {', '.join(names) or 'only an intercept'}.",
            )
    values = [cell_values(design, name) for name in by]
    cells = tuple(product(*values))
    rows = [_row(design, {**at, **dict(zip(by, cell, strict=True))}, weights) for cell in cells]
    return Grid(by=by, cells=cells, rows=np.array(rows), n=_people(design, by, cells))


def cell_values(design: Design, name: str) -> tuple[Any, ...]:
    """Values of a column that has cells of its own: levels, or the numbers that occur.

    Parameters
    ----------
    design : Design
    name : str

    Returns
    -------
    tuple
    """
    for factor, variable in design.part.variables.items():
        if factor.name == name and variable.levels is not None:
            return variable.levels
    for label, known in ((design.roles.wave, design.wave), (design.roles.arm, design.arm)):
        if label == name and known is not None:
            return known.levels
    values = next(v for factor, v in design.columns.items() if factor.name == name)
    return tuple(float(v) for v in np.unique(values))


def _row(design: Design, fixed: Mapping[str, Any], weights: str) -> Floats:
    """Mean of the matrix's rows over the levels that are not fixed."""
    free: list[list[tuple[str, float, float]]] = []
    seen = set(fixed)
    for factor, variable in design.part.variables.items():
        if factor.name in seen or variable.levels is None:
            continue
        seen.add(factor.name)
        share = _shares(design, factor, weights)
        free.append([(factor.name, place, share[place]) for place in range(len(share))])
    total = np.zeros(len(design.names))
    for combination in product(*free):
        weight = float(np.prod([share for *_, share in combination]))
        places = {name: place for name, place, _ in combination}
        total += weight * _matrix_row(design, fixed, places)
    return total


def _shares(design: Design, factor: Factor, weights: str) -> Floats:
    levels = design.part.variables[factor].levels or ()
    if weights == "equal":
        return np.full(len(levels), 1 / len(levels))
    counts = np.bincount(design.columns[factor].astype(np.int64), minlength=len(levels))
    share: Floats = counts / counts.sum()
    return share


def _matrix_row(design: Design, fixed: Mapping[str, Any], places: Mapping[str, float]) -> Floats:
    columns = {
        factor: np.array([_cell(design, factor, fixed, places)]) for factor in design.columns
    }
    row: Floats = design.part.matrix(columns, 1)[0]
    return row


def _cell(
    design: Design, factor: Factor, fixed: Mapping[str, Any], places: Mapping[str, float]
) -> float:
    variable = design.part.variables[factor]
    if factor.name in fixed:
        return _place(variable.levels, fixed[factor.name], factor.name)
    if variable.levels is None and factor.name in places:  # both as number and as C()
        other = next(
            v for f, v in design.part.variables.items() if f.name == factor.name and v.levels
        )
        return float((other.levels or ())[int(places[factor.name])])
    if variable.levels is not None:
        return places[factor.name]
    return float(design.columns[factor].mean())


def _place(levels: tuple[Any, ...] | None, value: Any, name: str) -> float:
    if levels is None:
        return float(value)
    if value not in levels:
        raise FitError(
            f'A value asked for is no level of the column "{name}".',
            remedy=f"Its levels: {', '.join(level_label(level) for level in levels)}.",
        )
    return float(levels.index(value))


def _people(
    design: Design, by: tuple[str, ...], cells: tuple[tuple[Any, ...], ...]
) -> tuple[int, ...]:
    """People with an outcome in each cell."""
    found = []
    factors = {name: _factor_named(design, name) for name in by}
    for cell in cells:
        inside = np.ones(len(design.y), dtype=bool)
        for name, value in zip(by, cell, strict=True):
            factor = factors[name]
            place = _place(design.part.variables[factor].levels, value, name)
            inside &= design.columns[factor] == place
        found.append(len(np.unique(design.person.codes[inside])))
    return tuple(found)


def _factor_named(design: Design, name: str) -> Factor:
    return next(factor for factor in design.part.variables if factor.name == name)
