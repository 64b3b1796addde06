"""Marginal means: what the model expects on a grid of its columns, averaged over the rest."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.core.errors import FitError
from splw_eval.models.cell_rows import cell_rows
from splw_eval.models.design import Design
from splw_eval.models.estimates import COLUMNS, estimates
from splw_eval.models.fit_record import FitRecord
from splw_eval.models.followers import factor_named
from splw_eval.models.variables import Floats, level_label

if TYPE_CHECKING:
    import pandas as pd


WEIGHTS = ("equal", "observed")
_OF_TWO = 2


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
    lacking : mapping of tuple to str
        Cells without any row, and the column whose value there nothing tells.
    """

    by: tuple[str, ...]
    cells: tuple[tuple[Any, ...], ...]
    rows: Floats
    n: tuple[int, ...]
    lacking: Mapping[tuple[Any, ...], str]

    def check_cells(self, cells: Iterable[tuple[Any, ...]]) -> None:
        """Stop where a cell cannot be told.

        Raises
        ------
        FitError
            A column goes with the columns of the cell, and no row shows its value there.
        """
        for cell in cells:
            if cell in self.lacking:
                raise FitError(
                    f'The value of the column "{self.lacking[cell]}" follows from those asked '
                    "for, and no row that is used shows it for one of the cells.",
                    remedy="Ask for cells that the data hold, or give its value in at=.",
                )


def marginal_means(
    fitted: FitRecord,
    by: Sequence[str] | None,
    *,
    at: Mapping[str, Any] | None,
    weights: str,
) -> pd.DataFrame:
    """See `FittedMixedModel.marginal_means`."""
    names = _listed(default_by(fitted.design) if by is None else by)
    grid = grid_of(fitted.design, names, at=at or {}, weights=weights)
    grid.check_cells(grid.cells)
    labels = [", ".join(level_label(value) for value in cell) for cell in grid.cells]
    table = estimates(fitted, grid.rows, labels, list(grid.n)).drop(columns="term")
    for place, name in enumerate(reversed(names)):
        table.insert(0, name, [cell[len(names) - 1 - place] for cell in grid.cells])
    return table


def _listed(by: Sequence[str]) -> tuple[str, ...]:
    if isinstance(by, str):
        raise FitError("The columns of marginal means must be a list.", remedy='by=["arm"].')
    for name in by:
        if name in COLUMNS and name != "term":
            raise FitError(
                f'A column of the answer is called "{name}" too.',
                remedy="Give that column of the data another name, and fit again.",
            )
    return tuple(by)


def default_by(design: Design) -> tuple[str, ...]:
    """The arm and the wave, those of them that the formula holds."""
    names = {factor.name for factor in design.part.variables}
    return tuple(
        name for name in (design.roles.arm, design.roles.wave) if name is not None and name in names
    )


def refuse_dose(design: Design, arm: str | None) -> None:
    """Stop where arms that were fitted as a dose would be compared as arms.

    Parameters
    ----------
    design : Design
    arm : str or None

    Raises
    ------
    FitError
        The arm is a plain number in the fixed part, with more than two values.
    """
    for factor, variable in design.part.variables.items():
        number = factor.name == arm and variable.levels is None
        if number and len(np.unique(design.columns[factor])) > _OF_TWO:
            raise FitError(
                "The arm is a number in the fixed part, so it was fitted as a dose.",
                remedy=f"Write C({arm}).",
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
    _names_asked(design, by, at)
    cells = tuple(product(*(cell_values(design, name) for name in by)))
    places = [_place_of_cell(design, {**dict(zip(by, cell, strict=True)), **at}) for cell in cells]
    found = cell_rows(design, places, weights)
    return Grid(
        by=by,
        cells=cells,
        rows=found.rows,
        n=tuple(_people(design, by, place) for place in places),
        lacking={cells[place]: name for place, name in found.lacking.items()},
    )


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


def _place_of_cell(design: Design, values: Mapping[str, Any]) -> dict[str, float]:
    """Values of a cell as the fixed part reads them."""
    found: dict[str, float] = {}
    for name, value in values.items():
        for factor, variable in design.part.variables.items():
            if factor.name == name:
                read = _place(variable.levels, value, name)
                found.setdefault(name, read)
    return found


def _place(levels: tuple[Any, ...] | None, value: Any, name: str) -> float:
    if levels is None:
        try:
            number = math.nan if isinstance(value, str) else float(value)
        except (TypeError, ValueError):
            number = math.nan
        if not math.isfinite(number):
            raise FitError(
                f'The column "{name}" holds numbers; a value asked for is none.',
                remedy="Give one number, in the units of the column.",
            )
        return number
    if not isinstance(value, Hashable) or value not in levels:
        raise FitError(
            f'A value asked for is no level of the column "{name}".',
            remedy=f"Its levels: {', '.join(level_label(level) for level in levels)}.",
        )
    return float(levels.index(value))


def _people(design: Design, by: tuple[str, ...], place: Mapping[str, float]) -> int:
    """People with an outcome in a cell."""
    inside = np.ones(len(design.y), dtype=bool)
    for name in by:
        inside &= design.columns[factor_named(design, name)] == place[name]
    return len(np.unique(design.person.codes[inside]))


def _names_asked(design: Design, by: tuple[str, ...], at: Mapping[str, Any]) -> None:
    names = dict.fromkeys(factor.name for factor in design.part.variables)
    for name in [*by, *at]:
        if name not in names:
            raise FitError(
                f'The fixed part holds no column "{name}".',
                remedy=f"It holds: {', '.join(names) or 'only an intercept'}.",
            )
    twice = [name for place, name in enumerate(by) if name in at or name in by[:place]]
    if twice:
        raise FitError(
            f'The column "{twice[0]}" is asked for twice: its values make cells of their own.',
            remedy="Name it once; leave it out of at=. Waves of a contrast go into waves=.",
        )
