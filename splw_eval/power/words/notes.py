"""Notes: what must be said beside a number, so that it is not taken for more than it is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from splw_eval.core.errors import SplwError
from splw_eval.power.options import OPTIONS
from splw_eval.power.planning_numbers import numbers_for
from splw_eval.power.solved import Solved
from splw_eval.power.solving import chance
from splw_eval.power.words.assumptions import not_said, without_source
from splw_eval.power.words.conventions import rule_of
from splw_eval.power.words.shown import decimals, number

FEW = 40  # clusters, below which rules of degrees of freedom part
_ENDLESS = 1e9  # people
_MUCH = 0.05  # of power, by which the ceiling is worth telling however far it lies
_WHOLE = 1e-6
_LARGE = 5.0  # design effect
_WHAT = {
    "power": "power",
    "clusters": "clusters in all",
    "size": "people in each cluster",
    "patients": "people in all",
    "controls": "people of the comparison arm",
    "events": "events",
    "mde": "detectable difference",
}


def notes_of(answer: Solved) -> tuple[str, ...]:
    """What must be said beside the number.

    Parameters
    ----------
    answer : Solved

    Returns
    -------
    tuple of str
        Whole sentences.
    """
    found = (
        *answer.asked.kind.notes(answer.asked.values),
        *_half_clusters(answer),
        *_few_clusters(answer),
        *_ceiling(answer),
        *_importance(answer),
        *_approximate(answer),
        *_left_out(answer),
    )
    return tuple(found)


def _half_clusters(answer: Solved) -> Iterator[str]:
    if any(abs(n - round(n)) > _WHOLE for n in answer.arms.values()):
        flag = OPTIONS["clusters_arm"].flag
        told = f"; give them with {flag}" if "clusters_arm" in answer.asked.kind.takes else ""
        yield f"The arms do not come out in whole numbers{told}. Nobody can be given half."


def _few_clusters(answer: Solved) -> Iterator[str]:
    if answer.clusters is None or not (np.asarray(answer.clusters) < FEW).any():
        return
    told = rules_told(answer)
    yield (
        f"There are fewer than {FEW} clusters, so rules of degrees of freedom part. By each rule, "
        f"{_WHAT[answer.sought]}: {told}. The answer is that of {rule_of(answer)}."
    )
    if rule_of(answer) == "z":
        yield "The normal test promises too much with few clusters; prefer --test t."


def rules_told(answer: Solved) -> str:
    """What was sought by each rule of degrees of freedom, side by side."""
    show = decimals if answer.sought == "power" else number
    return ", ".join(f"{rule} {show(found)}" for rule, found in answer.by_rule.items())


def ceiling_of(answer: Solved) -> float:
    """Power with people without end in each of these clusters; NaN where there are none.

    Parameters
    ----------
    answer : Solved

    Returns
    -------
    float
    """
    design = answer.design
    plain = answer.size is not None and np.ndim(answer.power) == 0
    if not plain or "icc" not in design.kind.takes or {"sizes", "patients"} & set(design.given):
        return float("nan")
    endless = {n: _ENDLESS for n in ("size", "size_control") if n in design.given}
    tried = design.values.changed(**endless)
    try:
        return float(chance(tried, design.kind.precision(tried)))
    except (SplwError, TypeError, ValueError):
        return float("nan")


def _ceiling(answer: Solved) -> Iterator[str]:
    top = ceiling_of(answer)
    if np.isfinite(top) and top < 1 - _MUCH:
        yield (
            f"However many people there are in each cluster, these clusters cannot exceed power "
            f"{decimals(top)}. Beyond that only more clusters help."
        )
    effect = answer.precision.parts.get("design_effect")
    if effect is not None and np.ndim(effect) == 0 and float(effect) > _LARGE:
        yield (
            f"The design effect is {number(effect, 3)}: one more cluster tells more than many "
            "more people in the same ones."
        )


def _importance(answer: Solved) -> Iterator[str]:
    """The detectable difference against the smallest change that matters."""
    name = answer.asked.sources.get("instrument", "")
    planned = numbers_for(name) if name else None
    if planned is None or np.ndim(answer.power) or not _in_points(answer):
        return
    if planned.mid is None:
        yield f"No important difference is agreed for {planned.title}: {planned.why_no_mid}"
        return
    mde, mid = float(abs(answer.mde)), planned.mid
    if not np.isfinite(mde):
        return
    than = "smaller" if mde < mid.value else "larger"
    end = "" if mde < mid.value else " A difference that matters could be missed."
    yield (
        f"The smallest difference found with the power asked ({number(mde, 3)}) is {than} than the "
        f"important difference of {planned.title} ({number(mid.value)}; {mid.source})."
        f"{end} {mid.note}".rstrip()
    )


def _in_points(answer: Solved) -> bool:
    given = answer.asked.given
    return "p0" not in given and "d" not in given and "mde" in answer.asked.kind.solves


def _approximate(answer: Solved) -> Iterator[str]:
    v = answer.asked.values
    if v.cv is not None and v.sizes is None and np.any(v.cv > 0):
        kind = "cautious" if v.cv_method != "breukelen" else "an approximation"
        yield f"Unequal sizes enter by their coefficient of variation, which is {kind}."
    if v.mde_rule == "bloom":
        yield "The detectable difference is the SE times two critical values, an approximation."
    if int(v.sides) == 1:
        yield "A one-sided test cannot find harm; say beforehand why harm does not matter."
    if v.icc is not None and np.ndim(v.icc) == 0 and float(v.icc) == 0:
        yield "An ICC of 0 means that clusters do not matter at all, which is rare."


def _left_out(answer: Solved) -> Iterator[str]:
    for flag, holds in not_said(answer.asked):
        yield f"{flag} was not given: {holds}."
    bare = without_source(answer.asked)
    if bare:
        yield f"No source was given for {', '.join(bare)}; give one with --source NAME=TEXT."
    uncertain = {"icc_range", "icc_prior"} & set(answer.asked.given)
    if answer.asked.values.icc is not None and not uncertain:
        flags = f"{OPTIONS['icc_range'].flag} or {OPTIONS['icc_prior'].flag}"
        yield f"The ICC stands as if it were known; {flags} shows what hangs on it."
