"""What scores mean: bands, important differences, norms and flags, each with its source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field

from splw_eval.instruments.formula import STRICT

Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=40)]
Text = Annotated[str, Field(min_length=1)]
Status = Literal["checked", "recalled"]
Worth = Literal["checked", "recalled", "computed"]
Kind = Literal[
    "anchor",
    "reliable change",
    "one standard error of measurement",
    "2.77 standard errors of measurement",
    "instrument-defined",
    "convention",
    "several methods",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands:
    """One set of cut-offs, by its name.

    Attributes
    ----------
    set : str
        Whose cut-offs they are.
    limits : tuple of (float, str)
        Lowest score of each band, and what it is called; upwards. A score, also a prorated one, is
        compared unrounded.
    above : tuple of float
        Those limits that a band starts above: the limit itself belongs to the band below. Where
        a limit stands twice, the first band is that score alone.
    status, source : str
    option, choice : str
        The set holds only where this option is so; empty for always.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    set: Text
    limits: Annotated[tuple[tuple[float, str], ...], Field(min_length=1)]
    above: tuple[float, ...] = ()
    status: Status
    source: Text
    option: str = ""
    choice: str = ""

    def starts_above(self) -> tuple[bool, ...]:
        """Whether each band starts above its limit, and not at it."""
        lows = [low for low, _ in self.limits]
        return tuple(
            low in self.above and low not in lows[place + 1 :] for place, low in enumerate(lows)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A change that was called important, or more than noise.

    Attributes
    ----------
    value : float or None
        Its size; None where a source was looked for and none was found.
    unit : str
        ``points`` of the score, or ``percent`` of the first score.
    kind : str
        How it was found.
    population, source, status, note : str
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    value: Annotated[float, Field(gt=0)] | None = None
    unit: Literal["points", "percent"] = "points"
    kind: Kind
    population: str = ""
    source: Text
    status: Worth
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Norm:
    """What others score: a population, a sample or a trial.

    Attributes
    ----------
    group : str
        Who they are.
    n : str
        How many, as the source says it.
    statistic : str
        Such as mean, median, percent, mean change.
    value : float
    spread : str
        SD, interval or quartiles, as the source gives them.
    source, status : str
    at_large : bool
        People at large, not chosen for being in need: with a mean and a plain ``SD 4.8`` a
        cut-off for recovery may be worked out.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    group: Text
    n: str = ""
    statistic: Text
    value: float
    spread: str = ""
    source: Text
    status: Worth
    at_large: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """Yes or no, by one limit of one score or of one item.

    Attributes
    ----------
    name, title : str
    score, item : str
        Which of them is looked at; the other is empty.
    at_least, below : float or None
        The flag is true from this value on, or under it.
    status, source : str
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    name: Name
    title: Text
    score: str = ""
    item: str = ""
    at_least: float | None = None
    below: float | None = None
    status: Status
    source: Text
