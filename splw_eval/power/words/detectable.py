"""The least difference that is found: what it is, and in words."""

from __future__ import annotations

from splw_eval.power.design import Design
from splw_eval.power.precision import Array
from splw_eval.power.solved import Solved
from splw_eval.power.words.shown import number

USUAL = 0.8  # power, where none was asked
_NAMES = {
    "p1": "difference in proportions",
    "rate1": "difference in rates",
    "or_": "odds ratio",
    "rr": "risk ratio",
    "hr": "hazard ratio",
    "slope_diff": "difference between slopes",
    "d": "difference in standard deviations",
}
SECOND = {"p1": ("p0", "proportion"), "rate1": ("rate0", "rate")}


def detectable_is(design: Design) -> str:
    """What the least difference of a design is: a difference of scores, a hazard ratio, ...

    Parameters
    ----------
    design : Design

    Returns
    -------
    str
    """
    option, v = design.kind.span(design.values)[0], design.values
    spreads = ("sd", "sd_change", "sd_residual", "discordant")
    if option == "diff" and all(getattr(v, one) is None for one in spreads):
        name = _NAMES["d"]
        return name.replace("difference", "change") if design.kind.name == "pre-post" else name
    if option == "diff" and v.discordant is not None:
        option = "p1"
    if design.kind.name == "pre-post":
        return "change in the proportion" if option == "p1" else "change"
    return _NAMES.get(option, "difference")


def detectable_words(answer: Solved) -> str:
    """The least difference, with both proportions or rates where it lies between such.

    Parameters
    ----------
    answer : Solved

    Returns
    -------
    str
    """
    option, second = answer.detectable
    text = number(answer.mde)
    if option not in SECOND:
        return text
    name, what = SECOND[option]
    first = getattr(answer.asked.values, name)
    return f"{text} (a {what} of {number(second)} against {number(first)})"


def detectable_line(answer: Solved) -> str:
    """One line with its name and its power.

    Parameters
    ----------
    answer : Solved

    Returns
    -------
    str
    """
    asked = answer.asked.values.power
    power = number(USUAL if asked is None else asked)
    what = detectable_is(answer.known)
    end = "nearest to 1 that is found" if what.endswith("ratio") else "found"
    name = what.capitalize() if what.endswith("ratio") else f"Smallest {what}"
    return f"{name} {end} with power {power}: {detectable_words(answer)}."


def second_of(answer: Solved) -> dict[str, Array]:
    """For a record: the proportion or rate beside its difference."""
    option, second = answer.detectable
    return {f"mde_{SECOND[option][1]}": second} if option in SECOND else {}
