"""Scores of people at waves, read from rows of both: every fault told at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Finding
from splw_eval.missing.checks import TELLER, finding, refuse, where
from splw_eval.missing.loss.wave_order import waves_in_order
from splw_eval.models.design import Labelled
from splw_eval.models.person_faults import Wanted, absent_columns, unusable_numbers
from splw_eval.models.variables import Codes, level_codes, level_label, numbers

if TYPE_CHECKING:
    import pandas as pd

Scores = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WaveScores:
    """Scores of n people at J waves.

    Attributes
    ----------
    scores : ndarray, shape (n, J)
        NaN where nobody was measured; the first wave is the baseline.
    waves : tuple of str, length J
        In order; see `waves_in_order`.
    levels : tuple, length J
        The same as the column holds them.
    arm, cluster : Labelled or None
        Of people.
    people : DataFrame
        One row for each person, with the covariates.
    persons : tuple, length n
        Whose row it is.
    """

    scores: Scores
    waves: tuple[str, ...]
    levels: tuple[Any, ...]
    arm: Labelled | None
    cluster: Labelled | None
    people: pd.DataFrame
    persons: tuple[Any, ...]

    @property
    def n(self) -> int:
        """People."""
        return len(self.scores)

    @property
    def measured(self) -> Flags:
        """Who was measured when, shape (n, J)."""
        return ~np.isnan(self.scores)

    def place(self, at: Any) -> int:
        """Place of a wave after the first.

        Parameters
        ----------
        at : object
            As the column holds it.

        Returns
        -------
        int

        Raises
        ------
        MissingError
            There is no such wave, or it is the first.
        """
        if at not in self.levels[1:]:
            problem = "at= is no wave after the first"
            refuse([finding("SN01", problem, f"There are: {', '.join(self.waves[1:])}.")])
        return self.levels.index(at)


def read_wave_scores(
    frame: pd.DataFrame,
    *,
    outcome: str,
    person: str,
    wave: str,
    arm: str | None = None,
    cluster: str | None = None,
    covariates: Sequence[str] = (),
    more: Iterable[Finding] = (),
    least: int = 2,
) -> WaveScores:
    """Read one row of each person at each wave.

    Parameters
    ----------
    frame : DataFrame
        A row without a score, and no row at all, are the same: not measured.
    outcome, person, wave : str
    arm, cluster : str, optional
        Columns that are the same in all rows of a person.
    covariates : sequence of str
        Columns known at the start, the same in all rows of a person in which they are filled.
    more : iterable of Finding
        Of the options, to be told with those of the columns.
    least : int
        Waves that are needed.

    Returns
    -------
    WaveScores

    Raises
    ------
    MissingError
        With everything found wrong, each with its column and its rows counted from 1.
    """
    # An index named like a column would make it ambiguous.
    frame = frame.reset_index(drop=True)
    labels = {"wave": wave, "arm": arm, "practice": cluster}
    named = {role: name for role, name in labels.items() if name is not None}
    wanted = Wanted(
        teller=TELLER,
        prefix="SN",
        labels={"person": person, **named},
        numbers=(outcome,),
        weights="",
        covariates=tuple(dict.fromkeys(covariates)),
    )
    refuse([*more, *absent_columns(frame, wanted)])
    refuse(unusable_numbers(frame, wanted))
    values = np.asarray(numbers(frame[outcome], outcome), dtype=np.float64)
    seen = ~np.isnan(values)
    found = [*_unnamed(frame, person, wave, seen), *_twice(frame, person, wave, seen)]
    for role, name in named.items():
        found += [] if role == "wave" else _moved(frame, person, name, role)
    for name in wanted.covariates:
        found += _varies(frame, person, name)
    refuse(found)
    if not seen.any():
        refuse([finding("SN05", "no row has a score", "Look at the column.", column=outcome)])
    return _wide(frame, values, person, wave, arm, cluster, wanted.covariates, least)


def _unnamed(frame: pd.DataFrame, person: str, wave: str, seen: Flags) -> Iterator[Finding]:
    nobody = frame[person].isna().to_numpy()
    remedy = "Give each row its person, or leave those rows out and say so."
    yield from where("SN04", nobody, "rows without a person", remedy, column=person)
    never = frame[wave].isna().to_numpy() & seen
    remedy = "Give each score its wave, or leave those rows out and say so."
    yield from where("SN04", never, "rows with a score have no wave", remedy, column=wave)


def _twice(frame: pd.DataFrame, person: str, wave: str, seen: Flags) -> Iterator[Finding]:
    again = np.zeros(len(frame), dtype=bool)
    again[seen] = frame.loc[seen, [person, wave]].duplicated(keep=False).to_numpy()
    remedy = "Keep one row of each, by a rule written down beforehand."
    problem = "somebody has several scores at one wave"
    yield from where("SN30", again, problem, remedy, column=f"{person} and {wave}")


def _moved(frame: pd.DataFrame, person: str, name: str, role: str) -> Iterator[Finding]:
    kinds, known = _kinds(frame, person, name)
    remedy = f"Give all rows of a person the {role} of the beginning (as allocated)."
    yield from where("SN31", kinds > 1, f"somebody stands in two {role}s", remedy, column=name)
    remedy = f"Fill in the {role} of those people, or leave them out and say so."
    yield from where("SN04", known & (kinds == 0), f"people without {role}", remedy, column=name)


def _varies(frame: pd.DataFrame, person: str, name: str) -> Iterator[Finding]:
    kinds, _ = _kinds(frame, person, name)
    remedy = (
        "Only what was known at the start can foretell who is lost later: give each person the "
        "value of the first wave."
    )
    problem = "the column changes within people"
    yield from where("SN32", kinds > 1, problem, remedy, column=name)


def _kinds(frame: pd.DataFrame, person: str, name: str) -> tuple[Codes, Flags]:
    """How many values the person of each row has, and whether the row has a person."""
    known = frame[person].notna().to_numpy()
    kinds = frame.groupby(person, observed=True)[name].transform("nunique").fillna(1)
    return kinds.to_numpy(dtype=np.int64), known


def _wide(
    frame: pd.DataFrame,
    values: Scores,
    person: str,
    wave: str,
    arm: str | None,
    cluster: str | None,
    covariates: Sequence[str],
    least: int,
) -> WaveScores:
    who, persons = level_codes(frame[person])
    when, levels = waves_in_order(frame[wave])
    if len(levels) < least:
        remedy = "Give the rows of the first wave and of those after it."
        refuse([finding("SN33", "there is one wave only", remedy, column=wave)])
    scores = np.full((len(persons), len(levels)), np.nan)
    seen = ~np.isnan(values)
    scores[who[seen], when[seen]] = values[seen]
    constant = list(dict.fromkeys([*(name for name in (arm, cluster) if name), *covariates]))
    people = frame[constant].groupby(who).first() if constant else frame.iloc[:0, :0]
    people = people.reindex(range(len(scores)))
    return WaveScores(
        scores=scores,
        waves=tuple(level_label(level) for level in levels),
        levels=levels,
        arm=_labelled(people[arm]) if arm else None,
        cluster=_labelled(people[cluster]) if cluster else None,
        people=people,
        persons=persons,
    )


def _labelled(values: pd.Series) -> Labelled:
    codes, levels = level_codes(values)
    return Labelled(codes=codes, levels=levels)
