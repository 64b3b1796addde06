"""Points to add to scores that are missing after people left, as they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.core.findings import Finding
from splw_eval.missing.checks import finding
from splw_eval.missing.filling.draw_inputs import DrawInputs
from splw_eval.stats.imputation.delta import lost_waves, points_added

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


def told_arms(labels: Sequence[str]) -> str:
    """Arms that there are, for a message.

    Parameters
    ----------
    labels : sequence of str

    Returns
    -------
    str
    """
    return ", ".join(f'"{label}"' for label in labels) or "no arms: name their column in draw()"


def place_of_arm(inputs: DrawInputs, label: Any) -> int | None:
    """Code of an arm by its level, or by its label.

    Parameters
    ----------
    inputs : DrawInputs
    label : object

    Returns
    -------
    int or None
    """
    for places in (inputs.arm_levels, inputs.arms):
        if label in places:
            return places.index(label)
    return None


def by_arm_of(
    inputs: DrawInputs, mapping: Mapping[Any, Any], name: str, found: list[Finding]
) -> Iterator[tuple[int, Any]]:
    """What a mapping says of each arm, by its code.

    Parameters
    ----------
    inputs : DrawInputs
    mapping : mapping of arm to object
    name : str
        Of the option.
    found : list of Finding
        Arms that are not there are added.

    Yields
    ------
    int, object
    """
    for label, value in mapping.items():
        place = place_of_arm(inputs, label)
        if place is None:
            remedy = f"There are: {told_arms(inputs.arms)}."
            found.append(finding("SN15", f"{name}= names an arm that is not there", remedy))
        else:
            yield place, value


def check_growing(growing: Any) -> Iterator[Finding]:
    """What is wrong with an option that is to be True or False.

    Parameters
    ----------
    growing : object

    Yields
    ------
    Finding
    """
    if not isinstance(growing, bool):
        remedy = "False adds the points once at each missing wave, True for each wave since."
        yield finding("SN01", "growing= is neither True nor False", remedy)


def how_added(delta: Any, growing: bool) -> str:
    """How often points are added, in words.

    Parameters
    ----------
    delta : object
        As `impute` takes it.
    growing : bool

    Returns
    -------
    str
    """
    if callable(delta):
        return "as many as the function says"
    if growing:
        return "as many as delta= says for each wave since then (growing=True)"
    return "as many as delta= says, once at each missing wave (growing=False)"


def read_points(
    inputs: DrawInputs, after: Whole, delta: Any, growing: Any, found: list[Finding]
) -> Floats:
    """Points to add to each score.

    Parameters
    ----------
    inputs : DrawInputs
    after : ndarray of int, shape (n,)
        Waves before each person's deviation.
    delta, growing : object
        As `impute` takes them.
    found : list of Finding
        What is wrong with them is added.

    Returns
    -------
    ndarray, shape (n, J)
    """
    data = inputs.data
    since = lost_waves(~data.observed, after)
    found.extend(check_growing(growing))
    if delta is None:
        return np.zeros(data.y.shape)
    if callable(delta):
        return _from_function(delta, since, data.arm, growing, found)
    try:
        if isinstance(delta, Mapping):
            points = np.zeros(data.arms)
            for place, value in by_arm_of(inputs, delta, "delta", found):
                points[place] = _number(value)
        else:
            points = np.full(data.arms, _number(delta), dtype=np.float64)
        return points_added(since, data.arm, points, growing=growing is True)
    except (TypeError, ValueError, FitError):
        remedy = 'Give a number, or a number for each arm: delta={"programme": -1.0}.'
        found.append(finding("SN21", "delta= is no number", remedy))
        return np.zeros(data.y.shape)


def _number(value: Any) -> float:
    if isinstance(value, bool | np.bool_ | str):
        raise TypeError("yes and no, and text, are no points")
    return float(value)


def _from_function(
    delta: Callable[[Whole, Whole], Any],
    since: Whole,
    arm: Whole,
    growing: Any,
    found: list[Finding],
) -> Floats:
    remedy = "It is given waves since the end (n, J) and arms (n,), and gives points (n, J)."
    if growing is True:
        told = "growing= is given beside a function of the waves"
        found.append(finding("SN01", told, "Let the function itself say how points grow."))
    try:
        given = np.asarray(delta(since.copy(), arm.copy()), dtype=np.float64)
    except Exception as error:
        told = f"the function delta= stopped with {type(error).__name__}"
        found.append(finding("SN21", told, remedy))
        return np.zeros(since.shape)
    if given.shape != since.shape or not np.isfinite(given).all():
        found.append(finding("SN21", "delta= gives no finite number for each score", remedy))
        return np.zeros(since.shape)
    return np.where(since > 0, given, 0.0)
