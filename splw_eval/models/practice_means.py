"""The two-stage analysis: one number for each practice, and a t test between the arms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from splw_eval.models.design import Design
from splw_eval.models.variables import Codes, Floats

FEWEST = 3  # practices; with fewer nothing is left to tell how far they differ
_ARMS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class MeansTest:
    """Difference of two arms in means of practices.

    Attributes
    ----------
    estimate, std_error : float
        Second arm less first, in units of the outcome.
    df : float
        Practices less 2.
    people, practices : int
    """

    estimate: float
    std_error: float
    df: float
    people: int
    practices: int


def arm_of_practices(design: Design) -> Codes | None:
    """Arm of each practice; None where there are not two arms, each of whole practices.

    Parameters
    ----------
    design : Design

    Returns
    -------
    ndarray of int, shape (clusters,), or None
    """
    arm, cluster = design.arm, design.cluster
    if arm is None or cluster is None or arm.count != _ARMS or (cluster.codes < 0).any():
        return None
    found = np.zeros(cluster.count, dtype=np.int64)
    found[cluster.codes] = arm.codes
    return found if np.array_equal(found[cluster.codes], arm.codes) else None


def means_test(design: Design, weights: Mapping[Any, float]) -> MeansTest | None:
    """Compare the arms by a t test of practices' means with one variance.

    Parameters
    ----------
    design : Design
    weights : mapping of wave to float
        What of each wave's mean goes into a practice's number, such as -1 and 1.

    Returns
    -------
    MeansTest or None
        None where the arms are not of whole practices, or too few practices have all waves
        that are needed. Covariates are not adjusted for; every practice counts the same.

    Sources
    -------
    Hayes & Moulton 2017, Cluster Randomised Trials, chapter 10.
    """
    arm = arm_of_practices(design)
    if arm is None or design.cluster is None:
        return None
    size = np.zeros(design.waves)
    for wave, weight in weights.items():
        size[0 if design.wave is None else design.wave.levels.index(wave)] = weight
    means, used = _means(design, size)
    sides = [means[used & (arm == side)] for side in range(_ARMS)]
    count = sum(map(len, sides))
    if min(map(len, sides)) == 0 or count < FEWEST:
        return None
    squares = sum(float(((side - side.mean()) ** 2).sum()) for side in sides)
    error = np.sqrt(squares / (count - _ARMS) * sum(1 / len(side) for side in sides))
    rows = used[design.cluster.codes] & (size != 0)[design.wave_codes]
    return MeansTest(
        estimate=float(sides[1].mean() - sides[0].mean()),
        std_error=float(error),
        df=float(count - _ARMS),
        people=len(np.unique(design.person.codes[rows])),
        practices=count,
    )


def _means(design: Design, size: Floats) -> tuple[Floats, np.ndarray]:
    """Each practice's number, and whether all waves that it needs were seen."""
    assert design.cluster is not None
    cell = design.cluster.codes * design.waves + design.wave_codes
    shape = (design.cluster.count, design.waves)
    n = np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape)
    total = np.bincount(cell, design.y, minlength=shape[0] * shape[1]).reshape(shape)
    used = np.asarray((n > 0)[:, size != 0].all(axis=1))
    return (total / np.maximum(n, 1)) @ size, used
