"""The tipping point in a sentence, and what a reader must know beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from splw_eval.missing.assumptions.completed_arms import ArmsAsked
from splw_eval.stats.imputation.tipping import Tipping

DIRECTIONS = ("higher is better", "lower is better")
_FEW_PRACTICES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What there is to tell.

    Attributes
    ----------
    asked : ArmsAsked
    tipping : Tipping or None
        None where nobody was lost from the arm that is moved.
    reach : float
        Most points tried.
    lost : tuple of int
        People lost from the reference arm and from the other.
    spread : float
        Standard deviation of the scores seen at the wave.
    better : float
        1 where higher scores are better, -1 where lower ones are.
    growing : bool
    ended : str or None
    named : bool
        Whether an arm was named.
    """

    asked: ArmsAsked
    tipping: Tipping | None
    reach: float
    lost: tuple[int, ...]
    spread: float
    better: float
    growing: bool
    ended: str | None
    named: bool


def sentence_of(told: Told) -> str:
    """The tipping point in one or two sentences.

    Parameters
    ----------
    told : Told

    Returns
    -------
    str
    """
    arm, found = told.asked.labels[1], told.tipping
    if found is None:
        return f"Nobody was lost from {arm} at this wave, so there is nothing to tip."
    if found.points is None:
        return _nowhere(told, includes=found.includes)
    word = "better" if found.points * told.better > 0 else "worse"
    times = " for each wave since they left" if told.growing else ""
    what = f"people lost from {arm} did {abs(found.points):.3g} points {word}{times}"
    if found.includes:
        return (
            "The interval includes no difference as it stands. It would exclude it if "
            f"{what} than those seen."
        )
    return f"The conclusion would change if {what} than those seen."


def _nowhere(told: Told, *, includes: bool) -> str:
    arm = told.asked.labels[1]
    if includes:
        return (
            "The interval includes no difference as it stands, and would whatever is added to the "
            f"scores of people lost from {arm}, up to {told.reach:.3g} points: there is nothing to "
            "tip."
        )
    return (
        f"The conclusion would not change even if people lost from {arm} did {told.reach:.3g} "
        "points worse or better than those seen."
    )


def notes_of(told: Told) -> Iterator[str]:
    """Sentences that a reader needs beside the tipping point.

    Parameters
    ----------
    told : Told

    Yields
    ------
    str
    """
    asked = told.asked
    people = asked.people
    arm = asked.draws.data.arm
    counts = [
        f"{lost} of {int((arm == code).sum())} in {label}"
        for code, label, lost in zip(asked.codes, asked.labels, told.lost, strict=True)
    ]
    left = "after their last score" if told.ended is None else f'after the end in "{told.ended}"'
    yield f"Lost at this wave ({left}): {', '.join(counts)}."
    yield from _of_points(told)
    gaps = int((~asked.draws.data.observed[people, asked.place]).sum()) - sum(told.lost)
    if gaps:
        yield f"{gaps} other scores missing at this wave are at random, and nothing is added."
    if not told.named:
        yield (
            f"No arm was named, so the first in order, {asked.labels[0]}, is the reference: name "
            "it with reference=."
        )
    if not asked.draws.inputs.before and not asked.fixed:
        yield (
            "The first wave is not said to be before the programme, so arms are not adjusted for "
            "it; if it was, name it in draw(): baseline=."
        )
    if not asked.clustered:
        yield "People count as independent of each other: no practices were named in draw()."
        return
    practice = asked.draws.data.practice
    for code, label in zip(asked.codes, asked.labels, strict=True):
        if practice is not None and len(np.unique(practice[arm == code])) < _FEW_PRACTICES:
            yield f"{label} has fewer than {_FEW_PRACTICES} practices: its errors are uncertain."


def _of_points(told: Told) -> Iterator[str]:
    """What the points are, where somebody was lost."""
    if told.tipping is None:
        return
    asked = told.asked
    yield (
        "Those seen are people alike in arm, practice, covariates and earlier scores: points are "
        "added to scores that were filled at random. Whether so many points are plausible is for "
        "the reader to judge, not for the data."
    )
    if told.tipping.points is not None:
        share = abs(told.tipping.points) / told.spread if told.spread > 0 else None
        if share is not None:
            yield f"That is {share:.2g} standard deviations of the scores seen at this wave."
        yield (
            f"Pooled over {asked.draws.imputations} data sets, it would move a little if they were "
            "drawn anew."
        )
    yield (
        "Points are added for each wave since the person left (growing=True)."
        if told.growing
        else "Points are added once, however long ago the person left (growing=False)."
    )
    sense = DIRECTIONS[0] if told.better > 0 else DIRECTIONS[1]
    yield f"Worse and better are said as {sense}; say direction= where that is not so."


def left_out(asked: ArmsAsked, n: int) -> Iterator[str]:
    """A sentence where the fixed part cannot take everybody.

    Parameters
    ----------
    asked : ArmsAsked
    n : int
        People compared.

    Yields
    ------
    str
    """
    people = int(asked.people.sum())
    if n < people:
        yield f"{people - n} of {people} people were left out: without a covariate of fixed=."
