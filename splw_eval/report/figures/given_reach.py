"""The numbers that the drawing of stages by category is given; plain records."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaching:
    """One category: how far its people came.

    Attributes
    ----------
    label, words : str
        `words` stands above the right end of the line.
    shares : tuple of float or None
        Of the category, one for each stage; None where it may not be shown.
    """

    label: str
    words: str
    shares: tuple[float | None, ...]
