"""Everybody of two groups in one row each: the start, the outcome, and what a plan adjusts for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.plan import Plan
from splw_eval.core.result import Note
from splw_eval.data import Study
from splw_eval.describe.comparison.asked import Asked, asked_of
from splw_eval.describe.comparison.long_frame import long_of

if TYPE_CHECKING:
    import pandas as pd

AFTER, BEFORE, GROUP, PRACTICE, STRATUM = "outcome", "start", "group", "practice", "stratum"
PERSON = "person"
NOT_KNOWN = "not known"
SLOPE = "The plan's contrast is a slope over all waves; here groups are compared at the last wave."


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two groups to be compared, a row for each person.

    Attributes
    ----------
    frame : DataFrame
        `PERSON` (position among the study's people), `GROUP` (0 or 1), `BEFORE`, `AFTER`,
        `PRACTICE` where practices are known, `STRATUM` where the plan names its columns, and a
        column for each measured confounder and subgroup, under its `column_of` name. Everybody
        of both groups stands in it, measured or not.
    groups : tuple of str
        Labels of the comparison (0) and of the programme (1).
    confounders : mapping of str to str
        Column of the frame to the plan's name of it.
    subgroups : mapping of str to str
    practices : bool
        Whether every person's practice is known.
    randomised : bool
        Whether chance allocated, and people were recruited alike.
    when : str
        The wave that the outcome is of, in words.
    waves : tuple of int
        Positions of that wave, or of those averaged, in ``plan.waves``.
    notes : tuple of Note
    """

    frame: pd.DataFrame
    groups: tuple[str, str]
    confounders: Mapping[str, str]
    subgroups: Mapping[str, str]
    practices: bool
    randomised: bool
    when: str
    waves: tuple[int, ...]
    notes: tuple[Note, ...]

    @property
    def compared(self) -> str:
        """Both groups in words."""
        return f"{self.groups[1]} – {self.groups[0]}"


def pairs_of(study: Study) -> Iterator[Pair]:
    """Give each group of the programme with the first comparison.

    Parameters
    ----------
    study : Study

    Yields
    ------
    Pair
        None in a study without arms.
    """
    plan = study.plan
    if not plan.arms:
        return
    asked = asked_of(study)
    whole, notes, waves = _everybody(study, asked)
    when = " and ".join(plan.waves[wave].title for wave in waves)
    labels = [plan.arms[place].label for place in asked.order]
    for arm in asked.programme:
        if arm == 0:
            continue  # no comparison: the first of the order had the programme too
        kept = whole[whole[GROUP].isin((0, arm))].reset_index(drop=True)
        kept[GROUP] = (kept[GROUP] == arm).astype(np.int64)
        yield Pair(
            frame=kept,
            groups=(labels[0], labels[arm]),
            confounders={_of("confounder", i): c.name for i, c in _measured(plan)},
            subgroups={_of("subgroup", i): s.name for i, s in enumerate(plan.subgroups)},
            practices=PRACTICE in whole.columns,
            randomised=asked.constrained,
            when=when,
            waves=waves,
            notes=notes,
        )


def _measured(plan: Plan) -> Iterator[tuple[int, Any]]:
    """Confounders with a column, and their place among all."""
    yield from ((i, c) for i, c in enumerate(plan.confounders) if c.column is not None)


def _of(what: str, place: int) -> str:
    """Name of a column of the frame; nothing of the plan stands in it."""
    return f"{what} {place + 1}"


def _everybody(
    study: Study, asked: Asked
) -> tuple[pd.DataFrame, tuple[Note, ...], tuple[int, ...]]:
    import pandas as pd

    plan = study.plan
    long = long_of(study, plan.primary, asked)
    waves, notes = _waves(plan)
    made: dict[str, Any] = {
        PERSON: np.arange(len(study.people)),
        GROUP: long.arm,
        BEFORE: long.scores[:, 0],
        AFTER: long.scores[:, list(waves)].mean(axis=1),
    }
    cluster = study.people.cluster
    if cluster is not None:
        made[PRACTICE] = cluster
    if plan.allocation is not None and plan.allocation.strata_columns:
        made[STRATUM] = _strata(study, plan.allocation.strata_columns)
    for i, confounder in _measured(plan):
        made[_of("confounder", i)] = _known(study.planned[confounder.column])
    for i, subgroup in enumerate(plan.subgroups):
        made[_of("subgroup", i)] = _parted(study.planned[subgroup.column], subgroup.cuts)
    frame = pd.DataFrame(made)
    here = frame[GROUP].to_numpy() >= 0
    if cluster is not None:
        here &= cluster >= 0
    return frame[here], (*long.notes, *notes), waves


def _waves(plan: Plan) -> tuple[tuple[int, ...], tuple[Note, ...]]:
    """Waves of the plan's contrast; of a slope the last."""
    asked = plan.estimand.contrast
    if asked.kind == "slope":
        return (len(plan.waves) - 1,), (Note(text=SLOPE),)
    return tuple(i for i, wave in enumerate(plan.waves) if wave.name in asked.waves), ()


def _known(values: NDArray[Any]) -> NDArray[Any]:
    """Numbers as they are; what is not known of a category is a level of its own."""
    if values.dtype.kind == "f":
        return values
    return np.where(values == "", NOT_KNOWN, values).astype(object)


def _parted(values: NDArray[Any], cuts: tuple[float, ...]) -> Any:
    """Values of a subgroup; levels between cut points stay in their order."""
    import pandas as pd

    if not cuts:
        return _known(values)
    words = banded(values, cuts)
    there = set(words)
    return pd.Categorical(words, categories=[n for n in _level_names(cuts) if n in there])


def banded(values: NDArray[Any], cuts: tuple[float, ...]) -> NDArray[Any]:
    """Levels of a number between cut points, in words; bands of ages go by their youngest.

    Parameters
    ----------
    values : ndarray of float or str, shape (people,)
    cuts : tuple of float, rising

    Returns
    -------
    ndarray of str, shape (people,)
        ``below 65``, ``65 to below 75``, ``75 and over``, or `NOT_KNOWN`.
    """
    number = values if values.dtype.kind == "f" else np.array([_youngest(v) for v in values])
    place = np.searchsorted(np.array(cuts), number, side="right")
    words = np.array(_level_names(cuts), dtype=object)
    return words[np.where(np.isnan(number), len(words) - 1, place)]


def _level_names(cuts: tuple[float, ...]) -> list[str]:
    """Names of the levels in their order, and of what is not known."""
    ends = [f"{cut:g}" for cut in cuts]
    inner = [f"{low} to below {high}" for low, high in pairwise(ends)]
    return [f"below {ends[0]}", *inner, f"{ends[-1]} and over", NOT_KNOWN]


def _youngest(band: str) -> float:
    """First number of a band such as 65-74 or 90+; NaN where there is none."""
    digits = ""
    for sign in band:
        if sign.isdigit() or (sign == "." and digits):
            digits += sign
        elif digits:
            break
    return float(digits) if digits else np.nan


def _strata(study: Study, columns: Mapping[str, tuple[float, ...]]) -> NDArray[np.int64]:
    """Stratum of each person: the columns crossed."""
    strata = np.zeros(len(study.people), dtype=np.int64)
    for column, cuts in columns.items():
        values = study.planned[column]
        levels = banded(values, cuts) if cuts else _known(values).astype(str)
        codes = np.unique(levels.astype(str), return_inverse=True)[1]
        strata = strata * (int(codes.max(initial=0)) + 1) + codes
    return np.unique(strata, return_inverse=True)[1].astype(np.int64)
