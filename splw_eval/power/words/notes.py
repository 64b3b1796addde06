"""Notes: what must be said beside a number, so that it is not taken for more than it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from splw_eval.core.errors import SplwError
from splw_eval.power.checks import InfeasibleError
from splw_eval.power.fewest import FEWEST
from splw_eval.power.options import OPTIONS
from splw_eval.power.solved import Solved, solve_for
from splw_eval.power.solving import chance
from splw_eval.power.words.assumptions import not_said, steady_not_said, without_source
from splw_eval.power.words.conventions import rule_of, sizes_rule
from splw_eval.power.words.doubtful import doubts
from splw_eval.power.words.fitted import fitted_notes
from splw_eval.power.words.important import importance
from splw_eval.power.words.meanings import clustering
from splw_eval.power.words.middle import middle_note
from splw_eval.power.words.shown import decimals, number

FEW = 40  # clusters, below which rules of degrees of freedom part
_ENDLESS = 1e9  # people
_TRIED = 200  # numbers of them
_MUCH = 0.05  # of power, by which the ceiling is worth telling however far it lies
_WHOLE = 1e-6
_LARGE = 5.0  # design effect
USUAL_CAC = 0.8
_HARDLY = 1e-3  # of what is sought, less than which is not worth a word
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
        *_power_asked(answer),
        *doubts(answer),
        *_half_clusters(answer),
        *_fewest(answer),
        *_few_clusters(answer),
        *fitted_notes(answer),
        *_ceiling(answer),
        *importance(answer),
        *middle_note(answer),
        *_approximate(answer),
        *_left_out(answer),
    )
    return tuple(found)


def _power_asked(answer: Solved) -> Iterator[str]:
    """Where all was given, and a power as well, which then is not what is solved for."""
    asked = answer.asked.values.power
    if asked is None or answer.sought != "power" or np.ndim(answer.power):
        return
    met = float(answer.power) >= float(asked) - _WHOLE
    yield (
        f"Power {number(asked)} was asked, and all else was given, so the power was worked out: it "
        f"{'is reached' if met else 'is not reached'} ({decimals(answer.power)})."
    )


def _fewest(answer: Solved) -> Iterator[str]:
    """Where fewer clusters would do by the formula than can carry a test."""
    if answer.sought != "clusters" or np.ndim(answer.unrounded) or answer.asked.values.force:
        return
    if float(answer.unrounded) < FEWEST:
        yield (
            f"By the formula {number(answer.unrounded)} clusters would do; fewer than {FEWEST} "
            "carry no test that can be relied on, so no fewer are told."
        )


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
    endless: dict[str, Any] = dict.fromkeys(_grow(answer), _ENDLESS)
    if "controls" in endless:  # with very many the degrees of freedom are fewest
        endless["controls"] = np.geomspace(2.0, _ENDLESS, _TRIED)
    tried = design.values.changed(**endless)
    try:
        return float(np.nanmax(chance(tried, design.kind.precision(tried))))
    except SplwError:
        return float("nan")


def _grow(answer: Solved) -> list[str]:
    """Options of how many people there are, of clusters and of a comparison without any."""
    held = answer.design.values
    return [n for n in ("size", "size_control", "controls") if n in held]


def _ceiling(answer: Solved) -> Iterator[str]:
    top = ceiling_of(answer)
    if np.isfinite(top) and top < 1 - _MUCH:
        alone = "controls" in _grow(answer)
        also = " and in the comparison arm, which has none" if alone else ""
        yield (
            f"However many people there are in each cluster{also}, these clusters cannot exceed "
            f"power {decimals(top)}. Beyond that only more clusters help."
        )
    effect = answer.precision.parts.get("design_effect")
    if effect is not None and np.ndim(effect) == 0 and float(effect) > _LARGE:
        yield (
            f"The design effect is {number(effect, 3)}: one more cluster tells more than many "
            "more people in the same ones."
        )


def _approximate(answer: Solved) -> Iterator[str]:
    v = answer.asked.values
    yield from _unequal(answer)
    if v.mde_rule == "bloom":
        yield "The detectable difference is the SE times two critical values, an approximation."
    if int(v.sides) == 1:
        yield (
            "A one-sided test, in the direction of the difference planned, cannot find harm; say "
            "beforehand why harm does not matter."
        )
    if v.icc is not None and np.ndim(v.icc) == 0 and float(v.icc) == 0:
        which = "A k" if clustering(answer.asked) == "k" else "An ICC"
        yield f"{which} of 0 means that clusters do not matter at all, which is rare."


def _unequal(answer: Solved) -> Iterator[str]:
    """How far sizes that are unlike enter by an approximation."""
    v = answer.asked.values
    if v.sizes is None and (v.cv is None or not np.any(v.cv > 0)):
        return
    rule = sizes_rule(answer.asked).partition(":")[0]
    kind = {
        "eldridge": "which is cautious",
        "breukelen": "which is an approximation",
        "spread": "each size that a gamma distribution with it has by its own precision",
    }.get(rule)
    if kind is not None:
        yield f"Unequal sizes enter by their coefficient of variation, {kind}."


def _if_clusters_change(answer: Solved) -> Iterator[str]:
    """What a usual cluster autocorrelation gives, where none was told."""
    asked, aim = answer.asked, answer.sought
    if not steady_not_said(asked) or np.ndim(answer.unrounded):
        return
    usual = replace(asked, given={**asked.given, "cac": USUAL_CAC})
    flag, value = OPTIONS["cac"].flag, number(USUAL_CAC)
    try:
        found = float(solve_for(usual, aim))
    except InfeasibleError:
        yield f"With {flag} {value}, a common planning value, it would be out of reach."
        return
    except SplwError:
        return
    if abs(found - float(answer.unrounded)) > _HARDLY * abs(found):
        show = decimals if aim == "power" else number
        before = "" if aim in ("power", "mde") else " before rounding"
        yield (
            f"{flag} {value}, a common planning value, would give {_WHAT[aim]} {show(found)}"
            f"{before}, and not {show(answer.unrounded)}: clusters seldom stay quite as they are."
        )


def _left_out(answer: Solved) -> Iterator[str]:
    for flag, holds in not_said(answer.asked):
        yield f"{flag} was not given: {holds}."
    yield from _if_clusters_change(answer)
    bare = without_source(answer.asked)
    if bare:
        yield f"No source was given for {', '.join(bare)}; give one with --source NAME=TEXT."
    uncertain = {"icc_range", "icc_prior"} & set(answer.asked.given)
    if answer.asked.values.icc is not None and not uncertain:
        flags = f"{OPTIONS['icc_range'].flag} or {OPTIONS['icc_prior'].flag}"
        which = clustering(answer.asked)
        yield f"The {which} stands as if it were known; {flags} shows what hangs on it."
