"""Where a conclusion would be another one, in a plain record that loads no plotting package."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Border:
    """Points of the programme's people where the conclusion changes, for one of the comparison.

    Attributes
    ----------
    theirs : float
        Points by which people lost from the comparison did worse.
    better_until, none_at, worse_from : float
        Points by which people lost from the programme did worse: up to the first the interval is
        on the programme's side, at the second the figure itself is none, from the third on it is
        against. Infinite where it never is, or always.
    """

    theirs: float
    better_until: float
    none_at: float
    worse_from: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plane:
    """Both kinds of points, and where the conclusion changes.

    Attributes
    ----------
    programme, comparison : str
        Names of the groups.
    steps : tuple of float
        Points that were tried, rising from 0.
    borders : tuple of Border
        One for each of them, of the comparison.
    unit : str
    """

    programme: str
    comparison: str
    steps: tuple[float, ...]
    borders: tuple[Border, ...]
    unit: str

    def ends(self) -> tuple[float, float]:
        """Return the ends of the programme's axis: all borders, within three times the steps."""
        most = self.steps[-1]
        near = [
            x
            for b in self.borders
            for x in (b.better_until, b.none_at, b.worse_from)
            if -most <= x <= 3 * most
        ]
        low, high = min([0.0, *near]), max([most, *near])
        spare = 0.06 * (high - low)
        return (low - spare if low < 0 else -spare), high + spare
