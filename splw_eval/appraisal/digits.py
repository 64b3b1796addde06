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


def limit_places(name: str, exact: Mapping[str, Any], places: int) -> int:
    """Decimals of one end of an interval: more where it would print as 0 and leaves 0 out."""
    low, high = (exact.get(limit) for limit in _LIMITS)
    if name not in _LIMITS or low is None or high is None or low <= 0 <= high:
        return places
    return _until_seen(exact[name], places)


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
        needed = _until_seen(size, places)
        if needed == places or self.n**1.5 * 10.0**-needed >= _POSSIBLE_N * self.largest:
            return needed
        return None


def _until_seen(value: float | None, places: int) -> int:
    """Decimals with which a number is not printed as zero, unless it is."""
    while value and round(value, places) == 0 and places < _FINEST:
        places += 1
    return places
