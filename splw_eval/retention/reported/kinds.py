"""The two kinds of retention, each with its frame, and why one cannot be told."""

from __future__ import annotations

import re
import weakref
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from splw_eval.core.errors import DataError, FindingsError, SplwError
from splw_eval.core.result import Note
from splw_eval.data import Study
from splw_eval.retention.service.cover import INCOMPLETE, NOT_LOGGED, PLANNED_LATER, STOPS
from splw_eval.retention.service.episodes import Episodes, build_episodes
from splw_eval.retention.service.measurement import measurement_retention

if TYPE_CHECKING:
    import pandas as pd

HIDDEN = "The data do not allow it; splw-eval check says what was found."
_FIGURE = re.compile(r"\d")
ENGAGEMENT, MEASUREMENT = "Engagement with the service", "Being measured"
_OF_THE_LOG = {
    INCOMPLETE: "many contacts are incomplete, and what is not recorded is not taken for contact, "
    "so losing touch by days without contact may be made by the records.",
    STOPS: "the log of contacts stops long before the data do, while episodes go on, so losing "
    "touch by days without contact may be made by the log.",
    PLANNED_LATER: "many of those who count as having lost touch by days without contact were "
    "closed as planned later. Contacts may be missing from the log, and dropping out be "
    "overstated.",
    NOT_LOGGED: "many who had a first contact have no attended contact in the log, so losing "
    "touch by days without contact may be made by the log.",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kind:
    """One kind of retention of one study.

    Attributes
    ----------
    what : str
        `ENGAGEMENT` or `MEASUREMENT`.
    frame : DataFrame or None
        With the columns ``day event arm cluster``; None where it cannot be told.
    causes : mapping of int to str
        Of leaving; without those who are still there.
    horizon : int
        Days.
    clustered : bool
        Whether the practice of everybody is known.
    rules : mapping of str to str
    notes : tuple of Note
        Why there is nothing, or what a reader must know of the frame.
    """

    what: str
    frame: pd.DataFrame | None
    causes: Mapping[int, str]
    horizon: int
    clustered: bool
    rules: Mapping[str, str]
    notes: tuple[Note, ...]


_HELD: dict[int, tuple[Kind, ...]] = {}
_EPISODES: dict[int, Episodes] = {}


def kinds_of(study: Study) -> tuple[Kind, ...]:
    """Give engagement and then measurement; worked out once for each study.

    Parameters
    ----------
    study : Study

    Returns
    -------
    tuple of Kind
    """
    key = id(study)
    if key not in _HELD:
        _HELD[key] = (_engagement(study), _measurement(study))
        weakref.finalize(study, _HELD.pop, key, None)
    return _HELD[key]


def episodes_of(study: Study) -> Episodes:
    """Give the episodes by the plan's rules; built once for each study.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Episodes

    Raises
    ------
    DataError
        As `build_episodes`.
    """
    key = id(study)
    if key not in _EPISODES:
        _EPISODES[key] = build_episodes(study)
        weakref.finalize(study, _EPISODES.pop, key, None)
    return _EPISODES[key]


def why_not(error: SplwError) -> tuple[Note, ...]:
    """Say why something cannot be told, in the words of what was found or of the error.

    A sentence with a figure in it is left out, as it may count people; the checks of the files
    tell it to whoever holds them.
    """
    told = [error.message]
    if isinstance(error, FindingsError):
        told = [f"{f.problem[:1].upper()}{f.problem[1:]}. {f.remedy}" for f in error.findings]
    return tuple(Note(text=words if not _FIGURE.search(words) else HIDDEN) for words in told)


def _engagement(study: Study) -> Kind:
    if "episodes" not in study.tables:
        words = "There is no file of episodes, so nobody's time with the service is known."
        return _nothing(ENGAGEMENT, (Note(text=words),))
    try:
        found = episodes_of(study)
    except DataError as error:
        return _nothing(ENGAGEMENT, why_not(error))
    return Kind(
        what=ENGAGEMENT,
        frame=found.frame,
        causes={code: word for code, word in found.causes.items() if code},
        horizon=found.settings.horizon_days,
        clustered=_clustered(found.frame),
        rules=found.rules,
        notes=tuple(_notes_of(study, found)),
    )


def _notes_of(study: Study, found: Episodes) -> Iterator[Note]:
    yield from _cover(found)
    if found.arms_without_episodes and len(study.plan.groups) > 1:
        arms = ", ".join(found.arms_without_episodes)
        yield Note(
            text=f"{ENGAGEMENT} is told of groups that were referred only, and not compared: "
            f"nobody was referred in {arms}."
        )


def _cover(found: Episodes) -> Iterator[Note]:
    """What the records of the service do not show; how many stands in the checks of the files."""
    said = [f.problem for f in found.findings if f.code == "SR26"]
    for words, told in _OF_THE_LOG.items():
        if any(words in problem for problem in said):
            yield Note(text=f"{ENGAGEMENT}: {told}")
    if any(f.code == "SR25" for f in found.findings):
        yield Note(
            text=f"{ENGAGEMENT}: whoever was closed on a day that is not recorded stands in no "
            "curve, as the day is not known."
        )


def _measurement(study: Study) -> Kind:
    try:
        found = measurement_retention(study)
    except DataError as error:
        return _nothing(MEASUREMENT, why_not(error))
    last = int(found.frame["day"].max())
    return Kind(
        what=MEASUREMENT,
        frame=found.frame,
        causes={code: word for code, word in found.causes.items() if code},
        horizon=max(last, 1),
        clustered=_clustered(found.frame),
        rules=found.rules,
        notes=(),
    )


def _clustered(frame: pd.DataFrame) -> bool:
    return bool(frame["cluster"].notna().all()) and frame["cluster"].nunique() > 1


def _nothing(what: str, notes: tuple[Note, ...]) -> Kind:
    return Kind(what=what, frame=None, causes={}, horizon=0, clustered=False, rules={}, notes=notes)
