"""The numbers that a drawing of balance is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SHORTEST = 0.25  # SD on either side: a shorter scale makes small differences look large


@dataclass(frozen=True, slots=True, kw_only=True)
class Balanced:
    """One characteristic: differences before and after weighting, and what chance makes.

    Attributes
    ----------
    label : str
    before, after, limit : float or None
        In standard deviations; None where they may not be shown or there are none.
    """

    label: str
    before: float | None
    after: float | None
    limit: float | None


def end_of(rows: Sequence[Balanced]) -> float:
    """Return the right end of a scale that holds all rows; its left end mirrors it."""
    drawn = [x for row in rows for x in (row.before, row.after, row.limit) if x is not None]
    return max([SHORTEST, *(abs(x) for x in drawn)]) * 1.06
