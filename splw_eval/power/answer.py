"""Answers: what was sought, with the test, its conventions and what was assumed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.power import words
from splw_eval.power.design import Design, Values
from splw_eval.power.precision import Array
from splw_eval.power.reading import sought
from splw_eval.power.solved import Solved, solve_for
from splw_eval.power.solving import chance, degrees_of_freedom, rounded_up

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
    unrounded = solve_for(design, aim)
    whole = _rounded(design, aim, unrounded)
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


def _rounded(design: Design, aim: str, number: Array) -> Design:
    """The design with what was sought, in whole clusters of each arm and whole people."""
    if aim == "power":
        return design
    values, kind = design.values, design.kind
    if aim == "mde":
        option = kind.span(values)[0]
        gone = dict.fromkeys(kind.effect)
        return _with(design, **{**gone, option: number, "power": None})
    up = np.vectorize(rounded_up, otypes=[float])
    if aim == "clusters" and values.rounding in ("individual", "nearest"):
        nearest = np.rint(number) if values.rounding == "nearest" else up(number)
        return _with(design, clusters=nearest, clusters_arm=None)
    if aim in ("clusters", "patients") and number.ndim == 0:
        arms = {k: rounded_up(n) for k, n in kind.arms(float(number), values).items()}
        if "per_sequence" in kind.takes:
            return _with(design, clusters=None, per_sequence=float(max(arms.values())))
        whole = float(sum(arms.values())) if arms else float(up(number))
        told: dict[str, Any] = {aim: whole}
        if arms and f"{aim}_arm" in kind.takes:
            told = {aim: None, f"{aim}_arm": np.array([*arms.values()], float)}
        return _with(design, **told)
    return _with(design, **{aim: up(number)})


def _with(design: Design, **other: Any) -> Design:
    given = {k: v for k, v in {**design.given, **other}.items() if v is not None}
    return replace(design, given=given)


def _arms(design: Design, values: Values) -> Mapping[str, float]:
    for name in ("clusters", "patients"):
        count = getattr(values, name)
        if getattr(values, f"{name}_arm") is not None:
            count = np.sum(getattr(values, f"{name}_arm"))
        if count is not None and np.ndim(count) == 0:
            return design.kind.arms(float(count), values)
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
    return None
