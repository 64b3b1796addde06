"""Two groups of a study made ready to be compared fairly, with what the plan adjusts for."""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.core.plan import Adjustment, Plan
from splw_eval.core.plan.design import CLUSTER_TRIALS
from splw_eval.core.result import Note
from splw_eval.data import Study
from splw_eval.describe.people_frame import (
    AFTER,
    BEFORE,
    GROUP,
    NOT_KNOWN,
    PRACTICE,
    STRATUM,
    Pair,
    pairs_of,
)

if TYPE_CHECKING:
    import pandas as pd

REST = "any other"
ONE_GROUP = "There is one group, so there is no difference to adjust."
FEWEST = 5  # people of a level in a group, below which it is joined with another
_FIRST = "Score at the start"
_ONE_PRACTICE = (
    "One of the groups has people of one practice only. What is due to the practice and what is "
    "due to the group cannot be told apart, however much is adjusted for."
)
_FEW_PEOPLE = (
    "Too few people of one group have an outcome and everything known that is to be adjusted for."
)
_NO_SPREAD = "Everybody has the same score, so there is nothing to compare."
_NOTHING = (
    "Neither the score at the start nor any confounder varies, so there is nothing to adjust."
)
_YES_NO = {"0": "no", "1": "yes"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asked:
    """Two groups, and what a plan asks to be allowed for.

    Attributes
    ----------
    pair : Pair
    frame : DataFrame
        As the pair's, its columns named in plain letters and rare levels joined.
    covariates : tuple of str
        Columns: the score at the start first, then measured confounders that vary.
    names : mapping of str to str
        Column to what the report calls it.
    cluster, stratum : str or None
        Columns; no practices where one has people of both groups.
    by_practice : bool
        Whether chance allocated practices, and people were recruited alike.
    adjustment : Adjustment
    notes : tuple of str
        About the columns; no people are counted in them.
    why_not : str
        Why nothing can be compared fairly; empty where something can.
    """

    pair: Pair
    frame: pd.DataFrame
    covariates: tuple[str, ...]
    names: Mapping[str, str]
    cluster: str | None
    stratum: str | None
    by_practice: bool
    adjustment: Adjustment
    notes: tuple[str, ...]
    why_not: str = ""

    @property
    def usable(self) -> pd.DataFrame:
        """People with an outcome and every covariate."""
        return self.frame[self.frame[[AFTER, *self.covariates]].notna().all(axis=1)]

    @property
    def smaller(self) -> int:
        """Of those, how many are in the smaller group."""
        return self.fewest(self.usable)

    def fewest(self, frame: pd.DataFrame) -> int:
        """People of the smaller group in some rows."""
        return int(np.bincount(frame[GROUP], minlength=2).min())

    def formula(self) -> str:
        """The regression of an outcome on the group and all that is allowed for."""
        strata = () if self.stratum is None else (f"C({self.stratum})",)
        return " + ".join((GROUP, *self.covariates, *strata))


_HELD: dict[int, tuple[Asked, ...]] = {}


def asked_of(study: Study) -> tuple[Asked, ...]:
    """Give each pair of groups that the plan compares; made once for each study.

    Parameters
    ----------
    study : Study

    Returns
    -------
    tuple of Asked
        Empty in a study without arms.
    """
    key = id(study)
    if key not in _HELD:
        _HELD[key] = tuple(_asked(pair, study.plan) for pair in pairs_of(study))
        weakref.finalize(study, _HELD.pop, key, None)
    return _HELD[key]


def comparable(study: Study, notes: list[Note | str]) -> Iterator[Asked]:
    """Give the pairs that can be compared; say of others, or of one group, why not.

    Parameters
    ----------
    study : Study
    notes : list
        To which the reasons are added.

    Yields
    ------
    Asked
    """
    if not study.plan.arms:
        notes.append(ONE_GROUP)
    for asked in asked_of(study):
        if asked.why_not:
            notes.append(asked.why_not)
        else:
            yield asked


def unmeasured(plan: Plan) -> tuple[str, ...]:
    """Names of the plan's confounders that no column holds.

    Parameters
    ----------
    plan : Plan

    Returns
    -------
    tuple of str
    """
    return tuple(c.name for c in plan.confounders if c.column is None)


def _asked(pair: Pair, plan: Plan) -> Asked:
    frame = pair.frame.rename(columns={name: _plain(name) for name in pair.confounders})
    measured = [c for c in plan.confounders if c.column is not None]
    names = {BEFORE: _FIRST}
    for (column, name), confounder in zip(pair.confounders.items(), measured, strict=True):
        if confounder.column == plan.primary.name:
            names[BEFORE] = name
        else:
            names[_plain(column)] = name
    notes: list[str] = []
    kept = tuple(_varying(frame, names, notes))
    cluster, said = _practices(pair)
    stratum = STRATUM if STRATUM in frame and frame[STRATUM].nunique() > 1 else None
    asked = Asked(
        pair=pair,
        frame=frame,
        covariates=kept,
        names=names,
        cluster=cluster,
        stratum=stratum,
        by_practice=pair.randomised and plan.design in CLUSTER_TRIALS,
        adjustment=plan.adjustment,
        notes=(*notes, *said),
    )
    return replace(asked, why_not=_why_not(asked))


def _why_not(asked: Asked) -> str:
    people = asked.usable
    if asked.fewest(people) < FEWEST:
        return _FEW_PEOPLE
    if asked.cluster is not None and people.groupby(GROUP)[asked.cluster].nunique().min() == 1:
        return _ONE_PRACTICE
    if people[AFTER].nunique() == 1:
        return _NO_SPREAD
    return "" if asked.covariates else _NOTHING


def _plain(column: str) -> str:
    return column.replace(" ", "_")


def _practices(pair: Pair) -> tuple[str | None, Sequence[str]]:
    """The column of practices, where each is of one group."""
    if not pair.practices:
        return None, ()
    if (pair.frame.groupby(PRACTICE)[GROUP].nunique() > 1).any():
        return None, (
            "Practices have people of both groups, so people count as independent here. The model "
            "of all waves allows for practices.",
        )
    return PRACTICE, ()


def _varying(frame: pd.DataFrame, names: Mapping[str, str], notes: list[str]) -> Iterator[str]:
    """Covariates that vary, once rare levels are joined."""
    seen = frame[AFTER].notna().to_numpy()
    group = frame[GROUP].to_numpy()
    for column, name in names.items():
        if frame[column].dtype.kind not in "fiu":
            levels = np.array([_YES_NO.get(v, v) for v in frame[column]], dtype=object)
            if (levels == NOT_KNOWN).sum() > 0 and _size(
                levels, (NOT_KNOWN,), group, seen
            ) < FEWEST:
                levels[levels == NOT_KNOWN] = None
                notes.append(f"{name}: the few of whom it is not known are left out.")
            if _join(levels, group, seen):
                notes.append(f"{name}: rare levels are taken together.")
            frame[column] = levels
        if frame.loc[frame[column].notna() & seen, column].nunique() > 1:
            yield column
        else:
            notes.append(f"{name}: not adjusted for, as it was the same for all, or too rare.")


def _join(levels: Any, group: Any, seen: Any) -> bool:
    """Take together levels with too few people of either group, until none is left alone."""
    changed = False
    while len(there := sorted({level for level in levels if level is not None})) > 1:
        sizes = {level: _size(levels, (level,), group, seen) for level in there}
        order = sorted(there, key=lambda level: (sizes[level], level))
        if sizes[order[0]] >= FEWEST:
            break
        levels[np.isin(levels.astype(str), order[:2])] = REST
        changed = True
    return changed


def _size(levels: Any, wanted: Sequence[str], group: Any, seen: Any) -> int:
    """People of some levels in the group that has fewer of them, among those with an outcome."""
    own = np.isin(levels.astype(str), wanted) & seen
    return int(np.bincount(group[own], minlength=2).min())


def levels_of(asked: Asked, column: str) -> tuple[str, ...]:
    """Levels of a category in reading order, what is not known last; none of a number.

    Parameters
    ----------
    asked : Asked
    column : str

    Returns
    -------
    tuple of str
    """
    values = asked.frame[column]
    if values.dtype.kind in "fiu":
        return ()
    return tuple(
        sorted(set(values.dropna()), key=lambda level: (level in (REST, NOT_KNOWN), level))
    )
