"""The numbers that drawings of staying, leaving and uptake are given; plain records."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a curve: the share from this day on, with its interval where it has one."""

    day: float
    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """One group's curve; steps that may not be shown are left out.

    Attributes
    ----------
    label : str
    start : float
        The share before the first step: 1 of those who stay, 0 of those who left.
    steps : tuple of Step
        By day.
    last_day : float
        Where the line ends: nobody was watched for longer, or the horizon.
    at_risk : tuple of (float, str)
        Day and number of people still watched and engaged then, written beneath.
    """

    label: str
    start: float
    steps: tuple[Step, ...]
    last_day: float
    at_risk: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """The axes of a curve.

    Attributes
    ----------
    last : float
        The last day drawn.
    ticks : tuple of float
    heading : str
        What the height is, such as ``Still engaged, per cent``.
    beneath : str
        What the numbers beneath count.
    """

    last: float
    ticks: tuple[float, ...]
    heading: str
    beneath: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One part of a whole, such as a stage; None where it may not be shown or is not recorded.

    Attributes
    ----------
    share : float or None
        Of the whole, between 0 and 1.
    words : str
        What stands above the bar's right end.
    hatched : bool
        Whether the bar is of another kind than the plain ones.
    more : float or None
        A further part of the whole, drawn hatched after the first.
    """

    label: str
    share: float | None
    words: str
    hatched: bool = False
    more: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A number of people at the end of one month; None where it may not be shown."""

    label: str
    people: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """One ratio with its interval; None where it may not be shown or there is none."""

    label: str
    value: float | None
    low: float | None
    high: float | None
    words: str
