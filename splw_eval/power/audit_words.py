"""One line of an audit, and its numbers in words."""

from __future__ import annotations

from dataclasses import dataclass

TOO_FEW = "not shown, as too few people are behind it"
UNSTATED = "not stated in the plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """One quantity: planned, reached, and what that comes to.

    Attributes
    ----------
    quantity : str
    planned, achieved : float or None
        None where it was not stated, is not known or may not be shown.
    conf_low, conf_high : float or None
        95% interval of what was reached, where it has one.
    masked : bool
        Whether it may not be shown, as too few people are behind it.
    sentence : str
    source : str
        Of the planned figure; empty where the plan names none.
    of_precision : bool
        Whether it tells how exactly the main question was answered.
    """

    quantity: str
    planned: float | None = None
    achieved: float | None = None
    conf_low: float | None = None
    conf_high: float | None = None
    masked: bool = False
    sentence: str = ""
    source: str = ""
    of_precision: bool = False


def told(value: float | None, digits: int = 3) -> str:
    """A number to some significant digits, whole ones with their thousands."""
    if value is None:
        return "not known"
    if float(value).is_integer():
        return f"{value:,.0f}"
    return f"{float(f'{value:.{digits}g}'):,.10g}"


def share(value: float | None) -> str:
    """A share per cent."""
    return "not known" if value is None else f"{100 * value:.0f}%"


def beside(planned: str | None, achieved: str) -> str:
    """What was reached, and what was planned."""
    return f"{achieved}; {f'planned {planned}' if planned else UNSTATED}."
