"""One outcome as a model takes it: a row for each person and wave, and who is left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.plan import Outcome
from splw_eval.core.result import Note
from splw_eval.data import Study
from splw_eval.describe.comparison.asked import Asked
from splw_eval.describe.maxima import of_the_scale

if TYPE_CHECKING:
    import pandas as pd

SCORE, PERSON, MONTH, ARM, UNIT = "score", "person", "month", "arm", "unit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Long:
    """Scores that a model of one outcome uses.

    Attributes
    ----------
    scores : ndarray of float, shape (people, waves)
        NaN where there is none, or none that the model uses.
    waves : tuple of int
        Positions in ``plan.waves`` of the waves in the model.
    arm : ndarray of int, shape (people,)
        0 is the arm that the others are compared with; -1 where it is not known.
    notes : tuple of Note
        What was left out.
    """

    scores: NDArray[np.float64]
    waves: tuple[int, ...]
    arm: NDArray[np.int64]
    notes: tuple[Note, ...]

    def measured(self, arm: int, wave: int) -> int:
        """People of an arm with a score at a wave."""
        return int((~np.isnan(self.scores[self.arm == arm, wave])).sum())


def long_of(study: Study, outcome: Outcome, asked: Asked) -> Long:
    """Gather the scores of one outcome that a model can use.

    Parameters
    ----------
    study : Study
    outcome : Outcome
    asked : Asked

    Returns
    -------
    Long
        Without scores out of another highest score, people whose practice is not known, and
        waves at which nobody of some arm was measured.
    """
    scores, notes = study.scores[outcome.name].copy(), []
    unlike = ~of_the_scale(study, outcome) & ~np.isnan(scores)
    unknown = ~asked.units.known & (~np.isnan(scores)).any(axis=1)
    scores[unlike] = np.nan
    scores[~asked.units.known] = np.nan
    if unlike.any():
        notes.append(Note(text=f"{_name(outcome)}{_UNLIKE}", counts={"n": int(unlike.sum())}))
    if unknown.any():
        notes.append(Note(text=f"{_name(outcome)}{_UNKNOWN}", counts={"n": int(unknown.sum())}))
    place = np.argsort(np.array(asked.order))
    arm = np.where(study.people.arm >= 0, place[study.people.arm], -1)
    waves, lost = _waves(scores, arm, len(asked.order))
    notes += [Note(text=f"{_name(outcome)}{_title(study, w)} is left out: {_NOBODY}") for w in lost]
    return Long(scores=scores, waves=waves, arm=arm, notes=tuple(notes))


_UNLIKE = (
    "{n} scores are left out of the model: an item does not apply there, so they are out of "
    "another highest score."
)
_UNKNOWN = "{n} people with scores are left out of the model, as nothing names their practice."
_NOBODY = "nobody of some group was measured then."


def _name(outcome: Outcome) -> str:
    return f"{outcome.label}: ".replace("{", "{{").replace("}", "}}")


def _title(study: Study, wave: int) -> str:
    return study.plan.waves[wave].title


def _waves(
    scores: NDArray[np.float64], arm: NDArray[np.int64], arms: int
) -> tuple[tuple[int, ...], list[int]]:
    """Waves that every arm has somebody at, and those that only some arms have."""
    seen = ~np.isnan(scores)
    by_arm = np.array([seen[arm == a].any(axis=0) for a in range(arms)])
    kept = tuple(int(w) for w in np.flatnonzero(by_arm.all(axis=0)))
    lost = [int(w) for w in np.flatnonzero(by_arm.any(axis=0) & ~by_arm.all(axis=0))]
    return kept, lost


def frame_of(study: Study, long: Long, units: NDArray[np.int64] | None) -> pd.DataFrame:
    """Write the scores as a data frame of `SCORE`, `PERSON`, `MONTH`, `ARM` and `UNIT`.

    Parameters
    ----------
    study : Study
    long : Long
    units : ndarray of int, shape (people,), or None
        Codes of practices or link workers; negative where there is none.

    Returns
    -------
    DataFrame
        One row for each person and wave with a score; numbers and no names.
    """
    import pandas as pd

    months = np.array([study.plan.waves[w].month for w in long.waves])
    scores = long.scores[:, list(long.waves)]
    person, wave = np.nonzero(~np.isnan(scores) & (long.arm >= 0)[:, None])
    made = {
        SCORE: scores[person, wave],
        PERSON: person,
        MONTH: months[wave],
        ARM: long.arm[person],
    }
    if units is not None:
        found = units[person].astype(float)
        made[UNIT] = np.where(found < 0, np.nan, found)
    return pd.DataFrame(made)
