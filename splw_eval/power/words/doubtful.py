"""What makes a design doubtful: no difference, one beyond belief, no degrees of freedom."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from splw_eval.power.design import Values
from splw_eval.power.precision import Array
from splw_eval.power.solved import Solved
from splw_eval.power.words.shown import number

_MUCH = 2.0  # standard deviations


def doubts(answer: Solved) -> Iterator[str]:
    """What makes the design doubtful.

    Parameters
    ----------
    answer : Solved

    Yields
    ------
    str
        Whole sentences.
    """
    if (np.asarray(answer.df) <= 0).any():
        yield (
            "No degrees of freedom are left: with so few clusters the test cannot be made at all, "
            "so its power is given as 0."
        )
    if answer.sought == "mde":
        return
    if (np.asarray(answer.precision.effect) == 0).any():
        yield (
            "No difference was given to detect: the power is then the chance to find one where "
            "there is none."
        )
    apart = in_standard_deviations(answer.design.values)
    if apart is not None and (apart > _MUCH).any():
        yield (
            f"A difference of {number(np.max(apart), 3)} SD is more than any programme is known "
            f"for: nearly nobody would be as badly off as the mean of the other arm. See whether "
            "the difference and the SD are on one scale."
        )


def in_standard_deviations(v: Values) -> Array | None:
    """The size of a difference between means in standard deviations; None of other outcomes.

    Parameters
    ----------
    v : Values

    Returns
    -------
    ndarray or None
    """
    if v.d is not None:
        return np.asarray(np.abs(v.d), dtype=np.float64)
    sd = v.sd if v.sd is not None else v.sd_change
    if v.diff is None or sd is None:
        return None
    return np.asarray(np.abs(v.diff) / sd, dtype=np.float64)
