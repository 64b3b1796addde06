"""What was sought, in whole clusters of each arm and whole people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from splw_eval.power.design import Design
from splw_eval.power.fewest import no_fewer
from splw_eval.power.options import OPTIONS
from splw_eval.power.precision import Array
from splw_eval.power.solving import rounded_up

_COUNTS = ("clusters", "patients")


def in_whole_numbers(design: Design, aim: str, number: Array) -> Design:
    """The design with what was sought, rounded up.

    Parameters
    ----------
    design : Design
    aim : str
        ``power``, ``mde`` or the number sought.
    number : ndarray
        Before rounding.

    Returns
    -------
    Design
        Each arm or sequence is rounded up by itself, of a grid as of a single design.
    """
    if aim == "power":
        return design
    values, kind = design.values, design.kind
    if aim == "mde":
        option = kind.span(values)[0]
        gone = dict.fromkeys(kind.effect)
        return with_options(design, **{**gone, option: number, "power": None})
    up = np.vectorize(rounded_up, otypes=[float])
    if aim == "clusters":
        number = no_fewer(values, number)
    if aim == "clusters" and values.rounding in ("individual", "nearest"):
        nearest = np.rint(number) if values.rounding == "nearest" else up(number)
        return with_options(design, clusters=nearest, clusters_arm=None)
    if aim not in _COUNTS:
        return with_options(design, **{aim: up(number)})
    if number.ndim == 0:
        return _of_one(design, aim, float(number))
    return _of_a_grid(design, aim, number)


def with_options(design: Design, **other: Any) -> Design:
    """The design with other options, None to leave one out; nothing is checked again."""
    given = {k: v for k, v in {**design.given, **other}.items() if v is not None}
    return replace(design, given=given)


def arms_in_whole(design: Design, number: float) -> Mapping[str, int]:
    """Clusters or people of each arm or sequence, rounded up; empty where there are none.

    Parameters
    ----------
    design : Design
        A single one.
    number : float
        In all, before rounding.

    Returns
    -------
    mapping of str to int
    """
    arms = {k: rounded_up(n) for k, n in design.kind.arms(number, design.values).items()}
    if "per_sequence" in design.kind.takes and arms and design.values.allocation is None:
        return dict.fromkeys(arms, max(arms.values()))
    return arms


def _of_one(design: Design, aim: str, number: float) -> Design:
    arms, takes = arms_in_whole(design, number), design.kind.takes
    if arms and "per_sequence" in takes and len(set(arms.values())) == 1:
        return with_options(
            design, clusters=None, clusters_arm=None, per_sequence=float(max(arms.values()))
        )
    whole = float(sum(arms.values())) if arms else float(rounded_up(number))
    told: dict[str, Any] = {aim: whole}
    if arms and f"{aim}_arm" in takes:
        told = {aim: None, f"{aim}_arm": np.array([*arms.values()], float)}
    return with_options(design, **told)


def _of_a_grid(design: Design, aim: str, numbers: Array) -> Design:
    """Totals of arms that were rounded up, with the shares that these make."""
    each = [arms_in_whole(_element(design, place), float(one)) for place, one in enumerate(numbers)]
    if not all(each):
        return with_options(design, **{aim: np.vectorize(rounded_up, otypes=[float])(numbers)})
    told: dict[str, Any] = {aim: np.array([float(sum(arms.values())) for arms in each])}
    if f"{aim}_arm" in design.given:
        told[f"{aim}_arm"] = None
    if "allocation" in design.kind.takes and any(len(set(arms.values())) > 1 for arms in each):
        ends = [[*arms.values()] for arms in each]
        told["allocation"] = np.array([one[0] / one[-1] for one in ends])
    return with_options(design, **told)


def _element(design: Design, place: int) -> Design:
    """One design of a grid."""
    given = {
        name: value[place] if OPTIONS[name].form == "number" and np.ndim(value) == 1 else value
        for name, value in design.given.items()
    }
    return replace(design, given=given)
