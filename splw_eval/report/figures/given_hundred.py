"""The numbers that a picture of a hundred people is given; plain records."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Hundred:
    """How a hundred people of one group fared; None where it may not be shown.

    Attributes
    ----------
    label : str
        The group.
    better, worse : float or None
        Shares between 0 and 1; the others are about the same.
    words : str
        What stands below.
    """

    label: str
    better: float | None
    worse: float | None
    words: str

    def counted(self) -> tuple[int, int, int] | None:
        """Return how many of the hundred are better, about the same and worse."""
        if self.better is None or self.worse is None:
            return None
        better, worse = round(100 * self.better), round(100 * self.worse)
        worse = min(worse, 100 - better)
        return better, 100 - better - worse, worse
