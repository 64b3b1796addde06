"""What the middle of what was published gives, where a plan took its cautious ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from splw_eval.core.errors import SplwError
from splw_eval.power.planning_numbers import Published, numbers_for
from splw_eval.power.solved import Solved, solve_for
from splw_eval.power.words.shown import decimals, number

_WIDE = 0.05  # of the number: a narrower range is not worth a word
_NAMES = {"sd": "SD", "sd_change": "SD of change", "diff": "difference"}
_WHAT = {
    "power": "the power is",
    "clusters": "the clusters in all are",
    "size": "the people in each cluster are",
    "patients": "the people in all are",
    "controls": "the people of the comparison arm are",
    "mde": "the detectable difference is",
}


def middle_note(answer: Solved) -> Iterator[str]:
    """Tell what the middle of each published range gives, beside the ends that were taken.

    Parameters
    ----------
    answer : Solved

    Yields
    ------
    str
        One sentence, where a number came from the questionnaire and was found to vary.
    """
    taken = _taken(answer)
    if not taken or answer.sought not in _WHAT or np.ndim(answer.power):
        return
    middles = {name: _middle(one) for name, one in taken.items()}
    asked = answer.asked
    try:
        found = solve_for(replace(asked, given={**asked.given, **middles}), answer.sought)
    except SplwError:
        return
    show = decimals if answer.sought == "power" else _short
    ends = ", ".join(
        f"{_NAMES[name]} {number(one.value)} of {number(one.low)} to {number(one.high)}"
        for name, one in taken.items()
    )
    middle = " and ".join(f"{_NAMES[name]} {number(value)}" for name, value in middles.items())
    rounding = "" if answer.sought in {"power", "mde"} else " before rounding"
    yield (
        f"What was taken of the published numbers is cautious: {ends}. With the middle of what was "
        f"found ({middle}) {_WHAT[answer.sought]} {show(found)}{rounding}, and not "
        f"{show(answer.unrounded)}."
    )


def _taken(answer: Solved) -> dict[str, Published]:
    """Numbers of the questionnaire that stand in the design, and were found to vary."""
    given, sources = answer.asked.given, answer.asked.sources
    planned = numbers_for(sources.get("instrument", ""))
    if planned is None:
        return {}
    held = {"sd": planned.sd, "sd_change": planned.sd_change, "diff": planned.mid}
    return {
        name: one
        for name, one in held.items()
        if one is not None and sources.get(name) == one.told and name in given and _varies(one)
    }


def _varies(one: Published) -> bool:
    return one.low is not None and one.high is not None and one.high - one.low > _WIDE * one.value


def _middle(one: Published) -> float:
    assert one.low is not None
    assert one.high is not None
    return float(f"{(one.low + one.high) / 2:.4g}")


def _short(value: object) -> str:
    return number(value, 3)
