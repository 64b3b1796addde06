"""When people stopped seeing the link worker, where assumptions hold for those alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import DataError
from splw_eval.core.result import Note
from splw_eval.data import Study
from splw_eval.retention.reported import episodes_of

ENDED = "ended"
DAYS_A_MONTH = 365.25 / 12
_DROPPED_OUT = 2
_NOT_TOLD = (
    "The plan lets its assumptions hold only for people who had stopped seeing the link worker, "
    "and the records do not tell who had. So they hold for everybody who was lost."
)
_HOLDS = (
    "As the plan asks, assumptions and points hold only for people who had dropped out of the "
    "service before the wave: by the rules of the episodes, on the day these give. The planned "
    "month of a wave stands for its day. All others who were lost, and everybody of the "
    "comparison, who had no service to leave, are taken to be missing at random."
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Left:
    """Days on which people dropped out.

    Attributes
    ----------
    days : ndarray of float, shape (n,), or None
        From time zero; NaN for those who did not. None where nobody's day is known, and the
        assumptions hold for everybody who was lost.
    note : Note
    """

    days: NDArray[np.float64] | None
    note: Note

    @property
    def times(self) -> bool:
        """Whether days are known."""
        return self.days is not None


def left_of(study: Study, rows: NDArray[np.int64]) -> Left | None:
    """Give the days of dropping out, where the plan asks for them.

    Parameters
    ----------
    study : Study
    rows : ndarray of int, shape (n,)
        Positions of people.

    Returns
    -------
    Left or None
        None where assumptions hold for everybody who was lost.
    """
    missing = study.plan.missing
    if missing is None or not missing.only_disengaged:
        return None
    try:
        episodes = episodes_of(study).frame
    except DataError:
        return Left(days=None, note=Note(text=_NOT_TOLD))
    gone = episodes[episodes["event"] == _DROPPED_OUT]
    first = gone.groupby("person", sort=False)["day"].min()
    days = np.array([first.get(study.people.ids[row], np.nan) for row in rows], dtype=np.float64)
    if np.isnan(days).all():
        return Left(days=None, note=Note(text=_NOT_TOLD))
    return Left(days=days, note=Note(text=_HOLDS))
