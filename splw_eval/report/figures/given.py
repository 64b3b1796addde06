"""The numbers that a drawing is given, in plain records that load no plotting package."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

SMALLEST_PART = 0.4  # of the instrument's range: a shorter axis makes small changes look large
MARGIN = 0.06  # of the axis, left free above and below what is drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowStep:
    """People at one wave of one group; None where too few to show."""

    wave: str
    expected: int | None
    measured: int | None
    missing: int | None
    not_yet_due: int | None
    share: float | None

    def sentence(self) -> str:
        """Return the numbers in words."""
        late = "" if self.not_yet_due == 0 else f", {people(self.not_yet_due)} not due yet"
        return (
            f"{self.wave}: {people(self.measured)} measured of {people(self.expected)} expected, "
            f"{people(self.missing)} missing{late}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A mean with its interval, where it has one."""

    month: float
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One group's points; those that may not be shown are left out.

    Attributes
    ----------
    label : str
    points : tuple of Point
    people : tuple of (float, str)
        Month and number of people, written beneath; empty where none are.
    """

    label: str
    points: tuple[Point, ...]
    people: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """What a score's axis must show.

    Attributes
    ----------
    low, high : float
        The ends of the instrument's range.
    better : str
        ``higher`` or ``lower``.
    months : tuple of float
        Planned months of all waves.
    """

    low: float
    high: float
    unit: str
    better: str
    months: tuple[float, ...]

    def shown(self, lines: Sequence[Line]) -> tuple[float, float]:
        """Return the ends of the axis: all points and intervals, on round numbers.

        Never less than two fifths of the instrument's range, and beyond it only
        where an interval is.
        """
        drawn = [x for line in lines for p in line.points for x in (p.value, p.low, p.high)]
        known = [x for x in drawn if x is not None]
        if not known:
            return self.low, self.high
        full = self.high - self.low
        step = _round_step(full)
        spare = max((SMALLEST_PART * full - (max(known) - min(known))) / 2, MARGIN * full)
        bottom = math.floor((min(known) - spare - self.low) / step) * step + self.low
        top = math.ceil((max(known) + spare - self.low) / step) * step + self.low
        bottom = min(max(bottom, self.low), *known)
        top = max(min(top, self.high), *known)
        return round(bottom, 10), round(top, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Shares of one group at one wave; None where they may not be shown."""

    label: str
    better: float | None
    same: float | None
    worse: float | None
    missing: str
    """What to say where a share may not be shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiles:
    """One run of waves with the people who share it; None where too few to show."""

    pattern: str
    """A sign for each wave: `1` measured, `0` missing, `-` not yet due; empty for all others."""
    people: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """How far one column is filled; None where it may not be shown.

    Attributes
    ----------
    share : float or None
        Between 0 and 1.
    words : str
        What stands beside the bar.
    enough : bool
        Whether it is on the right side of the line.
    """

    label: str
    share: float | None
    words: str
    enough: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The size of one standardised difference; None where it may not be shown."""

    label: str
    size: float | None
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Quartiles and median of some days; None where they may not be shown."""

    label: str
    lower: float | None
    median: float | None
    upper: float | None
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """One estimate with its interval.

    Attributes
    ----------
    value, low, high : float or None
        None where it may not be shown, or there is none.
    words : tuple of str
        Lines above it; none for one of many.
    first : bool
        Whether it is the one that counts.
    """

    value: float | None
    low: float | None
    high: float | None
    words: tuple[str, ...] = ()
    first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Yardstick:
    """What intervals of differences are held against.

    Attributes
    ----------
    mid : float or None
        Size called important, drawn on both sides of no difference.
    better : str
        ``higher`` or ``lower``.
    decimals : int
        Of the ends of the scale.
    line : float or None
        A further line, such as the estimate of everybody.
    """

    unit: str
    better: str
    mid: float | None
    decimals: int
    line: float | None = None

    def ends(self, rows: Sequence[Interval]) -> tuple[float, float]:
        """Return the ends of the scale: both MIDs, no difference, and all that is drawn."""
        drawn = [x for row in rows for x in (row.value, row.low, row.high) if x is not None]
        size = self.mid or 0.0
        low, high = min([-size, 0.0, *drawn]), max([size, 0.0, *drawn])
        spare = MARGIN * (high - low) or 1.0
        return low - spare, high + spare


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Points of one wave: expected and found, in standard deviations."""

    label: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One band of scores.

    Attributes
    ----------
    low, high : float
        Where it begins and ends on the scale.
    words : str
        Its name and its scores.
    """

    low: float
    high: float
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """One set of bands, drawn as one strip."""

    name: str
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """One size of change, drawn to the scale of the score."""

    size: float
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """One score on the scale; `ours` marks people of this study."""

    value: float
    words: str
    ours: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruler:
    """The whole range of a score with what it is held against.

    Attributes
    ----------
    low, high : float
        The ends of the range.
    better : str
        ``higher`` or ``lower``.
    """

    low: float
    high: float
    unit: str
    better: str
    strips: tuple[Strip, ...] = ()
    lengths: tuple[Length, ...] = ()
    pointers: tuple[Pointer, ...] = ()


def people(n: int | None) -> str:
    """Return a number of people; ``*`` where too few to show."""
    return "* (too few to show)" if n is None else f"{n:,}"


def _round_step(full: float) -> float:
    """Return a round step of about a tenth of the range."""
    size = 10.0 ** math.floor(math.log10(full / 10))
    return next(m * size for m in (1, 2, 5, 10) if m * size >= full / 10 * 0.999)
