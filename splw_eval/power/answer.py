"""Answers: what was sought, with the test, its conventions and what was assumed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.power import words
from splw_eval.power.checks import InfeasibleError
from splw_eval.power.design import Design, Values
from splw_eval.power.in_whole_numbers import in_whole_numbers
from splw_eval.power.infeasible import explained
from splw_eval.power.precision import Array
from splw_eval.power.reading import sought
from splw_eval.power.solved import Solved, solve_for
from splw_eval.power.solving import (
    chance,
    degrees_of_freedom,
    solve_difference,
)

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Answer(Solved):
    """What a design comes to, with the words that belong to it."""

    @property
    def conventions(self) -> Mapping[str, Any]:
        """What tools differ in, as it was done here."""
        return words.conventions_of(self)

    @property
    def assumptions(self) -> pd.DataFrame:
        """``input value unit source meaning``; the source is empty where none was given."""
        return words.assumptions_of(self)

    @property
    def notes(self) -> tuple[str, ...]:
        """What must be said beside the number."""
        return words.notes_of(self)

    def to_dict(self) -> dict[str, Any]:
        """As printed by ``--json``."""
        return words.as_dict(self)

    def __repr__(self) -> str:
        return words.told(self)


def solve(design: Design) -> Answer:
    """Work a design out.

    Parameters
    ----------
    design : Design

    Returns
    -------
    Answer

    Raises
    ------
    DesignError
        Correlations are those of no people, or a rule of degrees of freedom is not known.
    InfeasibleError
        No number reaches what was asked.
    """
    aim = sought(design.kind, design.given)
    unrounded = _solved(design, aim)
    whole = in_whole_numbers(design, aim, unrounded)
    values = whole.values
    found = design.kind.precision(values)
    power = chance(values, found)
    arms = _arms(design, values)
    return Answer(
        design=whole,
        sought=aim,
        power=power,
        unrounded=power if aim == "power" else unrounded,
        clusters=_clusters(values, arms),
        size=values.size,
        patients=found.parts.get("patients", values.patients),
        arms=arms,
        std_error=found.std_error,
        df=degrees_of_freedom(values, found),
        precision=found,
        asked=design,
    )


def _solved(design: Design, aim: str) -> Array:
    try:
        return solve_difference(design) if aim == "mde" else solve_for(design, aim)
    except InfeasibleError as error:
        raise explained(design, aim, error) from None


def _arms(design: Design, values: Values) -> Mapping[str, float]:
    for name in ("clusters", "patients"):
        count = getattr(values, name)
        if getattr(values, f"{name}_arm") is not None:
            count = np.sum(getattr(values, f"{name}_arm"))
        if count is not None and np.ndim(count) == 0:
            return design.kind.arms(float(count), values)
    if values.sizes is not None and values.per_sequence is None and values.clusters is None:
        return design.kind.arms(float(np.size(values.sizes)), values)
    if values.per_sequence is not None and np.ndim(values.per_sequence) == 0:
        return design.kind.arms(float("nan"), values)
    return {}


def _clusters(values: Values, arms: Mapping[str, float]) -> Array | None:
    if values.clusters_arm is not None:
        return np.asarray(float(np.sum(values.clusters_arm)))
    if values.clusters is not None:
        return np.asarray(values.clusters)
    if values.per_sequence is not None:
        return np.asarray(float(sum(arms.values())))
    if values.sizes is not None:
        return np.asarray(float(np.size(values.sizes)))
    return None
