"""Numbers of people behind the counts of all tables: one for all counts that are the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from splw_eval.appraisal.secondary.cells import Cell
from splw_eval.appraisal.secondary.linking import Equation
from splw_eval.appraisal.secondary.reckoning import MANY, Floats, System


@dataclass(slots=True)
class Numbers:
    """Every count of every table, those that must be the same as one number.

    Attributes
    ----------
    of : dict of cell to int
        Which number a count is.
    cells : list of list of cell
        The counts of each number.
    truth : (numbers,) floats
    system : System
        What holds between them.
    touching : list of list of int
        Equations that each number is in.
    """

    of: dict[Cell, int]
    cells: list[list[Cell]]
    truth: Floats
    system: System
    touching: list[list[int]] = field(default_factory=list)


def gathered(counts: Mapping[Cell, int], found: Iterable[Equation]) -> Numbers:
    """Join the counts that must be the same, and write what holds over the rest.

    Parameters
    ----------
    counts : mapping of cell to int
        Before masking.
    found : iterable of Equation
        That hold of them.
    """
    held = list(found)
    of = _joined(counts, held)
    cells: list[list[Cell]] = [[] for _ in range(max(of.values(), default=-1) + 1)]
    for cell, number in of.items():
        cells[number].append(cell)
    truth = np.array([counts[own[0]] for own in cells], dtype=float)
    system, touching = _system(held, of, len(cells))
    return Numbers(of=of, cells=cells, truth=truth, system=system, touching=touching)


def _joined(counts: Mapping[Cell, int], held: list[Equation]) -> dict[Cell, int]:
    """Number the counts; zeros are always shown, so a total less zeros is its only other part."""
    above: dict[Cell, Cell] = {cell: cell for cell in counts}

    def top(cell: Cell) -> Cell:
        while above[cell] != cell:
            above[cell] = above[above[cell]]
            cell = above[cell]
        return cell

    for equation in held:
        left = [(cell, sign) for cell, sign in equation.terms if counts[cell]]
        if equation.rest == 0 and [sign for _, sign in left] in ([1, -1], [-1, 1]):
            above[top(left[1][0])] = top(left[0][0])
    tops = {cell: top(cell) for cell in counts}
    number = {one: i for i, one in enumerate(dict.fromkeys(tops.values()))}
    return {cell: number[one] for cell, one in tops.items()}


def _system(
    held: list[Equation], of: Mapping[Cell, int], numbers: int
) -> tuple[System, list[list[int]]]:
    unlike: dict[tuple[tuple[int, int], ...], float] = {}
    for equation in held:
        signs: dict[int, int] = {}
        for cell, sign in equation.terms:
            signs[of[cell]] = signs.get(of[cell], 0) + sign
        terms = tuple(sorted((v, s) for v, s in signs.items() if s))
        rest = MANY if equation.rest is None else float(equation.rest)
        if terms:
            unlike[terms] = min(rest, unlike.get(terms, MANY))
    entries = [(r, v, s) for r, terms in enumerate(unlike) for v, s in terms]
    row, col, sign_of = (
        (np.array(part) for part in zip(*entries, strict=True))
        if entries
        else (np.zeros(0, int),) * 3
    )
    touching: list[list[int]] = [[] for _ in range(numbers)]
    for r, v, _ in entries:
        touching[v].append(r)
    system = System(
        row=row.astype(np.int64),
        col=col.astype(np.int64),
        sign=sign_of.astype(float),
        least=np.zeros(len(unlike)),
        most=np.array(list(unlike.values()), dtype=float),
        numbers=numbers,
    )
    return system, touching


def bounds_of(
    numbers: Numbers,
    seen: Mapping[Cell, tuple[int, int]],
    few: int,
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """What is shown of each number: its bounds, and whether it is shown at all.

    Parameters
    ----------
    numbers : Numbers
    seen : mapping of cell to (int, int)
        Fewest and most that each count that is shown can be.
    few : int
        Largest number that is suppressed. A reader is taken to know which of the hidden ones are
        small, and so from 1 to this.
    """
    size = len(numbers.cells)
    small = (numbers.truth >= 1) & (numbers.truth <= few)
    low = np.where(small, 1.0, 0.0)
    high = np.where(small, float(few), MANY)
    shown = np.zeros(size, dtype=bool)
    for cell, (fewest, most) in seen.items():
        number = numbers.of[cell]
        shown[number] = True
        low[number] = max(low[number], fewest)
        high[number] = min(high[number], most)
    return low, high, shown
