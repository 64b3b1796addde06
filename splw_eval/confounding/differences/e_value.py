"""How strong something unmeasured would have to be, for a ratio and for its limit."""

from __future__ import annotations

from numbers import Real
from typing import Any, overload

from splw_eval.core.errors import FitError
from splw_eval.stats import e_value as _formulae


@overload
def e_value(rr: float, limit: None = None) -> float: ...


@overload
def e_value(rr: float, limit: float) -> tuple[float, float]: ...


def e_value(rr: float, limit: float | None = None) -> float | tuple[float, float]:
    """Give the E-value of a risk ratio, and of the limit of its interval.

    Parameters
    ----------
    rr : float
        Risk ratio, above 0.
    limit : float, optional
        The limit nearer to 1: the lower one of a ratio above 1, the upper one of a ratio below.

    Returns
    -------
    float, or tuple of two floats
        The least risk ratio that something unmeasured would need with both the group and the
        outcome, beyond what was adjusted for, to move the ratio to 1; with a limit also what
        would move the limit there (1 where the interval holds 1).

    Raises
    ------
    FitError
        One of them is no number above 0, or the limit lies farther from 1 than the ratio.

    Notes
    -----
    RR + sqrt(RR (RR - 1)), of the inverse where the ratio is below 1. Hazard ratios of common
    outcomes and standardised differences are turned into risk ratios first:
    `stats.e_value.ratio_of_hazards`, `stats.e_value.ratio_of_difference`.

    Sources
    -------
    VanderWeele & Ding 2017, Ann Intern Med 167:268.

    Examples
    --------
    >>> round(e_value(3.9), 2)
    7.26
    """
    ratio = _number("rr", rr)
    if limit is None:
        return _formulae.e_value(ratio)
    nearer = _number("limit", limit)
    return _formulae.e_value(ratio), _formulae.e_value_of_limit(ratio, nearer)


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, Real):
        raise FitError(
            f"{name}= must be a number above 0.", remedy="Give a risk ratio such as 1.8."
        )
    return float(value)
