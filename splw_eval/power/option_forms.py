"""One option of a design: its name, its unit, what it may be; and the forms that recur."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Form = Literal["number", "numbers", "word", "flag", "matrix"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option.

    Attributes
    ----------
    name : str
        As in Python; on the command line with hyphens.
    form : str
        ``number``, ``numbers`` (a list), ``word``, ``flag`` or ``matrix``.
    meaning : str
        In one phrase; printed by ``--help`` and beside the answer.
    unit : str
    low, high : float
        Between which each number lies.
    open_low, open_high : bool
        Whether the ends themselves are excluded.
    words : tuple of str
        What a word may be.
    share : bool
        A proportion, of which 20 for 0.20 is a likely slip.
    input : bool
        Something that is assumed about the world, so that it ought to have a source.
    """

    name: str
    form: Form
    meaning: str
    unit: str = ""
    low: float = float("-inf")
    high: float = float("inf")
    open_low: bool = False
    open_high: bool = False
    words: tuple[str, ...] = ()
    share: bool = False
    input: bool = False

    @property
    def flag(self) -> str:
        """As typed on the command line."""
        return "--" + self.name.rstrip("_").replace("_", "-")


def count(name: str, meaning: str, *, low: float = 1.0, unit: str = "") -> Option:
    """A number of things."""
    return Option(name=name, form="number", meaning=meaning, unit=unit, low=low)


def above(name: str, meaning: str, unit: str = "", *, source: bool = True) -> Option:
    """A number above 0."""
    return Option(
        name=name, form="number", meaning=meaning, unit=unit, low=0, open_low=True, input=source
    )


def number(name: str, meaning: str, unit: str = "") -> Option:
    """Any number."""
    return Option(name=name, form="number", meaning=meaning, unit=unit, input=True)


def share(name: str, meaning: str, *, inner: bool = False, source: bool = True) -> Option:
    """A proportion."""
    return Option(
        name=name,
        form="number",
        meaning=meaning,
        unit="share",
        low=0,
        high=1,
        open_low=inner,
        open_high=inner,
        share=True,
        input=source,
    )


def spread(name: str, meaning: str) -> Option:
    """A standard deviation, perhaps 0."""
    return Option(name=name, form="number", meaning=meaning, unit="outcome", low=0, input=True)


def correlation(name: str, meaning: str, *, low: float = 0.0) -> Option:
    """A correlation."""
    return Option(
        name=name, form="number", meaning=meaning, low=low, high=1, share=True, input=True
    )


def word(name: str, meaning: str, *words: str) -> Option:
    """One of several words."""
    return Option(name=name, form="word", meaning=meaning, words=words)


def flag(name: str, meaning: str) -> Option:
    """Yes or no."""
    return Option(name=name, form="flag", meaning=meaning)
