"""What is assumed of scores after people left: arms, strategies, ends and points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FindingsError, FitError
from splw_eval.core.findings import Finding
from splw_eval.missing.checks import finding, refuse
from splw_eval.missing.filling.added_points import (
    by_arm_of,
    how_added,
    place_of_arm,
    read_points,
    told_arms,
)
from splw_eval.missing.filling.draw_inputs import DrawInputs
from splw_eval.missing.filling.endings import waves_before_end
from splw_eval.models.variables import level_codes
from splw_eval.stats.imputation.strategies import STRATEGIES, Strategy, strategy_of, waves_before

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
MAR = STRATEGIES["MAR"]
# Those that change nothing for people of the reference arm itself.
_OF_REFERENCE = ("J2R", "CIR", "CR")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Assumed:
    """What is assumed of scores after people left.

    Attributes
    ----------
    strategies : tuple of Strategy, length arms
        By code of the arm.
    reference : int or None
        Code of the reference arm.
    after : ndarray of int, shape (n,)
        Waves before each person's deviation, J where there is none.
    points : ndarray, shape (n, J)
        To be added to scores that are missing after the deviation.
    ended : str or None
        Column of the ends.
    how_added : str
        How often points are added, in words.
    """

    strategies: tuple[Strategy, ...]
    reference: int | None
    after: Whole
    points: Floats
    ended: str | None
    how_added: str = ""


def read_assumed(
    inputs: DrawInputs,
    *,
    strategy: Any,
    reference: Any,
    arms: Sequence[Any] | None,
    ended: str | None,
    times: Mapping[Any, float] | None,
    delta: Any,
    growing: Any = False,
) -> Assumed:
    """Read what `impute` was asked.

    Parameters
    ----------
    inputs : DrawInputs
    strategy, reference, arms, ended, times, delta, growing
        As `impute` takes them.

    Returns
    -------
    Assumed

    Raises
    ------
    MissingError
        With everything found wrong.
    """
    found: list[Finding] = []
    to = _reference(inputs, reference, found)
    strategies = _strategies(inputs, strategy, to, arms, found)
    if reference is None and any(one.covariance == "reference" for one in strategies):
        remedy = f"Name it: reference=. There are: {told_arms(inputs.arms)}."
        found.append(finding("SN14", "the strategy needs a reference arm", remedy))
    after = _after(inputs, ended, times, found)
    points = np.zeros(inputs.data.y.shape)
    if after is not None:
        points = read_points(inputs, after, delta, growing, found)
    refuse(found)
    assert after is not None
    return Assumed(
        strategies=strategies,
        reference=to,
        after=after,
        points=points,
        ended=ended,
        how_added=how_added(delta, growing),
    )


def _reference(inputs: DrawInputs, reference: Any, found: list[Finding]) -> int | None:
    if reference is None:
        return None
    place = place_of_arm(inputs, reference)
    if place is None:
        remedy = f"There are: {told_arms(inputs.arms)}."
        found.append(finding("SN14", "reference= is none of the arms", remedy))
    return place


def _strategies(
    inputs: DrawInputs,
    strategy: Any,
    reference: int | None,
    arms: Sequence[Any] | None,
    found: list[Finding],
) -> tuple[Strategy, ...]:
    count = max(len(inputs.arms), 1)
    asked: dict[int, Any] = {}
    if isinstance(strategy, Mapping):
        if arms is not None:
            remedy = "The mapping already says which arms."
            found.append(finding("SN01", "arms= is given beside a mapping of strategies", remedy))
        asked = dict(by_arm_of(inputs, strategy, "strategy", found))
    elif arms is not None:
        named = [arms] if isinstance(arms, str) else arms
        asked = dict(by_arm_of(inputs, dict.fromkeys(named, strategy), "arms", found))
    else:
        asked = {code: strategy for code in range(count) if code != reference}
    made = [_one(asked.get(code, MAR), found) for code in range(count)]
    for code, one in enumerate(made):
        if code == reference and one.name in _OF_REFERENCE:
            made[code] = MAR
    return tuple(made)


def _one(asked: Any, found: list[Finding]) -> Strategy:
    try:
        return strategy_of(asked)
    except FitError as error:
        told = finding("SN16", error.message.rstrip("."), error.remedy)
        if told not in found:
            found.append(told)
        return MAR


def _after(
    inputs: DrawInputs,
    ended: str | None,
    times: Mapping[Any, float] | None,
    found: list[Finding],
) -> Whole | None:
    if ended is None:
        if times is not None:
            remedy = "Name the column of the day on which each person ended: ended=."
            found.append(finding("SN01", "times= is given without ended=", remedy))
        return waves_before(inputs.data.y, baseline=inputs.before)
    try:
        own = inputs.levels[1:] if inputs.baseline else inputs.levels
        of_person = _of_person(inputs, ended)
        before = waves_before_end(of_person, own, times) + int(inputs.baseline is not None)
    except FindingsError as error:
        found.extend(error.findings)
        return None
    return waves_before(inputs.data.y, ended=before, baseline=inputs.before)


def _of_person(inputs: DrawInputs, name: str) -> Any:
    """A column of the frame, once for each person."""
    frame = inputs.frame
    if (frame.columns == name).sum() != 1:
        remedy = "Look at its spelling; small and capital letters differ."
        refuse([finding("SN02", "the data frame has no such column", remedy, column=name)])
    who = level_codes(frame[inputs.person])[0]
    grouped = frame[name].groupby(who)
    several = grouped.transform("nunique").to_numpy() > 1
    if several.any():
        remedy = "Give all rows of a person the same end, or none."
        rows = np.flatnonzero(several)
        told = finding("SN20", "the end changes within people", remedy, column=name, rows=rows)
        refuse([told])
    return grouped.first().reindex(range(len(inputs.persons))).rename(name)
