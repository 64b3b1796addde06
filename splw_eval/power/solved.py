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
        The number sought before rounding; the power itself where power was sought; the second
        proportion or rate where a difference from the first was sought.
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

    @property
    def known(self) -> Design:
        """The design with every number known, and the difference as it was given."""
        return self.asked if self.sought == "mde" else self.design

    @cached_property
    def detectable(self) -> tuple[str, Array]:
        """The option in which the least difference is told, and what it comes to there.

        Such as ``p1``, the programme's proportion. It has the power asked, or 0.8; NaN where
        there is none.
        """
        if "mde" not in self.asked.kind.solves:
            return "", np.asarray(np.nan)
        option = self.known.kind.span(self.known.values)[0]
        found = self.unrounded if self.sought == "mde" else _detectable(self.design)
        return option, found

    @cached_property
    def mde(self) -> Array:
        """The least difference detected; of proportions and rates that between the two.

        Of times to an event it is the hazard ratio, and of ordered answers the odds ratio.
        """
        return as_difference(self.asked, *self.detectable)

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
        option = design.kind.span(design.values)[0]
        return as_difference(design, option, solve_difference(design, rule))
    people_first = design.values.rounding in ("individual", "nearest") and rule in (None, "z")
    if aim == "clusters" and people_first:
        return clusters_of_whole_people(design)
    return solve_number(design, aim, rule)


def as_difference(design: Design, option: str, found: Array) -> Array:
    """A second proportion or rate as its difference from the first; anything else as it is.

    Parameters
    ----------
    design : Design
    option : str
        In which `found` is told.
    found : ndarray

    Returns
    -------
    ndarray
    """
    first = {"p1": design.values.p0, "rate1": design.values.rate0}.get(option)
    return found if first is None else np.asarray(found - first)


def _detectable(design: Design) -> Array:
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
