"""Missing scores of the primary outcome, drawn once for each study for all that rests on them."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FindingsError, SplwError
from splw_eval.core.result import Note
from splw_eval.data import Study
from splw_eval.describe.comparison.asked import Asked, asked_of
from splw_eval.describe.comparison.long_frame import Long, long_of
from splw_eval.describe.people_frame import PERSON, STRATUM, Pair, pairs_of
from splw_eval.missing.filling.drawn import Draws
from splw_eval.missing.reported.disengaged import Left, left_of
from splw_eval.missing.reported.drawing import UNFIT, draws_of

FEWEST_WAVES = 2
NO_ARMS = "There is one group, so there is no answer to hold against other assumptions."
NO_START = (
    "People of every group would have to be measured at the start: what somebody lost would have "
    "scored is told from that."
)
ONE_PRACTICE = (
    "Everybody of some group is of one practice, so what is due to the practice and what to the "
    "programme cannot be told apart, and scores cannot be filled in for the one or the other."
)
NOBODY_THEN = (
    "Nobody of some group was measured at the wave of the main question, so nothing tells what "
    "people who were lost would have scored."
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Filled:
    """What is drawn for one study.

    Attributes
    ----------
    study : Study
    asked : Asked
    long : Long
    pairs : tuple of Pair
    rows : ndarray of int, shape (n,)
        Positions of those in the draws among the study's people.
    places : tuple of int
        Of the waves compared, among the waves of the draws.
    draws : Draws
    strata : ndarray of int, shape (n,), or None
    change : bool
        Whether changes from the start are compared, as chance did not form the groups.
    left : Left or None
        When people stopped, where assumptions hold for those alone.
    notes : tuple of Note
    """

    study: Study
    asked: Asked
    long: Long
    pairs: tuple[Pair, ...]
    rows: NDArray[np.int64]
    places: tuple[int, ...]
    draws: Draws
    strata: NDArray[np.int64] | None
    change: bool
    left: Left | None
    notes: tuple[Note, ...]

    @property
    def arms(self) -> Iterator[tuple[int, Pair]]:
        """Code of each arm that is compared with the first, and its pair."""
        codes = (arm for arm in self.asked.programme if arm)
        return zip(codes, self.pairs, strict=True)


_HELD: dict[int, Filled | tuple[Note, ...]] = {}


def filled_of(study: Study) -> Filled | tuple[Note, ...]:
    """Give the draws of a study, or why there are none; made once.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Filled, or tuple of Note
    """
    key = id(study)
    if key not in _HELD:
        _HELD[key] = _filled(study)
        weakref.finalize(study, _HELD.pop, key, None)
    return _HELD[key]


def why_not(error: Exception) -> tuple[Note, ...]:
    """Say in words why something cannot be worked out; a sentence that may count is left out."""
    told = [error.message if isinstance(error, SplwError) else ""]
    if isinstance(error, FindingsError):
        told = [f"{f.problem[:1].upper()}{f.problem[1:]}." for f in error.findings]
    said = "Missing scores cannot be filled in here: they are too few, or too much alike."
    plain = (words if words and not any(c.isdigit() for c in words) else said for words in told)
    return tuple(Note(text=words) for words in dict.fromkeys(plain))


def once(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Give each sentence once."""
    return tuple({note.text: note for note in notes}.values())


def _filled(study: Study) -> Filled | tuple[Note, ...]:
    if not study.plan.arms:
        return (Note(text=NO_ARMS),)
    asked, pairs = asked_of(study), tuple(pairs_of(study))
    if not pairs:
        return (Note(text="No group that had the programme is compared with one that had not."),)
    long = long_of(study, study.plan.primary, asked)
    waves = pairs[0].waves
    if lacking := _lacking(long, waves):
        return (Note(text=lacking),)
    rows, notes = _people(study, long, waves)
    if _one_practice(study, long, rows):
        return (Note(text=ONE_PRACTICE),)
    strata = _strata(pairs, len(study.people)) if asked.constrained else None
    left = left_of(study, rows)
    try:
        draws, said = draws_of(study, long, rows, strata, left)
    except UNFIT as error:
        return why_not(error)
    return Filled(
        study=study,
        asked=asked,
        long=long,
        pairs=pairs,
        rows=rows,
        places=tuple(long.waves.index(wave) for wave in waves),
        draws=draws,
        strata=None if strata is None else strata[rows],
        change=not asked.constrained,
        left=left,
        notes=(*pairs[0].notes, *notes, *said),
    )


def _lacking(long: Long, waves: tuple[int, ...]) -> str:
    """Which waves nobody of some group was measured at; empty where there are enough."""
    if 0 not in long.waves:
        return NO_START
    enough = set(waves) <= set(long.waves) and len(long.waves) >= FEWEST_WAVES
    return "" if enough else NOBODY_THEN


def _people(
    study: Study, long: Long, waves: tuple[int, ...]
) -> tuple[NDArray[np.int64], tuple[Note, ...]]:
    """People of an arm whose wave was due, or came early; and those who are left out."""
    here = long.arm >= 0
    cluster = study.people.cluster
    if cluster is not None:
        here &= cluster >= 0
    early = ~np.isnan(long.scores[:, list(waves)]).any(axis=1)
    later = here & ~study.due[:, list(waves)].all(axis=1) & ~early
    notes: tuple[Note, ...] = ()
    if later.any():
        text = "{n} people are left out, as the wave is not due for them yet: they are not lost."
        notes = (Note(text=text, counts={"n": int(later.sum())}),)
    return np.flatnonzero(here & ~later), notes


def _one_practice(study: Study, long: Long, rows: NDArray[np.int64]) -> bool:
    """Whether an arm has one practice only, while there are several."""
    cluster = study.people.cluster
    if cluster is None or len(np.unique(cluster[rows])) == 1:
        return False
    arms = long.arm[rows]
    return any(len(np.unique(cluster[rows][arms == arm])) == 1 for arm in np.unique(arms))


def _strata(pairs: tuple[Pair, ...], people: int) -> NDArray[np.int64] | None:
    if STRATUM not in pairs[0].frame:
        return None
    found = np.zeros(people, dtype=np.int64)
    for pair in pairs:
        found[pair.frame[PERSON].to_numpy()] = pair.frame[STRATUM].to_numpy()
    return found if len(np.unique(found)) > 1 else None
