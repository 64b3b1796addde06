"""What is found, held against the difference that matters."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from splw_eval.power.planning_numbers import PlanningNumbers, Published, numbers_for
from splw_eval.power.solved import Solved
from splw_eval.power.words.detectable import USUAL
from splw_eval.power.words.shown import number

_SAME = 1e-3  # of the difference that matters


def importance(answer: Solved) -> Iterator[str]:
    """The detectable difference against the smallest change that matters.

    Parameters
    ----------
    answer : Solved

    Yields
    ------
    str
        Whole sentences.
    """
    name = answer.asked.sources.get("instrument", "")
    planned = numbers_for(name) if name else None
    if planned is None or np.ndim(answer.power):
        return
    if not {"diff", "sd", "sd_change"} & set(answer.asked.kind.takes) or _is_no_score(answer):
        yield f"Numbers of {planned.title} were not used: they are of scores."
        return
    if "d" in answer.asked.given or "mde" not in answer.asked.kind.solves:
        return
    if planned.mid is None:
        yield f"No important difference is agreed for {planned.title}: {planned.why_no_mid}"
    else:
        yield from _against(answer, planned, planned.mid)


def _is_no_score(answer: Solved) -> bool:
    return bool({"p0", "rate0", "levels", "hr", "discordant"} & set(answer.asked.given))


def _against(answer: Solved, planned: PlanningNumbers, mid: Published) -> Iterator[str]:
    found, v = float(abs(answer.mde)), answer.asked.values
    if not np.isfinite(found):
        return
    power = number(USUAL if v.power is None else v.power)
    apart = found / mid.value - 1
    if abs(apart) <= _SAME:
        than, end = "as large as", ""
    elif apart < 0:
        than, end = "smaller than", ""
    else:
        than, end = "larger than", _missed(answer, mid.value)
    yield (
        f"The smallest difference found with power {power} ({number(found, 3)}) is {than} the "
        f"important difference of {planned.title} ({number(mid.value)}; {mid.source})."
        f"{end} {mid.note}".rstrip()
    )


def _missed(answer: Solved, mid: float) -> str:
    diff = answer.asked.values.diff
    if diff is None or abs(float(diff)) <= mid * (1 + _SAME):
        return " A difference that matters could be missed."
    return (
        f" The plan is for {number(abs(diff))}; one as small as {number(mid)}, which may matter "
        "too, could be missed."
    )
