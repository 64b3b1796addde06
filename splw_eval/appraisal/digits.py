"""Digits of means, intervals and SDs: as many as leave the number of people open."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from splw_eval.core.columns import Column, Role
from splw_eval.core.plan import Outcome

_ROUNDING = 1e-9  # log10 of an exact power of ten may fall just short of it
_FINEST = 15  # decimals; what is smaller is zero but for the rounding of the machine
_LIMITS = ("conf_low", "conf_high")
# Beside an interval an SD gives n as (t SD / half-width)^2. It is shown with the digits whose
# rounding leaves about this many whole numbers that n could be: twice what rounding counts to 5
# leaves.
_POSSIBLE_N = 10.0
_MANY = 100  # people from whom on two decimals of a ratio leave their number open
_FINE, _WIDE = 40, 200  # multiples
_ROUND = (1.0, 1.25, 1.6, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
_OPEN_LOST = 0.5  # last digit, for each point added, of the people it was added to


def mean_places(outcome: Outcome | None, n: int | None) -> int:
    """Decimals of a mean over about n people that leave n open.

    Parameters
    ----------
    outcome : Outcome or None
    n : int or None
        As it is shown, so rounded.

    Returns
    -------
    int
        A mean of n scores on a grid of `step` lies on a grid of step / n: printed finer than
        that it says which n can be.
    """
    if outcome is None or not n:
        return 0
    return max(0, min(outcome.decimals, math.floor(math.log10(n / outcome.step) + _ROUNDING)))


def told_coarsely(value: float, multiple: float, n: int) -> float:
    """Figure that follows from counts of people, such that it does not tell them.

    Parameters
    ----------
    value : float
        A ratio of odds, a difference of shares, a share.
    multiple : float
        To which it is told below 40 of them; above, to 2 of them, and from 200 on to 20. 0 for
        what tells no counts.
    n : int
        People that it rests on.

    Returns
    -------
    float
        As it is where 100 people or more stand behind it. Never 1 where it is not.
    """
    if not multiple or n >= _MANY:
        return value
    size = abs(value) / multiple
    unit = multiple * (1 if size < _FINE else 2 if size < _WIDE else 20)
    told = round(value / unit) * unit
    if told == 1 != value:
        return told + math.copysign(unit, value - 1)
    return told


def told_outwards(value: float, way: int, n: int) -> float:
    """End of the interval of a ratio, such that with the ratio it does not tell counts.

    Parameters
    ----------
    value : float
        Above 0.
    way : int
        -1 for the lower end, 1 for the upper; 0 for what is no end.
    n : int
        People that it rests on.

    Returns
    -------
    float
        As it is where 100 people or more stand behind it, else the next of 1, 1.25, 1.6, 2, 2.5,
        3, 4, 5, 6, 8, 10 and their tenths and tens, so that no interval becomes narrower.
    """
    if not way or n >= _MANY or value <= 0:
        return value
    power = 10.0 ** math.floor(math.log10(value))
    rounds = [power * round_ for round_ in _ROUND]
    if way < 0:
        return max(x for x in rounds if x <= value * (1 + _ROUNDING))
    return min(x for x in rounds if x >= value * (1 - _ROUNDING))


def moved_places(places: int, most: float, n: int) -> int:
    """Decimals of a difference once points are added to those lost.

    Parameters
    ----------
    places : int
        Decimals without points.
    most : float
        Points added.
    n : int
        The fewest that they were added to.

    Returns
    -------
    int
        It moves by the share of people lost for each point, so decimals are fewer the more points
        there are.
    """
    while places and n * 10.0**-places < _OPEN_LOST * most:
        places -= 1
    return places


def limit_places(name: str, exact: Mapping[str, Any], places: int) -> int:
    """Decimals of one end of an interval: more where it would print as 0 and leaves 0 out."""
    low, high = (exact.get(limit) for limit in _LIMITS)
    if name not in _LIMITS or low is None or high is None or low <= 0 <= high:
        return places
    return until_seen(exact[name], places)


def spread_places(
    exact: Mapping[str, Any], columns: Mapping[str, Column], of_means: Mapping[str, int]
) -> dict[str, int | None]:
    """Decimals of a row's SDs, standard errors and effect sizes that leave n open.

    Parameters
    ----------
    exact : mapping
        The row, not masked.
    columns : mapping of str to Column
    of_means : mapping of str to int
        Decimals of means, by the count that they rest on.

    Returns
    -------
    dict
        Decimals by field; None where even a whole number would give n back.
    """
    found: dict[str, int | None] = {}
    for base, finest in of_means.items():
        held = {n: c for n, c in columns.items() if c.role is Role.SPREAD and c.base == base}
        sizes = {
            n: abs(exact[n]) for n, c in held.items() if exact[n] is not None and not c.derived
        }
        if not sizes:
            continue
        in_units = any(column.decimals is None for column in held.values())
        open_n = _Open(n=exact[base], finest=finest, largest=max(sizes.values()))
        for name, column in held.items():
            # What an SD went into tells of that, however large it is itself.
            size = open_n.largest if column.derived else sizes.get(name)
            if not open_n.largest or size is None:
                found[name] = None
            elif column.decimals is None:
                found[name] = open_n.of_spread(size)
            else:
                found[name] = open_n.of_ratio(size, column.decimals, in_units=in_units)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Open:
    """What digits leave n open beside an interval with `finest` decimals.

    With u the unit of its last decimal, the half-width leaves n uncertain by about n u / SE,
    which is n^1.5 u / SD. An SD printed to units of v adds 2 n v / SD.
    """

    n: int
    finest: int
    largest: float  # of the row's SDs

    @property
    def of_interval(self) -> float:
        return float(self.n**1.5 * 10.0**-self.finest)

    def of_spread(self, size: float) -> int | None:
        """Decimals of an SD or a standard error: those planned, or fewer, or None."""
        for places in range(self.finest, -1, -1):
            # At the digits of the interval the part of the SD is slight, and left out.
            added = 2 * self.n * 10.0**-places if places < self.finest else 0.0
            if self.of_interval + added >= _POSSIBLE_N * size:
                return self._seen(size, places)
        return None

    def of_ratio(self, size: float, planned: int, *, in_units: bool) -> int | None:
        """Decimals of what has its own: an effect size, or an SD without an interval."""
        beside = self.of_interval / self.largest
        if not in_units:
            return planned if beside >= _POSSIBLE_N else None
        if not size:
            return planned
        for places in range(planned, -1, -1):
            if beside >= _POSSIBLE_N or beside + 2 * self.n * 10.0**-places / size >= _POSSIBLE_N:
                return places
        return None

    def _seen(self, size: float, places: int) -> int | None:
        """Decimals with which a number does not print as 0, where those still leave n open."""
        needed = until_seen(size, places)
        if needed == places or self.n**1.5 * 10.0**-needed >= _POSSIBLE_N * self.largest:
            return needed
        return None


def until_seen(value: float | None, places: int) -> int:
    """Decimals with which a number is not printed as zero, unless it is."""
    while value and round(value, places) == 0 and places < _FINEST:
        places += 1
    return places
