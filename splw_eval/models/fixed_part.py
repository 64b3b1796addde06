"""The columns of the fixed part, from a formula and the columns of a frame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from splw_eval.core.errors import FitError
from splw_eval.models.codings import Coding, reduced_codings
from splw_eval.models.formula import Factor, Formula, Term
from splw_eval.models.variables import Floats, Variable, level_label

INTERCEPT = "Intercept"
Columns = Mapping[Factor, Floats]


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """One mean of all arms at the first wave.

    Attributes
    ----------
    wave : Factor
    first : float
        Its first wave, as `Variable.read` gives it.
    arms : mapping of Factor to float
        Factors of the arm, and what stands for the first arm in each.
    numbered : float
        The first wave as a number, from which lines of the arms run; 0 where it is none.
    """

    wave: Factor
    first: float
    arms: Mapping[Factor, float]
    numbered: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A block of columns of one term.

    Attributes
    ----------
    term : tuple of Factor
    coding : mapping of Factor to bool
        Factors of categories in this block, and whether their first level is left out.
    """

    term: Term
    coding: Coding


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedPart:
    """How the fixed part is made from columns.

    Attributes
    ----------
    formula : Formula
    variables : mapping of Factor to Variable
    pieces : tuple of Piece
        In order of the terms.
    constraint : Constraint or None
    kept : tuple of int or None
        Columns of the matrix that are not zero everywhere under the constraint; None: all.
    """

    formula: Formula
    variables: Mapping[Factor, Variable]
    pieces: tuple[Piece, ...]
    constraint: Constraint | None = None
    kept: tuple[int, ...] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Name of every column of the matrix."""
        return self._chosen([name for piece in self.pieces for name in self._names(piece)])

    @property
    def terms(self) -> tuple[str, ...]:
        """For every column of the matrix, the term that it belongs to."""
        return self._chosen(
            [term_name(piece.term) for piece in self.pieces for _ in self._names(piece)]
        )

    def _chosen(self, names: list[str]) -> tuple[str, ...]:
        return tuple(names if self.kept is None else [names[place] for place in self.kept])

    def matrix(self, columns: Columns, rows: int) -> Floats:
        """Make the matrix.

        Parameters
        ----------
        columns : mapping of Factor to ndarray, shape (rows,)
            As `Variable.read` gives them, before any power.
        rows : int

        Returns
        -------
        ndarray, shape (rows, p)
        """
        held = self._held(columns)
        whole = np.concatenate([self._block(piece, held, rows) for piece in self.pieces], axis=1)
        return whole if self.kept is None else whole[:, list(self.kept)]

    def _held(self, columns: Columns) -> Columns:
        """Under the constraint, everybody counts as of the first arm at the first wave."""
        if self.constraint is None:
            return columns
        first = columns[self.constraint.wave] == self.constraint.first
        return {
            factor: np.where(first, self.constraint.arms[factor], values)
            if factor in self.constraint.arms
            else values
            for factor, values in columns.items()
        }

    def _block(self, piece: Piece, held: Columns, rows: int) -> Floats:
        block: Floats | None = None
        for factor in piece.term:
            if factor in piece.coding:
                low = int(piece.coding[factor])
                levels = self.variables[factor].levels or ()
                part = (held[factor][:, None] == np.arange(low, len(levels))).astype(float)
            elif self.variables[factor].levels is None:
                part = self._number(piece, factor, held[factor])[:, None]
            else:
                continue
            if block is None:
                block = part
                continue
            # The first factor's levels run fastest, as in R and patsy.
            width = part.shape[1] * block.shape[1]
            block = (part[:, :, None] * block[:, None, :]).reshape(rows, width)
        return np.ones((rows, 1)) if block is None else block

    def _number(self, piece: Piece, factor: Factor, values: Floats) -> Floats:
        """A number about the origin of its lines, to the power that the formula asks."""
        origin = self._origin(piece, factor)
        about = values - origin if origin else values
        return about**factor.power if factor.power > 1 else about

    def _origin(self, piece: Piece, factor: Factor) -> float:
        """First wave, where the arms' lines begin together under the constraint; else 0."""
        constraint = self.constraint
        if constraint is None or factor.name != constraint.wave.name:
            return 0.0
        with_arm = any(other in constraint.arms for other in piece.term)
        return constraint.numbered if with_arm else 0.0

    def _names(self, piece: Piece) -> list[str]:
        parts = []
        for factor in piece.term:
            label = factor_name(factor)
            if factor in piece.coding:
                low = piece.coding[factor]
                levels = (self.variables[factor].levels or ())[int(low) :]
                mark = "T." if low else ""
                parts.append([f"{label}[{mark}{level_label(level)}]" for level in levels])
            elif self.variables[factor].levels is None:
                parts.append([label])
        if not parts:
            return [INTERCEPT]
        return [":".join(reversed(some)) for some in product(*reversed(parts))]


def factor_name(factor: Factor) -> str:
    """The factor as the formula writes it."""
    if factor.power > 1:
        return f"I({factor.name}^{factor.power})"
    return f"C({factor.name})" if factor.categorical else factor.name


def term_name(term: Term) -> str:
    """The term as the formula writes it."""
    return ":".join(factor_name(factor) for factor in term) or INTERCEPT


def fixed_part_of(formula: Formula, variables: Mapping[Factor, Variable]) -> FixedPart:
    """Choose the columns of a formula.

    Parameters
    ----------
    formula : Formula
    variables : mapping of Factor to Variable

    Returns
    -------
    FixedPart
    """
    terms: list[Term] = [(), *formula.terms] if formula.intercept else list(formula.terms)
    categorical = frozenset(f for f, variable in variables.items() if variable.levels is not None)
    codings = reduced_codings(terms, categorical)
    pieces = tuple(
        Piece(term=term, coding=coding)
        for term, parts in zip(terms, codings, strict=True)
        for coding in parts
    )
    return FixedPart(formula=formula, variables=variables, pieces=pieces)


def constrain_baseline(part: FixedPart, columns: Columns, arm: str, wave: str) -> FixedPart:
    """Give all arms one mean at the first wave (Liang & Zeger 2000, Sankhya B 62:134).

    Parameters
    ----------
    part : FixedPart
    columns : mapping of Factor to ndarray
    arm, wave : str
        Names of their columns.

    Returns
    -------
    FixedPart
        At the first wave everybody counts as of the first arm; a term of the arm that is the
        sum of its products with the waves is left out.

    Raises
    ------
    FitError
        The formula holds no arm, or no wave.
    """
    for name in (arm, wave):
        if all(factor.name != name for factor in part.variables):
            raise FitError(
                f'One mean at the first wave needs the column "{name}" in the fixed part.',
                remedy=f'Write for example "{arm} * C({wave})".',
            )
    of_wave = next(factor for factor in part.variables if factor.name == wave)
    numbers = [f for f in part.variables if f.name == wave and part.variables[f].levels is None]
    constraint = Constraint(
        wave=of_wave,
        first=float(columns[of_wave].min()),
        numbered=float(columns[numbers[0]].min()) if numbers else 0.0,
        arms={f: float(columns[f].min()) for f in part.variables if f.name == arm},
    )
    less = replace(part, pieces=_without_sums(part, arm, wave), constraint=constraint)
    rows = len(columns[of_wave])
    used = np.flatnonzero(less.matrix(columns, rows).any(axis=0))
    return replace(less, kept=tuple(used.tolist()))


def _without_sums(part: FixedPart, arm: str, wave: str) -> tuple[Piece, ...]:
    """Leave out the arm's terms whose products with the wave stand in the formula too."""
    by_wave = {
        frozenset(f for f in piece.term if f.name != wave)
        for piece in part.pieces
        if any(f.name == wave for f in piece.term)
    }

    def is_sum(term: Term) -> bool:
        names = {factor.name for factor in term}
        return arm in names and wave not in names and frozenset(term) in by_wave

    return tuple(piece for piece in part.pieces if not is_sum(piece.term))
