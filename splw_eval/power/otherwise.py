"""What is sought where inputs are otherwise, rounded as an answer is."""

from __future__ import annotations

from typing import Any

import numpy as np

from splw_eval.core.errors import SplwError
from splw_eval.power.design import Design
from splw_eval.power.fewest import no_fewer
from splw_eval.power.in_whole_numbers import arms_in_whole
from splw_eval.power.precision import Array
from splw_eval.power.reading import changed
from splw_eval.power.solved import solve_for
from splw_eval.power.solving import rounded_up


def otherwise(design: Design, aim: str, **other: Any) -> float:
    """What is sought where inputs are otherwise, rounded as the answer is; NaN where infeasible.

    Parameters
    ----------
    design : Design
    aim : str
        ``power``, ``mde`` or the number sought.
    **other
        Options.

    Returns
    -------
    float
    """
    try:
        found = solve_for(changed(design, **other), aim)
    except SplwError:
        return float("nan")
    return float(whole(design, aim, np.atleast_1d(found), np.zeros(1))[0])


def whole(design: Design, aim: str, found: Array, like: Array) -> Array:
    """Numbers of clusters and people rounded up as they are in the answer.

    Parameters
    ----------
    design : Design
    aim : str
    found : ndarray
    like : ndarray, shape (values,)
        Whose shape the numbers take.

    Returns
    -------
    ndarray, shape (values,)
    """
    held = np.broadcast_to(np.asarray(found, dtype=np.float64), like.shape)
    if aim in ("power", "mde"):
        return held
    return np.array([_up(design, aim, float(n)) for n in held])


def _up(design: Design, aim: str, n: float) -> float:
    if not np.isfinite(n):
        return float("nan")
    if aim == "clusters":
        n = float(no_fewer(design.values, np.asarray(n)))
    arms = arms_in_whole(design, n) if aim in ("clusters", "patients") else {}
    return float(sum(arms.values()) if arms else rounded_up(n))
