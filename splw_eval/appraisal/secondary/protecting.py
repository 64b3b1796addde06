"""The search for numbers to hide, one small number after the other, until each has enough room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from splw_eval.appraisal.secondary.numbers import Numbers
from splw_eval.appraisal.secondary.reckoning import Answer, Bools, Floats, Ints, Programme

# Numbers around a small one that are looked at, in turn; the last is all there are.
_SIZES = (90, 300, 1000, 10**6)
_CROWD = 40  # equations: a number in more of them, such as a total, leads no further at first
_CHEAP = 12.0  # price of an answer for which no better one is looked for further off
_ENOUGH = 1000  # numbers beyond which an answer is taken at any price
_TWO = 2  # values: fewer would tell the number
_HOPELESS = 12  # numbers that nothing can protect, after which no more are tried
_BEYOND = 30.0  # people above a small number that a hidden one may be, for who does not know
_PUSHES = 1  # rounds in which all small numbers are moved at once, before one by one


class Protection:
    """Which numbers are hidden, and between what each small one is known to be possible.

    Parameters
    ----------
    numbers : Numbers
    low, high : (numbers,) floats
        What is shown of each, or known of a hidden one.
    shown : (numbers,) bools
    price : (numbers,) floats
        What hiding each would cost.
    few, least : int
        Largest number that is suppressed, and values that each such number must be left with.
    """

    def __init__(
        self,
        numbers: Numbers,
        low: Floats,
        high: Floats,
        shown: Bools,
        price: Floats,
        *,
        few: int,
        least: int,
    ) -> None:
        self._of, self._low, self._high = numbers, low, high
        self._least, self._few = least, few
        # Zeros are shown under every profile, and a hidden one would be the only such.
        self._price = np.where(shown & (numbers.truth > 0), price, np.inf)
        self.small = np.flatnonzero((numbers.truth >= 1) & (numbers.truth <= few) & ~shown)
        self.fewest, self.most = numbers.truth.copy(), numbers.truth.copy()
        self._members = _members(numbers)
        self.hidden: list[int] = []

    def run(self) -> None:
        """Hide numbers until every small one can have `least` values, as far as possible.

        In a group of little more than `few` people nothing helps against somebody who knows which
        of the hidden numbers are small: what is left is then protected against all others.
        """
        self._each()
        if self._left():
            self._high[self.small] = self._few + _BEYOND
            self._each()

    def _each(self) -> None:
        """All small numbers at once, and then those that still lack room one after the other."""
        self._push()
        hopeless = 0
        for one in sorted(self._left(), key=lambda v: len(self._of.touching[v])):
            if hopeless < _HOPELESS and self._narrow(one):
                hopeless += not self._open(one)

    def _narrow(self, one: int) -> bool:
        return bool(self.most[one] - self.fewest[one] + 1 < self._least)

    def _left(self) -> list[int]:
        return [int(v) for v in self.small if self._narrow(int(v))]

    def _push(self) -> None:
        """Move all small numbers at once: most are found to have room, at little cost."""
        free = np.flatnonzero(self._high > self._low)
        at = {int(v): i for i, v in enumerate(free)}
        programme = Programme(self._of.system, free, self._low, self._high, self._of.truth)
        for _ in range(_PUSHES):
            left, before = self._left(), len(self._left())
            for way in (1, -1) if left else ():
                found = programme.pushed([at[v] for v in left if v in at], way)
                if found is not None:
                    self._see(free, found)
            if len(self._left()) > before / 2:
                return

    def _see(self, held: Ints, values: Floats) -> None:
        self.fewest[held] = np.minimum(self.fewest[held], values)
        self.most[held] = np.maximum(self.most[held], values)

    def _open(self, one: int) -> bool:
        """Find numbers that fit and differ enough, and hide what that needs; say whether any do.

        Where so many values are not to be had, as where seven reasons are listed of a small number
        of endings, two will do: the number is then still not told.
        """
        for least in dict.fromkeys((self._least, _TWO)):
            best = min(self._answers(one, least), key=lambda answer: answer.cost, default=None)
            if best is not None:
                self._hide(best.hidden)
                self._see(best.held, best.values)
                return True
        return False

    def _answers(self, one: int, least: int) -> Iterator[Answer]:
        """Give answers from among more and more numbers, until one is cheap."""
        looked_at = 0
        for size in _SIZES:
            held = self._around(one, size)
            answer = self._answer(held, least) if len(held) > looked_at else None
            looked_at = len(held)
            if answer is not None:
                yield answer
                if answer.cost < _CHEAP or size >= _ENOUGH:
                    return

    def _answer(self, held: Ints, least: int) -> Answer | None:
        of, one = self._of, held[0]  # the number itself comes first
        programme = Programme(of.system, held, self._low, self._high, of.truth, self._price)
        up = self.fewest[one] + least - 1, float(self._few)
        down = 1.0, self.most[one] - least + 1
        ways = (up, down) if 2 * of.truth[one] <= self._few else (down, up)
        return programme.opened(0, ways)

    def _hide(self, which: Sequence[int]) -> None:
        for v in which:
            self.hidden.append(v)
            self._low[v], self._high[v], self._price[v] = 0.0, 1e7, np.inf

    def _around(self, one: int, size: int) -> Ints:
        """Numbers near one, itself first; those in too many equations lead no further."""
        found = {one: None}
        edge, crowd = [one], _CROWD if size < _SIZES[-1] else len(self._members)
        while edge and len(found) < size:
            rows = {
                r
                for v in edge
                if v == one or len(self._of.touching[v]) <= crowd
                for r in self._of.touching[v]
            }
            near = [self._members[r] for r in sorted(rows, key=lambda r: len(self._members[r]))]
            edge = []
            for members in near:
                new = [v for v in members if v not in found and self._moves(v)]
                if len(found) + len(new) > size and len(found) > 1:
                    continue
                found |= dict.fromkeys(new)
                edge += new
        return np.array(list(found), dtype=np.int64)

    def _moves(self, v: int) -> bool:
        return bool(self._high[v] > self._low[v] or np.isfinite(self._price[v]))


def _members(numbers: Numbers) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in range(len(numbers.system.least))]
    for r, v in zip(numbers.system.row.tolist(), numbers.system.col.tolist(), strict=True):
        found[r].append(v)
    return found
