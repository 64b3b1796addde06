"""Rows of the fixed part at cells, averaged over the columns that no cell settles."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from splw_eval.models.design import Design
from splw_eval.models.fixed_part import Columns, term_name
from splw_eval.models.followers import Sets, factor_named, followers_of, row_that_settles
from splw_eval.models.formula import Factor
from splw_eval.models.variables import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class CellRows:
    """What each cell takes of the coefficients.

    Attributes
    ----------
    rows : ndarray, shape (cells, p)
        NaN where a column could not be settled.
    lacking : mapping of int to str
        Those cells, and the column.
    """

    rows: Floats
    lacking: Mapping[int, str]


def cell_rows(design: Design, places: Sequence[Mapping[str, float]], weights: str) -> CellRows:
    """Mean of the matrix's rows over what the cells leave open.

    Parameters
    ----------
    design : Design
    places : sequence of mapping of str to float
        Of each cell, the values of the same columns, as `Variable.read` gives them.
    weights : str
        Of open categories: ``equal`` or ``observed``.

    Returns
    -------
    CellRows
        Open numbers stand at their mean. A column that is constant wherever the cells' columns
        are (or some of them) takes the value that goes with the cell.
    """
    following = followers_of(design, list(places[0]))
    settled, lacking = _settled(design, places, following)
    shares = _open(design, {*places[0], *following}, weights)
    rows = np.zeros((len(places), len(design.names)))
    open_of_columns = _open_of_columns(design, frozenset(shares))
    for names in dict.fromkeys(open_of_columns):
        weight, columns = _crossed(design, settled, {n: shares[n] for n in names}, len(places))
        x = design.part.matrix(columns, len(places) * len(weight))
        some = [place for place, other in enumerate(open_of_columns) if other == names]
        rows[:, some] = np.einsum(
            "nwp,w->np", x[:, some].reshape(len(places), len(weight), len(some)), weight
        )
    rows[list(lacking)] = np.nan
    return CellRows(rows=rows, lacking=lacking)


def _open(design: Design, known: Collection[str], weights: str) -> dict[str, Floats]:
    """Weights of the levels of every open category."""
    found: dict[str, Floats] = {}
    for factor, variable in design.part.variables.items():
        if variable.levels is not None and factor.name not in {*known, *found}:
            codes = design.columns[factor]
            found[factor.name] = _shares(codes, len(variable.levels), weights)
    return found


def _shares(codes: Floats, levels: int, weights: str) -> Floats:
    if weights == "equal":
        return np.full(levels, 1 / levels)
    counts = np.bincount(codes.astype(np.int64), minlength=levels)
    share: Floats = counts / counts.sum()
    return share


def _settled(
    design: Design, places: Sequence[Mapping[str, float]], following: Mapping[str, Sets]
) -> tuple[Columns, dict[int, str]]:
    """Columns at each cell: given, following, or at the mean."""
    lacking: dict[int, str] = {}
    columns = {f: np.full(len(places), values.mean()) for f, values in design.columns.items()}
    for name in places[0]:
        first = factor_named(design, name)
        for factor in columns:
            if factor.name == name:
                columns[factor] = np.array(
                    [_as_read(design, factor, first, place[name]) for place in places]
                )
    for name, sets in following.items():
        for cell, place in enumerate(places):
            row = row_that_settles(design, sets, place)
            if row is None:
                lacking[cell] = name
                continue
            for factor, values in columns.items():
                if factor.name == name:
                    values[cell] = design.columns[factor][row]
    return columns, lacking


def _as_read(design: Design, factor: Factor, other: Factor, value: float) -> float:
    """A value that one factor reads, as another of the same column reads it."""
    mine, its = design.part.variables[factor].levels, design.part.variables[other].levels
    if (mine is None) == (its is None):
        return value
    if its is not None:
        return float(its[int(value)])
    return float((mine or ()).index(value))


def _open_of_columns(design: Design, names: frozenset[str]) -> list[tuple[str, ...]]:
    """Of every column of the matrix, the open categories that it depends on."""
    part, always = design.part, set[str]()
    if part.constraint is not None:  # at the first wave the arm is held
        always = {part.constraint.wave.name, *(factor.name for factor in part.constraint.arms)}
    of_terms = {
        term_name(piece.term): tuple(
            sorted(names & (always | {factor.name for factor in piece.term}))
        )
        for piece in part.pieces
    }
    return [of_terms[term] for term in part.terms]


def _crossed(
    design: Design, settled: Columns, shares: Mapping[str, Floats], cells: int
) -> tuple[Floats, Columns]:
    """Each cell with every combination of some open categories, and the combinations' weights."""
    places = np.array(list(product(*(range(len(share)) for share in shares.values()))), dtype=float)
    weight = np.ones(len(places))
    columns = {factor: np.repeat(values, len(places)) for factor, values in settled.items()}
    for at, (name, share) in enumerate(shares.items()):
        weight = weight * share[places[:, at].astype(np.int64)]
        own = [f for f in design.columns if f.name == name]
        first = next(f for f in own if design.part.variables[f].levels is not None)
        for factor in own:
            values = [_as_read(design, factor, first, place) for place in places[:, at]]
            columns[factor] = np.tile(values, cells)
    return weight, columns
