"""The numbers that drawings of use of services and of costs are given."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class UsePoint:
    """Use in one stretch of months; None where it may not be shown."""

    month: float
    value: float | None
    low: float | None
    high: float | None
    people: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UseLine:
    """Use of one service by one group, month by month."""

    label: str
    points: tuple[UsePoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """Where the extra cost and the extra health of one comparison lie.

    Attributes
    ----------
    health, cost : float
        The estimate.
    sd_health, sd_cost, correlation : float
        Of the draws, of which an ellipse is drawn that holds about 95 of 100.
    """

    health: float
    cost: float
    sd_health: float
    sd_cost: float
    correlation: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """The chance of being worth it at one value of a QALY."""

    value: float
    chance: float
    stated: bool
