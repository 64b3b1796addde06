"""The numbers that a drawing of differences by level is given; plain records."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """The difference at one level of a characteristic; None where it may not be shown.

    Attributes
    ----------
    by : str
        The characteristic, written above its first level.
    label : str
    value, low, high : float or None
    more : str
        How much larger the difference is than at the first level, in words.
    """

    by: str
    label: str
    value: float | None
    low: float | None
    high: float | None
    more: str
