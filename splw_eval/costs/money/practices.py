"""Practices of some people, to be drawn whole, and intervals from the draws."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.columns import Contributors
from splw_eval.core.result import Note
from splw_eval.data import Study
from splw_eval.stats.resampling.whole_practices import (
    DRAWS,
    FEW,
    FEWEST,
    percentile_interval,
    practice_counts,
    sums_by,
    widened_level,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SOURCES = (
    "Davison & Hinkley 1997, Bootstrap Methods and their Application, 3.8",
    "Hesterberg 2015, Am Stat 69:371 (expanded percentiles)",
    "Briggs, Wonderling & Mooney 1997, Health Econ 6:327",
)
_BY_PRACTICE = (
    f"Intervals come from {DRAWS:,} draws of whole practices, with replacement and within each "
    "group, each worked out anew. Few practices vary too little from draw to draw, so somewhat "
    "more than the middle 95% is taken, as t with practices less groups for degrees of freedom "
    "asks for. The draws themselves are kept nowhere."
)
_BY_PEOPLE = (
    f"Not everybody's practice is known, so intervals come from {DRAWS:,} draws of people. If "
    "people of one practice are alike, the intervals are too narrow."
)
_FEW = (
    f"With fewer than {FEW} practices in a group, intervals from draws of practices may still be "
    "too narrow: read them as the least doubt there is."
)
_NONE = (
    f"No interval is given where a group has fewer than {FEWEST} practices: too few to tell how "
    "much they differ. More practices would be needed, not more people."
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drawn:
    """The practices of some people, and how often each stands in each draw.

    Attributes
    ----------
    codes : ndarray of int, shape (n,)
        Practice of each person, from 0; people themselves where practices are not known.
    units : int
    counts : ndarray of int, shape (draws, units)
    practices : int or None
        None where people stand for themselves.
    fewest : int
        Units of the group that has fewest.
    df : int
        Units less the groups within which they are drawn.
    """

    codes: Ints
    units: int
    counts: NDArray[np.int32]
    practices: int | None
    fewest: int
    df: int

    @property
    def told(self) -> bool:
        """Whether an interval can be given."""
        return self.fewest >= FEWEST

    @property
    def method(self) -> str:
        """How an interval was made, or why there is none."""
        if not self.told:
            return f"none: fewer than {FEWEST} practices in a group"
        what = "people" if self.practices is None else "practices"
        return f"bootstrap of {what}, {DRAWS:,} draws, widened for few"

    def interval(self, draws: Floats) -> tuple[float | None, float | None]:
        """Ends of the interval; None where there is none, or where it has no end."""
        if not self.told:
            return None, None
        low, high = percentile_interval(draws, widened_level(self.fewest, self.df))
        return (low if np.isfinite(low) else None), (high if np.isfinite(high) else None)

    def notes(self) -> tuple[Note, ...]:
        """What a reader must know of the intervals."""
        if not self.told:
            return (Note(text=_NONE),)
        said = [_BY_PEOPLE if self.practices is None else _BY_PRACTICE]
        if self.practices is not None and self.fewest < FEW:
            said.append(_FEW)
        return tuple(Note(text=text) for text in said)

    def sums(self, values: Floats) -> Floats:
        """Sums over the people of each unit."""
        return sums_by(values, self.codes, self.units)

    def made_of(self, values: Floats) -> Contributors | None:
        """What each practice adds to a sum; None where practices are not known."""
        return None if self.practices is None else Contributors.of(self.sums(values).tolist())


def drawn_of(study: Study, where: Ints, group: Ints, *, draw: bool = True) -> Drawn:
    """Draw the practices of some people.

    Parameters
    ----------
    study : Study
    where : ndarray of int, shape (n,)
        Positions among the study's people.
    group : ndarray of int, shape (n,)
        Group of each, within which practices are drawn; all together where a practice has
        people of several.
    draw : bool
        If not, practices are only told apart.

    Returns
    -------
    Drawn
    """
    practice = study.people.cluster
    alone = (
        practice is None
        or len(np.unique(practice[where])) == 1
        or bool((practice[where] < 0).any())
    )
    held = np.arange(len(where)) if alone or practice is None else practice[where]
    labels, first, codes = np.unique(held, return_index=True, return_inverse=True)
    arms = group[first]
    mixed = len(np.unique(np.column_stack((codes, group)), axis=0)) > len(labels)
    if mixed:
        arms = np.zeros(len(labels), dtype=np.int64)
    single = practice is not None and len(np.unique(practice[where])) == 1
    fewest = 1 if single else int(np.unique(arms, return_counts=True)[1].min())
    return Drawn(
        codes=codes.astype(np.int64),
        units=len(labels),
        counts=practice_counts(arms, draws=DRAWS if draw else 1, seed=study.plan.seed),
        practices=(1 if single else None) if alone else len(labels),
        fewest=fewest,
        df=len(labels) - len(np.unique(arms)),
    )
