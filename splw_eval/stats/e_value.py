"""How strong something unmeasured would have to be to explain a ratio away."""

from __future__ import annotations

import math

from splw_eval.core.errors import FitError


def e_value(ratio: float) -> float:
    """Give the E-value of a risk ratio.

    Parameters
    ----------
    ratio : float
        Risk ratio, above 0.

    Returns
    -------
    float
        1 or more: the least risk ratio that something unmeasured would need with both the group
        and the outcome, beyond what was adjusted for, to move the ratio to 1.

    Raises
    ------
    FitError
        The ratio is not a number above 0.

    Notes
    -----
    RR + sqrt(RR (RR - 1)) for a ratio of 1 or more, and that of its inverse below 1.

    Sources: VanderWeele & Ding 2017, Ann Intern Med 167:268. For example 3.9 gives 7.26.
    """
    if not (math.isfinite(ratio) and ratio > 0):
        raise FitError(f"A risk ratio must be a number above 0; {ratio} was given.")
    away = max(ratio, 1 / ratio)
    return away + math.sqrt(away * (away - 1))


def e_value_of_limit(ratio: float, limit: float) -> float:
    """Give the E-value of the limit of an interval that lies nearer to 1.

    Parameters
    ----------
    ratio : float
        Risk ratio, above 0.
    limit : float
        Its lower limit where the ratio is above 1, its upper one where it is below.

    Returns
    -------
    float
        1 where the interval holds 1: nothing unmeasured is needed.

    Raises
    ------
    FitError
        One of them is no number above 0, or the limit lies farther from 1 than the ratio.
    """
    found = e_value(limit)
    if (ratio - 1) * (limit - 1) <= 0:
        e_value(ratio)
        return 1.0
    if found > e_value(ratio):
        raise FitError("The limit lies farther from 1 than the ratio: give the one nearer to 1.")
    return found


def ratio_of_hazards(hazard_ratio: float) -> float:
    """Turn a hazard ratio of a common outcome into about a risk ratio.

    Parameters
    ----------
    hazard_ratio : float
        Above 0, of an outcome that more than about 15 in 100 have at the end.

    Returns
    -------
    float
        (1 - 0.5^sqrt(HR)) / (1 - 0.5^sqrt(1/HR)).

    Raises
    ------
    FitError
        It is no number above 0.

    Notes
    -----
    Sources: VanderWeele & Ding 2017, Ann Intern Med 167:268, table 2.
    """
    if not (math.isfinite(hazard_ratio) and hazard_ratio > 0):
        raise FitError(f"A hazard ratio must be a number above 0; {hazard_ratio} was given.")
    root = math.sqrt(hazard_ratio)
    return float((1 - 0.5**root) / (1 - 0.5 ** (1 / root)))


def ratio_of_difference(standardised: float) -> float:
    """Turn a standardised mean difference into about a risk ratio, exp(0.91 d).

    Parameters
    ----------
    standardised : float
        In standard deviations.

    Returns
    -------
    float

    Raises
    ------
    FitError
        It is not finite.

    Notes
    -----
    Sources: VanderWeele & Ding 2017, Ann Intern Med 167:268, table 2.
    """
    if not math.isfinite(standardised):
        raise FitError("A standardised difference must be a finite number.")
    return math.exp(0.91 * standardised)
