"""What solving a design gives: numbers, before any words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from splw_eval.power.checks import InfeasibleError
from splw_eval.power.design import Design
from splw_eval.power.precision import Array, Precision
from splw_eval.power.rounding import clusters_of_whole_people
from splw_eval.power.solving import chance, solve_difference, solve_number


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Solved:
    """What a design comes to.

    Attributes
    ----------
    design : Design
        With the number that was sought, rounded up.
    sought : str
    power : ndarray
        Of the numbers as rounded.
    unrounded : ndarray
        The number sought before rounding; the power itself where power was sought.
    clusters, size, patients : ndarray or None
        Clusters in all, people of each, people in all; None where the design has none.
    arms : mapping of str to float
        Clusters (or people, where there are no clusters) of each arm or sequence.
    std_error, df : ndarray
    precision : Precision
    asked : Design
        As it was given.
    """

    design: Design
    sought: str
    power: Array
    unrounded: Array
    clusters: Array | None
    size: Array | None
    patients: Array | None
    arms: Mapping[str, float]
    std_error: Array
    df: Array
    precision: Precision
    asked: Design

    @cached_property
    def mde(self) -> Array:
        """The least difference detected with the power asked, or 0.8; NaN where there is none."""
        return self.unrounded if self.sought == "mde" else _detectable(self.design)

    @cached_property
    def by_rule(self) -> Mapping[str, Array]:
        """What was sought, not rounded, by each rule of df; NaN where infeasible."""
        return _by_rule(self.asked, self.sought, self.precision)


def solve_for(design: Design, aim: str, rule: str | None = None) -> Array:
    """What is sought, not rounded, by one rule of degrees of freedom.

    Parameters
    ----------
    design : Design
    aim : str
        ``power``, ``mde`` or the number sought.
    rule : str, optional

    Returns
    -------
    ndarray
    """
    if rule == "z":  # which may rest on another variance: Hayes & Bennett's extra cluster
        design = replace(design, given={**design.given, "test": "z"})
    if aim == "power":
        values = design.values
        return chance(values, design.kind.precision(values), rule)
    if aim == "mde":
        return solve_difference(design, rule)
    if aim == "clusters" and design.values.rounding in ("individual", "nearest"):
        return clusters_of_whole_people(design)
    return solve_number(design, aim, rule)


def _detectable(design: Design) -> Array:
    if "mde" not in design.kind.solves:
        return np.asarray(np.nan)
    try:
        return solve_difference(design)
    except InfeasibleError:
        return np.asarray(np.nan)


def _by_rule(design: Design, aim: str, found: Precision) -> Mapping[str, Array]:
    told = {}
    for rule in dict.fromkeys((*found.df, "z")):
        try:
            told[rule] = solve_for(design, aim, rule)
        except InfeasibleError:
            told[rule] = np.asarray(np.nan)
    return told
