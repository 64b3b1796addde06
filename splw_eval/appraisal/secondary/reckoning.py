"""What a reader could reckon: other numbers of people that fit everything shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MANY = 10.0**7  # more people than any table counts: no bound
_AWAY = 30.0  # people that a number may move by once it is hidden; enough to open a small one
_NEAR = 0.1  # an answer whose price is within so much of the cheapest will do
_DECIMALS = 6
_INFEASIBLE = 2  # what `milp` calls it
_SECONDS = 5.0  # for one programme; without an answer the number counts as not protected


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """Linear equations over numbers of people.

    Attributes
    ----------
    row, col : (entries,) ints
        Equation and number.
    sign : (entries,) floats
        What the number is multiplied with.
    least, most : (equations,) floats
        Between which the sum lies.
    numbers : int
    """

    row: Ints
    col: Ints
    sign: Floats
    least: Floats
    most: Floats
    numbers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Numbers that fit what is shown, and those that would have to be hidden for it.

    Attributes
    ----------
    held : (held,) ints
        The numbers in question; all others are as they are.
    values : (held,) floats
    hidden : tuple of int
        Shown numbers that lie outside what is shown of them.
    cost : float
        Of hiding these.
    """

    held: Ints
    values: Floats
    hidden: tuple[int, ...]
    cost: float


class Programme:
    """Whole-number programme over some numbers of a system, all others as they are.

    Parameters
    ----------
    system : System
    held : (held,) ints
        Numbers that may move.
    low, high : (numbers,) floats
        What is shown of each.
    truth : (numbers,) floats
    price : (numbers,) floats, optional
        What hiding each would cost; infinite where it is hidden already or must stay.

    Notes
    -----
    After cell suppression by integer programming (Fischetti and Salazar 2001), but that a shown
    number pays for how far it leaves what is shown of it, which needs no binaries.
    """

    def __init__(
        self,
        system: System,
        held: Ints,
        low: Floats,
        high: Floats,
        truth: Floats,
        price: Floats | None = None,
    ) -> None:
        self._held, self._low, self._high = held, low[held], high[held]
        self._rows = _rows(system, held, truth)
        price = np.full(system.numbers, np.inf) if price is None else price
        self._can = np.flatnonzero(np.isfinite(price[held]))
        self._price = price[held][self._can]

    def pushed(self, which: Sequence[int], way: int) -> Floats | None:
        """Give values in which the sum of some (places in `held`) is largest, or least."""
        aim = np.zeros(len(self._held))
        aim[list(which)] = -float(way)
        return self._solved(aim, self._low, self._high, elastic=False, whole=True)

    def opened(self, one: int, ways: Sequence[tuple[float, float]]) -> Answer | None:
        """Give the cheapest answer in which a number is between two others.

        Parameters
        ----------
        one : int
            Its place in `held`.
        ways : sequence of (float, float)
            Pairs of these: the first that has an answer is taken. Answers are first looked for
            without asking for whole numbers: mostly they are, and at a tenth of the time.
        """
        can = []
        for fewest, most in ways:
            low, high = self._low.copy(), self._high.copy()
            low[one], high[one] = max(low[one], fewest), min(high[one], most)
            if low[one] <= high[one]:
                can.append((low, high))
        nothing = np.zeros(len(self._held))
        broken: list[tuple[Floats, Floats]] = []
        for whole, tried in ((False, can), (True, broken)):
            for low, high in tried:
                found = self._solved(nothing, low, high, elastic=True, whole=whole)
                if found is not None and (found == np.round(found)).all():
                    out = (found < self._low) | (found > self._high)
                    return Answer(
                        held=self._held,
                        values=found,
                        hidden=tuple(int(v) for v in self._held[out]),
                        cost=float(self._price[out[self._can]].sum()),
                    )
                broken += [(low, high)] if found is not None else []
        return None

    def _solved(
        self, aim: Floats, low: Floats, high: Floats, *, elastic: bool, whole: bool
    ) -> Floats | None:
        """Solve for values whose part outside of what is shown, times its price, is least."""
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import hstack

        matrix, least, most = self._rows
        can = self._can if elastic else self._can[:0]
        size, more = len(low), len(can)
        # Each number that may be hidden is what is shown, and what lies above, less what below.
        moves = matrix[:, can]
        ends = np.concatenate([high, np.full(more, _AWAY), np.minimum(low[can], _AWAY)])
        price = self._price[:more]
        # Simplified first, HiGHS may call a programme infeasible that is not.
        for presolve in (True, False) if whole else (False,):
            made = milp(
                np.concatenate([aim, price, price]),
                constraints=LinearConstraint(hstack([matrix, moves, -moves], "csr"), least, most),
                bounds=Bounds(
                    np.concatenate([low, np.zeros(2 * more)]),
                    np.where(ends > MANY / 2, np.inf, ends),
                ),
                integrality=np.full(size + 2 * more, int(whole)),
                options={"time_limit": _SECONDS, "mip_rel_gap": _NEAR, "presolve": presolve},
            )
            if made.status != _INFEASIBLE:
                break
        if made.x is None:
            return None
        found = np.round(made.x, _DECIMALS)
        values = found[:size]
        values[can] += found[size : size + more] - found[size + more :]
        return np.asarray(values)


def _rows(system: System, held: Ints, truth: Floats) -> tuple[csr_array, Floats, Floats]:
    """Equations that hold any of the numbers, less what the others come to."""
    from scipy.sparse import csr_array

    at = np.full(system.numbers, -1)
    at[held] = np.arange(len(held))
    inside = at[system.col] >= 0
    touched = np.unique(system.row[inside])
    place = np.full(len(system.least), -1)
    place[touched] = np.arange(len(touched))
    outside = ~inside & (place[system.row] >= 0)
    fixed = np.bincount(
        system.row[outside], system.sign[outside] * truth[system.col[outside]], len(system.least)
    )[touched]
    entries = (place[system.row[inside]], at[system.col[inside]])
    matrix = csr_array((system.sign[inside], entries), shape=(len(touched), len(held)))
    most = np.where(system.most[touched] > MANY / 2, np.inf, system.most[touched] - fixed)
    return matrix, system.least[touched] - fixed, most
