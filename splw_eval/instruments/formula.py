"""How one score is worked out of its items, as the catalogue writes it down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from pydantic import ConfigDict

How = Literal[
    "sum",
    "mean",
    "percentage",
    "count",
    "item",
    "given",
    "table",
    "level",
    "tariff",
    "crosswalk",
    "lookup",
]
MOST_PROFILES = 200_000  # a value for each is kept ready
Fill = Literal["none", "mean", "zero"]
STRICT = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """How one score is worked out; which keys apply depends on `how`.

    Attributes
    ----------
    how : str
        ``sum``; ``mean``; ``percentage`` (mean of the items times `factor`); ``count`` (items
        answered with one of their `counted` codes); ``item`` (the one item as it is);
        ``given`` (a ready-made score as it is); ``table`` (another score looked up in
        `table`); ``level`` (1 + how many limits in `above` another score exceeds);
        ``tariff`` (value of a profile of answers); ``crosswalk`` (its expected value when
        each answer stands for answers of a shorter form with given `shares`); ``lookup``
        (a value by profile, age and sex from the user's own table).
    reversed : tuple of str
        Items counted from the other end: lowest + highest code - answer.
    from_zero : bool
        Subtract the lowest code of each item first.
    fewest : int or None
        Items that must be answered; None is all of them.
    fill : str
        What stands for an unanswered item where enough were answered: the person's
        ``mean`` of the others (the score is prorated) or ``zero``; ``none`` where all are
        needed.
    factor : float or None
        Of ``percentage``.
    counted : mapping of str to tuple of int
        Of ``count``: codes of each item that count 1.
    of : str
        Of ``table`` and ``level``: the score they start from.
    lowest : int
        Of ``table``: score that the first value belongs to; the next ones follow by 1.
    table : tuple of float
        Of ``table``.
    above : tuple of float
        Of ``level``: a score of exactly the limit is still in the lower level.
    start : float
        Of ``tariff`` and ``crosswalk``: value before anything is added or subtracted.
    add, subtract : mapping of str to tuple of float
        Of ``tariff`` and ``crosswalk``: by item, one number for each code from the lowest.
    any_above_lowest, any_at_highest : float
        Subtracted once where any item is above its lowest code, or at its highest.
    anchors : tuple of (int, float)
        Of ``tariff`` whose numbers are not shipped: value where every item has that code.
    file_option : str
        Option that names the user's own table, of ``tariff`` or ``lookup``.
    shares : mapping of str to tuple of tuple of str
        Of ``crosswalk``: by item, for each code, shares of the shorter form's codes, as
        fractions such as ``119/671``.
    rounding : tuple of int
        Decimals that the result is rounded to, half away from zero, one after the other.
    numbers_of : str
        ``instrument.score`` of a shipped instrument whose `lowest`, `table`, `start`, `add`,
        `subtract` and constants are used.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    how: How
    reversed: tuple[str, ...] = ()
    from_zero: bool = False
    fewest: int | None = None
    fill: Fill = "none"
    factor: float | None = None
    counted: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    of: str = ""
    lowest: int = 0
    table: tuple[float, ...] = ()
    above: tuple[float, ...] = ()
    start: float = 0.0
    add: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    subtract: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    any_above_lowest: float = 0.0
    any_at_highest: float = 0.0
    anchors: tuple[tuple[int, float], ...] = ()
    file_option: str = ""
    shares: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    rounding: tuple[int, ...] = ()
    numbers_of: str = ""
