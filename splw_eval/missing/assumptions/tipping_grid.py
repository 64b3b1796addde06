"""Points to add to the scores of people who were lost: a grid that fits the scores seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.missing.assumptions.completed_arms import ArmsAsked
from splw_eval.missing.checks import finding, refuse

Array = NDArray[np.float64]
_STEPS = 4  # of the grid in either direction, by default up to about a standard deviation


def _seen(asked: ArmsAsked) -> Array:
    """Scores seen at the wave in the two arms."""
    scores = asked.draws.data.y[asked.people, asked.place]
    return np.asarray(scores[np.isfinite(scores)], dtype=np.float64)


def range_seen(asked: ArmsAsked) -> float:
    """Range of the scores seen at the wave; 1 where they are all the same."""
    return float(np.ptp(_seen(asked))) or 1.0


def spread_seen(asked: ArmsAsked) -> float:
    """Standard deviation of the scores seen at the wave."""
    return float(_seen(asked).std(ddof=1)) if len(_seen(asked)) > 1 else 0.0


def grid_of(asked: ArmsAsked, deltas: Any) -> tuple[Array, Array]:
    """Points to add for the other arm and for the reference, rising, 0 among them.

    Parameters
    ----------
    asked : ArmsAsked
    deltas : object
        As `tipping_point` takes them.

    Returns
    -------
    tuple of ndarray

    Raises
    ------
    MissingError
        They are no finite numbers, or of an arm that is not compared.
    """
    if deltas is None:
        step = float(f"{spread_seen(asked) / _STEPS:.1g}") or 1.0
        both: Array = step * np.arange(-_STEPS, _STEPS + 1, dtype=np.float64)
        return both, both
    inputs = asked.draws.inputs
    names = [inputs.arm_levels[code] for code in reversed(asked.codes)]
    if isinstance(deltas, Mapping):
        strange = [name for name in deltas if name not in names]
        if strange:
            remedy = f"There are: {asked.labels[1]}, {asked.labels[0]}."
            refuse([finding("SN15", "deltas= names an arm that is not compared", remedy)])
        return _points(deltas.get(names[0], (0.0,))), _points(deltas.get(names[1], (0.0,)))
    return _points(deltas), _points(deltas)


def _points(given: Any) -> Array:
    try:
        points = np.atleast_1d(np.asarray(given, dtype=np.float64))
        if np.asarray(given).dtype.kind == "b":
            raise TypeError("yes and no are no points")
    except (TypeError, ValueError):
        points = np.array([np.nan])
    if points.ndim != 1 or not points.size or not np.isfinite(points).all():
        remedy = "Give for example deltas=[-4, -2, 0, 2]."
        refuse([finding("SN21", "deltas= is no sequence of finite numbers", remedy)])
    return np.unique(np.append(points, 0.0))
